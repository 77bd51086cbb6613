// Package testclock is a clock that a test moves. It is imported by tests only.
//
//	hands := testclock.At(time.Unix(1_000_000, 0))
//	c := hands.Clock()
//	c.After(time.Second, func() { fmt.Println(c.Now()) })
//	hands.Pass(time.Minute) // prints the first second of it
package testclock

import (
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/clock"
)

// Hands are those of a clock that stands still unless they are moved.
type Hands struct {
	mu     sync.Mutex
	now    time.Time
	alarms []alarm
}

type alarm struct {
	at time.Time
	do func()
}

// At is a clock that shows t.
func At(t time.Time) *Hands { return &Hands{now: t} }

// Clock is the clock for what is tested.
func (h *Hands) Clock() clock.Clock { return clock.Clock{Wall: h.Now, Alarm: h.after} }

// Now is what the clock shows.
func (h *Hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *Hands) after(d time.Duration, f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.alarms = append(h.alarms, alarm{h.now.Add(max(d, 0)), f})
}

// Pass lets time pass. What is due in it happens before Pass returns, each at its time and
// in the order in which it was asked for.
func (h *Hands) Pass(d time.Duration) {
	until := h.Now().Add(d)
	for do := h.next(until); do != nil; do = h.next(until) {
		do()
	}
}

// next moves the hands to the next alarm, or to the end when none is due before.
func (h *Hands) next(until time.Time) func() {
	h.mu.Lock()
	defer h.mu.Unlock()
	slices.SortStableFunc(h.alarms, func(a, b alarm) int { return a.at.Compare(b.at) })
	if len(h.alarms) == 0 || h.alarms[0].at.After(until) {
		h.now = until
		return nil
	}
	first := h.alarms[0]
	h.alarms = slices.Delete(h.alarms, 0, 1)
	h.now = first.at
	return first.do
}
