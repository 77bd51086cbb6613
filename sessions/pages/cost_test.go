package pages_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/pages"
)

// TestAllocs: a message on its whole way costs so many allocations, in the store
// and beside the log: its state, its body, and what a claim gives away.
func TestAllocs(t *testing.T) {
	const together = 64
	s := openPages(t, nothing{}, pages.Options{})
	defer s.Close()
	c := newCourier(s, together)
	now := time.Now()
	allocs := func(step func()) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		step()
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs-before.Mallocs) / together
	}
	var create, claim, finish float64
	for range 100 { // the last of them counts: maps and slices have grown by then
		c.create()
		create = allocs(c.apply)
		var rows []sessions.Outbox
		claim = allocs(func() { rows = c.claim(now) })
		c.finish(rows, now)
		finish = allocs(c.apply)
	}
	if c.err != nil {
		t.Fatal(c.err)
	}
	if create > 3 || claim > 1 || finish > 1 {
		t.Errorf("%.2f allocations to create, %.2f to claim, %.2f to finish", create, claim, finish)
	}
}

// TestMemory: what waits takes little more memory than octets in the log.
func TestMemory(t *testing.T) {
	t.Run("neighbours", func(t *testing.T) { memoryOf(t, false) })
	t.Run("random ids", func(t *testing.T) { memoryOf(t, true) })
}

func memoryOf(t *testing.T, random bool) {
	const messages, together = 100_000, 1000
	s := openPages(t, nothing{}, pages.Options{})
	defer s.Close()
	c := newCourier(s, together)
	c.random = random
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for range messages / together {
		c.create()
		c.apply()
	}
	st := s.Stats()
	used, entities := float64(heap()-before), float64(st.Sessions+st.Rows)
	if c.err != nil || entities != 2*messages {
		t.Fatal(st, c.err)
	}
	if most := 1.3*float64(st.Live) + 300*entities; used > most {
		t.Errorf("%.0f octets of memory, at most %.0f", used, most)
	}
	t.Logf("%.0f octets an entity, %.0f of them of its image", used/entities, float64(st.Live)/entities)
}

// BenchmarkWaiting is a claim of 64 rows and their settlement while many wait.
func BenchmarkWaiting(b *testing.B) {
	for _, waiting := range []int{1_000, 1_000_000} {
		for _, due := range []int64{0, 1} {
			b.Run(fmt.Sprintf("waiting=%d/due=%d", waiting, due), func(b *testing.B) { benchWaiting(b, waiting, due) })
		}
	}
}

func benchWaiting(b *testing.B, waiting int, due int64) {
	s := openPages(b, nothing{}, pages.Options{})
	defer s.Close()
	for id := sessions.ID(1); waiting > 0; id++ {
		c := sessions.Change{ID: id, Key: sessions.MessageKey(id)}
		for i := range min(waiting, 1000) {
			at := time.Time{}
			if due > 0 {
				at = time.UnixMicro(due + int64(i*7919%1000)) // not in the order of their times
			}
			c.Outbox = append(c.Outbox, sessions.Outbox{Dest: dest, Due: at, Body: []byte("x")})
		}
		waiting -= len(c.Outbox)
		if res := apply(s, c); res.Err != nil {
			b.Fatal(res.Err)
		}
	}
	settled := make([]sessions.Settlement, 64)
	for b.Loop() {
		rows, err := s.Claim(b.Context(), dest, time.Now(), 64, time.Hour)
		if err != nil || len(rows) != 64 {
			b.Fatal(len(rows), err)
		}
		for i := range rows {
			settled[i] = sessions.Settlement{Row: rows[i].Row, Retry: time.UnixMicro(max(due, 1) + int64(i)), Attempt: rows[i].Attempt}
		}
		if err := s.Settle(b.Context(), settled...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/row")
}

// BenchmarkOpen is what a restart waits for, for each message with its one part.
func BenchmarkOpen(b *testing.B) {
	const messages, together = 100_000, 1000
	tables := openTables(b, filepath.Join(b.TempDir(), "x.db"))
	defer tables.Close()
	log := openLog(b, tables)
	s := openPages(b, log, pages.Options{})
	c := newCourier(s, together)
	for range messages / together {
		c.create()
		c.apply()
	}
	if err := errors.Join(c.err, s.Close(), log.Close()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		log := openLog(b, tables)
		s := openPages(b, log, pages.Options{})
		err := s.Load(b.Context(), func(sessions.Record) error { n++; return nil })
		if err := errors.Join(err, s.Close(), log.Close()); err != nil || n != messages {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/messages, "ns/message")
}
