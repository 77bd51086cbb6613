package sessions_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
)

// TestOwns: two flows on one store take over their own sessions and leave the
// others as they are, those whose state they could not read among them.
func TestOwns(t *testing.T) {
	store := newMemStore()
	record := func(id sessions.ID, key sessions.Key, state string) {
		store.live[id] = sessions.Record{ID: id, Key: key, Version: 3, State: []byte(state)}
	}
	record(1, mdn(1), "3 0")
	record(2, trn(2), "3 0")
	record(3, sessions.MessageKey(3), "3 0")
	record(4, sessions.MessageKey(4), "??")
	isMessage := func(k sessions.Key) bool { return k.Kind == sessions.KeyMessage }
	programs := sessions.Options{Owns: func(k sessions.Key) bool { return !isMessage(k) }}
	run(t, store, programs, func(b *bench) {
		b.did(1, "recovered:4 ")
		b.did(2, "recovered:4 ")
		if b.rt.Len() != 2 || b.rt.Stats().Recovering != 0 || len(b.faults) != 0 {
			b.Errorf("%d live, faults %v: %+v", b.rt.Len(), b.faults, b.rt.Stats())
		}
		untouched(b, 3, 4)
		other := beside(b, sessions.Options{Owns: isMessage})
		other.did(3, "recovered:4 ")
		other.did(1, "")
		if other.rt.Len() != 1 || len(other.faults) != 1 {
			b.Errorf("%d messages live, faults %v", other.rt.Len(), other.faults)
		}
		untouched(b, 4)
		if err := b.rt.Post(3, toyEvent{do: "go"}); err == nil {
			b.Error("an event for a session of the other flow was taken")
		}
		b.sleep(2 * time.Minute) // the timers of each are its own
		b.did(1, "recovered:4 timeout-1:5 ")
		other.did(3, "recovered:4 timeout-1:5 ")
		b.post(2, toyEvent{do: "end"})
		other.post(3, toyEvent{do: "end"})
		if ids := store.ids(); len(ids) != 2 || ids[0] != 1 || ids[1] != 4 {
			b.Errorf("live in the store: %v", ids)
		}
		other.stop()
	})
}

// TestOwnsAll: who says nothing owns everything.
func TestOwnsAll(t *testing.T) {
	store := newMemStore()
	store.live[3] = sessions.Record{ID: 3, Key: sessions.MessageKey(3), Version: 3, State: []byte("3 0")}
	run(t, store, sessions.Options{}, func(b *bench) { b.did(3, "recovered:4 ") })
}

// untouched: what is stored is still of version 3.
func untouched(b *bench, ids ...sessions.ID) {
	b.Helper()
	for _, id := range ids {
		if r := b.store.record(id); r.Version != 3 {
			b.Errorf("session %s has version %d", id, r.Version)
		}
		b.did(id, "")
	}
}

// beside starts a second runtime on the store of the first, in its bubble.
func beside(b *bench, opts sessions.Options) *bench {
	other := &bench{T: b.T, flow: newToyFlow(), store: b.store}
	opts.Shards = 2
	opts.Fault = func(_ sessions.Ref, err error) { other.faults = append(other.faults, err) }
	other.rt = sessions.NewRuntime(other.flow, b.store, opts)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error)
	go func() { ended <- other.rt.Run(ctx) }()
	other.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			b.Errorf("Run: %v", err)
		}
	}
	<-other.rt.Ready()
	synctest.Wait()
	return other
}
