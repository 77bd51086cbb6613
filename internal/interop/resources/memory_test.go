//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// memoryLimit is what a gateway with 20,000 sessions at most has to do with,
// file cache included; README says so. The Go runtime is told of three quarters of it.
const (
	memoryLimit = 256 << 20
	mostLive    = 20_000
)

// group is a control group with a limit of memory, where nobody else is.
type group struct{ dir, max, events string }

// newGroup makes a control group of version 1 or 2, as the machine has it.
func newGroup(t *testing.T, limit int64) *group {
	t.Helper()
	name := fmt.Sprintf("otagate-resources-%d", os.Getpid())
	for _, g := range []group{
		{dir: "/sys/fs/cgroup/memory", max: "memory.limit_in_bytes", events: "memory.oom_control"},
		{dir: "/sys/fs/cgroup", max: "memory.max", events: "memory.events"},
	} {
		g.dir = filepath.Join(g.dir, name)
		if err := os.Mkdir(g.dir, 0o755); err != nil {
			continue
		}
		t.Cleanup(func() {
			eventually(t, "the control group is empty", func() bool {
				err := os.Remove(g.dir)
				return err == nil || errors.Is(err, fs.ErrNotExist)
			})
		})
		if os.WriteFile(filepath.Join(g.dir, g.max), []byte(strconv.FormatInt(limit, 10)), 0o644) == nil {
			return &g
		}
	}
	t.Fatal("no control group that limits memory can be made")
	return nil
}

func (g *group) take(t *testing.T, pid int) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(g.dir, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// killed is how many processes the kernel has killed for want of memory.
func (g *group) killed(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(g.dir, g.events))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == "oom_kill" {
			return f[1]
		}
	}
	t.Fatalf("no oom_kill in %s", b)
	return ""
}

// TestMemory floods a gateway, whose network does not answer, with triggers.
func TestMemory(t *testing.T) {
	const flood, binds = 60_000, 16
	p := promises(t, fmt.Sprintf("memory limit: %d triggers as fast as %d binds can, of which each begins a session that nobody answers; max_sessions is %d, the control group allows %d MiB, GOMEMLIMIT is three quarters of that",
		flood, binds, mostLive, memoryLimit>>20),
		"over max_sessions ESME_RTHROTTLED; memory stays below the limit, the kernel kills nobody; when the network answers again all sessions end and new ones are taken")
	needRoot(t, "a limit of memory")
	g := newGroup(t, memoryLimit)
	l := newLab(t, options{callers: 10, sessions: mostLive, timeSMDPP: 5 * time.Second,
		env: []string{fmt.Sprintf("GOMEMLIMIT=%d", memoryLimit/4*3)}})
	l.mute.Store(true)
	l.start()
	g.take(t, l.gw.pid())
	before := l.gw.memory("VmRSS")

	var next atomic.Int64
	var mu sync.Mutex
	got := map[smpp.Status]int{}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	var ivrs []*sim.IVR
	began := time.Now()
	for range binds {
		v, err := sim.DialIVR(ctx, sim.IVRConfig{Address: smppAddr, SystemID: "ivr", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		ivrs = append(ivrs, v)
		for range 100 { // the window
			wg.Go(func() {
				for n := next.Add(1); n <= flood; n = next.Add(1) {
					status, _, err := v.Trigger(ctx, fmt.Sprintf("TRN=22227%05d;CORR=flood-%d", n, n))
					if err != nil {
						t.Errorf("trigger %d: %v", n, err)
						return
					}
					mu.Lock()
					got[status]++
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	took := time.Since(began)
	if !l.gw.running() {
		t.Fatalf("the gateway has ended: %v, oom_kill %s", l.gw.err, g.killed(t))
	}
	peak := l.gw.memory("VmHWM")
	if got[smpp.StatusOK] > mostLive || got[smpp.StatusOK]+got[smpp.StatusThrottled] != flood || got[smpp.StatusThrottled] == 0 {
		t.Errorf("answers: %v", got)
	}
	if peak > memoryLimit || g.killed(t) != "0" {
		t.Errorf("%d MiB, oom_kill %s", peak>>20, g.killed(t))
	}
	l.mute.Store(false)
	eventually(t, "all sessions have ended", func() bool { return l.gw.out.count("session ended") >= got[smpp.StatusOK] })
	for _, v := range ivrs { // who is bound may get anybody's receipt
		if err := v.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	l.activate(l.callers)
	if peak = l.gw.memory("VmHWM"); peak > memoryLimit || g.killed(t) != "0" {
		t.Errorf("%d MiB, oom_kill %s", peak>>20, g.killed(t))
	}
	l.gw.stop()
	p.was("in %s %d taken, %d ESME_RTHROTTLED; memory %d MiB before, %d at most; all sessions end when the network answers, 10 activations after that",
		took.Round(100*time.Millisecond), got[smpp.StatusOK], got[smpp.StatusThrottled], before>>20, peak>>20)
}
