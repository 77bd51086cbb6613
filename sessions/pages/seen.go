package pages

import (
	"container/heap"
	"time"

	"github.com/otagate/otagate/sessions"
)

// sight is a seen entry. One that has expired is forgotten without a word in the
// log: whoever reads it there knows that it has.
type sight struct {
	place
	key   string
	index int // in expiry, -1 when it is not there
	sightState
}

// sightState is what of a seen entry is put back when a batch is undone.
type sightState struct {
	id    sessions.ID
	until int64 // Unix microseconds
	there bool
}

// note remembers what c has seen; nothing live has this key.
func (m *memory) note(c *sessions.Change) {
	until := micros(c.Seen.Until)
	x := m.seen[c.Seen.Key]
	if until <= m.now {
		return // one that is there has expired, too
	}
	if x == nil {
		x = &sight{key: c.Seen.Key, index: -1}
	} else {
		m.unindexSight(x)
	}
	m.touchSight(x)
	x.id, x.until, x.there = c.ID, until, true
	m.indexSight(x)
}

func (m *memory) touchSight(x *sight) {
	if x.touched {
		return
	}
	x.touched = true
	m.batch.sights = append(m.batch.sights, keptSight{x, x.sightState})
}

func (m *memory) indexSight(x *sight) {
	m.seen[x.key] = x
	heap.Push(&m.expiry, x)
}

func (m *memory) unindexSight(x *sight) {
	delete(m.seen, x.key)
	heap.Remove(&m.expiry, x.index)
}

// sweepLimit is how many expired entries are forgotten with each batch, beside
// twice as many as there are operations in it.
const sweepLimit = 64

// sweep forgets up to so many expired entries, between two batches.
func (m *memory) sweep(now time.Time, limit int) {
	m.now = now.UnixMicro()
	for range limit {
		if len(m.expiry) == 0 || m.expiry[0].until > m.now {
			return
		}
		x := m.expiry[0]
		m.unindexSight(x)
		m.history.take(x)
	}
}

// sightHeap has the entry that expires first in front.
type sightHeap []*sight

func (h sightHeap) Len() int           { return len(h) }
func (h sightHeap) Less(i, j int) bool { return h[i].until < h[j].until }

func (h sightHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *sightHeap) Push(x any) {
	one := x.(*sight)
	one.index = len(*h)
	*h = append(*h, one)
}

func (h *sightHeap) Pop() any {
	old := *h
	last := len(old) - 1
	x := old[last]
	old[last] = nil
	x.index = -1
	*h = old[:last]
	return x
}
