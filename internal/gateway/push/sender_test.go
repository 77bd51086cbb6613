package push_test

import (
	"context"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// brief is a store whose leases are over at once, as after a claim that took long
// or when the clock was set.
type brief struct{ sessions.Store }

func (b brief) Claim(ctx context.Context, dest string, now time.Time, n int, _ time.Duration) ([]sessions.Outbox, error) {
	return b.Store.Claim(ctx, dest, now, n, time.Microsecond)
}

// TestLeaseOver: a row that is claimed again while its part has no answer is not
// sent again, and the answer still counts.
func TestLeaseOver(t *testing.T) {
	l := newLab(t)
	store, err := sqlite.Open(t.Context(), l.path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan struct{})
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
		r := reaction{receipt: delivered}
		if n == 0 {
			r.wait = answer
		}
		return r
	}
	l.run(brief{store})
	slow := l.mustAccept(subscriber, []byte("one"))
	l.until("its part to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	for range 3 { // each has the sender look for rows
		l.record(l.mustAccept(subscriber+1, []byte("another")))
	}
	close(answer)
	if rec := l.record(slow); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
	if n := len(l.centre.submitted()); n != 4 {
		t.Errorf("%d submit_sm for 4 messages", n)
	}
}
