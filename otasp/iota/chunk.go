package iota

import (
	"iter"
	"math"
)

// Chunk is a piece of an object that is written in several, such as ObjectPRL:
// its place and size go into offset and size of a method, its octets into a part.
type Chunk struct {
	Offset uint32
	Octets []byte
}

// Chunks cuts an object into pieces of at most size octets, which alias it, in
// their order. There is none of an object without octets, of one that offset
// cannot count, or where size is not positive.
func Chunks(octets []byte, size int) iter.Seq[Chunk] {
	return func(yield func(Chunk) bool) {
		if size <= 0 || uint64(len(octets)) > math.MaxUint32 {
			return
		}
		for at := 0; at < len(octets); at += min(size, len(octets)-at) {
			end := at + min(size, len(octets)-at)
			if !yield(Chunk{uint32(at), octets[at:end:end]}) {
				return
			}
		}
	}
}
