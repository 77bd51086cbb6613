package backend

import "sync/atomic"

// counters count what a reporter did since its start.
type counters struct{ told, retried, refused, expired atomic.Uint64 }

// Stats is a snapshot of the counters.
type Stats struct {
	Told, Retried    uint64 // POSTs that took a report, and that did not
	Refused, Expired uint64 // reports dropped: by the back-end's word, by their age
}

// Stats are the counters.
func (r *Reporter) Stats() Stats {
	c := &r.counts
	return Stats{Told: c.told.Load(), Retried: c.retried.Load(), Refused: c.refused.Load(), Expired: c.expired.Load()}
}
