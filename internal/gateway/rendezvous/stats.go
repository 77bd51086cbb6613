package rendezvous

import "sync/atomic"

// counters count what the server did since its start.
type counters struct {
	requests, called, booted     atomic.Uint64
	reports, repeated, documents atomic.Uint64
	refused                      [reasons]atomic.Uint64
	empty, lost, full            atomic.Uint64
	untrusted, unreadable        atomic.Uint64
	connections, addressFull     atomic.Uint64
	heads                        atomic.Uint64
}

// Stats is a snapshot of the counters.
type Stats struct {
	Requests, Called, Booted     uint64 // Called: call-backs that were followed
	Reports, Repeated, Documents uint64 // Repeated: reports that were here before, answered without an event
	Refused                      uint64 // all of the refusals below

	NotFound, Unknown, Used, Expired, Gone, Declined uint64 // 404, 404, 410 each. Declined: by the session
	WrongHandset, Ambiguous, Nobody                  uint64 // 403. Ambiguous: told twice who it is; Nobody: boot of a handset that is not known
	Method                                           uint64 // 405
	OutOfOrder, Changed, Transaction, Superseded     uint64 // 409. Changed: not what was reported the first time; Superseded: another exchange of the handset waits
	Malformed, Mismatched, Cut                       uint64 // 400. Mismatched: does not answer the document
	Slow, TooLarge, Media                            uint64 // 408, 413, 415
	Throttled, AddressCrowded                        uint64 // 429: over the rate of an address; too many at a time
	Crowded, Busy, Late, Left, Stopping              uint64 // 503. Busy: the sessions are; Late: the document did not come in time; Left: the handset has gone before
	BootRefused, Failed                              uint64 // as the sessions say; 500

	Empty                 uint64 // reports with nothing inside: the end
	Lost, Full            uint64 // documents of nobody; sessions that there was no room for
	Untrusted, Unreadable uint64 // requests with headers that nobody may send; headers that say nothing
	Connections           uint64 // closed at once because there were too many
	AddressConnections    uint64 // the same, of one address
	Heads                 uint64 // closed because the head of a request was too slow, too long or none of HTTP
}

// Stats are the counters.
func (s *Server) Stats() Stats {
	c := &s.counts
	st := Stats{
		Requests: c.requests.Load(), Called: c.called.Load(), Booted: c.booted.Load(),
		Reports: c.reports.Load(), Repeated: c.repeated.Load(), Documents: c.documents.Load(),
		Empty: c.empty.Load(), Lost: c.lost.Load(), Full: c.full.Load(),
		Untrusted: c.untrusted.Load(), Unreadable: c.unreadable.Load(),
		Connections: c.connections.Load(), AddressConnections: c.addressFull.Load(), Heads: c.heads.Load(),
	}
	for r, to := range map[reason]*uint64{
		notFound: &st.NotFound, unknown: &st.Unknown, used: &st.Used, expired: &st.Expired, gone: &st.Gone, declined: &st.Declined,
		wrongHandset: &st.WrongHandset, ambiguous: &st.Ambiguous, nobody: &st.Nobody, method: &st.Method,
		outOfOrder: &st.OutOfOrder, changed: &st.Changed, transaction: &st.Transaction, superseded: &st.Superseded,
		malformed: &st.Malformed, mismatched: &st.Mismatched, cut: &st.Cut, slow: &st.Slow, tooLarge: &st.TooLarge, media: &st.Media,
		throttled: &st.Throttled, addressCrowded: &st.AddressCrowded, crowded: &st.Crowded, busy: &st.Busy, late: &st.Late, left: &st.Left,
		stopping: &st.Stopping, bootRefused: &st.BootRefused, failed: &st.Failed,
	} {
		*to = c.refused[r].Load()
		st.Refused += *to
	}
	return st
}
