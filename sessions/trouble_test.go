package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
)

// TestStoreFails has a store that fails for a minute.
func TestStoreFails(t *testing.T) {
	for _, trouble := range []error{sessions.ErrStore, sessions.ErrBusy} {
		store := newMemStore()
		run(t, store, sessions.Options{}, func(b *bench) {
			b.create(1, toyEvent{do: "timer", at: time.Now().Add(30 * time.Second)})
			store.set(func(m *memStore) {
				m.fail = func(*sessions.Change) error { return fmt.Errorf("%w: no space", trouble) }
			})
			b.post(1, toyEvent{do: "send", seq: 1})
			b.post(1, toyEvent{do: "go", seq: 2})
			if res := b.create(2, toyEvent{do: "go"}); !errors.Is(res.Err, trouble) {
				b.Errorf("Create: %v", res.Err)
			}
			b.sleep(time.Minute)
			b.did(1, "timer:1 ")
			if n := b.rt.Stats().Retries; n < 10 || n > 100 {
				b.Errorf("%d retries in a minute", n)
			}
			store.set(func(m *memStore) { m.fail = nil })
			b.sleep(6 * time.Second)
			b.did(1, "timer:1 send:2 go:3 timeout-1:4 ")
			if len(store.outbox) != 1 || b.rt.Len() != 1 {
				b.Errorf("outbox %v, %d live", store.outbox, b.rt.Len())
			}
		})
	}
}

// TestInDoubt has a store that commits and says that it failed.
func TestInDoubt(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		for _, do := range []string{"send", "end"} {
			once := true
			store.set(func(m *memStore) {
				m.lie = true
				m.fail = func(*sessions.Change) error {
					if !once {
						return nil
					}
					once = false
					return sessions.ErrStore
				}
			})
			b.post(1, toyEvent{do: do})
			b.sleep(time.Second)
		}
		b.did(1, "go:1 send:2 end:3 ")
		if len(store.outbox) != 1 || len(store.ended[1]) != 1 || len(b.faults) != 0 {
			b.Errorf("outbox %v, records %v, faults %v", store.outbox, store.ended[1], b.faults)
		}
	})
}

// forgetful is a flow whose states cannot be decoded for a while.
type forgetful struct {
	*toyFlow
	err error
}

func (f forgetful) DecodeState(b []byte) (toy, error) {
	if f.err != nil {
		return toy{}, f.err
	}
	return f.toyFlow.DecodeState(b)
}

// TestLoadLater: a session that cannot be decoded because the store fails is
// not left behind, it keeps the runtime from starting; one whose state is
// spoilt is left to an operator.
func TestLoadLater(t *testing.T) {
	store := newMemStore()
	if res := store.commit(&sessions.Change{ID: 1, Key: sessions.MDNKey(1), State: []byte("1 1")}); res.Err != nil {
		t.Fatal(res.Err)
	}
	rt := sessions.NewRuntime(forgetful{newToyFlow(), fmt.Errorf("%w: no list", sessions.ErrStore)}, store, sessions.Options{})
	if err := rt.Run(t.Context()); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("%v", err)
	}
	faults := 0
	rt = sessions.NewRuntime(forgetful{newToyFlow(), errBadState}, store, sessions.Options{Fault: func(sessions.Ref, error) { faults++ }})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rt.Run(ctx); err != nil || faults != 1 {
		t.Errorf("%v, %d faults", err, faults)
	}
}

// forgotten: a session is not known, nor is its timer of an hour; no other is
// live, and all steps were made before.
func (b *bench) forgotten(id sessions.ID, steps uint64) {
	b.Helper()
	if err := b.rt.Post(id, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrNotFound) {
		b.Errorf("Post: %v", err)
	}
	b.sleep(2 * time.Hour)
	if s := b.rt.Stats(); s.Live != 0 || s.Steps != steps {
		b.Errorf("%+v", s)
	}
}

// TestLost has another writer change, or end, a session.
func TestLost(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "timer", at: time.Now().Add(time.Hour)})
		b.create(2, toyEvent{do: "go"})
		store.set(func(m *memStore) {
			rec := m.live[1]
			rec.Version = 9
			m.live[1] = rec
			delete(m.live, 2)
		})
		b.post(1, toyEvent{do: "go"})
		b.post(2, toyEvent{do: "end"})
		b.did(1, "timer:1 ")
		b.did(2, "go:1 ")
		if len(b.faults) != 2 || !errors.Is(b.faults[0], sessions.ErrConflict) || !errors.Is(b.faults[1], sessions.ErrNotFound) {
			b.Errorf("faults: %v", b.faults)
		}
		b.forgotten(1, 4)
	})
}

