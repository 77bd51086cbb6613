package sessions_test

import (
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
