package ppg

import "sync/atomic"

// counters count what the server did since its start.
type counters struct {
	requests, refused, malformed            atomic.Uint64
	accepted, messages, duplicates          atomic.Uint64
	rejected, throttled                     atomic.Uint64
	queries, cancels                        atomic.Uint64
	forbidden, passwords, busy, connections atomic.Uint64
	slow                                    atomic.Uint64
}

// Stats is a snapshot of the counters.
type Stats struct {
	Requests, Refused, Malformed uint64 // Refused: those that HTTP has refused
	Accepted, Messages           uint64 // push-messages, and the messages that they are
	Duplicates, Rejected         uint64 // push-ids that were used; all push-messages that PAP has refused
	Throttled                    uint64 // over the rate of an initiator
	Queries, Cancels             uint64
	Forbidden, Passwords         uint64 // from nobody's network; with a wrong name or password
	Busy, Connections, Slow      uint64 // no room for requests, for connections; not here in time
}

// Stats are the counters.
func (s *Server) Stats() Stats {
	c := &s.counts
	return Stats{
		Requests: c.requests.Load(), Refused: c.refused.Load(), Malformed: c.malformed.Load(),
		Accepted: c.accepted.Load(), Messages: c.messages.Load(), Duplicates: c.duplicates.Load(), Rejected: c.rejected.Load(),
		Throttled: c.throttled.Load(), Queries: c.queries.Load(), Cancels: c.cancels.Load(),
		Forbidden: c.forbidden.Load(), Passwords: c.passwords.Load(),
		Busy: c.busy.Load(), Connections: c.connections.Load(), Slow: c.slow.Load(),
	}
}

type doorCounters struct{ told, retried, dropped atomic.Uint64 }

// DoorStats is a snapshot of a door's counters.
type DoorStats struct {
	Told, Retried, Dropped uint64 // result notifications
}

// Stats are the counters.
func (d *Door) Stats() DoorStats {
	return DoorStats{Told: d.counts.told.Load(), Retried: d.counts.retried.Load(), Dropped: d.counts.dropped.Load()}
}
