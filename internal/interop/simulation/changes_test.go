package simulation

import (
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions/cdr"
)

// TestChanges pins what the figures of activations rest on: with NAM, MDN,
// IMSI_T and a list, one that nothing disturbs makes 8 changes of the store,
// and 7 when the trigger names the MDN.
func TestChanges(t *testing.T) {
	seen := map[int]int{}
	for seed := range uint64(10) {
		for _, e := range run(t, seed+1, map[string]bool{}, nil).ledger.order {
			if e.record.Outcome != cdr.Done || !slices.Equal(e.record.Steps, []string{"nam", "mdn", "imsi_t", "prl"}) {
				continue
			}
			want := 8
			if strings.Contains(e.asked.text, ";MDN=") {
				want = 7
			}
			if e.written != want {
				t.Errorf("seed %d, %s, %q: %d changes, want %d", seed+1, e.name(), e.asked.text, e.written, want)
			}
			seen[want]++
		}
	}
	if seen[7] == 0 || seen[8] == 0 {
		t.Errorf("not met: %v", seen)
	}
}
