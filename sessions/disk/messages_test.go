package disk_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
)

func openTables(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openMessages(t *testing.T, tables disk.Tables) *disk.Messages {
	t.Helper()
	m, err := disk.OpenMessages(t.Context(), tables, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func apply(t *testing.T, s sessions.Journal, c sessions.Change) {
	t.Helper()
	got := make(chan error, 1)
	s.Apply(&c, func(r sessions.Result) { got <- r.Err })
	if err := <-got; err != nil {
		t.Fatal(err)
	}
}

// states are those of all live sessions, by id.
func states(t *testing.T, s sessions.Journal) map[sessions.ID]string {
	t.Helper()
	all := map[sessions.ID]string{}
	if err := s.Load(t.Context(), func(r sessions.Record) error { all[r.ID] = string(r.State); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// recorder is a log that keeps its pages.
type recorder struct{ pages []sessions.Page }

func (l *recorder) AppendPage(p *sessions.Page) error {
	l.pages = append(l.pages, sessions.Page{Seq: p.Seq, Body: bytes.Clone(p.Body)})
	return nil
}
func (*recorder) Pages(context.Context, func(sessions.Page) error) error         { return nil }
func (*recorder) CDRs(context.Context, cdr.Filter, func(cdr.Record) error) error { return nil }

const many = 20

// oldStore is a store as a build has left it that had its log in the tables.
func oldStore(t *testing.T) (path string) {
	t.Helper()
	l := &recorder{}
	s, err := pages.Open(t.Context(), l, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id := range sessions.ID(many) {
		apply(t, s, sessions.Change{ID: id + 1, Key: sessions.MessageKey(id + 1), State: fmt.Append(nil, "state ", id+1)})
	}
	path = filepath.Join(t.TempDir(), "old.db")
	if err := errors.Join(s.Close(), openTables(t, path).Close()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.pages {
		body := binary.BigEndian.AppendUint64([]byte{1}, 1) // as that build had them
		body = append(body, p.Body[1:]...)
		body = binary.BigEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		if _, err := db.Exec("INSERT INTO page (seq, body) VALUES (?, ?)", p.Seq, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// broken are tables that fail while old pages are moved.
type broken struct {
	*sqlite.Store
	after int64 // this page
	drop  bool  // only then
}

var errBroken = errors.New("broken")

func (b broken) OldPages(ctx context.Context, each func(sessions.Page) error) error {
	return b.Store.OldPages(ctx, func(p sessions.Page) error {
		if p.Seq > b.after {
			return errBroken
		}
		return each(p)
	})
}

func (b broken) DropOldPages(ctx context.Context) error {
	if b.drop {
		return errBroken
	}
	return b.Store.DropOldPages(ctx)
}

// TestOldPages: messages of a build that had its log in the tables are there, whatever
// ended the moving of them before.
func TestOldPages(t *testing.T) {
	for _, after := range []int64{-1, 0, 7, many} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			path := oldStore(t)
			tables := openTables(t, path)
			if after >= 0 {
				_, err := disk.OpenMessages(t.Context(), broken{tables, after, after == many}, pages.Options{})
				if !errors.Is(err, errBroken) {
					t.Fatal(err)
				}
			}
			for range 2 { // and again when there is nothing to be moved any more
				m := openMessages(t, tables)
				all := states(t, m)
				for id := range sessions.ID(many) {
					if want := fmt.Sprint("state ", id+1); all[id+1] != want {
						t.Errorf("session %d: %q", id+1, all[id+1])
					}
				}
				if len(all) != many {
					t.Errorf("%d messages", len(all))
				}
				if err := m.Close(); err != nil {
					t.Fatal(err)
				}
			}
			old := 0
			if err := tables.OldPages(t.Context(), func(sessions.Page) error { old++; return nil }); err != nil || old > 0 {
				t.Errorf("%d old pages are left: %v", old, err)
			}
			if err := tables.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestTwo: tables and a log that do not belong together are refused.
func TestTwo(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.db"), filepath.Join(dir, "two.db")
	for _, path := range []string{one, two} {
		tables := openTables(t, path)
		m := openMessages(t, tables)
		apply(t, m, sessions.Change{ID: 1, Key: sessions.MessageKey(1), State: []byte(path)})
		if err := errors.Join(m.Close(), tables.Close()); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(why string) {
		t.Helper()
		tables := openTables(t, one)
		defer tables.Close()
		if m, err := disk.OpenMessages(t.Context(), tables, pages.Options{}); err == nil {
			t.Errorf("%s: it opens, with %v", why, states(t, m))
		}
	}
	for _, do := range []struct {
		why      string
		from, to string
	}{
		{"its log is gone", disk.LogOf(one), filepath.Join(dir, "away")},
		{"it is that of another store", disk.LogOf(two), disk.LogOf(one)},
	} {
		if err := os.Rename(do.from, do.to); err != nil {
			t.Fatal(err)
		}
		refused(do.why)
	}
}

// TestTakeRecords: what a killed gateway has left in its log comes into the tables once.
func TestTakeRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	tables := openTables(t, path)
	if err := disk.TakeRecords(t.Context(), tables); err != nil {
		t.Errorf("a store without messages: %v", err)
	}
	if _, err := os.Stat(disk.LogOf(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a log was made: %v", err)
	}
	m := openMessages(t, deaf{tables})
	apply(t, m, sessions.Change{ID: 1, Key: sessions.MessageKey(1), Finish: true, CDR: []cdr.Record{{Session: "0000000000000001"}}})
	records := func() (n int) {
		t.Helper()
		if err := tables.CDRs(t.Context(), cdr.Filter{}, func(cdr.Record) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := m.Close(); err == nil {
		t.Error("records are left, and nobody says so")
	}
	if n := records(); n != 0 {
		t.Errorf("%d records", n)
	}
	for range 2 {
		if err := disk.TakeRecords(t.Context(), tables); err != nil {
			t.Fatal(err)
		}
		if n := records(); n != 1 {
			t.Errorf("%d records", n)
		}
	}
	if err := tables.Close(); err != nil {
		t.Fatal(err)
	}
}

// deaf are tables that take a mark, and no records.
type deaf struct{ *sqlite.Store }

func (d deaf) TakeRecords(ctx context.Context, blocks []cdr.Block, mark sessions.LogMark) error {
	if len(blocks) > 0 {
		return errBroken
	}
	return d.Store.TakeRecords(ctx, blocks, mark)
}
