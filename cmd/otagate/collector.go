package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// What a session leaves behind is short-lived, and while the live heap is small it costs
// little memory to collect it seldom: a tenth less processor time for a busy gateway. With
// a million messages that wait it would cost gigabytes. So the heap may grow to five times
// what is live, or by spare, whichever is less, and by what is live at least.
const (
	mostPercent  = 400
	leastPercent = 100 // as Go has it
	spare        = 512 << 20
)

// percentFor is GOGC for so many octets that are live.
func percentFor(live uint64) int {
	return int(min(max(spare*100/max(live, 1), leastPercent), mostPercent))
}

// paceCollector has the collector follow percentFor, unless the environment says what
// GOGC is.
func paceCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(mostPercent)
	runtime.SetFinalizer(&pacer{percent: mostPercent}, (*pacer).collected)
}

// pacer is not reachable, so that each collection finds it; it comes back each time.
type pacer struct {
	percent int
	_       [16]byte // so small a thing would share its room with others, and stay as long as they
}

func (p *pacer) collected() {
	if percent := percentFor(liveHeap()); percent != p.percent {
		p.percent = percent
		debug.SetGCPercent(percent)
	}
	runtime.SetFinalizer(p, (*pacer).collected)
}

// liveHeap is what the last collection has left.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
