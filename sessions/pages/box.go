package pages

import "container/heap"

// box is the rows of one destination, in the order in which they can be claimed.
// Most are due at once and come in the order of their numbers, and leases end in the
// order in which they began: such rows are in a list, where the first is found, taken
// and put in no time, however many there are. All others are in a heap.
type box struct {
	dest        string
	ready, lent list    // due at once, by number; that somebody has, by the end of the lease
	later       rowHeap // due some time, or again
	leased      rowHeap // that somebody has
	rows        int     // in all of them
}

// shelf tells where in its box a row is.
type shelf uint8

const (
	nowhere shelf = iota
	ready
	lent
	later
	leased
)

func (x *box) add(r *row) {
	x.rows++
	switch {
	case r.lease > 0 && x.lent.takes(r):
		r.in = lent
		x.lent.push(r)
	case r.lease > 0:
		r.in = leased
		heap.Push(&x.leased, r)
	case r.due == 0 && x.ready.takes(r):
		r.in = ready
		x.ready.push(r)
	default:
		r.in = later
		heap.Push(&x.later, r)
	}
}

func (x *box) remove(r *row) {
	switch r.in {
	case ready:
		x.ready.remove(r)
	case lent:
		x.lent.remove(r)
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
	first := x.ready.head
	if r := x.lent.head; r != nil && (first == nil || r.before(first)) {
		first = r
	}
	for _, h := range [...]rowHeap{x.later, x.leased} {
		if len(h) > 0 && (first == nil || h[0].before(first)) {
			first = h[0]
		}
	}
	return first
}

// had are the rows that somebody has, in no order.
func (x *box) had() []*row {
	all := append([]*row(nil), x.leased...)
	for r := x.lent.head; r != nil; r = r.next {
		all = append(all, r)
	}
	return all
}

// list has its rows in the order of claims, in which they have to come.
type list struct{ head, tail *row }

// takes tells whether r comes behind all others.
func (l *list) takes(r *row) bool { return l.tail == nil || l.tail.before(r) }

func (l *list) push(r *row) {
	if r.prev = l.tail; l.tail == nil {
		l.head = r
	} else {
		l.tail.next = r
	}
	l.tail = r
}

func (l *list) remove(r *row) {
	if r.prev == nil {
		l.head = r.next
	} else {
		r.prev.next = r.next
	}
	if r.next == nil {
		l.tail = r.prev
	} else {
		r.next.prev = r.prev
	}
	r.prev, r.next = nil, nil
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
