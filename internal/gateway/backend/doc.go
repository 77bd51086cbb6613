// Package backend tells the back-end of the operator how provisioning sessions
// have ended: one report a session, whatever ways the session has taken.
//
//	the end of a session ─▶ Report.Row ─▶ outbox row, in the same commit
//	     ─▶ Reporter: POST to backend.report
//
// # On the wire
//
// No standard is behind this; it is HTTP with JSON as any web framework reads it.
//
//	POST /reports HTTP/1.1
//	Authorization: Bearer ...        with backend.token_file
//	Content-Type: application/json
//	Idempotency-Key: 00000000000000c8
//
//	{"session":"00000000000000c8","flow":"otasp","order":"lab-1","mdn":"5551234567",
//	 "old_min":"6191230042","new_min":"5551234567","esn":"12345678","prl":"1001",
//	 "activated":true,"outcome":"done","reason":"completed","ways":["otasp"],
//	 "started":"2026-01-02T03:04:05Z","ended":"2026-01-02T03:05:05Z"}
//
// What is not known is left out; outcome, reason and the spelling of numbers are
// those of sessions/cdr. The answer counts by its status:
//
//	2xx                             the report is taken
//	401, 403, 404, 405, 407, 408,
//	425, 429, 3xx, 5xx, none        again, after a pause that doubles, or as long as Retry-After says
//	other 4xx                       refused for good: dropped, counted and logged
//
// Its body is not looked at, and a redirect is not followed: the token and the
// numbers of subscribers go where the configuration says and nowhere else.
//
// # What holds
//
// A report is told at least once: after a crash, or when an answer is lost, it
// comes again under the same Idempotency-Key. Reports come in the order in which
// the sessions have ended, one at a time. Hence one that is not taken holds up
// those behind it, for backend.validity at most; a back-end that cannot make sense
// of a single report answers 422 rather than 500. Who dates by "ended" needs no
// order.
//
// # What there is not
//
// Batches, signatures, client certificates, a token that changes while the gateway
// runs, a proxy of the environment, HTTP/2.
//
// # Layout
//
//	report.go     the report and its row       reporter.go   who tells it, and when
//	post.go       one POST                     pause.go      how long until the next
//	stats.go      what was counted
package backend
