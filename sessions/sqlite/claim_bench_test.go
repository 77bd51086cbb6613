package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions/sqlite"
)

// BenchmarkClaimNothing is what it costs to look for rows when there are none, as
// whoever delivers does after each end of a session.
func BenchmarkClaimNothing(b *testing.B) {
	s, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "otagate.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Claim(context.Background(), "account/x", now, 64, time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}
