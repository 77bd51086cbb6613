package pages

import "container/heap"

// box is the rows of one destination, in the order in which they can be claimed.
// Most are due at once and come in the order of their numbers: they are in a
// list, where the first is found, taken and put in no time, however many there
// are. All others are in a heap.
type box struct {
	dest       string
	head, tail *row    // due at once, by number
	later      rowHeap // due some time, or again
	leased     rowHeap // that somebody has
	rows       int     // in all of them
}

// shelf tells where in its box a row is.
type shelf uint8

const (
	nowhere shelf = iota
	ready
	later
	leased
)

func (x *box) add(r *row) {
	x.rows++
	switch {
	case r.lease > 0:
		r.in = leased
		heap.Push(&x.leased, r)
	case r.due == 0 && (x.tail == nil || x.tail.number < r.number):
		r.in = ready
		if r.prev = x.tail; x.tail == nil {
			x.head = r
		} else {
			x.tail.next = r
		}
		x.tail = r
	default:
		r.in = later
		heap.Push(&x.later, r)
	}
}

func (x *box) remove(r *row) {
	switch r.in {
	case ready:
		if r.prev == nil {
			x.head = r.next
		} else {
			r.prev.next = r.next
		}
		if r.next == nil {
			x.tail = r.prev
		} else {
			r.next.prev = r.prev
		}
		r.prev, r.next = nil, nil
	case later:
		heap.Remove(&x.later, int(r.index))
	case leased:
		heap.Remove(&x.leased, int(r.index))
	}
	if r.in != nowhere {
		x.rows--
	}
	r.in = nowhere
}

// first is the row that can be claimed first, nil for none.
func (x *box) first() *row {
	r := x.head
	for _, h := range [...]rowHeap{x.later, x.leased} {
		if len(h) > 0 && (r == nil || h[0].before(r)) {
			r = h[0]
		}
	}
	return r
}

// rowHeap has the row that can be claimed first in front.
type rowHeap []*row

func (h rowHeap) Len() int           { return len(h) }
func (h rowHeap) Less(i, j int) bool { return h[i].before(h[j]) }

func (h rowHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = int32(i), int32(j)
}

func (h *rowHeap) Push(x any) {
	r := x.(*row)
	r.index = int32(len(*h))
	*h = append(*h, r)
}

func (h *rowHeap) Pop() any {
	old := *h
	last := len(old) - 1
	r := old[last]
	old[last] = nil
	*h = old[:last]
	return r
}
