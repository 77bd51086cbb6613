package ppg

import (
	"sync"
	"time"
)

// pace lets through so many messages a second. A push-message to many numbers
// may go over it, and the next ones wait for that; a plain bucket would never
// let one through that is larger than itself.
type pace struct {
	rate float64 // 0 is no limit
	mu   sync.Mutex
	next time.Time // when what was let through is paid for
}

// ahead is how much may be owed.
const ahead = time.Second

// take lets n messages through, or says when to come again.
func (p *pace) take(now time.Time, n int) (wait time.Duration) {
	if p.rate <= 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) || p.next.After(now.Add(maxOwed)) { // or the clock was set back
		p.next = now
	}
	if over := p.next.Sub(now.Add(ahead)); over >= 0 {
		return max(over, time.Millisecond)
	}
	p.next = p.next.Add(min(time.Duration(float64(n)/p.rate*float64(time.Second)), maxOwed-ahead))
	return 0
}

// maxOwed bounds the waiting for a single large push-message at a low rate.
const maxOwed = 10 * time.Minute
