package bench_test

import (
	"context"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/bench"
)

// TestRun runs every bench for a moment. It asserts no timing: only that each
// case has run and that nothing went wrong on the way.
func TestRun(t *testing.T) {
	for _, b := range bench.All() {
		t.Run(b.Name, func(t *testing.T) {
			results, err := b.Run(context.Background(), bench.Options{Time: 20 * time.Millisecond, Dir: t.TempDir(), Case: "window=100 binds=4 receipts"})
			if err != nil {
				t.Fatal(err)
			}
			if len(results) == 0 {
				t.Error("no case has run")
			}
			for _, r := range results {
				if r.Bench != b.Name || r.Case == "" || r.Unit == "" || r.Value <= 0 || r.Ceiling <= 0 || r.Ratio <= 0 {
					t.Errorf("not measured: %+v", r)
				}
				if r.Goal.NoAllocs && (r.AllocsPerOp == nil || *r.AllocsPerOp != 0) {
					t.Errorf("%s allocates", r.Case)
				}
				if most := r.Goal.AllocsMost; most > 0 && (r.AllocsPerOp == nil || *r.AllocsPerOp > most) {
					t.Errorf("%s allocates more than %g times", r.Case, most)
				}
			}
		})
	}
}
