package sessions

import (
	"fmt"
	"sync"
)

// letter is one event on its way to a session.
type letter[S, E any] struct {
	queued[S, E]
	to    *entry[S, E]
	birth *birth // set when the event creates its session
}

// birth is what only the first step of a session has.
type birth struct {
	seen  Seen
	corr  []Corr
	reply func(Result)
}

// mailbox is what waits for a shard: letters, of which there may be so many,
// and completions, which are never refused. There is at most one completion
// for each change in flight, so they are bounded too. Letters that create a session
// are apart: the shard takes them when it has room for more sessions.
type mailbox[L, D any] struct {
	limit int
	wake  chan struct{} // holds one token when something has come

	mu      sync.Mutex
	closed  bool
	letters []L
	births  []L
	done    []D
}

func newMailbox[L, D any](limit int) *mailbox[L, D] {
	return &mailbox[L, D]{limit: limit, wake: make(chan struct{}, 1)}
}

func (m *mailbox[L, D]) post(l L, birth bool) error {
	m.mu.Lock()
	switch {
	case m.closed:
		m.mu.Unlock()
		return ErrStopped
	case len(m.letters)+len(m.births) >= m.limit:
		m.mu.Unlock()
		return fmt.Errorf("%w: %d events wait", ErrBusy, m.limit)
	case birth:
		m.births = append(m.births, l)
	default:
		m.letters = append(m.letters, l)
	}
	m.mu.Unlock()
	m.ring()
	return nil
}

func (m *mailbox[L, D]) complete(d D) {
	m.mu.Lock()
	m.done = append(m.done, d)
	m.mu.Unlock()
	m.ring()
}

func (m *mailbox[L, D]) ring() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// take swaps what has come, but for births, for the two empty slices given.
func (m *mailbox[L, D]) take(letters []L, done []D) ([]L, []D) {
	m.mu.Lock()
	defer m.mu.Unlock()
	letters, m.letters = m.letters, letters
	done, m.done = m.done, done
	return letters, done
}

// takeBirths swaps the births that have come for the empty slice given.
func (m *mailbox[L, D]) takeBirths(births []L) []L {
	m.mu.Lock()
	defer m.mu.Unlock()
	births, m.births = m.births, births
	return births
}

// close refuses letters from now on.
func (m *mailbox[L, D]) close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
}

func (m *mailbox[L, D]) depth() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.letters) + len(m.births) + len(m.done)
}
