package pages

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// shelfLog is a log of the pages that were committed.
type shelfLog struct {
	Log
	pages []sessions.Page
}

func (l *shelfLog) Pages(_ context.Context, each func(sessions.Page) error) error {
	for _, p := range l.pages {
		if err := each(p); err != nil {
			return err
		}
	}
	return nil
}

// fingerprint is all of a memory that matters, and fails when its parts do not
// agree.
func fingerprint(t *rapid.T, m *memory) string {
	var out []string
	live, entities := 0, 0
	place := func(e entity) {
		at := e.where()
		if at.page == nil || at.page.live[at.index] != e || at.touched || at.leaving {
			t.Fatalf("%T is in no page, or in none that knows it: %+v", e, at)
		}
		if n := len(e.image(nil)); n != int(at.size) && !isRow(e) {
			t.Fatalf("%T has %d octets, noted are %d", e, n, at.size)
		}
		live += int(at.size)
		entities++
	}
	for s := range m.live.All {
		id := s.id
		place(s)
		if m.live.Get(uint64(id)) != s || !s.there || m.owner(s.key) != s {
			t.Fatalf("session %s is not found by its key", id)
		}
		corrs := slices.Clone(s.corrs)
		slices.SortFunc(corrs, func(a, b sessions.Corr) int { return cmp.Compare(a.ID, b.ID) })
		for _, c := range corrs {
			if m.corr[c] != s {
				t.Fatalf("session %s is not found by %v", id, c)
			}
		}
		out = append(out, fmt.Sprintf("session %s %v %d %d %q %v", id, s.key, s.version, s.due, s.state, corrs))
	}
	for c, s := range m.corr {
		if !slices.Contains(s.corrs, c) || m.live.Get(uint64(s.id)) != s {
			t.Fatalf("%v leads to a session that does not have it", c)
		}
	}
	for k, s := range m.keys {
		if s.key != k || m.live.Get(uint64(s.id)) != s {
			t.Fatalf("%v leads to a session that does not have it", k)
		}
	}
	for key, x := range m.seen {
		place(x)
		if x.key != key || m.expiry[x.index] != x {
			t.Fatalf("seen entry %s does not expire", key)
		}
		out = append(out, fmt.Sprintf("seen %s %s %d", key, x.id, x.until))
	}
	dedups := 0
	rows := 0
	for r := range m.rows.All {
		rows++
		place(r)
		if r.dedup != "" {
			dedups++
		}
		if m.rows.Get(uint64(r.number)) != r || r.dedup != "" && m.dedup[r.dedup] != r || m.boxes[r.box.dest] != r.box {
			t.Fatalf("row %d is not found by its text, or in its box", r.number)
		}
	}
	if rows != m.rows.Len() || len(m.dedup) != dedups || len(m.expiry) != len(m.seen) {
		t.Fatalf("%d rows of %d, %d texts of %d rows, %d of %d seen entries expire", rows, m.rows.Len(), len(m.dedup), dedups, len(m.expiry), len(m.seen))
	}
	slices.Sort(out)
	out = append(out, boxPrints(t, m)...)
	h, octets, inPages := &m.history, 0, 0
	for _, p := range h.pages {
		octets += p.size
		inPages += len(p.live)
	}
	if h.octets != octets || h.live != live || inPages != entities {
		t.Fatalf("%d octets of %d, %d live of %d, %d entities of %d", h.octets, octets, h.live, live, inPages, entities)
	}
	return strings.Join(append(out, fmt.Sprintf("given %d, %d pages of %d octets, %d live", m.given, len(h.pages), h.octets, h.live)), "\n")
}

func isRow(e entity) bool { _, is := e.(*row); return is }

// boxPrints has the rows of each box in the order in which they are claimed, and
// fails when that is another one than it should be.
func boxPrints(t *rapid.T, m *memory) (out []string) {
	n := 0
	for _, dest := range slices.Sorted(maps.Keys(m.boxes)) {
		x := m.boxes[dest]
		counted := x.rows
		var rows []*row
		for x.first() != nil {
			rows = append(rows, x.first())
			x.remove(x.first())
		}
		if counted != len(rows) || x.rows != 0 {
			t.Fatalf("%d rows were counted for %s, there are %d", counted, dest, len(rows))
		}
		if !slices.IsSortedFunc(rows, func(a, b *row) int {
			if a.before(b) {
				return -1
			}
			return 1
		}) {
			t.Fatalf("the rows for %s are not in order", dest)
		}
		for _, r := range rows {
			out = append(out, fmt.Sprintf("row %d %s %+v %d %s %v %q %q", r.number, dest, r.rowState, r.validity, r.id, r.key, r.dedup, r.body))
			x.add(r)
		}
		n += len(rows)
	}
	if n != m.rows.Len() {
		t.Fatalf("%d rows in boxes of %d", n, m.rows.Len())
	}
	return out
}

