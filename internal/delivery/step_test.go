package delivery_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/delivery"
)

// TestMostSendings: without a limit a part is sent 255 times, and all parts of
// the longest message that often.
func TestMostSendings(t *testing.T) {
	s := message()
	s.Parts, s.Policy.Attempts, s.Policy.Pause = delivery.NewParts(255), 0, 0
	step := func(kind delivery.EventKind) (out []delivery.Effect) {
		ev := delivery.Event{Kind: kind, At: t0, Part: s.Part, Sending: s.Sending, Failure: delivery.Failure{Class: delivery.Temporary}}
		s, out = s.Step(ev, nil)
		return out
	}
	step(delivery.Start)
	for part := range 255 {
		for range 254 {
			step(delivery.Failed)
			step(delivery.Expired)
		}
		if s.Phase != delivery.Sending || int(s.Part) != part || s.Parts[part].Sendings != 255 {
			t.Fatalf("part %d: %s, sending %d", part, s.Phase, s.Sending)
		}
		if part < 254 {
			step(delivery.Taken)
		}
	}
	if s.Sending != 65025 || s.Sendings() != 65025 {
		t.Errorf("sending %d, %d in all", s.Sending, s.Sendings())
	}
	if out := step(delivery.Failed); len(out) != 1 || out[0].Result.Reason != delivery.ReasonAttempts {
		t.Errorf("the 256th time: %+v", out)
	}
}

// TestMostQuestions: the HLR is asked 255 times where no limit is set.
func TestMostQuestions(t *testing.T) {
	p := newPlayer(t)
	p.event("message msc attempts=0 pause=0s")
	p.event("start")
	for range 254 {
		p.event("not-here temporary")
		p.event("expired early")
	}
	if p.s.Phase != delivery.Locating || p.s.Asked != 255 {
		t.Fatalf("%s, asked %d times", p.s.Phase, p.s.Asked)
	}
	p.b.Reset()
	if p.event("not-here temporary"); !strings.Contains(p.b.String(), "report failed attempts") {
		t.Errorf("the 256th time: %s", p.b.String())
	}
}

// TestPause: a pause doubles, is never longer than the limit, and never ends
// before it has begun however long it is.
func TestPause(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		pause, limit, after time.Duration
		failures            int
		want                time.Duration
	}{
		"first":                {time.Second, time.Hour, 0, 1, time.Second},
		"fourth":               {time.Second, time.Hour, 0, 4, 8 * time.Second},
		"limit":                {time.Second, time.Minute, 0, 7, time.Minute},
		"limit at once":        {time.Hour, time.Minute, 0, 1, time.Minute},
		"many":                 {time.Second, time.Minute, 0, 200, time.Minute},
		"many without a limit": {time.Millisecond, 0, 0, 23, 4194304 * time.Millisecond},
		"beyond all numbers":   {day, 0, 0, 60, 1000 * day},
		"more than a number":   {math.MaxInt64/2 + 1, 0, 0, 2, 1000 * day},
		"the peer's":           {time.Second, time.Minute, time.Hour, 1, time.Hour},
		"the peer's again":     {time.Second, time.Minute, time.Hour, 5, time.Hour},
		"none":                 {0, 0, 0, 9, 0},
	} {
		s := message()
		s.Validity = t0.Add(1000 * day)
		s.Policy.Pause, s.Policy.MaxPause, s.Policy.Attempts = c.pause, c.limit, 0
		s, _ = s.Step(delivery.Event{Kind: delivery.Start, At: t0}, nil)
		for i := range c.failures {
			if i > 0 {
				s, _ = s.Step(delivery.Event{Kind: delivery.Expired, At: t0}, nil)
			}
			s, _ = s.Step(delivery.Event{
				Kind: delivery.Failed, At: t0, Part: s.Part, Sending: s.Sending,
				Failure: delivery.Failure{Class: delivery.Temporary, After: c.after},
			}, nil)
		}
		if s.Phase != delivery.Pausing || s.Wake.Sub(t0) != c.want {
			t.Errorf("%s: %s for %s, want %s", name, s.Phase, s.Wake.Sub(t0), c.want)
		}
	}
}

// TestRecoveries: their count ends at what its octet holds.
func TestRecoveries(t *testing.T) {
	p := newPlayer(t)
	p.event("start")
	for range 300 {
		p.event("recovered")
	}
	if p.s.Recoveries != 255 {
		t.Errorf("%d recoveries", p.s.Recoveries)
	}
}

// TestStartRefused: a message without parts, or with more than can be counted, is
// not begun.
func TestStartRefused(t *testing.T) {
	for _, n := range []int{0, 256} {
		s := message()
		s.Parts = delivery.NewParts(n)
		next, out := s.Step(delivery.Event{Kind: delivery.Start, At: t0}, nil)
		if next.Phase != delivery.Idle || len(out) != 1 || out[0].Kind != delivery.Anomaly {
			t.Errorf("%d parts: %s %+v", n, next.Phase, out)
		}
	}
}

// TestAppends: the effects come behind those that are there already.
func TestAppends(t *testing.T) {
	s := message()
	_, out := s.Step(delivery.Event{Kind: delivery.Start, At: t0}, []delivery.Effect{{Kind: delivery.Report}})
	if len(out) != 3 || out[0].Kind != delivery.Report || out[1].Kind != delivery.Hand {
		t.Errorf("%+v", out)
	}
}

// TestSameTimer: the same moment on another clock is no reason to set the timer.
func TestSameTimer(t *testing.T) {
	s := message()
	s, _ = s.Step(delivery.Event{Kind: delivery.Start, At: t0}, nil)
	s.Wake = s.Wake.In(time.FixedZone("elsewhere", 3600))
	_, out := s.Step(delivery.Event{Kind: delivery.Taken, At: t0, Sending: s.Sending, MessageID: "a"}, nil)
	for _, e := range out {
		if e.Kind == delivery.SetTimer {
			t.Errorf("%+v", out)
		}
	}
}
