package pagelog

import "github.com/otagate/otagate/sessions/cdr"

// maxTaken is how many octets of records the tables take in one transaction,
// unless a single frame has more.
const maxTaken = 1 << 20

// batch is what the tables take in one transaction: the records of whole frames.
type batch struct {
	blocks cdr.Blocks
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
		b.blocks.Merge(&records[i])
	}
	b.octets += octets(records)
	b.upTo = number
}

// reset empties b and keeps its memory.
func (b *batch) reset() { *b = batch{blocks: b.blocks[:0]} }

func octets(records []cdr.Block) (n int) {
	for i := range records {
		n += len(records[i].Body)
	}
	return n
}
