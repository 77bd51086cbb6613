package simulation

import (
	"fmt"
	"time"
)

// plan is how rough a run is. Most runs are rough in some ways only, so that
// activations succeed often enough to be disturbed late.
type plan struct {
	chaos time.Duration // how long things go wrong

	lost, twice, late, returned, refused float64 // a message
	latest                               time.Duration

	crash                    float64 // at a change or a message
	storeFails, storeBusy    float64 // a call
	storeLies                float64 // a change is committed and said to have failed
	mins, sessions           int     // there are so many activation MINs, and sessions allowed
	slowest                  time.Duration
	receiptLost, receiptBusy float64
	windows                  []window
	post                     postPlan
}

// window is a time in which something is out of order.
type window struct {
	kind     string // also the kind of the fault
	at, last time.Duration
	jump     time.Duration // of the wall clock
}

// The kinds of windows.
const (
	cutAll     = "network cut"
	cutMSC     = "MSC cut"
	cutAC      = "AC cut"
	linkDown   = "link down" // sending fails at once
	storeSlow  = "store slow"
	storeStuck = "store stuck"
	storeDown  = "store failing"
	storeFull  = "store busy"
	bindDown   = "bind down"
	clockJump  = "clock jump"
	processEnd = "process killed"
	processOff = "process stopped"
	centreDown = "centre down"
	centreLost = "centre lost"
)

func newPlan(w *world) *plan {
	d := w.dice("plan")
	rate := func(of ...float64) float64 { return of[d.IntN(len(of))] }
	p := &plan{
		chaos: time.Duration(2+d.IntN(8)) * time.Minute,
		lost:  rate(0, 0, 0.01, 0.03, 0.1), twice: rate(0, 0, 0.02, 0.1), late: rate(0, 0, 0.02, 0.05, 0.15), returned: rate(0, 0, 0.01, 0.04), refused: rate(0, 0, 0.005, 0.02),
		latest:     time.Duration(1+d.IntN(4)) * time.Second,
		crash:      rate(0, 0, 0.002, 0.005, 0.01),
		storeFails: rate(0, 0, 0.01, 0.05), storeBusy: rate(0, 0, 0.01, 0.05), storeLies: rate(0, 0, 0, 0.02),
		mins: int(rate(1, 2, 4, 40, 40, 40)), sessions: int(rate(3, 1000, 1000)),
		slowest:     time.Duration(rate(2, 2, 20, 500)) * time.Millisecond,
		receiptLost: rate(0, 0.05, 0.2), receiptBusy: rate(0, 0.05, 0.2),
	}
	kinds := []string{cutAll, cutMSC, cutAC, linkDown, storeSlow, storeStuck, storeDown, storeFull, bindDown, clockJump, processEnd, processOff}
	jumps := []time.Duration{time.Second, -time.Second, 5 * time.Minute, -5 * time.Minute, time.Hour, -time.Hour}
	for range d.IntN(7) {
		p.windows = append(p.windows, window{
			kind: kinds[d.IntN(len(kinds))], at: time.Duration(d.Int64N(int64(p.chaos))),
			last: time.Duration(d.Int64N(int64(40 * time.Second))), jump: jumps[d.IntN(len(jumps))],
		})
	}
	if p.post = newPostPlan(w); p.post.phones == 0 {
		return p
	}
	d = w.dice("windows of the centre")
	for range d.IntN(3) {
		p.windows = append(p.windows, window{
			kind: []string{centreDown, centreDown, centreLost}[d.IntN(3)], at: time.Duration(d.Int64N(int64(p.chaos))), last: time.Duration(d.Int64N(int64(2 * time.Minute))),
		})
	}
	return p
}

// open has the windows of the plan happen.
func (w *world) openWindows() {
	for i, x := range w.plan.windows {
		w.after(x.at, func() {
			if !w.fault(x.kind, fmt.Sprintf("window %d", i), 1) {
				return
			}
			w.say("%s for %s", x.kind, x.last)
			switch x.kind {
			case clockJump:
				w.mu.Lock()
				w.offset += x.jump
				w.mu.Unlock()
				w.trouble(latestAnswer) // receipts of no message wait by this clock, which has no monotonic part here
			case processEnd:
				w.kill("killed")
			case processOff:
				w.stop()
			case centreDown:
				w.centre.close(x.last)
			case centreLost:
				w.centre.lose()
			case bindDown:
				w.ivr.unbind(x.last)
			default:
				w.shift(x.kind, 1)
				w.after(x.last, func() { w.shift(x.kind, -1); w.say("%s ends", x.kind) })
			}
		})
	}
}

// shift counts the open windows of a kind.
func (w *world) shift(kind string, by int) {
	w.mu.Lock()
	w.counts["open "+kind] += by
	w.mu.Unlock()
}

// during tells whether a window of this kind is open.
func (w *world) during(kind string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.calm && w.counts["open "+kind] > 0
}
