package links

import (
	"math"
	"time"

	"github.com/otagate/otagate/configs"
)

// bucket holds the tokens of a link, one for each short message. A message may take
// more than there are; then the next waits until the debt is paid.
type bucket struct {
	rate, burst, tokens float64
	at                  time.Time
}

func newBucket(c *configs.Link, now time.Time) bucket {
	burst := float64(c.Burst)
	if burst == 0 {
		burst = float64(max(c.Parts, 1)) // a long message goes without a gap
	}
	return bucket{rate: c.Rate, burst: burst, tokens: burst, at: now}
}

// whole is how many tokens there are.
func (b *bucket) whole(now time.Time) int {
	if b.rate <= 0 {
		return math.MaxInt
	}
	if d := now.Sub(b.at); d > 0 {
		b.tokens = min(b.burst, b.tokens+b.rate*d.Seconds())
	}
	b.at = now // also when the clock was set back
	return int(b.tokens)
}

func (b *bucket) take(n int) {
	if b.rate > 0 {
		b.tokens -= float64(n)
	}
}

// wait is how long there is no token.
func (b *bucket) wait(now time.Time) time.Duration {
	if b.whole(now) >= 1 {
		return 0
	}
	return time.Duration(math.Ceil((1 - b.tokens) / b.rate * 1e9))
}
