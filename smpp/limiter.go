package smpp

import (
	"sync"
	"time"
)

// limiter is the rate of an account, in short messages. A second's worth may
// come at once, as the parts of a long message do. A request that is more than
// that is taken when all of it is there, and paid for by those behind it.
type limiter struct {
	mu                  sync.Mutex
	rate, burst, tokens float64
	at                  time.Time
}

// set changes the rate; what was used up stays so.
func (l *limiter) set(rate float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	burst := max(rate, 1)
	switch {
	case l.burst == 0:
		l.tokens = burst
	case rate != l.rate:
		l.tokens = min(l.tokens*burst/l.burst, burst)
	}
	l.rate, l.burst = rate, burst
}

// allow takes n, or nothing.
func (l *limiter) allow(n int, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := now.Sub(l.at); d > 0 && !l.at.IsZero() {
		l.tokens = min(l.burst, l.tokens+l.rate*d.Seconds())
	}
	l.at = now // also when the clock was set back
	if l.tokens < min(float64(n), l.burst) {
		return false
	}
	l.tokens -= float64(n)
	return true
}

// The user data of one short message and of one segment of a long one, in
// characters of the default alphabet and in octets (3GPP TS 23.040).
const (
	oneSeptets, partSeptets = 160, 153
	oneOctets, partOctets   = 140, 134
)

// Segments is how many short messages a message of so many octets in this
// data_coding is, or becomes. What the network makes of it can be more.
func Segments(dataCoding uint8, octets int) int {
	one, part := oneOctets, partOctets
	switch dataCoding {
	case 0, 1, 3: // the default alphabet, and those that are sent in it mostly
		one, part = oneSeptets, partSeptets
	}
	if octets <= one {
		return 1
	}
	return (octets + part - 1) / part
}

// Segments is how many short messages p is, or becomes.
func (p *SubmitSM) Segments() int {
	return segments(p.DataCoding, p.ShortMessage, p.TLVs)
}

// Segments is how many short messages p is, or becomes.
func (p *DataSM) Segments() int { return segments(p.DataCoding, nil, p.TLVs) }

// Segments is how many short messages p is, or becomes, for one destination.
func (p *SubmitMulti) Segments() int { return segments(p.DataCoding, p.ShortMessage, p.TLVs) }

func segments(dataCoding uint8, text []byte, tlvs TLVs) int {
	if len(text) == 0 {
		text, _ = tlvs.Find(TagMessagePayload)
	}
	return Segments(dataCoding, len(text))
}
