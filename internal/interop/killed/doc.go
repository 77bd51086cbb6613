// Package killed holds what a delivery promises against SIGKILL: the gateway, a
// process of its own, is killed again and again while messages are on their way,
// each time at a moment that nobody has chosen. It consists of tests, which
// `make test` runs: one for messages that are composed here, and one for those that are
// relayed, which is killed 50 times under load, with 80 messages of an account without an
// answer and as many on the link.
//
// Afterwards every message that the gateway had accepted has one record, and its
// handset has it once; and the message centre has taken no part twice. The ledgers
// of the simulated message centre and of the handsets say so, not the gateway. After each
// kill of the relay what it has answered is looked for in its store: it is on its way, or
// its record says that it was relayed.
package killed
