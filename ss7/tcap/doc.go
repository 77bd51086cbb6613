// Package tcap runs transactions of ANSI TCAP (T1.114.4) over SCCP.
//
// [Transaction] and [InvokeState] are the two machines of the standard, pure
// functions whose tables are golden files. [Endpoint] drives them:
//
//	e := tcap.NewEndpoint(tcap.Config{LocalAddress: local}, network, handler, log)
//	network.Bind(12, e)
//	tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: ansi.PrivateOperation(0x35),
//		Parameters: set}, func(o tcap.Outcome) { … })
//
// One invoke is one transaction: a query with one INVOKE (Last), answered by a
// response with RETURN RESULT, RETURN ERROR or REJECT. The function given to
// Invoke hears of it exactly once, whatever happens.
//
// Incoming INVOKEs go to the [Handler], which answers each [Incoming] once,
// from any goroutine. A query without permission is answered in a Conversation
// With Permission, upon which the peer ends the transaction.
//
// No user of this package has dialogues of several steps, so an INVOKE that a
// peer sends inside a conversation is refused with a P-Abort, resource
// unavailable; so is a query that the Handler left without an answer. A
// conversation that only answers is accepted; we end it when the peer permits.
// ANSI-41 has no results in parts: a RETURN RESULT (Not Last) ends the
// transaction in the same way, so that no peer makes us keep what it sends.
//
// What cannot be read is answered as T1.114 wants: P-Abort for a bad
// transaction or dialogue portion and for an unassigned transaction id, REJECT
// for a bad component. An answer that fits no open INVOKE is counted and not
// rejected: it comes in a Response, after which nothing may be sent, or in a
// conversation, which its end or the timer closes. Nothing answers a
// Unidirectional, a Response or an Abort. A dialogue portion is accepted and
// ignored.
//
// A [Screen] says which node may answer for which, and whether what fits nothing
// is answered. The answer of another node is counted, and the transaction waits on.
//
// A transaction id has the node's number in its high bits; the rest goes through
// all values in a secret order, so that none is guessed from others nor used
// again soon. The ITU codec and its transactions are not part of this package
// yet.
package tcap
