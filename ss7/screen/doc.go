// Package screen decides which messages of the signalling network reach an
// application of TCAP: which node may invoke which operation and how often, and
// which node may answer for which.
//
// [Rules] is the decision, without clock or memory. [Screen] asks it, keeps the
// rates, counts and raises alarms; it stands before the [tcap.Handler] and is
// the [tcap.Screen] of the endpoint:
//
//	s := screen.New(screen.Config{Rules: rules, Guesses: guesses}, next, log)
//	e := tcap.NewEndpoint(tcap.Config{Screen: s}, network, s, log)
//
// A node is known by the point code that MTP names as the origin, which the
// networks between check, and by what it says of itself in the calling address.
// A node that no [Peer] names may do nothing.
//
// An operation that is refused is answered with REJECT, unrecognized operation
// code, as T1.114 has it for an operation that this node does not serve, or with
// RETURN ERROR, OperationNotSupported, of ANSI-41; or it is discarded, because
// an answer tells an attacker that somebody is there. What comes too fast is
// always discarded: an answer to a flood doubles it.
//
// What belongs to no transaction is a guess at a transaction id, or may be one.
// A node that guesses too often raises an alarm, and is not answered for a
// while.
//
// Call-back tokens will be guessed at too. Whoever issues them can count a
// wrong one as [Screen.Stray] does, by whatever names the guesser.
package screen
