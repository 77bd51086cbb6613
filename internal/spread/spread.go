// Package spread spreads keys over targets, so that a key keeps its target while that is
// there, and only the keys of a target that goes move: each target has a hash, and a key
// belongs to the one for which Mix of both is the greatest (rendezvous hashing). Results do
// not change from one run to the next.
package spread

// FNV-1a.
const (
	Seed  = 0xcbf29ce484222325
	prime = 0x100000001b3
)

// Text adds a text to a hash that began with Seed.
func Text[T string | []byte](h uint64, s T) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// Number adds a number.
func Number(h, n uint64) uint64 { return (h ^ n) * prime }

// Pair is the hash of two addresses, which have no octet 0.
func Pair(a, b []byte) uint64 { return Text(Number(Text(Seed, a), 0), b) }

// Mix spreads what differs in a few bits over all of them (the finalizer of
// splitmix64).
func Mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
