package simulation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/otagate/otagate/sessions"
)

// store is the memory as one process sees it: it takes time, it fails, and the
// process may die with a call. A dead process changes nothing and hears
// nothing but failures.
type store struct {
	*memory
	w    *world
	proc *process
	last time.Duration // when the latest change is due
}

func (s *store) gone() error { return fmt.Errorf("%w: the process is dead", sessions.ErrStore) }

// pause is how long a call takes.
func (s *store) pause(what string) time.Duration {
	d := s.w.between("store time: "+what, 200*time.Microsecond, s.w.plan.slowest)
	if s.w.isCalm() {
		return d
	}
	if s.w.during(storeSlow) || s.w.during(storeStuck) {
		s.w.trouble(35 * time.Second)
	}
	if s.w.during(storeSlow) {
		d += s.w.between("store slow: "+what, 0, 4*time.Second)
	}
	if s.w.during(storeStuck) {
		d += s.w.between("store stuck: "+what, 0, 30*time.Second)
	}
	return d
}

// trouble is why a call fails, nil when it does not.
func (s *store) trouble(what string) error {
	p := s.w.plan.storeFails
	if strings.HasPrefix(what, "blob") {
		p *= 10 // a process reads each list once only
	}
	switch {
	case s.w.during(storeDown), s.w.fault("store fails", what, p):
		s.w.trouble(0)
		return fmt.Errorf("%w: it is out of order", sessions.ErrStore)
	case s.w.during(storeFull), s.w.fault("store busy", what, s.w.plan.storeBusy):
		s.w.trouble(0)
		return fmt.Errorf("%w: too much waits", sessions.ErrBusy)
	}
	return nil
}

func (s *store) Apply(c *sessions.Change, done func(sessions.Result)) {
	w := s.w
	what := fmt.Sprintf("%s.%d", w.ledger.name(c.ID), c.Expect)
	if s.proc.isDead() {
		w.after(0, func() { done(sessions.Result{Err: s.gone()}) })
		return
	}
	err := s.trouble(what)
	if err != nil {
		w.say("store: change %s: %v", what, err)
	}
	before := err == nil && w.fault("crash before commit", what, w.plan.crash)
	lie := err == nil && c.Expect > 0 && w.fault("store lies", what, w.plan.storeLies)
	behind := err == nil && w.fault("crash after commit", what, w.plan.crash)
	at := max(time.Since(w.began)+s.pause(what), s.last+1) // they keep their order
	s.last = at
	w.after(at-time.Since(w.began), func() {
		switch {
		case s.proc.isDead():
			done(sessions.Result{Err: s.gone()})
		case err != nil:
			done(sessions.Result{Err: err})
		case before:
			w.kill("before change " + what)
			done(sessions.Result{Err: s.gone()})
		default:
			res := s.memory.apply(c)
			if res.Err != nil {
				w.say("store: change %s refused: %v", what, res.Err)
				s.lentTwice(c)
			}
			if lie && res.Err == nil {
				w.trouble(0)
				w.say("store: change %s: committed, and it says that it failed", what)
				res = sessions.Result{Err: fmt.Errorf("%w: it lies", sessions.ErrStore)}
			}
			if behind {
				w.kill("after change " + what)
				res = sessions.Result{Err: s.gone()}
			}
			done(res)
		}
	})
}

// lentTwice: that its activation MIN is in use must never be why a change is refused.
func (s *store) lentTwice(c *sessions.Change) {
	for _, a := range c.AddCorr {
		rec, err := s.memory.ByCorr(context.Background(), a)
		if err == nil && a.Kind == sessions.CorrActivationMIN && rec.ID != c.ID {
			s.w.breach("activation MIN %s is lent to %s and %s", a.ID, s.w.ledger.name(rec.ID), s.w.ledger.name(c.ID))
		}
	}
}

