package sqlite_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

// walkFlow takes 12 steps and finishes: each effect is the next event.
type walkFlow struct {
	rt    *sessions.Runtime[[]byte, uint64, uint64]
	ended atomic.Int64
	next  func()

	steps  atomic.Int64
	enough int64 // steps after which stop is called; 0 for never
	stop   func()
}

func (f *walkFlow) Step(s *[]byte, n uint64, tx *sessions.Tx, out []uint64) []uint64 {
	next := make([]byte, 300)
	copy(next, *s)
	*s = next
	binary.BigEndian.PutUint64(next, n)
	if n == 13 {
		tx.CDR(cdr.Record{Flow: "walk", Outcome: cdr.Done, Ended: time.Now(), Steps: []string{"nam", "prl"}})
		tx.Finish()
		return append(out, 0)
	}
	tx.Timer(1, time.Now().Add(time.Minute+time.Duration(n)*time.Second))
	return append(out, n+1)
}

func (f *walkFlow) AppendState(dst []byte, s *[]byte) ([]byte, error) { return append(dst, *s...), nil }
func (f *walkFlow) DecodeState(b []byte) ([]byte, error)              { return append([]byte(nil), b...), nil }
func (f *walkFlow) Timeout(sessions.TimerKind, time.Time) uint64      { return 13 }
func (f *walkFlow) Recovered(time.Time) uint64                        { return 1 }
func (f *walkFlow) Refused(error, time.Time) uint64                   { return 13 }

func (f *walkFlow) Perform(ref sessions.Ref, effects []uint64) {
	for _, n := range effects {
		if f.steps.Add(1) == f.enough {
			f.stop()
		}
		if n == 0 {
			f.ended.Add(1)
			f.next()
			continue
		}
		_ = f.rt.Post(ref.ID, n) // cannot be busy: one event for each session
	}
}

// BenchmarkRuntimeSession is BenchmarkStoreSession through the runtime: what
// is left of the store's rate above it.
func BenchmarkRuntimeSession(b *testing.B) {
	for _, live := range []int{16, 256} {
		b.Run(fmt.Sprintf("live=%d", live), func(b *testing.B) {
			s := openWith(b, filepath.Join(b.TempDir(), "bench.db"), sqlite.Options{})
			defer s.Close()
			for b.Loop() {
				const d = 2 * time.Second
				ctx, cancel := context.WithTimeout(context.Background(), d)
				b.ReportMetric(float64(walk(b, s, live, ctx, cancel, 1<<62))/d.Seconds(), "sessions/s")
				cancel()
			}
		})
	}
}

// walk keeps so many sessions live until ctx ends, and calls stop when they have
// made enough steps. It returns how many sessions have ended.
func walk(t testing.TB, s *sqlite.Store, live int, ctx context.Context, stop func(), enough int64) int64 {
	f := &walkFlow{enough: enough, stop: stop}
	f.rt = sessions.NewRuntime(f, s, sessions.Options{})
	base := uint64(time.Now().UnixNano())
	var ids atomic.Uint64
	f.next = func() {
		n := base + ids.Add(1)
		c := sessions.Create[[]byte, uint64]{ID: sessions.ID(n * 0x9E3779B97F4A7C15), Key: sessions.MDNKey(sessions.MDN(n%1e10 + 1)), Event: 0}
		if err := f.rt.Create(c, func(sessions.Result) {}); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	}
	ended := make(chan error)
	go func() { ended <- f.rt.Run(ctx) }()
	<-f.rt.Ready()
	for range live {
		f.next()
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return f.ended.Load()
}

// TestRuntimeOnStore runs sessions on the real store, stops in the middle, and
// lets the next runtime bring all of them to their one end.
func TestRuntimeOnStore(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
	defer s.Close()
	first, stop := context.WithCancel(context.Background())
	defer stop()
	walk(t, s, 50, first, stop, 50*20) // each in the middle of its second session
	left := count(t, s)
	f := &walkFlow{}
	f.rt = sessions.NewRuntime(f, s, sessions.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f.next = func() {
		if f.ended.Load() == int64(left) {
			cancel()
		}
	}
	if left == 0 {
		t.Fatal("nothing was left in the middle")
	}
	if err := f.rt.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s); n != 0 {
		t.Errorf("%d of %d sessions are still there", n, left)
	}
}
