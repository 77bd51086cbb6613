package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

// take gives blocks of records to a store.
func take(s *sqlite.Store, upto uint64, blocks ...cdr.Block) error {
	return s.TakeRecords(context.Background(), blocks, sessions.LogMark{Log: 7, Taken: upto})
}

func markOf(t *testing.T, s *sqlite.Store) sessions.LogMark {
	t.Helper()
	m, err := s.LogMark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTakeRecords: records and the mark of their log are one commit.
func TestTakeRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openWith(t, path, sqlite.Options{})
	if m := markOf(t, s); m != (sessions.LogMark{}) {
		t.Errorf("a new store has the mark %+v", m)
	}
	var b cdr.Block
	b.Add(&cdr.Record{Session: "1"})
	for _, err := range []error{take(s, 1<<63), take(s, 1<<63+5, b, b)} { // as any number of 64 bits
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openWith(t, path, sqlite.Options{})
	if m := markOf(t, s); m != (sessions.LogMark{Log: 7, Taken: 1<<63 + 5}) {
		t.Errorf("%+v", m)
	}
	n := 0
	if err := s.CDRs(t.Context(), cdr.Filter{}, func(cdr.Record) error { n++; return nil }); err != nil || n != 2 {
		t.Errorf("%d records, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := take(s, 9, b); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("closed: %v", err)
	}
	if _, err := s.LogMark(context.Background()); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("closed: %v", err)
	}
}

// TestOldPages: the pages of a build that had them in the tables are given in their order,
// until they are dropped.
func TestOldPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := openWith(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []int{12, 10, 11} {
		if _, err := db.Exec("INSERT INTO page (seq, body) VALUES (?, ?)", seq, fmt.Appendf(nil, "page %d", seq)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openWith(t, path, sqlite.Options{})
	defer s.Close()
	old := func() (all []string) {
		t.Helper()
		if err := s.OldPages(t.Context(), func(p sessions.Page) error {
			all = append(all, fmt.Sprintf("%d %s", p.Seq, p.Body))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if diff := cmp.Diff([]string{"10 page 10", "11 page 11", "12 page 12"}, old()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := s.DropOldPages(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := old(); left != nil {
		t.Errorf("%q", left)
	}
}

func TestMessagesInTables(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
	defer s.Close()
	for _, c := range []sessions.Change{
		{ID: 1, Key: key(1), Outbox: []sessions.Outbox{{Dest: "smpp/ivr", Key: key(1)}}},
		{ID: 2, Key: sessions.MessageKey(2), Outbox: []sessions.Outbox{{Dest: "smsc", Key: sessions.MessageKey(2)}}},
	} {
		if res := apply(s, c); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	if n, err := s.MessagesInTables(t.Context()); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// TestRecordsOfBoth: records of the table and of the blocks come as one list in
// the order of their ends, however they were written.
func TestRecordsOfBoth(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
	defer s.Close()
	began := time.Unix(1_700_000_000, 0).UTC() // of one run of many
	rapid.Check(t, func(t *rapid.T) {
		began = began.Add(time.Hour)
		drawEnd := func(t *rapid.T) time.Time {
			return began.Add(time.Duration(rapid.IntRange(0, 150).Draw(t, "end")) * time.Second)
		}
		var all []cdr.Record
		for i := range rapid.IntRange(1, 8).Draw(t, "commits") {
			var blocks []cdr.Block
			for range rapid.IntRange(1, 4).Draw(t, "records") {
				r := drawRecord(t, drawEnd(t), len(all))
				all = append(all, r)
				if rapid.Bool().Draw(t, "in the table") {
					if res := apply(s, sessions.Change{ID: 1, Key: key(1), Finish: true, CDR: []cdr.Record{r}}); res.Err != nil {
						t.Fatal(res.Err)
					}
					continue
				}
				j := slices.IndexFunc(blocks, func(b cdr.Block) bool { return b.Takes(&r) })
				if j < 0 {
					j, blocks = len(blocks), append(blocks, cdr.Block{})
				}
				blocks[j].Add(&r)
			}
			if err := take(s, uint64(i+1), blocks...); err != nil {
				t.Fatal(err)
			}
		}
		f := cdr.Filter{From: began, To: began.Add(time.Hour), Flow: rapid.SampledFrom([]string{"", "push", "otasp"}).Draw(t, "of flow"), Limit: rapid.IntRange(0, 3).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "from") {
			f.From = drawEnd(t)
		}
		if rapid.Bool().Draw(t, "to") {
			f.To = drawEnd(t)
		}
		if rapid.Bool().Draw(t, "one session") {
			f.Session = sessions.ID(rapid.IntRange(1, 4).Draw(t, "session")).String()
		}
		compare(t, s, f, all)
	})
}

func drawRecord(t *rapid.T, ended time.Time, n int) cdr.Record {
	return cdr.Record{
		Session: sessions.ID(rapid.IntRange(1, 4).Draw(t, "session")).String(), Flow: rapid.SampledFrom([]string{"push", "otasp"}).Draw(t, "flow"),
		Ended: ended, Attempts: n,
	}
}

// compare: what ended at the same time may come in any order.
func compare(t *rapid.T, s *sqlite.Store, f cdr.Filter, all []cdr.Record) {
	var got, want []cdr.Record
	if err := s.CDRs(context.Background(), f, func(r cdr.Record) error { got = append(got, r); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if f.Match(&r) {
			want = append(want, r)
		}
	}
	byEnd := func(a, b cdr.Record) int { return a.Ended.Compare(b.Ended) }
	slices.SortStableFunc(want, byEnd)
	if !slices.IsSortedFunc(got, byEnd) {
		t.Fatalf("not in order: %v", got)
	}
	if f.Limit > 0 && len(want) > f.Limit {
		want = want[:f.Limit]
		for i := range want { // which of several, is open
			want[i].Session, want[i].Flow, want[i].Attempts = got[i].Session, got[i].Flow, got[i].Attempts
		}
	}
	exact := func(a, b cdr.Record) int {
		if c := byEnd(a, b); c != 0 {
			return c
		}
		return a.Attempts - b.Attempts
	}
	slices.SortFunc(want, exact)
	slices.SortFunc(got, exact)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%+v (-want +got):\n%s", f, diff)
	}
}
