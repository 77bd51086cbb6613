// Package clock is the time that a part of the program goes by: the machine's, or in its
// place that of a test or a simulation. The clock of tests is internal/testclock.
//
//	var c clock.Clock // the machine's
//	c.After(time.Second, func() { fmt.Println(c.Now()) })
package clock

import "time"

// Clock tells the time and wakes. The zero Clock is the machine's.
type Clock struct {
	Wall  func() time.Time                // nil is time.Now
	Alarm func(d time.Duration, f func()) // nil is time.AfterFunc
}

// Now is the time. It is read several times for each message, and written so that the
// compiler inlines it: a caller pays for the one call of what Wall stands for.
func (c Clock) Now() time.Time {
	now := c.Wall
	if now == nil {
		now = time.Now
	}
	return now()
}

// After calls f on a goroutine of the clock when d has passed.
func (c Clock) After(d time.Duration, f func()) {
	after := c.Alarm
	if after == nil {
		after = machine
	}
	after(d, f)
}

func machine(d time.Duration, f func()) { time.AfterFunc(d, f) }
