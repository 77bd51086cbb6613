package sessions_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/otagate/otagate/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type toyRuntime = sessions.Runtime[toy, toyEvent, toyEffect]

// bench is a running runtime in a bubble of virtual time.
type bench struct {
	*testing.T
	rt     *toyRuntime
	flow   *toyFlow
	store  *memStore
	faults []error
	stop   func()
}

// run starts a runtime over store and calls f in virtual time.
func run(t *testing.T, store *memStore, opts sessions.Options, f func(b *bench)) {
	t.Helper()
	runFlow(t, newToyFlow(), store, opts, f)
}

func runFlow(t *testing.T, flow *toyFlow, store *memStore, opts sessions.Options, f func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t, flow: flow, store: store}
		var mu sync.Mutex
		opts.Fault = func(_ sessions.Ref, err error) { // of any shard
			mu.Lock()
			defer mu.Unlock()
			b.faults = append(b.faults, err)
		}
		if opts.Shards == 0 {
			opts.Shards = 2
		}
		b.rt = sessions.NewRuntime(b.flow, store, opts)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.rt.Run(ctx) }()
		b.stop = sync.OnceFunc(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
		<-b.rt.Ready()
		synctest.Wait()
		f(b)
		b.stop()
	})
}

// create makes a session and waits for its first step.
func (b *bench) create(id sessions.ID, ev toyEvent) sessions.Result {
	b.Helper()
	return b.ask(sessions.Create[toy, toyEvent]{ID: id, Key: mdn(id), Event: ev})
}

func (b *bench) ask(c sessions.Create[toy, toyEvent]) sessions.Result {
	b.Helper()
	got := make(chan sessions.Result, 1)
	if err := b.rt.Create(c, func(r sessions.Result) { got <- r }); err != nil {
		return sessions.Result{Err: err}
	}
	return <-got
}

func (b *bench) post(id sessions.ID, ev toyEvent) {
	b.Helper()
	if err := b.rt.Post(id, ev); err != nil {
		b.Fatalf("Post %s to %s: %v", ev.do, id, err)
	}
	synctest.Wait()
}

// sleep lets virtual time pass.
func (b *bench) sleep(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (b *bench) did(id sessions.ID, want string) {
	b.Helper()
	if got := b.flow.did(id); got != want {
		b.Errorf("session %s did %q, want %q", id, got, want)
	}
}

func mdn(id sessions.ID) sessions.Key { return sessions.MDNKey(sessions.MDN(5_550_000_000 + id)) }
func trn(id sessions.ID) sessions.Key { return sessions.TRNKey(sessions.TRN(7_770_000_000 + id)) }

func TestLife(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		if res := b.create(1, toyEvent{do: "go"}); res != (sessions.Result{Version: 1}) {
			b.Fatalf("Create: %+v", res)
		}
		if n := b.rt.Len(); n != 1 {
			b.Errorf("%d live", n)
		}
		b.post(1, toyEvent{do: "send"})
		b.post(1, toyEvent{do: "end"})
		b.did(1, "go:1 send:2 end:3 ")
		if b.rt.Len() != 0 {
			b.Error("the finished session is still there")
		}
		if err := b.rt.Post(1, toyEvent{do: "go"}); !errors.Is(err, sessions.ErrNotFound) {
			b.Errorf("Post to the finished one: %v", err)
		}
		if o := b.store.outbox; len(o) != 1 || o[0].ID != 1 || o[0].Key != mdn(1) || len(b.store.ended[1]) != 1 {
			b.Errorf("outbox %+v, records %+v", o, b.store.ended[1])
		}
		// The number and the id are free again.
		if res := b.create(1, toyEvent{do: "go"}); res.Err != nil {
			b.Errorf("created again: %v", res.Err)
		}
		if s := b.rt.Stats(); s.Created != 2 || s.Finished != 1 || s.Steps != 4 || s.Commits != 4 || s.Live != 1 {
			b.Errorf("%+v", s)
		}
	})
}

func TestFinishAtOnce(t *testing.T) {
	run(t, newMemStore(), sessions.Options{MaxSessions: 1}, func(b *bench) {
		for range 3 {
			if res := b.create(1, toyEvent{do: "end"}); res.Err != nil {
				b.Fatal(res.Err)
			}
		}
		if s := b.rt.Stats(); s.Live != 0 || s.Finished != 3 {
			b.Errorf("%+v", s)
		}
	})
}

func TestCreateRefused(t *testing.T) {
	run(t, newMemStore(), sessions.Options{MaxSessions: 2}, func(b *bench) {
		seen := sessions.Seen{Key: "ivr/1", Until: time.Now().Add(time.Hour)}
		first := sessions.Create[toy, toyEvent]{ID: 1, Key: mdn(1), Seen: seen, Corr: []sessions.Corr{{Kind: sessions.CorrTRN, ID: "7"}}}
		if res := b.ask(first); res.Err != nil {
			b.Fatal(res.Err)
		}
		for name, c := range map[string]struct {
			ask  sessions.Create[toy, toyEvent]
			want error
			by   sessions.ID
		}{
			"key":         {sessions.Create[toy, toyEvent]{ID: 2, Key: mdn(1)}, sessions.ErrKeyTaken, 1},
			"duplicate":   {sessions.Create[toy, toyEvent]{ID: 2, Key: mdn(2), Seen: seen}, sessions.ErrDuplicate, 1},
			"correlation": {sessions.Create[toy, toyEvent]{ID: 2, Key: mdn(2), Corr: first.Corr}, sessions.ErrCorrTaken, 1},
			"id":          {sessions.Create[toy, toyEvent]{ID: 1, Key: mdn(2)}, sessions.ErrConflict, 0},
			"no id":       {sessions.Create[toy, toyEvent]{Key: mdn(2)}, sessions.ErrInvalid, 0},
			"no key":      {sessions.Create[toy, toyEvent]{ID: 2}, sessions.ErrInvalid, 0},
		} {
			if res := b.ask(c.ask); !errors.Is(res.Err, c.want) || res.First != c.by {
				b.Errorf("%s: %+v", name, res)
			}
		}
		b.did(2, "")
		// None of them counts as live: one more fits, and then no more.
		if res := b.create(3, toyEvent{do: "go"}); res.Err != nil {
			b.Errorf("the second: %v", res.Err)
		}
		if res := b.create(4, toyEvent{do: "go"}); !errors.Is(res.Err, sessions.ErrBusy) {
			b.Errorf("the third: %v", res.Err)
		}
	})
}

