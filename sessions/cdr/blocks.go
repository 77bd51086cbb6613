package cdr

// Blocks are blocks that records are put into. Cut to length 0 they use their memory again.
type Blocks []Block

// together is how many blocks are looked at to find one of the same flow.
const together = 8

// Add puts r into a block that takes it, or into a new one.
func (b *Blocks) Add(r *Record) {
	for i := range b.last() {
		if one := &(*b)[len(*b)-1-i]; one.Takes(r) {
			one.Add(r)
			return
		}
	}
	b.new().Add(r)
}

// Merge puts a copy of the records of o into a block that takes them, or into a new one,
// however many they are.
func (b *Blocks) Merge(o *Block) {
	for i := range b.last() {
		if (*b)[len(*b)-1-i].Merge(o) {
			return
		}
	}
	one := b.new()
	one.Flow, one.First, one.Last = o.Flow, o.First, o.Last
	one.Sessions, one.Body = append(one.Sessions, o.Sessions...), append(one.Body, o.Body...)
}

func (b *Blocks) last() int { return min(len(*b), together) }

func (b *Blocks) new() *Block {
	if n := len(*b); n < cap(*b) {
		*b = (*b)[:n+1]
	} else {
		*b = append(*b, Block{})
	}
	one := &(*b)[len(*b)-1]
	one.Reset()
	return one
}
