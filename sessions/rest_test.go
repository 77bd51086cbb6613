package sessions_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
)

// resting checks how many sessions rest, and how often one was decoded.
func (b *bench) resting(sessions int, decoded int64) {
	b.Helper()
	synctest.Wait() // a create is answered before its step is settled
	if n, d := b.rt.Stats().Resting, b.flow.decoded.Load(); n != sessions || d != decoded {
		b.Errorf("%d rest and %d were decoded, want %d and %d", n, d, sessions, decoded)
	}
}

// TestRest: what rests is decoded for each event, until a step does not say so.
func TestRest(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "rest"})
		b.create(2, toyEvent{do: "go"})
		b.resting(1, 0)
		b.post(1, toyEvent{do: "rest"})
		b.resting(1, 1)
		b.post(1, toyEvent{do: "go"})
		b.resting(0, 2)
		b.post(1, toyEvent{do: "go"})
		b.post(1, toyEvent{do: "rest"})
		b.resting(1, 2)
		b.did(1, "rest:1 rest:2 go:3 go:4 rest:5 ")
		b.post(1, toyEvent{do: "end"})
		b.resting(0, 3)
		if got := b.rt.Stats(); got.Live != 1 || got.Finished != 1 {
			b.Errorf("%+v", got)
		}
	})
}

// TestRestTimer: timers run on, those of steps before the resting one too.
func TestRestTimer(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "timers", at: time.Now().Add(72 * time.Hour)})
		b.post(1, toyEvent{do: "rest"})
		b.sleep(71 * time.Hour)
		b.did(1, "timers:1 rest:2 ")
		b.sleep(2 * time.Hour)
		b.did(1, "timers:1 rest:2 timeout-1:3 timeout-2:4 ")
		b.resting(0, 1)
	})
}

// TestRestSkipped: a step that changes nothing is compared with what rests, and
// one that needs not be durable rests with what the store does not have yet.
func TestRestSkipped(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "rest"})
		b.post(1, toyEvent{do: "noop"})
		b.resting(0, 1)
		b.flow.rests = func(toy, toyEvent) bool { return true }
		b.post(1, toyEvent{do: "noop"})
		b.resting(1, 1)
		b.post(1, toyEvent{do: "noop"})
		b.post(1, toyEvent{do: "ask"})
		b.post(1, toyEvent{do: "noop"})
		b.resting(1, 4)
		if s := b.rt.Stats(); s.Skipped != 5 || s.Commits != 1 || stored(b, 1) != "1 0" {
			b.Errorf("stored %q: %+v", stored(b, 1), s)
		}
		b.post(1, toyEvent{do: "send"})
		b.did(1, "rest:1 noop:1 noop:1 noop:1 ask:2 noop:2 send:3 ")
		if stored(b, 1) != "3 0" {
			b.Errorf("stored %q", stored(b, 1))
		}
	})
}

// TestRestRefused: a step that is refused, cannot be encoded or can never be
// applied leaves the session resting as it was.
func TestRestRefused(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.flow.rests = func(_ toy, ev toyEvent) bool { return ev.do == "refused" }
		b.create(1, toyEvent{do: "go"})
		b.create(2, toyEvent{do: "rest"})
		b.post(2, toyEvent{do: "move", key: mdn(1)})
		b.did(2, "rest:1 refused:2 ")
		b.resting(1, 2)
		b.post(2, toyEvent{do: "bad"})
		b.resting(1, 3)
		store.set(func(m *memStore) { m.fail = func(*sessions.Change) error { return sessions.ErrInvalid } })
		b.post(2, toyEvent{do: "send"})
		b.resting(1, 4)
		store.set(func(m *memStore) { m.fail = func(*sessions.Change) error { return sessions.ErrStore } })
		b.post(2, toyEvent{do: "go"})
		b.sleep(time.Minute)
		b.resting(1, 5)
		store.set(func(m *memStore) { m.fail = nil })
		b.sleep(10 * time.Second)
		b.resting(0, 5) // the same step is tried again: it needs no state
		b.did(2, "rest:1 refused:2 go:3 ")
		if len(b.faults) != 2 {
			b.Errorf("faults: %v", b.faults)
		}
	})
}

// TestRestLoaded: what was loaded rests until its Recovered step and, when that
// says so, goes on.
func TestRestLoaded(t *testing.T) {
	store := newMemStore()
	store.load(100)
	store.hold = true
	run(t, store, sessions.Options{RecoverWindow: 8}, func(b *bench) {
		b.resting(100, 100+16) // decoded at the start, and those of two windows once more
		b.flow.rests = func(s toy, _ toyEvent) bool { return s.N < 5 }
		store.release()
		synctest.Wait()
		b.resting(100-16, 200)
		b.sleep(2 * time.Minute)
		b.did(7, "recovered:4 timeout-1:5 ")
	})
}

