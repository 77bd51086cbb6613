package push

import (
	"maps"
	"slices"
	"sync/atomic"
)

// senderTable are all senders, copied when one is added.
type senderTable struct{ now atomic.Pointer[fleet] }

type fleet struct {
	list   []*sender
	byDest map[string]*sender
}

func (t *senderTable) get(dest string) *sender {
	if f := t.now.Load(); f != nil {
		return f.byDest[dest]
	}
	return nil
}

// add is called by one goroutine at a time.
func (t *senderTable) add(s *sender) {
	f := &fleet{byDest: map[string]*sender{}}
	if old := t.now.Load(); old != nil {
		f.list, f.byDest = slices.Clone(old.list), maps.Clone(old.byDest)
	}
	f.list = append(f.list, s)
	f.byDest[s.dest] = s
	t.now.Store(f)
}

func (t *senderTable) all() []*sender {
	if f := t.now.Load(); f != nil {
		return f.list
	}
	return nil
}
