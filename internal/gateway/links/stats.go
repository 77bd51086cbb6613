package links

import (
	"errors"
	"time"

	"github.com/otagate/otagate/smpp"
)

// counts are under the lock of the link.
type counts struct {
	sent, taken, refused, throttled, doubts, late uint64
	delivered, pauses                             uint64
	last                                          string
	meter                                         meter
}

func (c *counts) answer(status smpp.Status, err error) {
	switch {
	case err != nil:
		c.doubts++
		c.last = err.Error()
		if errors.Is(err, smpp.ErrResponseTimeout) {
			c.late++
		}
	case status == smpp.StatusOK:
		c.taken++
	case Throttled(status):
		c.throttled++
	default:
		c.refused++
		c.last = "submit_sm_resp " + status.String()
	}
}

func (l *Link) delivered() {
	l.mu.Lock()
	l.counts.delivered++
	l.mu.Unlock()
}

// Stats is what a link did since its start, and how it stands now.
type Stats struct {
	Name      string
	Up        bool // there is a bind that can submit
	Paused    bool // the centre has too much
	Draining  bool
	BindsUp   int
	InFlight  int
	Rate      float64 // submit_sm in the last second
	Sent      uint64
	Taken     uint64
	Refused   uint64 // for other reasons than too much
	Throttled uint64
	InDoubt   uint64 // submit_sm without an answer
	Late      uint64 // of these, because the time for an answer was over
	Delivered uint64 // deliver_sm
	Pauses    uint64
	LastError string
	Binds     []BindStats
	Window    int   // what may be under way on the binds that can submit
	Spent     Spent // how the time since the start was spent
}

// BindStats is how one bind stands.
type BindStats struct {
	Kind      string // bind_transceiver
	Version   string // of SMPP, of both sides; empty when it was never bound
	Host      string
	State     State
	Since     time.Time
	InFlight  int
	LastError string
}

// Stats is a snapshot.
func (l *Link) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &l.counts
	l.clock(l.cfg.Clock.Now())
	s := Stats{
		Name: l.Name(), Up: l.up(), Paused: l.pace.paused, Draining: l.draining != nil, InFlight: l.flying,
		Rate: c.meter.rate(l.cfg.Clock.Now()), Sent: c.sent, Taken: c.taken, Refused: c.refused, Throttled: c.throttled,
		InDoubt: c.doubts, Late: c.late, Delivered: c.delivered, Pauses: c.pauses, LastError: c.last, Spent: l.spent,
	}
	for _, b := range l.binds {
		if b.state == Up {
			s.BindsUp++
		}
		if b.centre != nil {
			s.Window += l.cfg.Link.Window
		}
		s.Binds = append(s.Binds, BindStats{
			Kind: b.kind.String(), Version: b.version, Host: b.to, State: b.state, Since: b.since, InFlight: b.flying, LastError: b.last,
		})
	}
	return s
}

// meter counts what happens by the second.
type meter struct {
	second       int64
	now, earlier float64
}

func (m *meter) add(t time.Time) {
	m.turn(t)
	m.now++
}

func (m *meter) turn(t time.Time) {
	switch s := t.Unix(); {
	case s == m.second+1:
		m.second, m.earlier, m.now = s, m.now, 0
	case s != m.second:
		m.second, m.earlier, m.now = s, 0, 0
	}
}

// rate weighs the second before by what of it was in the last one.
func (m *meter) rate(t time.Time) float64 {
	m.turn(t)
	return m.now + m.earlier*(1-float64(t.Nanosecond())/1e9)
}
