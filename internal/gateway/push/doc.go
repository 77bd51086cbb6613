// Package push carries messages to handsets: what a front door has accepted goes
// out through a link to a message centre (internal/gateway/links), by a bind of an account
// (internal/gateway/binds), or through the HLR and the serving MSC (SMSREQ, SMDPP), and its
// end goes back to the door.
//
//	Door ─▶ Service.Accept ─▶ route.Table: which link ─▶ sessions.Runtime.Create ─▶ flow.Step ─▶ delivery.Session.Step
//	     ▶ COMMIT {state, outbox row of the first part} ▶ the door may answer
//	sender (one for each centre, account and MSC): claims rows ─▶ carrier: submit_sm, deliver_sm or SMDPP
//	     ◀ the answer becomes an event ◀ Runtime.Post
//	     ▶ COMMIT {state, row done, next row or CDR and the door's report}
//	receipts and SMSNOT: found in the directory, become events, answered after the commit
//
// A [Message] is a datagram with ports or a text; what it means is known to who
// composed it. Or it is a [Relay]: the PDU of a peer, which goes on as it came or
// in the shape that its link wants; it may go to an account, too, and to another
// link when its own is down, or with other segments become one message. The
// directory is what a receipt or a notification is matched by; it is in memory and
// is built from the states at the start, since a message centre may use a message
// id again and no table could hold it as unique.
//
// # Files
//
//	config.go, service.go    its surroundings; how it is put together
//	run.go                   beginning and end
//	message.go, accept.go    what is accepted, and how
//	route.go                 which link, and what that means for a message
//	parcel.go, flow.go       what is stored of a message; its way, as the runtime drives it
//	perform.go               what follows a commit
//	status.go, change.go     what is asked of a message: query, cancel, replace
//	relay.go, shape.go       what is kept and what is changed of messages that are relayed
//	relay_msc.go             such a message to the signalling network
//	join.go, gather.go       segments that become one message; who waits for whom
//	directory.go, line.go    whom a receipt is for; how long the lines are
//	failover.go, move.go     led to another link: when theirs is down, when it is gone
//	lane.go, swap.go         links that come and go while the service runs
//	part.go                  one short message on its way, as an outbox row
//	sender.go, senders.go    rows of one destination: claim, send, tell; all of them
//	centre.go, msc.go        carriers: submit_sm or data_sm on a link, SMDPP
//	account.go               deliver_sm or data_sm to the binds of an account
//	receipt.go, spelling.go  receipts, and the many ways to write a message id
//	hlr.go, asks.go          SMSREQ and SMSNOT; how many are asked at a time
//	class.go                 what an error means
//	counters.go              what was done
package push
