package pages_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pages"
)

// store is what a message needs.
type store interface {
	sessions.Journal
	sessions.Postbox
}

// nothing is a log that commits at once and keeps nothing: what is measured over
// it is the store alone.
type nothing struct{}

func (nothing) AppendPage(*sessions.Page) error { return nil }

func (nothing) Pages(context.Context, func(sessions.Page) error) error { return nil }

func (nothing) CDRs(context.Context, cdr.Filter, func(cdr.Record) error) error { return nil }

// courier takes messages their whole way: create with one part, claim, finish
// with a record. So many are under way at a time.
type courier struct {
	store    store
	together int
	changes  []sessions.Change
	bodies   [][]byte
	wg       sync.WaitGroup
	done     func(sessions.Result)
	err      error
	next     uint64
	random   bool // the ids are not neighbours, as those of an older version are
}

const dest = "centre/smsc"

func newCourier(s store, together int) *courier {
	c := &courier{store: s, together: together, changes: make([]sessions.Change, together)}
	for range together {
		c.bodies = append(c.bodies, make([]byte, 250))
	}
	c.done = func(r sessions.Result) {
		if r.Err != nil {
			c.err = r.Err
		}
		c.wg.Done()
	}
	return c
}

// apply applies all changes, and waits for them.
func (c *courier) apply() {
	c.wg.Add(len(c.changes))
	for i := range c.changes {
		c.store.Apply(&c.changes[i], c.done)
	}
	c.wg.Wait()
}

func (c *courier) create() {
	state := make([]byte, 400)
	for i := range c.changes {
		c.next++
		id := sessions.ID(0x9E3779B97F4A7C15 + c.next)
		if c.random {
			id = sessions.ID(0x9E3779B97F4A7C15 * c.next)
		}
		c.changes[i] = sessions.Change{
			ID: id, Key: sessions.MessageKey(id), State: state, Due: time.Unix(1<<31, 0),
			Outbox: []sessions.Outbox{{Dest: dest, Validity: time.Unix(1<<31, 0), ID: id, Key: sessions.MessageKey(id), Body: c.bodies[i],
				Dedup: "part/" + id.String() + "/0/1"}},
		}
	}
}

// claim claims all rows, 64 at a time.
func (c *courier) claim(now time.Time) (rows []sessions.Outbox) {
	for {
		some, err := c.store.Claim(context.Background(), dest, now, 64, time.Minute)
		if err != nil {
			c.err = err
		}
		if rows = append(rows, some...); len(some) < 64 {
			return rows
		}
	}
}

func (c *courier) finish(rows []sessions.Outbox, now time.Time) {
	for i := range c.changes {
		r := &rows[i]
		c.changes[i] = sessions.Change{
			ID: r.ID, Key: r.Key, Expect: 1, Finish: true, OutboxDone: []int64{r.Row},
			CDR: []cdr.Record{{
				Session: r.ID.String(), Flow: "push", Trigger: cdr.Trigger{Account: "esme-1", Source: "2280", Corr: "a1b2c3"},
				MDN: "15551234567", Link: "smsc", Started: now, Ended: now, Outcome: cdr.Done, Reason: "delivered",
				Steps: []string{"1/1:delivered"}, Attempts: 1,
			}},
		}
	}
}

// cpu is the processor time of the process.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// meter adds up what one kind of step costs.
type meter struct {
	n      int
	cpu    time.Duration
	allocs uint64
	cpu0   time.Duration
	mem0   runtime.MemStats
}

func (m *meter) start() {
	runtime.ReadMemStats(&m.mem0)
	m.cpu0 = cpu()
}

func (m *meter) stop(n int) {
	m.cpu += cpu() - m.cpu0
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	m.allocs += mem.Mallocs - m.mem0.Mallocs
	m.n += n
}

func (m *meter) report(b *testing.B, what string) {
	b.ReportMetric(float64(m.cpu.Nanoseconds())/float64(m.n), what+"-cpu-ns")
	b.ReportMetric(float64(m.allocs)/float64(m.n), what+"-allocs")
}

// BenchmarkMessage is what a message costs of processor time, with the commits
// of the same file in both engines, and over a log that does nothing. Some
// messages wait all the while.
func BenchmarkMessage(b *testing.B) {
	for _, e := range []string{"nothing", "pages", "tables"} {
		for _, together := range []int{16, 512} {
			b.Run(fmt.Sprintf("%s/together=%d", e, together), func(b *testing.B) {
				var s store
				switch tables := openTables(b, filepath.Join(b.TempDir(), "x.db")); e {
				case "nothing":
					defer tables.Close()
					s = openPages(b, nothing{}, pages.Options{})
				case "pages":
					defer tables.Close()
					log := openLog(b, tables)
					defer log.Close()
					s = openPages(b, log, pages.Options{})
				case "tables":
					defer tables.Close()
					s = tables
				}
				if p, is := s.(*pages.Store); is {
					defer p.Close()
				}
				benchMessage(b, newCourier(s, together))
			})
		}
	}
}

func benchMessage(b *testing.B, c *courier) {
	var create, claim, finish meter
	now := time.Now()
	began := time.Now()
	for b.Loop() {
		c.create()
		create.start()
		c.apply()
		create.stop(c.together)
		claim.start()
		rows := c.claim(now)
		claim.stop(c.together)
		c.finish(rows, now)
		finish.start()
		c.apply()
		finish.stop(c.together)
	}
	if c.err != nil {
		b.Fatal(c.err)
	}
	b.ReportMetric(float64(create.n)/time.Since(began).Seconds(), "messages/s")
	create.report(b, "create")
	claim.report(b, "claim")
	finish.report(b, "finish")
}
