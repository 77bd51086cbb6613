package push

import (
	"fmt"
	"slices"
	"testing"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/clock"
)

// TestParked: receipts are found by their ids as long as they are parked, in whatever order
// they go, and nothing of them stays.
func TestParked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newReceipts(newDirectory(), nil, clock.Clock{}, &counters{}, zerolog.Nop())
		var there []*letter
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if len(there) > 0 && rapid.Bool().Draw(t, "goes") {
				i := rapid.IntRange(0, len(there)-1).Draw(t, "which")
				r.unpark(there[i])
				there = slices.Delete(there, i, i+1)
			} else {
				id := fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "id")) // below 10 all spellings are the same
				l := &letter{account: "smsc", spellings: spellings(id, true)}
				r.park(l)
				there = append(there, l)
			}
			keys := 0
			for key, list := range r.keys {
				keys += len(list)
				for _, l := range list {
					if !slices.Contains(l.keys, key) || !slices.Contains(there, l) {
						t.Fatalf("%v leads to a receipt that does not have it, or is not parked", key)
					}
				}
			}
			for _, l := range there {
				keys -= len(l.keys)
				if r.parked[l.at] != l {
					t.Fatal("a receipt is not at its place")
				}
			}
			if keys != 0 || len(r.parked) != len(there) {
				t.Fatalf("%d keys too many, %d parked of %d", keys, len(r.parked), len(there))
			}
		}
	})
}
