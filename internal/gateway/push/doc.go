// Package push carries messages to handsets: what a front door has accepted goes
// out through a link to a message centre (internal/gateway/links), or through the
// HLR and the serving MSC (SMSREQ, SMDPP), and its end goes back to the door.
//
//	Door ─▶ Service.Accept ─▶ route.Table: which link ─▶ sessions.Runtime.Create ─▶ flow.Step ─▶ delivery.Session.Step
//	     ▶ COMMIT {state, outbox row of the first part} ▶ the door may answer
//	sender (one for each centre and MSC): claims rows ─▶ carrier: submit_sm or SMDPP
//	     ◀ the answer becomes an event ◀ Runtime.Post
//	     ▶ COMMIT {state, row done, next row or CDR and the door's report}
//	receipts and SMSNOT: found in the directory, become events, answered after the commit
//
// A [Message] is a datagram with ports or a text; what it means is known to who
// composed it. Or it is a [Relay]: the PDU of a peer, which goes on as it came or
// in the shape that its link wants; it may go to an account, too, and to another
// link when its own is down, or with other segments become one message (join.go). The directory (directory.go) is what a receipt or a notification
// is matched by; it is in memory and is built from the states at the start, since
// a message centre may use a message id again and no table could hold it
// as unique.
//
// # Files
//
//	message.go, parcel.go   what is accepted, and what is stored of it
//	service.go, flow.go     from outside; the flow as the runtime drives it
//	relay.go, shape.go      what is kept and what is changed of messages that are relayed
//	join.go, gather.go      segments that become one message; who waits for whom
//	change.go, failover.go  replaced, or led to another link, while they wait
//	part.go                 one short message on its way, as an outbox row
//	sender.go               rows of one destination: claim, send, tell
//	centre.go, msc.go       carriers: submit_sm or data_sm on a link, SMDPP
//	account.go              deliver_sm or data_sm to the binds of an account
//	receipt.go, spelling.go receipts, and the many ways to write a message id
//	hlr.go, asks.go         SMSREQ and SMSNOT; how many are asked at a time
//	class.go                what an error means
package push