func TestMove(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		b.ask(sessions.Create[toy, toyEvent]{ID: 2, Key: trn(2), Event: toyEvent{do: "go"}})
		b.post(2, toyEvent{do: "move", key: mdn(1)})
		// The refused step counts for nothing: the next has its number.
		b.did(2, "go:1 refused:2 ")
		if got := b.store.record(2).Key; got != trn(2) {
			b.Errorf("it has lost its TRN for %s", got)
		}
		b.post(2, toyEvent{do: "move", key: mdn(2)})
		if got := b.store.record(2).Key; got != mdn(2) {
			b.Errorf("it has the key %s", got)
		}
		b.post(2, toyEvent{do: "go"})
		b.did(2, "go:1 refused:2 move:3 go:4 ")
		cor := sessions.Corr{Kind: sessions.CorrActivationMIN, ID: "1"}
		b.post(1, toyEvent{do: "corr", cor: cor})
		b.post(2, toyEvent{do: "corr", cor: cor})
		b.did(2, "go:1 refused:2 move:3 go:4 refused:5 ")
	})
}

// TestStubborn has every change that moves refused, and a machine that answers
// each refusal with the same wish: it must end.
func TestStubborn(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		store.set(func(m *memStore) {
			m.fail = func(*sessions.Change) error { return sessions.ErrCorrTaken }
		})
		b.post(1, toyEvent{do: "corr"})
		if len(b.faults) != 1 || !errors.Is(b.faults[0], sessions.ErrCorrTaken) {
			b.Errorf("faults: %v", b.faults)
		}
		store.set(func(m *memStore) { m.fail = nil })
		b.post(1, toyEvent{do: "go"})
		b.did(1, "go:1 go:2 ")
	})
}

func TestSkip(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		before := b.store.applied
		b.post(1, toyEvent{do: "noop"})
		b.did(1, "go:1 noop:1 ")
		if b.store.applied != before || b.rt.Stats().Skipped != 1 {
			b.Error("a step that changed nothing was committed")
		}
	})
}

func TestUnencodable(t *testing.T) {
	run(t, newMemStore(), sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "go"})
		b.post(1, toyEvent{do: "bad"})
		b.post(1, toyEvent{do: "go"})
		b.did(1, "go:1 go:2 ")
		if res := b.create(2, toyEvent{do: "bad"}); !errors.Is(res.Err, errBadState) {
			b.Errorf("Create: %v", res.Err)
		}
		if len(b.faults) != 2 || b.rt.Len() != 1 {
			b.Errorf("faults %v, %d live", b.faults, b.rt.Len())
		}
	})
}

func TestRecovery(t *testing.T) {
	store := newMemStore()
	store.load(500)
	store.live[600] = sessions.Record{ID: 600, Key: mdn(600), Version: 1, State: []byte("??")}
	store.hold = true
	run(t, store, sessions.Options{RecoverWindow: 8}, func(b *bench) {
		if n := len(store.held); n != 16 {
			b.Errorf("%d recoveries in flight, want a window of 8 in each of 2 shards", n)
		}
		for id := range sessions.ID(500) {
			b.post(id+1, toyEvent{do: "go"})
		}
		store.release()
		synctest.Wait()
		for id := range sessions.ID(500) {
			b.did(id+1, "recovered:4 go:5 ")
		}
		if s := b.rt.Stats(); len(b.faults) != 1 || b.rt.Len() != 500 || s.Recovering != 0 {
			b.Errorf("faults %v, %+v", b.faults, s)
		}
		b.sleep(2 * time.Minute)
		b.did(7, "recovered:4 go:5 timeout-1:6 ")
	})
}

func TestLoadFails(t *testing.T) {
	rt := sessions.NewRuntime(newToyFlow(), badLoad{}, sessions.Options{})
	if err := rt.Post(1, toyEvent{}); !errors.Is(err, sessions.ErrBusy) {
		t.Errorf("Post before Run: %v", err)
	}
	if err := rt.Run(context.Background()); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("Run: %v", err)
	}
	if err := rt.Run(context.Background()); !errors.Is(err, sessions.ErrInvalid) {
		t.Errorf("Run again: %v", err)
	}
	if err := rt.Post(1, toyEvent{}); !errors.Is(err, sessions.ErrStopped) {
		t.Errorf("Post after Run: %v", err)
	}
}

type badLoad struct{ *memStore }

func (badLoad) Load(context.Context, func(sessions.Record) error) error { return sessions.ErrStore }
