package push_test

import (
	"testing"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// TestDistinct: ids whose parts would have the marks of another message to the
// same number are not given.
func TestDistinct(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{silent: true} }
	l.start()
	live := sessions.ID(0x10000)
	l.mustAccept(subscriber, four, func(m *push.Message) { m.ID = live })
	for _, c := range []struct {
		to   sessions.MDN
		wish sessions.ID
		kept bool
	}{
		{subscriber, 0x20000, false}, {subscriber, 0x20003, false}, {subscriber, 0x1ffff, false}, {subscriber, 0x200ff, false}, {subscriber, 0x1ff01, false},
		{subscriber, 0x20100, true}, {subscriber, 0x1ff00, true}, {subscriber + 1, 0x20000, true},
	} {
		got := l.svc.Distinct(c.to, c.wish)
		if (got == c.wish) != c.kept {
			t.Errorf("%#x to %s: %#x", c.wish, c.to, got)
		}
		if apart := uint16(got) - uint16(live); c.to == subscriber && min(apart, -apart) <= 255 {
			t.Errorf("%#x to %s: %#x", c.wish, c.to, got)
		}
	}
}

// TestMarksOfTwo: when two messages have the mark of a receipt, its message id
// decides.
func TestMarksOfTwo(t *testing.T) {
	l := newLab(t)
	first := make(chan struct{})
	both := func(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
		d := marked(id, p)
		d.ShortMessage = delivered(id, p).ShortMessage
		return d
	}
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
		if n == 0 {
			return reaction{id: "901"}
		}
		return reaction{id: "902", receipt: both, wait: first}
	}
	l.start()
	one := l.mustAccept(subscriber, []byte("one"), func(m *push.Message) { m.ID = 0x10000 })
	two := l.mustAccept(subscriber, []byte("two"), func(m *push.Message) { m.ID = 0x20000 })
	l.until("both to be sent", func() bool { return len(l.centre.submitted()) == 2 })
	close(first)
	if rec := l.record(two); rec.Reason != "ok" {
		t.Errorf("%+v", rec)
	}
	if st, err := l.svc.Status(t.Context(), one); err != nil || !st.Live {
		t.Errorf("the other: %+v %v", st, err)
	}
}
