package push_test

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// watched is a store whose box of rows can be tampered with.
type watched struct {
	keeper
	claim  func(ctx context.Context, claim func(context.Context) ([]sessions.Outbox, error)) ([]sessions.Outbox, error)
	settle func(rows []sessions.Settlement) error
}

func (w *watched) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	claim := func(ctx context.Context) ([]sessions.Outbox, error) { return w.keeper.Claim(ctx, dest, now, n, lease) }
	if w.claim == nil || dest != "centre/smsc" {
		return claim(ctx)
	}
	return w.claim(ctx, claim)
}

func (w *watched) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	if w.settle != nil {
		if err := w.settle(rows); err != nil {
			return err
		}
	}
	return w.keeper.Settle(ctx, rows...)
}

// TestLeaseIsOver: a clock that is set ends all leases at once, but what the
// centre has is not sent again.
func TestLeaseIsOver(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{silent: true} }
	l.start()
	l.mustAccept(subscriber, []byte("one"))
	l.until("it to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	l.ahead.Store(int64(time.Hour))
	for i, text := range []string{"two", "three"} {
		l.mustAccept(subscriber, []byte(text))
		l.until("the next to be sent", func() bool { return len(l.centre.submitted()) >= 2+i })
	}
	for i, p := range l.centre.submitted() {
		if i > 0 && bytes.HasSuffix(p.ShortMessage, []byte("one")) {
			t.Errorf("sent again as number %d", i)
		}
	}
}

// TestStopWhileClaiming: a stop between the lease of a row and its sending leaves
// it to be sent, and not in doubt.
func TestStopWhileClaiming(t *testing.T) {
	l := newLab(t)
	w := &watched{keeper: l.openStore()}
	claiming, stopped := make(chan struct{}), make(chan struct{})
	var accepted atomic.Bool
	w.claim = func(ctx context.Context, claim func(context.Context) ([]sessions.Outbox, error)) ([]sessions.Outbox, error) {
		if !accepted.Load() {
			return claim(ctx)
		}
		rows, err := claim(context.WithoutCancel(ctx)) // what is queued is done
		if len(rows) > 0 {
			close(claiming)
			<-stopped
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return rows, err
	}
	l.run(w)
	accepted.Store(true)
	id := l.mustAccept(subscriber, []byte("x"))
	<-claiming
	l.cancel()
	close(stopped)
	l.stop()
	if n := len(l.centre.submitted()); n != 0 {
		t.Errorf("%d parts sent behind the stop", n)
	}
	l.start()
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
}

// TestNotGivenBack: a part that could not be sent is given back as soon as the
// store takes it, not when its lease is over.
func TestNotGivenBack(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
		if n == 0 {
			return reaction{refuse: smpp.ErrWindowFull}
		}
		return reaction{receipt: delivered}
	}
	w, times := &watched{keeper: l.openStore()}, 0
	w.settle = func(rows []sessions.Settlement) error {
		if times++; times == 1 {
			return errors.New("busy")
		}
		return nil
	}
	l.run(w)
	if rec := l.record(l.mustAccept(subscriber, []byte("x"))); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
}

// TestLateClaim: what is too late when the store at last hands it out is not sent.
func TestLateClaim(t *testing.T) {
	l := newLab(t)
	w := &watched{keeper: l.openStore()}
	w.claim = func(ctx context.Context, claim func(context.Context) ([]sessions.Outbox, error)) ([]sessions.Outbox, error) {
		rows, err := claim(ctx)
		if len(rows) > 0 {
			l.ahead.Store(int64(time.Hour))
		}
		return rows, err
	}
	l.run(w)
	rec := l.record(l.mustAccept(subscriber, []byte("x"), func(m *push.Message) { m.Deadline = time.Now().Add(time.Minute) }))
	if rec.Reason != "expired" || len(l.centre.submitted()) != 0 {
		t.Errorf("%d sent, %+v", len(l.centre.submitted()), rec)
	}
}

// TestRateAfterRest: the first second after a rest has not twice the rate.
func TestRateAfterRest(t *testing.T) {
	l := newLab(t)
	l.links[0].Rate, l.links[0].Burst, l.links[0].Window = 20, 2, 100
	l.start()
	begun := time.Now()
	for range 26 {
		l.mustAccept(subscriber, []byte("x"))
	}
	l.until("all to be sent", func() bool { return len(l.centre.submitted()) == 26 })
	if took := time.Since(begun); took < time.Second {
		t.Errorf("26 parts took %s at 20 a second", took)
	}
}
