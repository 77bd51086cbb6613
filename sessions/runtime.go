package sessions

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/otagate/otagate/internal/idtable"
)

// Runtime drives the sessions of one flow. An id belongs to one shard for
// ever, so a session keeps its shard when it moves from a TRN to an MDN.
type Runtime[S, E, F any] struct {
	flow    Flow[S, E, F]
	dropper Dropper[E] // nil when the flow is none
	store   Journal
	opts    Options
	shards  []*shard[S, E, F]
	ready   chan struct{}
	phase   atomic.Int32
	taken   atomic.Int64 // live sessions and those being created
	counts  counters
	states  sync.Pool // *S, whatever is in them
}

// The phases of a runtime, in order.
const (
	phaseNew int32 = iota
	phaseLoading
	phaseServing
	phaseStopped
)

// NewRuntime makes a runtime; Run starts it.
func NewRuntime[S, E, F any](flow Flow[S, E, F], store Journal, opts Options) *Runtime[S, E, F] {
	r := &Runtime[S, E, F]{flow: flow, store: store, opts: opts.withDefaults(), ready: make(chan struct{})}
	r.dropper, _ = any(flow).(Dropper[E])
	r.shards = make([]*shard[S, E, F], r.opts.Shards)
	for i := range r.shards {
		r.shards[i] = newShard(r)
	}
	return r
}

// Run loads all live sessions of its flow, gives each a Recovered event before any other,
// and serves until ctx ends. It returns after all its goroutines have ended;
// changes that are with the store by then are waited for and their effects
// performed. The store must stay open until Run has returned. Run is called once.
func (r *Runtime[S, E, F]) Run(ctx context.Context) error {
	if !r.phase.CompareAndSwap(phaseNew, phaseLoading) {
		return fmt.Errorf("%w: a runtime runs once", ErrInvalid)
	}
	defer r.phase.Store(phaseStopped)
	if err := r.store.Load(ctx, r.adopt); err != nil {
		return fmt.Errorf("sessions: loading the live sessions: %w", err)
	}
	r.phase.Store(phaseServing)
	close(r.ready)
	var wg sync.WaitGroup
	for _, sh := range r.shards {
		wg.Go(func() { sh.run(ctx) })
	}
	wg.Wait()
	return nil
}

// adopt takes one stored session over. A state that cannot be decoded is a
// fault: its session stays in the store for an operator to look at, and does
// not keep all others from starting. One that could not be decoded just now,
// because decoding it asks a store that fails, ends the loading: left behind,
// it would hold its number and never end.
//
// What is decoded here is let go: a million sessions that rest would fill the
// memory once before they can say so.
func (r *Runtime[S, E, F]) adopt(rec Record) error {
	if !r.opts.Owns(rec.Key) {
		return nil
	}
	e := &entry[S, E]{id: rec.ID, key: rec.Key, version: rec.Version, fresh: true}
	e.lay(rec.State)
	_, err := r.flow.DecodeState(rec.State)
	if transient(err) {
		return fmt.Errorf("session %s: %w", rec.ID, err)
	}
	if err != nil {
		r.fault(Ref{ID: rec.ID, Key: rec.Key}, fmt.Errorf("sessions: stored state: %w", err))
		return nil
	}
	if !rec.Due.IsZero() {
		e.due = rec.Due.Unix()
	}
	sh := r.shard(rec.ID)
	sh.live.Put(uint64(rec.ID), e)
	sh.fresh = append(sh.fresh, e)
	r.taken.Add(1)
	r.counts.recovering.Add(1)
	r.counts.resting.Add(1)
	return nil
}

// Ready is closed when all sessions are loaded. From then on Post and Create
// are served; a session that was loaded sees Recovered first in any case.
func (r *Runtime[S, E, F]) Ready() <-chan struct{} { return r.ready }

// Create asks for a new session. When it returns nil, done is called exactly
// once, on the shard, after the first step was committed or refused, and
// before its effects are performed. done must not block.
func (r *Runtime[S, E, F]) Create(c Create[S, E], done func(Result)) error {
	if err := r.serving(); err != nil {
		return err
	}
	if c.ID == 0 || !c.Key.Valid() {
		return fmt.Errorf("%w: a session is created with an id and a key", ErrInvalid)
	}
	if r.taken.Add(1) > int64(r.opts.MaxSessions) {
		r.taken.Add(-1)
		r.counts.busy.Add(1)
		return fmt.Errorf("%w: %d sessions live", ErrBusy, r.opts.MaxSessions)
	}
	e := &entry[S, E]{id: c.ID, key: c.Key, state: c.State}
	if e.state == nil {
		e.state = new(S)
	}
	err := r.shard(c.ID).post(letter[S, E]{to: e, queued: queued[S, E]{ev: c.Event}, birth: &birth{seen: c.Seen, corr: c.Corr, reply: done}})
	if err != nil {
		r.taken.Add(-1)
	}
	return err
}

// Post gives ev to a live session. It answers ErrNotFound when there is no
// such session and ErrBusy when too much waits, for the shard or for this session.
func (r *Runtime[S, E, F]) Post(id ID, ev E) error {
	if err := r.serving(); err != nil {
		return err
	}
	sh := r.shard(id)
	e := sh.find(id)
	if e == nil {
		return fmt.Errorf("%w: session %s", ErrNotFound, id)
	}
	if e.backlog.Add(1) > int32(r.opts.Backlog) {
		e.backlog.Add(-1)
		r.counts.busy.Add(1)
		return fmt.Errorf("%w: %d events wait for session %s", ErrBusy, r.opts.Backlog, id)
	}
	err := sh.post(letter[S, E]{to: e, queued: queued[S, E]{ev: ev}})
	if err != nil {
		e.backlog.Add(-1)
	}
	return err
}

// Room is a state for Create, to be written whole: another session may have had it.
func (r *Runtime[S, E, F]) Room() *S {
	if s, _ := r.states.Get().(*S); s != nil {
		return s
	}
	return new(S)
}

// let gives a state back that nobody has any more.
func (r *Runtime[S, E, F]) let(s *S) {
	if s != nil {
		r.states.Put(s)
	}
}

func (r *Runtime[S, E, F]) serving() error {
	switch r.phase.Load() {
	case phaseServing:
		return nil
	case phaseStopped:
		return ErrStopped
	}
	return fmt.Errorf("%w: still loading", ErrBusy)
}

// Len is the number of live sessions.
func (r *Runtime[S, E, F]) Len() int {
	n := 0
	for _, sh := range r.shards {
		n += sh.len()
	}
	return n
}

func (r *Runtime[S, E, F]) shard(id ID) *shard[S, E, F] {
	// Fibonacci hashing: ids of a caller may count up. Neighbours are together in a table.
	h := uint64(id) >> idtable.Bits * 0x9E3779B97F4A7C15 >> 32
	return r.shards[h%uint64(len(r.shards))]
}

func (r *Runtime[S, E, F]) fault(ref Ref, err error) {
	r.counts.faults.Add(1)
	r.opts.Fault(ref, err)
}

// transient tells whether the same change may succeed later.
func transient(err error) bool {
	return errors.Is(err, ErrStore) || errors.Is(err, ErrBusy)
}

// refusal tells whether another session is the cause.
func refusal(err error) bool {
	return errors.Is(err, ErrKeyTaken) || errors.Is(err, ErrCorrTaken) || errors.Is(err, ErrOrderChanged) || errors.Is(err, ErrDuplicate)
}
