// Package idtable finds things by numbers of which those that come together are mostly
// neighbours, as numbers that count up are. Neighbours are in one piece of memory: a map of
// all would be a miss of the caches for each, wherever it lies.
//
//	number   the piece, found in a map (all bits but the lowest), the place in it (4 bits)
//
// Numbers that are no neighbours of others are found as well. Each then costs a piece of
// its own, of 16 places.
package idtable

// Bits is how many of the lowest bits neighbours may differ in.
const Bits = 4

const (
	places = 1 << Bits
	mask   = places - 1
)

// Table finds things by their numbers. The zero Table is empty.
type Table[T any] struct {
	pieces map[uint64]*piece[T]
	count  int
}

// piece are the things whose numbers differ in the lowest bits only.
type piece[T any] struct {
	at    [places]*T
	count int
}

// Len is how many things there are.
func (t *Table[T]) Len() int { return t.count }

// Get is the thing with the number n, or nil.
func (t *Table[T]) Get(n uint64) *T {
	if p := t.pieces[n>>Bits]; p != nil {
		return p.at[n&mask]
	}
	return nil
}

// Put makes x, which is not nil, the thing with the number n.
func (t *Table[T]) Put(n uint64, x *T) {
	p := t.pieces[n>>Bits]
	if p == nil {
		if t.pieces == nil {
			t.pieces = map[uint64]*piece[T]{}
		}
		p = new(piece[T])
		t.pieces[n>>Bits] = p
	}
	at := &p.at[n&mask]
	if *at == nil {
		p.count++
		t.count++
	}
	*at = x
}

// Drop takes the thing with the number n out, and returns it, or nil.
func (t *Table[T]) Drop(n uint64) *T {
	p := t.pieces[n>>Bits]
	if p == nil || p.at[n&mask] == nil {
		return nil
	}
	x := p.at[n&mask]
	p.at[n&mask] = nil
	t.count--
	if p.count--; p.count == 0 {
		delete(t.pieces, n>>Bits)
	}
	return x
}

// All gives the things, in no order. Meanwhile things may be dropped, and those that are there be put
// again.
func (t *Table[T]) All(yield func(*T) bool) {
	for _, p := range t.pieces {
		for i := range p.at {
			if x := p.at[i]; x != nil && !yield(x) {
				return
			}
		}
	}
}
