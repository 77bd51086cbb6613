package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

// pendingBench measures a gateway over the store at path, with n sessions.
type pendingBench struct {
	path string
	n    int
	host *pendingGateway
}

const (
	// pendingMost is how many sessions wait at most, pendingEach how many for
	// each second of the budget.
	pendingMost = 100_000
	pendingEach = 20_000
	// pendingFewest are as many as the memory of anything else does not hide.
	pendingFewest = 10_000
	// pendingAtOnce is how many are begun at a time.
	pendingAtOnce = 256
	// pendingCalls is one round of look-ups.
	pendingCalls = 2000
	// pendingState is about what such a session has in the store; see the test.
	pendingState = 350
	// pendingStarts is how often the restart is measured at least.
	pendingStarts = 3
)

// Pending measures 100,000 sessions that wait for a handset to call back,
// perhaps for days: each is keyed by its MDN, is found by a token of 16 octets,
// has a timer of 72 hours, and is in the SQLite store. Time to begin them is not
// counted in the budget; a budget below 5 s has fewer of them, 20,000 for each second.
//
//   - look-up: from a token to the effect of the step that its session makes of
//     the call: a map under a lock, the runtime's queue, the state decoded, the step,
//     and the state encoded again. One caller calls, and waits for each.
//     The step changes nothing: what the answer of a handset changes is a
//     commit, which store and session measure. The ceiling is the map under the
//     lock, and nothing behind it.
//   - memory: heap and stacks after a garbage collection, by the number of
//     sessions; what the store, the queues and the tokens take is among it.
//     Once for sessions that were begun, once after a restart. The ceiling is a
//     map from the tokens to 350 octets each.
//   - restart: from the opening of the store to the last session that waits
//     again; the file is in the system's cache. The ceiling reads the same rows
//     with one query and lets go of them.
//
// The sessions are the gateway's own (pending_gateway.go): a new roaming list for a
// handset whose invitation is on its way. Only HTTP and the push are not there.
func Pending(ctx context.Context, o Options) (out []Result, err error) {
	dir, err := os.MkdirTemp(o.Dir, "otagate-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &pendingBench{path: filepath.Join(dir, "pending.db")}
	b.n = min(pendingMost, max(pendingFewest, int(pendingEach*o.time().Seconds())))
	defer func() {
		if b.host != nil {
			err = errors.Join(err, b.host.close())
		}
	}()
	return b.run(ctx, o.time())
}

func (b *pendingBench) run(ctx context.Context, d time.Duration) (out []Result, err error) {
	if b.host, err = openPendingGateway(ctx, b.path); err != nil {
		return nil, err
	}
	empty := memoryInUse()
	if err := b.fill(ctx); err != nil {
		return nil, err
	}
	begun := memoryInUse()
	bare := b.bareMemory()
	starts, err := b.restarts(ctx, d/2)
	if err != nil {
		return nil, err
	}
	restarted := memoryInUse()
	half, most, err := b.lookUps(ctx, d/2)
	if err != nil {
		return nil, err
	}
	if s := b.host.stats(); s.Live != b.n || s.Resting != b.n {
		return nil, fmt.Errorf("%d sessions wait and %d of them rest, want %d", s.Live, s.Resting, b.n)
	}
	add := func(s *series, name, unit string, goal float64) {
		r := s.result("pending", fmt.Sprintf("%s of %d", name, b.n), unit)
		r.Goal = Goal{ValueMost: goal}
		out = append(out, r)
	}
	each := func(after uint64) *series {
		return &series{ours: []float64{(float64(after) - float64(empty)) / float64(b.n)}, ceiling: []float64{bare}}
	}
	add(half, "look-up p50", "µs", 50)
	add(most, "look-up p99", "µs", 50)
	add(each(begun), "memory", "octets", 1024)
	add(each(restarted), "memory, restarted", "octets", 1024)
	add(starts, "restart", "s", 3)
	return out, nil
}

func pendingID(n int) sessions.ID { return sessions.ID(uint64(n)*0x9E3779B97F4A7C15 | 1) }

// pendingToken is as good as random, and need not be kept to be called with.
func pendingToken(n int) (t token) {
	r := rand.NewPCG(uint64(n), 0x0707)
	binary.BigEndian.PutUint64(t[:], r.Uint64())
	binary.BigEndian.PutUint64(t[8:], r.Uint64())
	return t
}

// memoryInUse is the heap after a garbage collection, and the stacks.
func memoryInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one has finalised, or moved out of a pool
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// fill begins the sessions.
func (b *pendingBench) fill(ctx context.Context) error {
	free := make(chan error, pendingAtOnce)
	for range pendingAtOnce {
		free <- nil
	}
	for n := range b.n {
		if err := errors.Join(<-free, ctx.Err()); err != nil {
			return err
		}
		if err := b.host.begin(n, func(err error) { free <- err }); err != nil {
			return err
		}
	}
	for range pendingAtOnce {
		if err := <-free; err != nil {
			return err
		}
	}
	return nil
}

// bareMemory is what the octets of one session take, with nothing around them.
func (b *pendingBench) bareMemory() float64 {
	before := memoryInUse()
	m := make(map[token][]byte)
	for n := range b.n {
		m[pendingToken(n)] = make([]byte, pendingState)
	}
	each := (float64(memoryInUse()) - float64(before)) / float64(b.n)
	runtime.KeepAlive(m)
	return each
}

// restarts closes the host and opens it again, for about d.
func (b *pendingBench) restarts(ctx context.Context, d time.Duration) (*series, error) {
	var s series
	end := time.Now().Add(d)
	for round := 0; round < pendingStarts || time.Now().Before(end); round++ {
		err := errors.Join(b.host.close(), ctx.Err())
		b.host = nil
		if err != nil {
			return nil, err
		}
		began := time.Now()
		n, err := sqlite.MeasureRead(ctx, b.path)
		ceiling := time.Since(began)
		if err != nil || n != b.n {
			return nil, fmt.Errorf("%d of %d sessions are in the store: %w", n, b.n, err)
		}
		began = time.Now()
		if b.host, err = openPendingGateway(ctx, b.path); err != nil {
			return nil, err
		}
		if err := b.recovered(ctx); err != nil {
			return nil, err
		}
		s.add(time.Since(began).Seconds(), ceiling.Seconds())
	}
	return &s, nil
}

// recovered waits until no Recovered step is left.
func (b *pendingBench) recovered(ctx context.Context) error {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		s := b.host.stats()
		if s.Live != b.n {
			return fmt.Errorf("%d of %d sessions are back", s.Live, b.n)
		}
		if s.Recovering == 0 && s.InFlight == 0 {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lookUps calls back for about d, in rounds that alternate with those of a bare
// map; of each round it takes the median and what 1 in 100 calls exceeds.
func (b *pendingBench) lookUps(ctx context.Context, d time.Duration) (half, most *series, err error) {
	bare := tokens{ids: make(map[token]sessions.ID)}
	for n := range b.n {
		bare.add(pendingToken(n), pendingID(n))
	}
	called := newPendingCaller(b.host)
	found := func(t token) (time.Duration, error) {
		began := time.Now()
		_, ok := bare.find(t)
		took := time.Since(began)
		if !ok {
			return 0, sessions.ErrNotFound
		}
		return took, nil
	}
	half, most = &series{}, &series{}
	end := time.Now().Add(d)
	for round := 0; round < fewest || time.Now().Before(end); round++ {
		ours, err := b.calls(called.call)
		if err != nil {
			return nil, nil, err
		}
		ceiling, err := b.calls(found)
		if err := errors.Join(err, ctx.Err()); err != nil {
			return nil, nil, err
		}
		half.add(ours[len(ours)/2], ceiling[len(ceiling)/2])
		most.add(ours[len(ours)*99/100], ceiling[len(ceiling)*99/100])
	}
	return half, most, nil
}

// pendingCaller is a handset: one call at a time.
type pendingCaller struct {
	host      *pendingGateway
	at        time.Time // of the effect
	done      chan struct{}
	performed func()
}

func newPendingCaller(h *pendingGateway) *pendingCaller {
	c := &pendingCaller{host: h, done: make(chan struct{}, 1)}
	c.performed = func() {
		c.at = time.Now()
		c.done <- struct{}{}
	}
	return c
}

// call tells how long the effect of the step took to come.
func (c *pendingCaller) call(t token) (time.Duration, error) {
	began := time.Now()
	if err := c.host.call(t, c.performed); err != nil {
		return 0, err
	}
	<-c.done
	return c.at.Sub(began), nil
}

// calls are the microseconds of calls with tokens drawn by lot, in order of size.
func (b *pendingBench) calls(call func(token) (time.Duration, error)) ([]float64, error) {
	took := make([]float64, pendingCalls)
	for i := range took {
		d, err := call(pendingToken(rand.IntN(b.n)))
		if err != nil {
			return nil, err
		}
		took[i] = float64(d.Nanoseconds()) / 1000
	}
	slices.Sort(took)
	return took, nil
}
