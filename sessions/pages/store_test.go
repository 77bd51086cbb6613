package pages_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/sessions/storetest"
)

// both is a sessions.Store for the conformance suite: orders and blobs are in the
// tables, all else is in pages. A change that depends on an order that is not
// open is given to the pages with one correlation more, which the guard session
// has: they refuse it because of that unless there is a cause that goes before.
type both struct {
	*pages.Store
	log    *pagelog.Log
	tables *sqlite.Store

	mu    sync.Mutex // one change of orders at a time
	dones sessions.ID
}

var _ sessions.Store = (*both)(nil)

const guardID = 1<<63 - 1

var guard = sessions.Corr{Kind: 99, ID: "order"}

func openTables(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openLog(t testing.TB, tables *sqlite.Store) *pagelog.Log {
	t.Helper()
	l, err := pagelog.Open(context.Background(), tables.Path()+".messages", tables, pagelog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func openPages(t testing.TB, log pages.Log, opts pages.Options) *pages.Store {
	t.Helper()
	s, err := pages.Open(context.Background(), log, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openBoth(t testing.TB, dir string, over func(pages.Log) pages.Log) sessions.Store {
	t.Helper()
	tables := openTables(t, filepath.Join(dir, "gateway.db"))
	log := openLog(t, tables)
	b := &both{Store: openPages(t, over(log), pages.Options{Slack: 64}), log: log, tables: tables}
	res := apply(b, sessions.Change{ID: guardID, Key: sessions.MessageKey(guardID), AddCorr: []sessions.Corr{guard}})
	if res.Err != nil && !errors.Is(res.Err, sessions.ErrConflict) {
		t.Fatal(res.Err)
	}
	return b
}

func key(n int) sessions.Key { return sessions.MDNKey(5_550_000_000 + sessions.MDN(n)) }

func apply(s sessions.Journal, c sessions.Change) sessions.Result {
	got := make(chan sessions.Result, 1)
	s.Apply(&c, func(r sessions.Result) { got <- r })
	return <-got
}

// TestConformance has so little slack that what is needed is written again all
// the time.
func TestConformance(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, func(t testing.TB, dir string) sessions.Store {
		return openBoth(t, dir, func(l pages.Log) pages.Log { return l })
	})
}

// TestConformanceOfUndo is the suite over a log that fails every other time:
// whatever was undone is asked for again, and must find all as it was.
func TestConformanceOfUndo(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, func(t testing.TB, dir string) sessions.Store {
		return openBoth(t, dir, func(l pages.Log) pages.Log { return &flaky{Log: l} })
	})
}

// flaky is a log that does not take every other page.
type flaky struct {
	pages.Log
	n atomic.Int64
}

var errFlaky = errors.New("not this time")

func (f *flaky) AppendPage(p *sessions.Page) error {
	if f.n.Add(1)%2 == 1 {
		return errFlaky
	}
	return f.Log.AppendPage(p)
}

// again calls what may fail because of the log until it does not.
func again[T any](call func() (T, error)) (T, error) {
	for {
		val, err := call()
		if !errors.Is(err, errFlaky) {
			return val, err
		}
	}
}

func (b *both) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	return again(func() ([]sessions.Outbox, error) { return b.Store.Claim(ctx, dest, now, n, lease) })
}

func (b *both) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	_, err := again(func() (struct{}, error) { return struct{}{}, b.Store.Settle(ctx, rows...) })
	return err
}

func (b *both) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	return again(func() ([]sessions.Outbox, error) { return b.Store.Orphans(ctx, dest, now, lease) })
}

func (b *both) Withdraw(ctx context.Context, dedup string) (bool, error) {
	return again(func() (bool, error) { return b.Store.Withdraw(ctx, dedup) })
}

func (b *both) Apply(c *sessions.Change, done func(sessions.Result)) {
	if c.OrderOpen.Name == "" && c.OrderDone.Name == "" {
		b.apply(c, done)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	done(b.withOrder(*c))
}

// apply applies until the log takes it.
func (b *both) apply(c *sessions.Change, done func(sessions.Result)) {
	b.Store.Apply(c, func(r sessions.Result) {
		if errors.Is(r.Err, errFlaky) {
			b.apply(c, done)
			return
		}
		done(r)
	})
}

func (b *both) withOrder(c sessions.Change) sessions.Result {
	if o := c.OrderOpen; o.Name != "" {
		found, err := b.tables.FindOrder(context.Background(), sessions.OrderQuery{Name: o.Name})
		if err != nil || found.Done || found.Revision != o.Revision {
			c.AddCorr = append(c.AddCorr[:len(c.AddCorr):len(c.AddCorr)], guard)
		}
	}
	over := c.OrderDone
	c.OrderOpen, c.OrderDone = sessions.OrderRef{}, sessions.OrderRef{}
	res := apply(b, c)
	switch {
	case errors.Is(res.Err, sessions.ErrCorrTaken) && res.First == guardID:
		return sessions.Result{Err: sessions.ErrOrderChanged}
	case res.Err == nil && over.Name != "":
		b.dones++
		id := b.dones
		if no := apply(b.tables, sessions.Change{ID: id, Key: sessions.RefusalKey(id), Finish: true, OrderDone: over}); no.Err != nil {
			return no
		}
	}
	return res
}

// Load leaves the guard out.
func (b *both) Load(ctx context.Context, each func(sessions.Record) error) error {
	return b.Store.Load(ctx, func(r sessions.Record) error {
		if r.ID == guardID {
			return nil
		}
		return each(r)
	})
}

func (b *both) PutOrders(ctx context.Context, orders []sessions.Order) error {
	return b.tables.PutOrders(ctx, orders)
}

func (b *both) FindOrder(ctx context.Context, q sessions.OrderQuery) (sessions.Order, error) {
	return b.tables.FindOrder(ctx, q)
}

func (b *both) PutBlob(ctx context.Context, name string, data []byte) error {
	return b.tables.PutBlob(ctx, name, data)
}

func (b *both) Blob(ctx context.Context, name string) ([]byte, error) {
	return b.tables.Blob(ctx, name)
}

func (b *both) Ping(ctx context.Context) error { return b.tables.Ping(ctx) }

func (b *both) Close() error { return errors.Join(b.Store.Close(), b.log.Close(), b.tables.Close()) }

func recordsOf(t testing.TB, s interface {
	CDRs(context.Context, cdr.Filter, func(cdr.Record) error) error
}, f cdr.Filter) (all []cdr.Record) {
	t.Helper()
	if err := s.CDRs(context.Background(), f, func(r cdr.Record) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}
