package sessions_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

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

// wide is a state that takes much more room than its octets.
type wide struct {
	octets [350]byte
	_      [1050]byte
}

// wideFlow is at rest from the Recovered step on.
type wideFlow struct{}

func (wideFlow) Step(s *wide, _ int, tx *sessions.Tx, out []int) []int {
	tx.Timer(1, time.Now().Add(72*time.Hour))
	tx.Rest()
	s.octets[0]++
	return out
}

func (wideFlow) AppendState(dst []byte, s *wide) ([]byte, error) {
	return append(dst, s.octets[:]...), nil
}

func (wideFlow) DecodeState(b []byte) (s wide, err error) {
	copy(s.octets[:], b)
	return s, nil
}

func (wideFlow) Timeout(sessions.TimerKind, time.Time) int { return 2 }
func (wideFlow) Recovered(time.Time) int                   { return 3 }
func (wideFlow) Refused(error, time.Time) int              { return 4 }
func (wideFlow) Perform(sessions.Ref, []int)               {}

// TestMemoryRest holds sessions at rest to 1 KiB each, those that wait for
// their Recovered step too: the room of their decoded state is not among it.
func TestMemoryRest(t *testing.T) {
	const n = 20_000
	store := newMemStore()
	store.hold = true
	for i := range sessions.ID(n) {
		store.live[i+1] = sessions.Record{ID: i + 1, Key: mdn(i), Version: 1, State: make([]byte, 350)}
	}
	rt := sessions.NewRuntime(wideFlow{}, store, sessions.Options{})
	before := heap()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- rt.Run(ctx) }()
	<-rt.Ready()
	loaded := int(heap()-before) / n
	store.release()
	for rt.Stats().Recovering > 0 || rt.Stats().InFlight > 0 {
		runtime.Gosched()
	}
	each := int(heap()-before) / n
	t.Logf("%d octets for each session that was loaded, %d for each at rest", loaded, each)
	if loaded > 1024 || each > 1024 {
		t.Errorf("a session takes %d octets when it was loaded, %d at rest", loaded, each)
	}
	if s := rt.Stats(); s.Resting != n || s.Steps != n {
		t.Errorf("%+v", s)
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
