package sessions

import "sync/atomic"

// counters are the counts behind Stats.
type counters struct {
	created, finished, steps, commits, skipped     atomic.Uint64
	refused, retries, busy, stale, dropped, faults atomic.Uint64
	recovering, resting, inFlight                  atomic.Int64
}

// Stats reads the counters. They are not read at one instant.
func (r *Runtime[S, E, F]) Stats() Stats {
	c := &r.counts
	s := Stats{
		Live:        r.Len(),
		Recovering:  int(c.recovering.Load()),
		Resting:     int(c.resting.Load()),
		InFlight:    int(c.inFlight.Load()),
		Created:     c.created.Load(),
		Finished:    c.finished.Load(),
		Steps:       c.steps.Load(),
		Commits:     c.commits.Load(),
		Skipped:     c.skipped.Load(),
		Refused:     c.refused.Load(),
		Retries:     c.retries.Load(),
		Busy:        c.busy.Load(),
		StaleTimers: c.stale.Load(),
		Dropped:     c.dropped.Load(),
		Faults:      c.faults.Load(),
	}
	for _, sh := range r.shards {
		s.Mailbox += sh.box.depth()
	}
	return s
}