func TestInvalidChange(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		store.set(func(m *memStore) { m.fail = func(*sessions.Change) error { return sessions.ErrInvalid } })
		b.post(1, toyEvent{do: "send"})
		store.set(func(m *memStore) { m.fail = nil })
		b.post(1, toyEvent{do: "go"})
		b.did(1, "go:1 go:2 ")
		if len(b.faults) != 1 {
			b.Errorf("faults: %v", b.faults)
		}
	})
}

// TestBacklog fills the queue of one session; another one goes on.
func TestBacklog(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{Shards: 1, Backlog: 4}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		b.create(2, toyEvent{do: "go"})
		store.set(func(m *memStore) { m.hold = true })
		b.post(1, toyEvent{do: "go"})
		for range 4 {
			b.post(1, toyEvent{do: "go"})
		}
		if err := b.rt.Post(1, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrBusy) {
			b.Errorf("one too many: %v", err)
		}
		b.post(2, toyEvent{do: "noop"})
		b.did(2, "go:1 noop:1 ")
		store.release()
		synctest.Wait()
		b.did(1, "go:1 go:2 go:3 go:4 go:5 go:6 ")
		b.post(1, toyEvent{do: "end"})
		if s := b.rt.Stats(); s.Busy != 1 || s.Mailbox != 0 || s.InFlight != 0 {
			b.Errorf("%+v", s)
		}
	})
}

// TestMailboxFull holds a shard in Perform and fills its mailbox.
func TestMailboxFull(t *testing.T) {
	run(t, newMemStore(), sessions.Options{Shards: 1, Mailbox: 3}, func(b *bench) {
		held, release := make(chan struct{}), make(chan struct{})
		b.create(1, toyEvent{do: "go"})
		b.flow.watch(func(_ sessions.Ref, effects []toyEffect) {
			if effects[0].do == "noop" {
				close(held)
				<-release
			}
		})
		if err := b.rt.Post(1, toyEvent{do: "noop"}); err != nil {
			b.Fatal(err)
		}
		<-held
		for range 3 {
			if err := b.rt.Post(1, toyEvent{do: "go"}); err != nil {
				b.Fatal(err)
			}
		}
		if err := b.rt.Post(1, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrBusy) {
			b.Errorf("Post: %v", err)
		}
		if res := b.create(2, toyEvent{do: "go"}); !errors.Is(res.Err, sessions.ErrBusy) {
			b.Errorf("Create: %v", res.Err)
		}
		if s := b.rt.Stats(); s.Mailbox != 3 || s.Busy != 2 {
			b.Errorf("%+v", s)
		}
		close(release)
		synctest.Wait()
		b.did(1, "go:1 noop:1 go:2 go:3 go:4 ")
	})
}

// TestStop ends a runtime with changes in flight, one of them to be tried
// again, and events that wait.
func TestStop(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{Shards: 1}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		b.create(2, toyEvent{do: "go"})
		store.set(func(m *memStore) {
			m.fail = func(c *sessions.Change) error {
				if c.ID == 2 {
					return sessions.ErrStore
				}
				return nil
			}
		})
		b.post(2, toyEvent{do: "go"})
		store.set(func(m *memStore) { m.hold = true })
		b.post(1, toyEvent{do: "send"})
		b.post(1, toyEvent{do: "go"})
		created := make(chan sessions.Result, 1)
		if err := b.rt.Create(sessions.Create[toy, toyEvent]{ID: 3, Key: mdn(3)}, func(r sessions.Result) { created <- r }); err != nil {
			b.Fatal(err)
		}
		synctest.Wait()
		time.AfterFunc(time.Millisecond, store.release)
		b.stop()
		if res := <-created; res.Err != nil {
			b.Errorf("the create in flight: %v", res.Err)
		}
		// What was in flight is performed; what waited is not.
		b.did(1, "go:1 send:2 ")
		b.did(2, "go:1 ")
		if err := b.rt.Post(1, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrStopped) {
			b.Errorf("Post: %v", err)
		}
		if res := b.create(4, toyEvent{do: "go"}); !errors.Is(res.Err, sessions.ErrStopped) {
			b.Errorf("Create: %v", res.Err)
		}
	})
}
