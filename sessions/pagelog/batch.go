package pagelog

import "github.com/otagate/otagate/sessions/cdr"

// maxTaken is how many octets of records the tables take in one transaction,
// unless a single frame has more.
const maxTaken = 1 << 20

// batch is what the tables take in one transaction: the records of whole frames.
type batch struct {
	blocks []cdr.Block
	octets int    // of the bodies that were added
	upTo   uint64 // the last of the frames
	closed bool   // the tables are taking it
	doubt  bool   // they may have, although they said no
}

// takes tells whether there is room for so many octets.
func (b *batch) takes(octets int) bool {
	return !b.closed && (b.octets == 0 || b.octets+octets <= maxTaken)
}

// add copies the records of a frame.
func (b *batch) add(records []cdr.Block, number uint64) {
	for i := range records {
		b.block(&records[i])
	}
	b.octets += octets(records)
	b.upTo = number
}

// together is how many blocks are looked at to find one of the same flow.
const together = 8

func (b *batch) block(o *cdr.Block) {
	for i := len(b.blocks) - 1; i >= max(0, len(b.blocks)-together); i-- {
		if b.blocks[i].Merge(o) {
			return
		}
	}
	if n := len(b.blocks); n < cap(b.blocks) {
		b.blocks = b.blocks[:n+1] // with the memory of an earlier one
	} else {
		b.blocks = append(b.blocks, cdr.Block{})
	}
	last := &b.blocks[len(b.blocks)-1]
	last.Reset()
	last.Flow, last.First, last.Last = o.Flow, o.First, o.Last
	last.Sessions, last.Body = append(last.Sessions, o.Sessions...), append(last.Body, o.Body...)
}

// reset empties b and keeps its memory.
func (b *batch) reset() { *b = batch{blocks: b.blocks[:0]} }

func octets(records []cdr.Block) (n int) {
	for i := range records {
		n += len(records[i].Body)
	}
	return n
}
