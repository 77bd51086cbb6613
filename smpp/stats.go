package smpp

import "sync/atomic"

// Stats are counts since the start. Reasons holds those that are not zero, by
// the words of Reason.
type Stats struct {
	Connections int64 // open now
	Binds       int64 // bound now
	Accepted    uint64
	Bound       uint64
	Received    uint64 // messages handed to the application
	Reasons     map[string]uint64
}

type counters struct {
	connections atomic.Int64
	binds       atomic.Int64
	accepted    atomic.Uint64
	bound       atomic.Uint64
	received    atomic.Uint64
	reasons     [reasons]atomic.Uint64
}

func (s *counters) count(r Reason) {
	if r != ReasonNone && r < reasons {
		s.reasons[r].Add(1)
	}
}

func (s *counters) snapshot() Stats {
	out := Stats{
		Connections: s.connections.Load(), Binds: s.binds.Load(),
		Accepted: s.accepted.Load(), Bound: s.bound.Load(), Received: s.received.Load(),
		Reasons: map[string]uint64{},
	}
	for r := range reasons {
		if n := s.reasons[r].Load(); n > 0 {
			out.Reasons[r.String()] = n
		}
	}
	return out
}
