// Package demo plays activations, pushes and relayed messages between a gateway and
// a simulated network and checks how they end.
//
// A [Story] says what is ordered, what goes wrong and how it has to end. A
// [Lab] is the place it is played in: a temporary store, an SMPP and an M3UA
// port on loopback, the gateway in this process or, for the stories that kill
// it, as a process of its own. Afterwards the handset's memory is held against
// the order, and what the network lent must have come back.
//
// A story with a [Push] is one of a message to a handset, pushed or relayed: the lab
// gets a message centre, a handset that centre and HLR know, and a push initiator.
package demo
