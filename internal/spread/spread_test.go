package spread_test

import (
	"fmt"
	"hash/fnv"
	"testing"

	"github.com/otagate/otagate/internal/spread"
)

// TestText holds Text against the standard library.
func TestText(t *testing.T) {
	for _, s := range []string{"", "a", "12025550123", "\x00\xff"} {
		h := fnv.New64a()
		h.Write([]byte(s))
		if got := spread.Text(spread.Seed, s); got != h.Sum64() {
			t.Errorf("%q: %x", s, got)
		}
	}
	if spread.Pair([]byte("ab"), []byte("c")) == spread.Pair([]byte("a"), []byte("bc")) {
		t.Error("where an address ends makes no difference")
	}
}

// TestMix: keys that are near each other go evenly to all targets.
func TestMix(t *testing.T) {
	const targets, keys = 5, 10_000
	var got [targets]int
	for key := range uint64(keys) {
		best, greatest := 0, uint64(0)
		for i := range targets {
			if n := spread.Mix(key ^ spread.Text(spread.Seed, fmt.Sprint("target", i))); n >= greatest {
				best, greatest = i, n
			}
		}
		got[best]++
	}
	for i, n := range got {
		if n < keys/targets*9/10 || n > keys/targets*11/10 {
			t.Errorf("target %d has %d of %d", i, n, keys)
		}
	}
}
