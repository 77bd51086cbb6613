package binds_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/smpp"
)

// narrow has a bind refuse all that goes beyond so many, and answer the others.
func narrow(l *lab, e *esme, taken int, status smpp.Status) {
	l.fill(receipts, plenty)
	e.mu.Lock()
	kept := e.open[:taken:taken]
	e.open = e.open[taken:]
	e.mu.Unlock()
	e.respond(e.waiting(), status, nil)
	e.open = kept
}

// TestLearn: a bind that refuses what goes over its own window gets as many as it had taken,
// and an eighth more when it has taken that many for a while.
func TestLearn(t *testing.T) {
	for _, status := range []smpp.Status{smpp.StatusThrottled, smpp.StatusMessageQueueFull} {
		t.Run(status.String(), func(t *testing.T) {
			const taken, windows = 16, 16
			l, all := newLab(100)
			e := all[0]
			narrow(l, e, taken, status)
			l.rooms(t, 0, 0)
			if n := l.Under(receipts); n != taken {
				t.Fatalf("%d under way", n)
			}
			e.good(taken)
			l.rooms(t, taken, taken)

			takes := func(n int) {
				t.Helper()
				for i := range n {
					if l.send(binds.Load(i%2)) == nil { // of both loads
						t.Fatal("not sent")
					}
					e.good(1)
				}
			}
			const more = taken + taken/8 + 1
			takes(windows*taken - taken - 1)
			l.rooms(t, taken, taken)
			takes(1)
			l.rooms(t, more, more)
			takes(windows*more - 1)
			l.rooms(t, more, more)

			// That is too much: what was refused is not tried again soon.
			narrow(l, e, taken, status)
			e.good(taken)
			l.rooms(t, taken, taken)
		})
	}
}

// TestLearnFromOthers: an answer that refuses the request and not its number makes no
// difference.
func TestLearnFromOthers(t *testing.T) {
	l, all := newLab(40)
	l.fill(receipts, plenty)
	all[0].respond(20, smpp.StatusReceiverTemporaryError, nil)
	all[0].respond(19, smpp.StatusSystemError, nil)
	all[0].respond(1, 0, smpp.ErrClosed)
	l.rooms(t, 32, 40)
}

// TestAlone: a bind that refuses a request that is alone gets the next behind a pause, which
// doubles until it has taken one.
func TestAlone(t *testing.T) {
	l, all := newLab(40)
	e := all[0]
	refused := func(want time.Duration) {
		t.Helper()
		if l.send(messages) != e {
			t.Fatalf("nothing sent before the pause of %v", want)
		}
		e.refuses()
		l.rooms(t, 0, 0)
		if l.Take(receipts) != nil || l.TakeFor(1, messages) != nil {
			t.Error("a bind is taken in its pause")
		}
		l.Pass(want - 1)
		l.rooms(t, 0, 0)
		l.woken = 0
		l.Pass(1)
		if l.woken != 1 {
			t.Errorf("told %d times of the end of a pause of %v", l.woken, want)
		}
		l.rooms(t, 1, 1)
	}
	for want := 100 * time.Millisecond; want < 10*time.Second; want *= 2 {
		refused(want)
	}
	refused(10 * time.Second)
	refused(10 * time.Second)

	l.send(messages)
	e.respond(1, 0, smpp.ErrClosed) // which says nothing
	refused(10 * time.Second)
	l.send(messages)
	e.good(1)
	refused(100 * time.Millisecond)

	for range 16 {
		l.send(messages)
		e.good(1)
	}
	l.rooms(t, 2, 2)
}

// TestAllRefused: when all of many are refused only the last was alone, so there is one
// pause.
func TestAllRefused(t *testing.T) {
	l, all := newLab(40)
	narrow(l, all[0], 0, smpp.StatusThrottled)
	l.rooms(t, 0, 0)
	l.Pass(100 * time.Millisecond)
	l.rooms(t, 1, 1)
}

// TestFewer: what a bind refuses that was sent before it was known to take less does not
// give it more.
func TestFewer(t *testing.T) {
	l, all := newLab(20)
	l.fill(messages, plenty)
	all[0].respond(1, 0, smpp.ErrResponseTimeout)
	all[0].refuses()
	all[0].good(10)
	all[0].respond(8, 0, smpp.ErrClosed)
	l.rooms(t, 1, 1)
}

// TestSilent: a bind that does not answer has one request at a time from then on, and the others have
// the rest.
func TestSilent(t *testing.T) {
	l, all := newLab(20, 20)
	silent, other := all[0], all[1]
	l.fill(messages, plenty)
	other.good(20)
	l.rooms(t, 20, 20)
	silent.respond(1, 0, smpp.ErrResponseTimeout)
	l.rooms(t, 20, 20) // 19 are under way still
	silent.respond(19, 0, smpp.ErrResponseTimeout)
	l.rooms(t, 21, 21)
	if n := l.fill(messages, plenty); n != 21 || silent.waiting() != 1 {
		t.Errorf("%d sent, %d to the bind that is silent", n, silent.waiting())
	}
	other.good(20)
	if n := l.fill(receipts, plenty); n != 20 || silent.waiting() != 1 {
		t.Errorf("then %d sent, %d to the bind that is silent", n, silent.waiting())
	}
	other.good(20)
	for range 16 { // it answers again
		silent.good(1)
		for l.send(messages) != silent {
		}
		other.good(other.waiting())
	}
	l.rooms(t, 21, 21)
}
