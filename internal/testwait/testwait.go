// Package testwait waits for what others do and tell nobody of. It is imported by tests
// only.
//
//	if !testwait.For(time.Minute, func() bool { return s.Live() == 0 }) {
//		t.Fatal("the messages do not end")
//	}
package testwait

import "time"

// pause is that between two questions.
const pause = 5 * time.Millisecond

// For asks until it is there or the time is over, and tells which.
func For(most time.Duration, there func() bool) bool {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	end := time.After(most)
	for !there() {
		select {
		case <-tick.C:
		case <-end:
			return there()
		}
	}
	return true
}
