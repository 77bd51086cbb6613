package pages

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// Options of a store. Zero fields get their defaults.
type Options struct {
	// Queue is how many operations may wait. Default 8192.
	Queue int
	// Slack is how many octets the log may have although little of it is needed;
	// beside that it is at most about two and a half times as long as what is
	// needed. Default 1 MiB.
	Slack int
	// Now is the clock by which seen entries expire. Default time.Now.
	Now func() time.Time
}

// Store keeps sessions, outbox rows and seen entries in memory, over a log. It is
// a sessions.Journal, Finder, Postbox and Recall. What a change says of orders is
// refused: they are the business of a store of tables.
type Store struct {
	log   Log
	now   func() time.Time
	queue chan op
	quit  chan struct{} // closed when the store is to close
	ended chan struct{} // closed when the actor has ended
	once  sync.Once     // for quit

	mu     sync.RWMutex // guards closed against sends to queue
	closed bool

	counting sync.Mutex
	stats    Stats
}

var (
	_ sessions.Journal = (*Store)(nil)
	_ sessions.Finder  = (*Store)(nil)
	_ sessions.Postbox = (*Store)(nil)
	_ sessions.Recall  = (*Store)(nil)
)

// Open reads the log. It must stay open until the store is closed.
func Open(ctx context.Context, log Log, opts Options) (*Store, error) {
	if opts.Queue <= 0 {
		opts.Queue = 8192
	}
	if opts.Slack <= 0 {
		opts.Slack = 1 << 20
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	m := newMemory()
	if err := m.load(ctx, log); err != nil {
		return nil, err
	}
	s := &Store{
		log: log, now: opts.Now, queue: make(chan op, opts.Queue), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	s.count(m, 0)
	go newActor(s, m, opts.Slack).act()
	return s, nil
}

// Close commits what is queued. Later calls are answered with sessions.ErrStore.
// The log stays open.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.quit) })
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.mu.Unlock()
	<-s.ended
	return nil
}

// Apply queues c; see sessions.Journal.
func (s *Store) Apply(c *sessions.Change, done func(sessions.Result)) {
	err := c.Validate()
	if err == nil && (c.OrderOpen.Name != "" || c.OrderDone.Name != "") {
		err = fmt.Errorf("%w: session %s has to do with an order", sessions.ErrInvalid, c.ID)
	}
	if err == nil {
		err = s.offer(op{change: c, octets: octets(c), done: done})
	}
	if err != nil {
		done(sessions.Result{Err: err})
	}
}

// octets is about how many octets c brings. Who makes a change counts: the store would
// miss its caches for each that waits.
func octets(c *sessions.Change) int {
	n := len(c.State)
	for i := range c.Outbox {
		n += len(c.Outbox[i].Body)
	}
	return n
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

// do runs exec between two changes and waits until what it has seen, and done, is
// committed. It waits for room in the queue too: unlike Apply, its callers may.
func do[T any](ctx context.Context, s *Store, exec func(*memory) T) (T, error) {
	return call(ctx, s, false, exec)
}

// look is do for an exec that changes nothing.
func look[T any](ctx context.Context, s *Store, exec func(*memory) T) (T, error) {
	return call(ctx, s, true, exec)
}

func call[T any](ctx context.Context, s *Store, looks bool, exec func(*memory) T) (T, error) {
	type answer struct {
		val T
		err error
	}
	var val T // the actor's until ack sends it
	got := make(chan answer, 1)
	o := op{
		exec:  func(m *memory) { val = exec(m) },
		looks: looks,
		ack:   func(err error) { got <- answer{val, err} },
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
	case <-s.quit: // or Close would wait for this one
		return errClosed()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func errClosed() error { return fmt.Errorf("%w: it is closed", sessions.ErrStore) }

// CDRs gives the records in the log that match f to each, oldest first, and
// whatever else its owner keeps beside them.
func (s *Store) CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	return s.log.CDRs(ctx, f, each)
}
