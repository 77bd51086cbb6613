package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 128 << 20: 400, 256 << 20: 200, 512 << 20: 100, 8 << 30: 100, math.MaxUint64: 100} {
		if got := percentFor(live); got != want {
			t.Errorf("%d octets: %d, not %d", live, got, want)
		}
	}
}

// TestPaceCollector: the collector comes more often while much is live, and as seldom as
// before when it is gone.
func TestPaceCollector(t *testing.T) {
	t.Setenv("GOGC", "")
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	paceCollector()
	much := make([]byte, 300<<20) // without a pointer, and not touched
	percentBecomes(t, func(p int) bool { return p > 100 && p < 200 })
	runtime.KeepAlive(much)
	much = nil
	percentBecomes(t, func(p int) bool { return p == 400 })
}

// percentBecomes collects until GOGC is so.
func percentBecomes(t *testing.T, is func(int) bool) {
	t.Helper()
	percent := 0
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		runtime.GC()
		percent = debug.SetGCPercent(-1) // there is no way to read it
		debug.SetGCPercent(percent)
		if is(percent) {
			return
		}
	}
	t.Fatalf("GOGC is %d", percent)
}