// TestUndo makes batches of random operations. A batch that the log does not take
// leaves no trace; one that it takes is found in what is read of the log.
func TestUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, log, w := newMemory(), &shelfLog{}, writer{slack: rapid.SampledFrom([]int{1, 500, 1 << 20}).Draw(t, "slack")}
		for range rapid.IntRange(1, 30).Draw(t, "batches") {
			m.sweep(time.Unix(1_000_000, 0), sweepLimit)
			before := fingerprint(t, m)
			m.begin()
			for range rapid.IntRange(1, 12).Draw(t, "operations") {
				operate(t, m)
			}
			w.compose(m)
			if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
				w.failed()
				m.undo()
				if diff := gocmp.Diff(before, fingerprint(t, m)); diff != "" {
					t.Fatalf("undone (-before +after):\n%s", diff)
				}
				continue
			}
			log.pages = append(log.pages, sessions.Page{Seq: w.page.Seq, First: w.page.First, Body: bytes.Clone(w.page.Body), Records: slices.Clone(w.page.Records)})
			log.pages = slices.DeleteFunc(log.pages, func(p sessions.Page) bool { return p.Seq < w.page.First })
			w.done(m)
			m.end()
			planned := w.octets + sizeOf(len(w.page.Body), w.page.Records)
			if h := &m.history; w.live != h.live || planned != h.octets {
				t.Fatalf("planned were %d live of %d octets, there are %d of %d", w.live, planned, h.live, h.octets)
			}
			again := newMemory()
			if err := again.load(context.Background(), log); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(fingerprint(t, m), fingerprint(t, again)); diff != "" {
				t.Fatalf("read again (-memory +log):\n%s", diff)
			}
		}
	})
}

// operate is one random operation.
func operate(t *rapid.T, m *memory) {
	at := func(label string) time.Time { return time.UnixMicro(rapid.Int64Range(0, 6).Draw(t, label)) }
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		m.claim(drawDest(t), at("now").UnixMicro(), rapid.IntRange(1, 3).Draw(t, "n"), at("now").UnixMicro()+rapid.Int64Range(10, 20).Draw(t, "lease"))
	case 1:
		one := sessions.Settlement{Row: drawRow(t, m), Attempt: rapid.IntRange(0, 2).Draw(t, "attempt")}
		if rapid.Bool().Draw(t, "retry") {
			one.Retry = at("at")
		}
		m.settle(&one)
	default:
		m.change(drawChange(t, m))
	}
}

func drawDest(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b"}).Draw(t, "dest") }

func drawRow(t *rapid.T, m *memory) int64 {
	return rapid.Int64Range(max(m.given-6, 0), m.given+1).Draw(t, "row")
}

func drawChange(t *rapid.T, m *memory) *sessions.Change {
	id := sessions.ID(rapid.Uint64Range(1, 5).Draw(t, "id"))
	c := &sessions.Change{
		ID: id, Key: sessions.MessageKey(sessions.ID(rapid.Uint64Range(1, 5).Draw(t, "key"))), Finish: rapid.IntRange(0, 2).Draw(t, "finish") == 0,
		State: rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "state"), Due: time.Unix(rapid.Int64Range(0, 3).Draw(t, "due"), 0), KeepDue: rapid.Bool().Draw(t, "keep"),
		AddCorr: drawCorrs(t), DelCorr: drawCorrs(t),
	}
	if s := m.live.Get(uint64(id)); s != nil {
		c.Expect = s.version
		if rapid.Bool().Draw(t, "moves") {
			k := sessions.MDNKey(sessions.MDN(rapid.Uint64Range(1, 4).Draw(t, "mdn")))
			c.NewKey = &k
		}
	} else {
		c.KeepDue = false
	}
	if rapid.Bool().Draw(t, "sees") {
		until := time.Unix(rapid.SampledFrom([]int64{999_999, 1_000_001}).Draw(t, "until"), 0)
		c.Seen = sessions.Seen{Key: rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "seen"), Until: until}
	}
	for range rapid.IntRange(0, 2).Draw(t, "rows") {
		c.Outbox = append(c.Outbox, sessions.Outbox{Dest: drawDest(t), Due: time.UnixMicro(rapid.Int64Range(0, 2).Draw(t, "due")), ID: id,
			Dedup: rapid.SampledFrom([]string{"", "", "p", "q"}).Draw(t, "dedup"), Body: rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "body")})
	}
	if rapid.Bool().Draw(t, "settles") {
		c.OutboxDone = []int64{drawRow(t, m)}
	}
	if rapid.Bool().Draw(t, "tells") {
		c.CDR = []cdr.Record{{Session: id.String()}}
	}
	return c
}

func drawCorrs(t *rapid.T) []sessions.Corr {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sessions.Corr {
		return sessions.Corr{Kind: 1, ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "corr")}
	}), 0, 2).Draw(t, "corrs")
}
