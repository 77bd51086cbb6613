package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

// TestSweep: what has expired goes, however much there is of it, a part with
// each batch.
func TestSweep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen.db")
	s := openWith(t, path, sqlite.Options{})
	const expired = 3000
	past := time.Now().Add(-time.Hour)
	changes := make([]sessions.Change, expired)
	var wg sync.WaitGroup
	for i := range changes {
		id := sessions.ID(i + 1)
		changes[i] = sessions.Change{ID: id, Key: sessions.RefusalKey(id), Finish: true, Seen: sessions.Seen{Key: id.String(), Until: past}}
		wg.Add(1)
		s.Apply(&changes[i], func(r sessions.Result) {
			if r.Err != nil {
				t.Error(r.Err)
			}
			wg.Done()
		})
	}
	wg.Wait()
	if n := seen(t, s, path); n < expired-512 {
		t.Fatalf("%d entries: the first sweep is not due yet", n)
	}
	s = openWith(t, path, sqlite.Options{})
	for i := range 20 {
		if r := apply(s, sessions.Change{ID: 9999, Key: key(i), Finish: true}); r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	if n := seen(t, s, path); n != 0 {
		t.Errorf("%d of %d expired entries are left", n, expired)
	}
}

// seen closes the store and counts its entries.
func seen(t *testing.T, s *sqlite.Store, path string) (n int) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM seen").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
