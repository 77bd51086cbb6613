package pages_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pages"
)

// BenchmarkRelay keeps so many messages on their way: what begins, is claimed
// and ends shares its commits, as in a gateway at work.
func BenchmarkRelay(b *testing.B) {
	for _, c := range []struct{ window, claim int }{{100, 64}, {1000, 64}, {1000, 512}} {
		for _, engine := range []string{"pages", "tables"} {
			b.Run(fmt.Sprintf("window=%d/claim=%d/%s", c.window, c.claim, engine), func(b *testing.B) {
				tables := openTables(b, filepath.Join(b.TempDir(), "x.db"))
				defer tables.Close()
				if engine == "tables" {
					benchRelay(b, tables, c.window, c.claim)
					return
				}
				log := openLog(b, tables)
				defer log.Close()
				s := openPages(b, log, pages.Options{})
				defer s.Close()
				benchRelay(b, s, c.window, c.claim)
				b.ReportMetric(float64(s.Stats().Batches)/float64(b.N), "pages/message")
			})
		}
	}
}

// relay is one message after the other in a place of the window.
type relay struct {
	store  store
	left   *atomic.Int64
	wake   chan struct{}
	ended  chan error
	change sessions.Change
	body   []byte
	id     sessions.ID
}

func (r *relay) begin() {
	if r.left.Add(-1) < 0 {
		r.ended <- nil
		return
	}
	r.id += 1 << 20
	id := r.id
	r.change = sessions.Change{
		ID: id, Key: sessions.MessageKey(id), State: r.body[:400], Due: time.Unix(1<<31, 0),
		Outbox: []sessions.Outbox{{Dest: dest, Validity: time.Unix(1<<31, 0), ID: id, Key: sessions.MessageKey(id), Body: r.body[:250], Dedup: "part/" + id.String() + "/0/1"}},
	}
	r.store.Apply(&r.change, func(res sessions.Result) {
		if res.Err != nil {
			r.ended <- res.Err
			return
		}
		select {
		case r.wake <- struct{}{}:
		default:
		}
	})
}

func (r *relay) finish(row *sessions.Outbox) {
	now := time.Now()
	r.change = sessions.Change{
		ID: row.ID, Key: row.Key, Expect: 1, Finish: true, OutboxDone: []int64{row.Row},
		CDR: []cdr.Record{{
			Session: row.ID.String(), Flow: "push", Trigger: cdr.Trigger{Account: "esme-1", Source: "2280", Corr: "a1b2c3"},
			MDN: "15551234567", Link: "smsc", Started: now, Ended: now, Outcome: cdr.Done, Reason: "delivered", Steps: []string{"1/1:delivered"}, Attempts: 1,
		}},
	}
	r.store.Apply(&r.change, func(res sessions.Result) {
		if res.Err != nil {
			r.ended <- res.Err
			return
		}
		r.begin()
	})
}

func benchRelay(b *testing.B, s store, window, claim int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	wake, ended := make(chan struct{}, 1), make(chan error, window)
	all := make([]relay, window)
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ctx.Err() == nil {
			rows, err := s.Claim(ctx, dest, time.Now(), claim, time.Minute)
			if err != nil && ctx.Err() == nil {
				ended <- err
			}
			for i := range rows {
				all[uint64(rows[i].ID)%(1<<20)-1].finish(&rows[i])
			}
			if len(rows) == 0 {
				select {
				case <-wake:
				case <-ctx.Done():
				}
			}
		}
	}()
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	for i := range all {
		all[i] = relay{store: s, left: &left, wake: wake, ended: ended, body: make([]byte, 400), id: sessions.ID(i + 1)}
		all[i].begin()
	}
	for range all {
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N), "cpu-ns/message")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.StopTimer()
	cancel()
	<-stopped
}
