package links

import (
	"time"

	"github.com/otagate/otagate/smpp"
)

// Throttled tells whether a status says that the peer has too much just now. Its link, or
// its bind, sees to the pause that follows; the message is not the reason.
func Throttled(s smpp.Status) bool {
	return s == smpp.StatusThrottled || s == smpp.StatusMessageQueueFull
}

// The levels of congestion_state that matter here: from memory of SMPP 5.0 section
// 4.8.4.18, 90 to 99 is nearing congestion and 100 is congested.
const (
	nearCongestion = 90
	congested      = 100
)

// congestion is what a 5.0 centre says of its load, 0 to 100.
func congestion(tlvs smpp.TLVs) int {
	if v, ok := tlvs.Find(smpp.TagCongestionState); ok && len(v) == 1 {
		return int(v[0])
	}
	return 0
}

// pace slows a link down while its centre has too much.
type pace struct {
	min, max time.Duration
	round    uint32 // pauses so far: what was sent before the last one says nothing new
	level    uint   // the next pause is min, doubled so many times
	paused   bool
	probing  bool // the first request behind a pause goes alone
	crowded  bool // the centre is near its limit: half the window
}

// mostDoublings is more than any two bounds are apart.
const mostDoublings = 32

// refused is told of a request that found no room, and says how long to pause; 0
// when it was sent before the last pause.
func (p *pace) refused(round uint32) time.Duration {
	if round != p.round {
		return 0
	}
	d := p.min
	for range p.level {
		if d > p.max/2 {
			d = p.max
			break
		}
		d *= 2
	}
	p.level = min(p.level+1, mostDoublings)
	p.round++
	p.paused, p.probing = true, true
	return min(d, p.max)
}

// taken is told of a request that the centre has dealt with.
func (p *pace) taken(round uint32, load int) time.Duration {
	if round != p.round {
		return 0
	}
	p.crowded = load >= nearCongestion
	if load >= congested {
		return p.refused(round)
	}
	p.probing = false
	if p.level > 0 {
		p.level--
	}
	return 0
}

// over ends the pause of a round.
func (p *pace) over(round uint32) {
	if round == p.round {
		p.paused = false
	}
}

// limit is how many of n may be sent while so many are under way.
func (p *pace) limit(n, flying int) int {
	switch {
	case p.probing:
		return min(n, 1-flying)
	case p.crowded:
		return min(n, (n+flying+1)/2-flying)
	}
	return n
}
