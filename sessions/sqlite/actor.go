package sqlite

import (
	"context"
	"fmt"
	"runtime"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/otagate/otagate/sessions"
)

// maxBatch is how many operations one transaction takes.
const maxBatch = 512

// sweepEvery is how often expired seen entries are looked for. When there are
// more than one batch may take away, the next one goes on.
const (
	sweepEvery = time.Minute
	sweepLimit = 256
)

// op is one operation of the writer: a change, or anything else that writes.
type op struct {
	change  *sessions.Change
	records []string // those of change, encoded by whoever brings it: all wait for the writer
	done    func(sessions.Result)

	exec func(*writer) error // may be called again when its batch is
	ack  func(error)
}

// batch is what one transaction does.
type batch struct {
	ops     []op
	results []sessions.Result
	failed  []bool // left out when the batch is run again
	members map[sessions.ID]struct{}
}

// act is the writer's goroutine. A batch is what has queued up while the last
// one was committed.
func (s *Store) act() {
	defer close(s.ended)
	b := &batch{members: make(map[sessions.ID]struct{}, maxBatch)}
	var swept time.Time
	var held *op
	for {
		// Whoever is about to bring something may do so first: one more in this
		// batch costs less than one batch more.
		runtime.Gosched()
		held = s.collect(b, held)
		if len(b.ops) == 0 {
			return
		}
		now := time.Now()
		s.write.now = now.UnixMicro()
		if sweep := now.Sub(swept) >= sweepEvery; s.write.run(b, sweep) && sweep {
			swept = now
		}
		b.answer()
	}
}

// collect fills b and returns the operation that has to wait for the next
// batch: a second change of one session.
func (s *Store) collect(b *batch, held *op) *op {
	b.reset()
	if held != nil {
		b.add(*held)
	} else if o, open := <-s.queue; open {
		b.add(o)
	} else {
		return nil
	}
	for len(b.ops) < maxBatch {
		select {
		case o, open := <-s.queue:
			if !open {
				return nil
			}
			if !b.add(o) {
				return &o
			}
		default:
			return nil
		}
	}
	return nil
}

func (b *batch) reset() {
	clear(b.ops)
	clear(b.members)
	b.ops = b.ops[:0]
}

func (b *batch) add(o op) bool {
	if o.change != nil {
		if _, twice := b.members[o.change.ID]; twice {
			return false
		}
		b.members[o.change.ID] = struct{}{}
	}
	b.ops = append(b.ops, o)
	return true
}

func (b *batch) answer() {
	for i, o := range b.ops {
		if o.change != nil {
			o.done(b.results[i])
		} else {
			o.ack(b.results[i].Err)
		}
	}
}

// run executes b in one transaction. An operation that the engine refuses for
// what it is fails alone: the transaction is run again without it. Trouble of
// the engine itself fails them all. It tells whether a sweep has left nothing
// behind.
func (w *writer) run(b *batch, sweep bool) (clean bool) {
	n := len(b.ops)
	b.results = append(b.results[:0], make([]sessions.Result, n)...)
	b.failed = append(b.failed[:0], make([]bool, n)...)
	for {
		w.ends.begin()
		clean, bad, err := w.transact(b, sweep)
		w.ends.end(err == nil)
		if err == nil {
			return clean
		}
		// The engine may have rolled back by itself; then there is nothing to do.
		_, _ = w.exec(&w.st.rollback)
		if bad >= 0 && poison(err) {
			b.failed[bad] = true
			b.results[bad] = sessions.Result{Err: fmt.Errorf("%w: %w", sessions.ErrInvalid, err)}
			continue
		}
		for i := range b.results {
			if !b.failed[i] {
				b.results[i] = sessions.Result{Err: fmt.Errorf("%w: %w", sessions.ErrStore, err)}
			}
		}
		return false
	}
}

// poison tells whether the cause of err is the operation and not the engine.
func poison(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE:
		return true
	}
	return false
}

// transact runs the transaction; bad is the operation that failed, -1 for none.
func (w *writer) transact(b *batch, sweep bool) (clean bool, bad int, err error) {
	if _, err := w.exec(&w.st.begin); err != nil {
		return false, -1, err
	}
	if sweep {
		n, err := w.exec(&w.st.sweepSeen, w.now, int64(sweepLimit))
		if err != nil {
			return false, -1, err
		}
		clean = n < sweepLimit
	}
	if err := w.writeRun(); err != nil {
		return false, -1, err
	}
	for i, o := range b.ops {
		if b.failed[i] {
			continue
		}
		if o.change != nil {
			b.results[i], err = w.change(o.change, o.records)
		} else {
			err = o.exec(w)
		}
		if err != nil {
			return false, i, err
		}
	}
	_, err = w.exec(&w.st.commit)
	return clean, -1, err
}

// Apply queues c; see sessions.Journal.
func (s *Store) Apply(c *sessions.Change, done func(sessions.Result)) {
	o := op{change: c, done: done}
	err := c.Validate()
	if err == nil {
		o.records, err = encode(c.CDR)
	}
	if err == nil {
		err = s.offer(o)
	}
	if err != nil {
		done(sessions.Result{Err: err})
	}
}

func (s *Store) offer(o op) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed()
	}
	select {
	case s.queue <- o:
		return nil
	default:
		return fmt.Errorf("%w: %d operations wait for the store", sessions.ErrBusy, cap(s.queue))
	}
}

// do runs exec in a transaction and waits for its commit. It waits for room in
// the queue too: unlike Apply, its callers may.
func do[T any](ctx context.Context, s *Store, exec func(*writer) (T, error)) (T, error) {
	type answer struct {
		val T
		err error
	}
	var val T // the actor's until ack sends it
	got := make(chan answer, 1)
	o := op{
		exec: func(w *writer) (err error) {
			val, err = exec(w)
			return err
		},
		ack: func(err error) { got <- answer{val, err} },
	}
	var none T
	if err := s.wait(ctx, o); err != nil {
		return none, err
	}
	select {
	case a := <-got:
		return a.val, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (s *Store) wait(ctx context.Context, o op) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed()
	}
	select {
	case s.queue <- o:
		return nil
	case <-s.quit: // or Close, and with it the writer, would wait for this one
		return errClosed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func errClosed() error { return fmt.Errorf("%w: it is closed", sessions.ErrStore) }
