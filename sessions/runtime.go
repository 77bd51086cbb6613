package sessions

import "context"

// Runtime drives the sessions of one flow.
type Runtime[S, E, F any] struct {
	flow  Flow[S, E, F]
	store Journal
	opts  Options
	ready chan struct{}
}

// NewRuntime makes a runtime; Run starts it.
func NewRuntime[S, E, F any](flow Flow[S, E, F], store Journal, opts Options) *Runtime[S, E, F] {
	return &Runtime[S, E, F]{flow: flow, store: store, opts: opts.withDefaults(), ready: make(chan struct{})}
}

// Run loads all live sessions, gives each a Recovered event, and serves until
// ctx ends. It returns after all its goroutines have ended.
func (r *Runtime[S, E, F]) Run(ctx context.Context) error { <-ctx.Done(); return nil }

// Ready is closed when all sessions are loaded.
func (r *Runtime[S, E, F]) Ready() <-chan struct{} { return r.ready }

// Create asks for a new session. done is called once, from the shard, after
// its first step was committed or refused.
func (r *Runtime[S, E, F]) Create(c Create[S, E], done func(Result)) error { return ErrStopped }

// Post gives ev to a live session.
func (r *Runtime[S, E, F]) Post(id ID, ev E) error { return ErrStopped }

// Find names the live session with this key.
func (r *Runtime[S, E, F]) Find(key Key) (ID, bool) { return 0, false }

// Each gives all live sessions to f until it returns false.
func (r *Runtime[S, E, F]) Each(f func(Ref) bool) {}

// Len is the number of live sessions.
func (r *Runtime[S, E, F]) Len() int { return 0 }

// Stats counts.
func (r *Runtime[S, E, F]) Stats() Stats { return Stats{} }
