package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

// endOf is the id of the nth session that ended.
func endOf(n int) sessions.ID { return sessions.ID(uint64(n+1) * 0x9E3779B97F4A7C15) }

// appendEnds appends records of the sessions from, up to to, in blocks of 500. The
// session 7 has one in each block.
func appendEnds(t testing.TB, s *sqlite.Store, from, to int) {
	t.Helper()
	began := time.Unix(1_700_000_000, 0)
	var b cdr.Block
	for n := from; n < to; n++ {
		r := cdr.Record{Session: endOf(n).String(), Flow: "push", Ended: began.Add(time.Duration(n) * time.Millisecond), Attempts: n}
		if n%500 == 1 {
			r.Session = endOf(7).String()
		}
		if b.Add(&r); (n+1)%500 == 0 || n+1 == to {
			if err := take(s, uint64(n), b); err != nil {
				t.Fatal(err)
			}
			b.Reset()
		}
	}
}

func attempts(t testing.TB, s *sqlite.Store, f cdr.Filter) (all []int) {
	t.Helper()
	if err := s.CDRs(context.Background(), f, func(r cdr.Record) error { all = append(all, r.Attempts); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEnds: the records of a session are found among many, whether they are in a
// run or not, and after a start.
func TestEnds(t *testing.T) {
	const many = 40_000
	path := filepath.Join(t.TempDir(), "x.db")
	s := openWith(t, path, sqlite.Options{})
	appendEnds(t, s, 0, many)
	look := func() {
		t.Helper()
		for _, n := range []int{0, 2, 499, 500, many / 3, many / 2, many - 1} {
			if got := attempts(t, s, cdr.Filter{Session: endOf(n).String(), Flow: "push"}); len(got) != 1 || got[0] != n {
				t.Errorf("session %d has the records %v", n, got)
			}
		}
		if got := attempts(t, s, cdr.Filter{Session: endOf(7).String()}); len(got) != many/500+1 {
			t.Errorf("the session in every block has %d records", len(got))
		}
		if got := attempts(t, s, cdr.Filter{Session: endOf(many).String()}); len(got) != 0 {
			t.Errorf("a session that never was has the records %v", got)
		}
		beside(t, path, many)
	}
	look()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	runs, pieces := countOf(t, path, "cdr_run"), countOf(t, path, "cdr_piece")
	if runs != 2 || pieces < runs*250 || pieces > runs*300 {
		t.Errorf("%d runs of %d pieces", runs, pieces)
	}
	s = openWith(t, path, sqlite.Options{})
	look()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// What an operator has deleted leaves nothing behind that could be wrong.
	edit(t, path, "DELETE FROM cdr_block")
	for range 2 {
		s = openWith(t, path, sqlite.Options{})
		if got := attempts(t, s, cdr.Filter{Session: endOf(2).String()}); len(got) != 0 {
			t.Errorf("%v", got)
		}
		appendEnds(t, s, many, many+10)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = openWith(t, path, sqlite.Options{})
	defer s.Close()
	if got := attempts(t, s, cdr.Filter{Session: endOf(many).String()}); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

// beside has another process look at the records of a store that is open.
func beside(t *testing.T, path string, many int) {
	t.Helper()
	for _, n := range []int{0, many / 3, many - 1} {
		var got []int
		err := sqlite.ReadCDRs(t.Context(), path, cdr.Filter{Session: endOf(n).String()}, func(r cdr.Record) error {
			got = append(got, r.Attempts)
			return nil
		})
		if err != nil || len(got) != 1 || got[0] != n {
			t.Errorf("beside it session %d has the records %v, %v", n, got, err)
		}
	}
	all := 0
	if err := sqlite.ReadCDRs(t.Context(), path, cdr.Filter{}, func(cdr.Record) error { all++; return nil }); err != nil || all != many {
		t.Errorf("beside it there are %d records, %v", all, err)
	}
}

func countOf(t *testing.T, path, table string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// BenchmarkEnds is what it takes to learn how a message has ended.
func BenchmarkEnds(b *testing.B) {
	for _, many := range []int{10_000, 500_000} {
		b.Run(fmt.Sprintf("ended=%d", many), func(b *testing.B) {
			s := openWith(b, filepath.Join(b.TempDir(), "x.db"), sqlite.Options{})
			defer s.Close()
			appendEnds(b, s, 0, many)
			n := 0
			for b.Loop() {
				if n = (n + 7919) % many; n%500 == 1 {
					n++
				}
				if got := attempts(b, s, cdr.Filter{Session: endOf(n).String(), Flow: "push"}); n != 7 && len(got) != 1 {
					b.Fatal(got)
				}
			}
		})
	}
}
