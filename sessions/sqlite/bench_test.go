package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions/sqlite"
)

// BenchmarkStoreSession is the ceiling of everything above the store: how many
// complete sessions a second it commits, each step waiting for its COMMIT.
func BenchmarkStoreSession(b *testing.B) {
	for _, workers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "bench.db"), sqlite.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			var rate float64
			for b.Loop() {
				if rate, err = sqlite.MeasureSessions(context.Background(), s, workers, time.Second); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rate, "sessions/s")
			b.ReportMetric(rate*14, "steps/s")
		})
	}
}