// TestRestLater: a session that cannot be decoded because the store fails is
// asked again, its events wait in their order, and others go on.
func TestRestLater(t *testing.T) {
	for _, trouble := range []error{sessions.ErrStore, sessions.ErrBusy} {
		store := newMemStore()
		run(t, store, sessions.Options{Backlog: 3}, func(b *bench) {
			b.create(1, toyEvent{do: "timer", at: time.Now().Add(30 * time.Second)})
			b.create(2, toyEvent{do: "go"})
			b.post(1, toyEvent{do: "rest"})
			b.flow.fail(fmt.Errorf("%w: no list", trouble))
			for _, do := range []string{"noop", "send", "rest"} {
				b.post(1, toyEvent{do: do})
			}
			b.post(2, toyEvent{do: "go"})
			b.sleep(time.Minute)
			b.post(1, toyEvent{do: "go"}) // the first of them is being stepped, two wait
			if err := b.rt.Post(1, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrBusy) {
				b.Errorf("one too many: %v", err)
			}
			b.did(1, "timer:1 rest:2 ")
			b.did(2, "go:1 go:2 ")
			if n := b.rt.Stats().Retries; n < 10 || n > 100 {
				b.Errorf("%d retries in a minute", n)
			}
			b.flow.fail(nil)
			b.sleep(6 * time.Second)
			b.did(1, "timer:1 rest:2 noop:2 send:3 rest:4 timeout-1:5 go:6 ")
			if s := b.rt.Stats(); len(b.faults) != 0 || s.InFlight != 0 || s.Mailbox != 0 {
				b.Errorf("faults %v, %+v", b.faults, s)
			}
		})
	}
}

// TestRestLaterAtStart has a store that fails when all is loaded and the
// Recovered steps begin: no more than a window of them asks again and again.
func TestRestLaterAtStart(t *testing.T) {
	lateStart(t, func(b *bench, n int) {
		b.post(3, toyEvent{do: "go"}) // has its Recovered step out of turn, or waits
		b.sleep(30 * time.Second)
		b.flow.fail(nil)
		b.sleep(10 * time.Second)
		b.did(3, "recovered:4 go:5 ")
		b.did(sessions.ID(n), "recovered:4 ")
		if s := b.rt.Stats(); s.Recovering != 0 || s.Resting != 0 || s.Steps != uint64(n+1) {
			b.Errorf("%+v", s)
		}
	})
	lateStart(t, func(b *bench, n int) { // and then they turn out to be spoilt
		b.flow.fail(errBadState)
		b.sleep(10 * time.Second)
		if s := b.rt.Stats(); len(b.faults) != n || s.Live != 0 || s.Resting != 0 || s.Recovering != 0 {
			b.Errorf("%d faults, %+v", len(b.faults), s)
		}
	})
}

// lateStart loads n sessions, of which none can be decoded once more before f
// says so.
func lateStart(t *testing.T, f func(b *bench, n int)) {
	store := newMemStore()
	const n = 100
	store.load(n)
	flow := newToyFlow()
	flow.decoding = func() error {
		if flow.decoded.Load() == n { // all are loaded
			return flow.failing()
		}
		return nil
	}
	flow.fail(sessions.ErrBusy)
	runFlow(t, flow, store, sessions.Options{RecoverWindow: 8}, func(b *bench) {
		if s := b.rt.Stats(); s.Recovering != n-16 || s.Resting != n || s.Steps != 0 {
			b.Errorf("%+v", s)
		}
		f(b, n)
	})
}

// TestRestSpoilt: a session whose octets cannot be decoded any more is left in
// the store for an operator, and is not known here.
func TestRestSpoilt(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "timer", at: time.Now().Add(time.Hour)})
		b.post(1, toyEvent{do: "rest"})
		b.flow.fail(errBadState)
		b.post(1, toyEvent{do: "go"})
		b.resting(0, 0)
		if len(b.faults) != 1 || !errors.Is(b.faults[0], errBadState) || stored(b, 1) != "2 0" {
			b.Errorf("faults %v, stored %q", b.faults, stored(b, 1))
		}
		b.forgotten(1, 2)
	})
}

// TestRestSpoiltAtStart: so is one of which only the Recovered step finds out,
// and an event that has come for it is dropped.
func TestRestSpoiltAtStart(t *testing.T) {
	store := newMemStore()
	store.load(2)
	store.hold = true
	run(t, store, sessions.Options{Shards: 1, RecoverWindow: 1}, func(b *bench) {
		b.flow.fail(errBadState) // one Recovered step is with the store, one has not begun
		waits := b.store.waits()
		b.post(3-waits, toyEvent{do: "go"})
		b.store.release()
		synctest.Wait()
		b.did(waits, "recovered:4 ")
		b.did(3-waits, "")
		if s := b.rt.Stats(); len(b.faults) != 1 || s.Live != 1 || s.Dropped != 1 || s.Recovering != 0 || s.Resting != 0 {
			b.Errorf("faults %v, %+v", b.faults, s)
		}
	})
}

// TestRestStop ends a runtime while a step waits for its session to be decoded:
// it is recovered from the state before.
func TestRestStop(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "rest"})
		b.flow.fail(sessions.ErrStore)
		b.post(1, toyEvent{do: "go"})
		b.stop()
		b.did(1, "rest:1 ")
	})
	run(t, store, sessions.Options{}, func(b *bench) { b.did(1, "recovered:2 ") })
}
