package sessions_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/otagate/otagate/sessions"
)

// TestMemory holds idle sessions, each with a timer, to 1 KiB of memory.
func TestMemory(t *testing.T) {
	const n = 50_000
	store := newMemStore()
	for i := range sessions.ID(n) {
		store.live[i+1] = sessions.Record{ID: i + 1, Key: mdn(i), Version: 1, State: fmt.Append(nil, "1 0")}
	}
	flow := quietFlow{newToyFlow()}
	rt := sessions.NewRuntime(flow, store, sessions.Options{})
	before := heap()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- rt.Run(ctx) }()
	<-rt.Ready()
	for rt.Stats().Recovering > 0 || rt.Stats().InFlight > 0 {
		runtime.Gosched()
	}
	each := int(heap()-before) / n
	t.Logf("%d octets for each idle session", each)
	if each > 1024 {
		t.Errorf("an idle session takes %d octets", each)
	}
	if rt.Len() != n {
		t.Errorf("%d sessions live", rt.Len())
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// quietFlow keeps no list of what was performed.
type quietFlow struct{ *toyFlow }

func (quietFlow) Perform(sessions.Ref, []toyEffect) {}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkStep is the runtime alone: one event, one step, one change to a
// store that answers at once.
func BenchmarkStep(b *testing.B) {
	store := &nullStore{}
	rt := sessions.NewRuntime(countFlow{}, store, sessions.Options{Shards: 1, Mailbox: 1 << 16, Backlog: 1 << 16})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- rt.Run(ctx) }()
	<-rt.Ready()
	created := make(chan sessions.Result)
	if err := rt.Create(sessions.Create[uint64, int]{ID: 1, Key: mdn(1)}, func(r sessions.Result) { created <- r }); err != nil {
		b.Fatal(err)
	}
	<-created
	b.ReportAllocs()
	for b.Loop() {
		for rt.Post(1, 1) != nil {
			runtime.Gosched()
		}
	}
	for rt.Stats().Steps < uint64(b.N)+1 {
		runtime.Gosched()
	}
	cancel()
	<-ended
}

// nullStore says yes.
type nullStore struct{}

func (*nullStore) Apply(c *sessions.Change, done func(sessions.Result)) {
	done(sessions.Result{Version: c.Expect + 1})
}

func (*nullStore) Load(context.Context, func(sessions.Record) error) error { return nil }
