package pages_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pages"
)

// slate is a log in memory.
type slate struct {
	pages   []sessions.Page
	records [][]byte
}

func (l *slate) AppendPage(p *sessions.Page) error {
	if p.Body != nil {
		l.pages = append(l.pages, sessions.Page{Seq: p.Seq, First: p.First, Body: bytes.Clone(p.Body)})
		l.pages = slices.DeleteFunc(l.pages, func(old sessions.Page) bool { return old.Seq < p.First })
	}
	for _, b := range p.Records {
		l.records = append(l.records, bytes.Clone(b.Body))
	}
	return nil
}

func (l *slate) Pages(_ context.Context, each func(sessions.Page) error) error {
	for _, p := range l.pages {
		if err := each(p); err != nil {
			return err
		}
	}
	return nil
}

func (l *slate) CDRs(_ context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	for _, b := range l.records {
		if err := cdr.ReadBlock(b, &f, func(r *cdr.Record) error { return each(*r) }); err != nil {
			return err
		}
	}
	return nil
}

// story is a log of some pages, with every kind of entry in it.
func story(t testing.TB) *slate {
	t.Helper()
	l := &slate{}
	s := openPages(t, l, pages.Options{})
	must := func(c sessions.Change) {
		if res := apply(s, c); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	must(sessions.Change{ID: 1, Key: sessions.MDNKey(5551234567), State: []byte("state"), Due: time.Unix(100, 0),
		AddCorr: []sessions.Corr{{Kind: sessions.CorrTransaction, ID: "a"}}, Seen: sessions.Seen{Key: "once", Until: time.Now().Add(time.Hour)},
		Outbox: []sessions.Outbox{{Dest: "smsc", Body: []byte("one"), Dedup: "d"}, {Dest: "smsc", Body: []byte("two"), Due: time.Unix(5, 0)}}})
	must(sessions.Change{ID: 2, Key: sessions.MessageKey(2), Outbox: []sessions.Outbox{{Dest: "smsc", Body: []byte("three")}}})
	rows, err := s.Claim(t.Context(), "smsc", time.Unix(10, 0), 2, time.Minute)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	must(sessions.Change{ID: 2, Key: sessions.MessageKey(2), Expect: 1, Finish: true, OutboxDone: []int64{rows[1].Row},
		CDR: []cdr.Record{{Session: "0000000000000002"}}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return l
}

// seen is all that can be seen of a store.
func seen(t testing.TB, s *pages.Store) string {
	t.Helper()
	var all []string
	if err := s.Load(t.Context(), func(r sessions.Record) error { all = append(all, fmt.Sprintf("%+v", r)); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	orphans, err := s.Orphans(t.Context(), "smsc", time.Unix(0, 0), time.Hour)
	rows, cerr := s.Claim(t.Context(), "smsc", time.Unix(1<<40, 0), 100, time.Hour)
	if err := errors.Join(err, cerr); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s\norphans %+v\nrows %+v", strings.Join(all, "\n"), orphans, rows)
}

// TestLoad: what is read is what was written, and what was moved too.
func TestLoad(t *testing.T) {
	l := story(t)
	s := openPages(t, &slate{pages: slices.Clone(l.pages)}, pages.Options{})
	want := seen(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openPages(t, l, pages.Options{Slack: 1})
	if d, err := s.Depths(t.Context()); err != nil || len(d) != 1 || d["smsc"] != 2 {
		t.Errorf("%v %v", d, err)
	}
	if st := s.Stats(); st.Sessions != 1 || st.Rows != 2 || st.Seen != 1 || st.Live >= st.Octets {
		t.Errorf("%+v", st)
	}
	for i := range sessions.ID(50) { // each lets a page go
		c := sessions.Change{ID: 100 + i, Key: sessions.MessageKey(100 + i)}
		if res := apply(s, c); res.Err != nil {
			t.Fatal(res.Err)
		}
		c.Expect, c.Finish = 1, true
		if res := apply(s, c); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	if st := s.Stats(); st.Moved == 0 || st.Pages > 10 {
		t.Errorf("nothing was moved: %+v", st)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openPages(t, l, pages.Options{Slack: 1})
	if diff := cmp.Diff(want, seen(t, s)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCorrupt: whatever happens to a page is told, with its number.
func TestCorrupt(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(l *slate)
		want  string // in the error
		is    error
	}{
		"cut short":         {func(l *slate) { l.pages[1].Body = l.pages[1].Body[:40] }, "page 2", nil},
		"nothing":           {func(l *slate) { l.pages[0].Body = nil }, "page 1", wire.ErrShort},
		"another version":   {func(l *slate) { l.pages[1].Body[0] = 3 }, "page 2", wire.ErrUnsupported},
		"an unknown entry":  {func(l *slate) { l.pages[1].Body = append(l.pages[1].Body, 99) }, "page 2", wire.ErrUnsupported},
		"half an entry":     {func(l *slate) { l.pages[1].Body = l.pages[1].Body[:len(l.pages[1].Body)-2] }, "page 2", wire.ErrShort},
		"one is missing":    {func(l *slate) { l.pages = slices.Delete(l.pages, 1, 2) }, "page 3", nil},
		"the first missing": {func(l *slate) { l.pages = l.pages[1:] }, "page 1 is missing", nil},
		"one again":         {func(l *slate) { l.pages = append(l.pages, l.pages[2]) }, "page 3", nil},
		"a bit of an older": {func(l *slate) { makeOlder(l); l.pages[1].Body[30] ^= 4 }, "page 2", nil},
		"its sum":           {func(l *slate) { makeOlder(l); l.pages[2].Body[len(l.pages[2].Body)-1]++ }, "page 3", nil},
		"an older cut":      {func(l *slate) { makeOlder(l); l.pages[1].Body = l.pages[1].Body[:12] }, "page 2", wire.ErrShort},
	} {
		t.Run(name, func(t *testing.T) {
			l := story(t)
			if len(l.pages) < 4 {
				t.Fatalf("%d pages", len(l.pages))
			}
			c.spoil(l)
			_, err := pages.Open(t.Context(), l, pages.Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// makeOlder makes the pages what a build before this one would have written.
func makeOlder(l *slate) {
	for i := range l.pages {
		p := &l.pages[i]
		old := binary.BigEndian.AppendUint64([]byte{1}, uint64(p.First))
		old = append(old, p.Body[1:]...)
		p.Body = binary.BigEndian.AppendUint32(old, crc32.Checksum(old, crc32.MakeTable(crc32.Castagnoli)))
	}
}

// TestOlder: pages of an earlier build say the same, and new ones come behind them.
func TestOlder(t *testing.T) {
	l, older := story(t), story(t)
	makeOlder(older)
	s, old := openPages(t, l, pages.Options{}), openPages(t, older, pages.Options{})
	defer s.Close()
	if diff := cmp.Diff(seen(t, s), seen(t, old)); diff != "" {
		t.Errorf("-now +older:\n%s", diff)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	again := openPages(t, older, pages.Options{})
	defer again.Close()
	if diff := cmp.Diff(seen(t, s), seen(t, again)); diff != "" {
		t.Errorf("after more pages (-now +older):\n%s", diff)
	}
}

// FuzzPage: a page is read or refused, whatever is in it. What was read can be
// written again, and then says the same.
func FuzzPage(f *testing.F) {
	for _, p := range story(f).pages {
		f.Add(p.Body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		l := &slate{pages: []sessions.Page{{Seq: 1, First: 1, Body: bytes.Clone(body)}}}
		s, err := pages.Open(t.Context(), l, pages.Options{Slack: 1})
		if err != nil {
			return
		}
		defer s.Close()
		want := s.Stats()
		for i := range sessions.ID(3) {
			apply(s, sessions.Change{ID: 1<<60 + i, Key: sessions.RefusalKey(1<<60 + i), Seen: sessions.Seen{Key: fmt.Sprint("fuzz", i), Until: time.Now().Add(time.Hour)}})
		}
		_, _ = s.ByID(t.Context(), 1) // with it goes what has expired
		more := s.Stats()
		again, err := pages.Open(t.Context(), l, pages.Options{})
		if err != nil {
			t.Fatalf("read once, and then: %v", err)
		}
		defer again.Close()
		_, _ = again.ByID(t.Context(), 1)
		if got := again.Stats(); got.Live != more.Live || got.Rows != want.Rows || got.Sessions != more.Sessions {
			t.Errorf("%+v, then %+v, opened again %+v", want, more, got)
		}
	})
}