// call is a call that its caller waits for.
func (s *store) call(ctx context.Context, what string) error {
	done := make(chan struct{})
	s.w.after(s.pause(what), func() { close(done) })
	select {
	case <-done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.proc.isDead() {
		return s.gone()
	}
	if err := s.trouble(what); err != nil {
		s.w.say("store: %s: %v", what, err)
		return err
	}
	return nil
}

func (s *store) Load(ctx context.Context, each func(sessions.Record) error) error {
	if err := s.call(ctx, "load"); err != nil {
		return err
	}
	return s.memory.Load(ctx, each)
}

// Blob is asked while sessions are loaded too.
func (s *store) Blob(ctx context.Context, name string) ([]byte, error) {
	if err := s.call(ctx, "blob "+name[:12]); err != nil {
		return nil, err
	}
	return s.memory.Blob(ctx, name)
}

func (s *store) FindOrder(ctx context.Context, q sessions.OrderQuery) (sessions.Order, error) {
	field, text, _ := q.Field()
	if err := s.call(ctx, "order by "+field+" "+text); err != nil {
		return sessions.Order{}, err
	}
	return s.memory.FindOrder(ctx, q)
}

func (s *store) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if s.idle(dest, now) && !s.proc.isDead() {
		return nil, nil // nothing to see, and nothing that could go wrong matters
	}
	if err := s.call(ctx, "claim "+dest); err != nil {
		return nil, err
	}
	if strings.HasPrefix(dest, "msc/") {
		n = 1 // two at the same instant would time out at the same instant, and leave the order to the scheduler
	}
	rows, err := s.memory.Claim(ctx, dest, now, n, lease)
	if !receipts(dest) {
		s.w.ledger.claimed(s.proc, rows)
	}
	return rows, err
}

// idle tells whether there is no row, or, of parts, none to be sent now: how often a
// sender that was woken looks is the scheduler's to say.
func (s *store) idle(dest string, now time.Time) bool {
	next, err := s.memory.NextDue(context.Background(), dest)
	return err == nil && (next.IsZero() || !receipts(dest) && next.After(now))
}

// receipts tells whether this is where the receipts of an IVR go.
func receipts(dest string) bool { return strings.HasPrefix(dest, "smpp/") }

func (s *store) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	what := fmt.Sprintf("settle %d", rows[0].Row)
	if err := s.call(ctx, what); err != nil {
		if !s.proc.isDead() {
			s.w.ledger.unsettled(rows)
		}
		return err
	}
	if s.w.fault("crash before commit", what, s.w.plan.crash) {
		s.w.kill("before " + what)
		return s.gone()
	}
	return s.memory.Settle(ctx, rows...)
}

// Orphans are read when the process starts.
func (s *store) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if next, err := s.memory.NextDue(ctx, dest); err == nil && next.IsZero() && !s.proc.isDead() {
		return nil, nil
	}
	if err := s.call(ctx, "orphans "+dest); err != nil {
		return nil, err
	}
	return s.memory.Orphans(ctx, dest, now, lease)
}

func (s *store) Withdraw(ctx context.Context, dedup string) (bool, error) {
	what := "withdraw " + s.w.ledger.nameRow(dedup)
	if err := s.call(ctx, what); err != nil {
		return false, err
	}
	if s.w.fault("crash before commit", what, s.w.plan.crash) {
		s.w.kill("before " + what)
		return false, s.gone()
	}
	gone, err := s.memory.Withdraw(ctx, dedup)
	if s.w.fault("crash after commit", what, s.w.plan.crash) {
		s.w.kill("after " + what)
		return false, s.gone()
	}
	return gone, err
}

// ByID is asked by several workers at the same instant, about one session. Which
// of them is the first must not matter, so that they share their luck.
func (s *store) ByID(_ context.Context, id sessions.ID) (sessions.Record, error) {
	w := s.w
	name := "session " + w.ledger.name(id)
	w.wait(time.Millisecond + time.Duration(w.dice(name).Int64N(int64(w.plan.slowest))))
	switch {
	case s.proc.isDead():
		return sessions.Record{}, s.gone()
	case w.during(storeDown), w.during(storeFull):
		w.trouble(0)
		return sessions.Record{}, fmt.Errorf("%w: it is out of order", sessions.ErrStore)
	}
	return s.memory.ByID(context.Background(), id)
}

// Close leaves the memory to the next process.
func (s *store) Close() error { return nil }
