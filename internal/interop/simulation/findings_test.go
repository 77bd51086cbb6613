package simulation

import "testing"

// found are the seeds that have found something in otagate, as long as nobody
// changes what a seed means. docs/interop.md tells what, and which tests keep it.
var found = []uint64{5, 11, 19, 22, 55, 136, 226, 497, 1072, 4837}

func TestFindings(t *testing.T) {
	for _, seed := range found {
		if w := run(t, seed, nil, nil); len(w.wrong) > 0 {
			t.Error(w.report(t, true))
		}
	}
}
