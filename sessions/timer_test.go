package sessions_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
)

func TestTimers(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		start := time.Now()
		b.create(1, toyEvent{do: "timers", at: start.Add(10 * time.Second)})
		b.sleep(9 * time.Second)
		b.did(1, "timers:1 ")
		b.sleep(time.Second)
		b.did(1, "timers:1 timeout-1:2 ")
		b.post(1, toyEvent{do: "timer", at: start.Add(time.Minute)}) // kind 1 again; kind 2 runs on
		b.sleep(time.Second)
		b.did(1, "timers:1 timeout-1:2 timer:3 timeout-2:4 ")
		b.post(1, toyEvent{do: "timer", at: start.Add(time.Hour)}) // in place of the one that runs
		b.sleep(2 * time.Minute)
		b.post(1, toyEvent{do: "stop"})
		b.sleep(2 * time.Hour)
		b.did(1, "timers:1 timeout-1:2 timer:3 timeout-2:4 timer:5 stop:6 ")
		b.post(1, toyEvent{do: "timer", at: start}) // long past
		b.post(1, toyEvent{do: "timer"})            // no time at all
		b.did(1, "timers:1 timeout-1:2 timer:3 timeout-2:4 timer:5 stop:6 timer:7 timeout-1:8 timer:9 timeout-1:10 ")
	})
}

// TestDue has the earliest deadline in the store, rewritten only when its second changes.
func TestDue(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		at := time.Now().Truncate(time.Second).Add(time.Minute)
		due := func(want time.Time, rewritten int) {
			b.Helper()
			got, n := b.store.record(1).Due, b.store.rewritten(1)
			if !got.Equal(want) || n != rewritten {
				b.Errorf("due %v rewritten %d times, want %v and %d", got, n, want, rewritten)
			}
		}
		b.create(1, toyEvent{do: "timers", at: at})
		due(at, 1)
		b.post(1, toyEvent{do: "timer", at: at.Add(300 * time.Millisecond)})
		b.post(1, toyEvent{do: "go"})
		due(at, 1)
		b.post(1, toyEvent{do: "timer", at: at.Add(time.Hour)}) // the other timer is first now
		due(at.Add(time.Second), 2)
		b.post(1, toyEvent{do: "stop"})
		due(at.Add(time.Second), 2)
		b.sleep(2 * time.Minute)
		due(time.Time{}, 3)
	})
}

// TestStaleTimer lets a timer expire while the change that stops it is in flight.
func TestStaleTimer(t *testing.T) {
	for name, do := range map[string]string{"stopped": "stop", "set again": "timer", "finished": "end"} {
		t.Run(name, func(t *testing.T) {
			store := newMemStore()
			run(t, store, sessions.Options{}, func(b *bench) {
				start := time.Now()
				b.create(1, toyEvent{do: "timer", at: start.Add(time.Minute)})
				store.set(func(m *memStore) { m.hold = true })
				b.post(1, toyEvent{do: do, at: start.Add(time.Hour)})
				b.sleep(2 * time.Minute)
				store.release()
				synctest.Wait()
				b.did(1, "timer:1 "+do+":2 ")
				if s := b.rt.Stats(); s.StaleTimers != 1 {
					b.Errorf("%+v", s)
				}
			})
		})
	}
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "timer", at: time.Now().Add(time.Minute)})
		store.set(func(m *memStore) { m.hold = true })
		b.post(1, toyEvent{do: "go"}) // leaves the timer alone
		b.sleep(2 * time.Minute)
		store.release()
		synctest.Wait()
		b.did(1, "timer:1 go:2 timeout-1:3 ")
	})
}

// TestClockSet sets the wall clock an hour back or forward: timers that run, and
// changes that are to be tried again, keep the time they had left; the deadline
// in the store follows with the next step.
func TestClockSet(t *testing.T) {
	for _, jump := range []time.Duration{-time.Hour, time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			var offset atomic.Int64
			store := newMemStore()
			now := func() time.Time { return time.Now().Round(0).Add(time.Duration(offset.Load())) }
			run(t, store, sessions.Options{Shards: 1, Now: now}, func(b *bench) {
				b.create(1, toyEvent{do: "timer", at: now().Add(30 * time.Second)})
				b.create(2, toyEvent{do: "timer", at: now().Add(50 * time.Second)})
				b.create(3, toyEvent{do: "go"})
				store.set(func(m *memStore) {
					m.fail = func(*sessions.Change) error { return fmt.Errorf("%w: no space", sessions.ErrStore) }
				})
				b.post(3, toyEvent{do: "send"})
				offset.Add(int64(jump))
				store.set(func(m *memStore) { m.fail = nil })
				b.sleep(10 * time.Second)
				b.did(1, "timer:1 ")
				b.did(2, "timer:1 ")
				b.did(3, "go:1 send:2 ")
				b.sleep(21 * time.Second)
				b.did(1, "timer:1 timeout-1:2 ")
				b.did(2, "timer:1 ")
				b.post(2, toyEvent{do: "go"})
				if left := store.record(2).Due.Sub(now()); left < 15*time.Second || left > 25*time.Second {
					b.Errorf("in the store it is due in %s", left)
				}
				b.sleep(20 * time.Second)
				b.did(2, "timer:1 go:2 timeout-1:3 ")
			})
		})
	}
}
