// Package ppg is the front door of a push proxy gateway: push initiators speak
// PAP 1.0 and 2.0 over HTTP (WAP-247), and what they submit goes to
// internal/gateway/push.
//
//	POST /pap ─▶ network, password ─▶ pap.Decode ─▶ compose, Check ─▶ Service.Accept
//	     ◀ 202 push-response 1001, when every message is on the disk
//	the end of a message ─▶ Door.Report ─▶ outbox row, in the same commit
//	     ─▶ notifier: POST resultnotification-message to ppg-notify-requested-to
//
// # What there is
//
//	push-message                  content of SI, SL and CP as text becomes binary; see compose
//	cancel-message                1000, 2008 when a part is out or all is over, 2004
//	statusquery-message           per address, also long after the end
//	resultnotification-message    repeated until it is taken or of no use any more
//	ccq-message                   3001: nobody tells us what handsets can do
//	replace-push-id               3011
//
// Several addresses make several messages. Their ids are made of the initiator,
// the push-id and their place, so that later questions find them without a
// table: see id.go. Addresses are telephone numbers.
//
// # HTTP
//
// An answer of PAP is HTTP 202 with a control entity, also when PAP refuses.
// Other gateways are seen to answer 200, and initiators take either; 202 is what
// PAP 2.0 has, since the push is accepted and not yet delivered. HTTP's own codes
// say what happens before PAP: 401 and 403, 404, 405, 408, 413, 415. 429 (over
// the rate) and 503 (busy, or the store fails) have a Retry-After, and where the
// push-id was read a control entity of code 4001; nothing was accepted then that
// the same push-message, sent again, would not find.
//
// # What there is not
//
// Client capabilities, MACs computed here (PAP has no field for a PIN),
// conversion of Cache Operation, XML of EMN, addresses other than numbers,
// HTTP/2.
//
// # Layout
//
//	server.go, answer.go                 HTTP; stats.go counts
//	admit.go, pace.go                    who may, and how much
//	submit.go, accept.go, id.go          push-message
//	content.go, provisioning.go          what is pushed
//	query.go, cancel.go, verdict.go      what became of it
//	door.go, notice.go, notifier.go      telling the initiator
//	notifyurl.go                         where that is allowed to
package ppg
