// Package rendezvous is where handsets fetch MMC documents and report about
// them: IOTA over HTTP, as package otasp/iota codes it. It knows of a session its
// number and the token in its call-back URL; what is in a document and what a
// report means is for the Sessions to know.
//
//	Expect(id, token) ◀─ the gateway pushes base/TOKEN to the handset
//	GET  base/TOKEN        ─▶ Sessions.CalledBack    ◀─ Document(id, 1, …)
//	POST base/TOKEN/1      ─▶ Sessions.Reported      ◀─ Document(id, 2, …)
//	…                                                until a document wants no report
//	GET  boot_path?esn=…   ─▶ Sessions.Boot          the handset came by itself
//
// Between an answer and the next request nothing can be said to a handset, so an
// exchange waits for its document, and a document for its exchange.
//
// # What a handset may do
//
// It follows a call-back once. It reports about the document that is out, once; the
// same report again, to the octet, is answered with the present document, because
// the answer to the first may be lost, and nobody is told. All else is refused and
// changes nothing: a report that cannot be read, is not complete or does not answer
// its document can be sent again, better. A report with nothing inside ends the
// conversation, and one that says error is a report.
//
// After a restart it is not known what was reported before. A report about an
// earlier document than the one that is out then is taken for a repetition.
//
// # HTTP
//
//	200, 204  document; nothing more is to be said
//	400       no report, not of the document, incomplete
//	403       another handset; the call-back stays good for the right one
//	404, 410  token not known; used, expired, over: with one text
//	405, 408, 413, 415
//	409       not about the document that is out, another transaction
//	429, 503  too much of one address, of all; the document does not come (Retry-After)
//
// Who a handset is, headers of the proxies say. Headers from elsewhere are dropped
// and counted. Numbers are held against those of Expect where both are known; the
// rest is the session's to compare, when it has read them.
//
// # What there is not
//
// HTTP/2, documents as WBXML, values behind a URL, names and passwords: the client
// that is known has none. The token is all that a handset has to show, and it is
// hashed in memory and never in a log. Nothing is kept on the disk; the gateway
// says Expect again when it starts.
//
// # Layout
//
//	rendezvous.go            what comes in from outside
//	server.go, tls.go        HTTP; answer.go has all refusals, stats.go counts them
//	limits.go                how much of one address, and of all
//	caller.go                who it is
//	table.go, live.go        sessions and conversations
//	callback.go, boot.go     how one begins
//	report.go, judge.go      how it goes on
//	exchange.go              waiting, and the document
package rendezvous
