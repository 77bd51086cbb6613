package sim

import (
	"context"
	"sync"
)

// news wakes those who wait for something to change.
type news struct {
	mu sync.Mutex
	ch chan struct{} // closed at the next change; nil when nobody waits
}

func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch == nil {
		n.ch = make(chan struct{})
	}
	return n.ch
}

func (n *news) tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ch != nil {
		close(n.ch)
		n.ch = nil
	}
}

// until waits until there holds, which is asked after each change.
func (n *news) until(ctx context.Context, there func() bool) error {
	for {
		next := n.next()
		if there() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
