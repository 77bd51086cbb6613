package rendezvous

import (
	"net/netip"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/gateway/web"
)

// limits bound what one address may have. Those of the proxies, behind which all
// handsets of a network can be, are not bounded here.
type limits struct {
	requests int     // at a time; 0 is no limit
	rate     float64 // requests a second; 0 is no limit
	now      func() time.Time

	mu    sync.Mutex
	all   map[netip.Addr]*place
	sweep int // how many there are when those of no use are looked for
}

// place is one address, or the 64 bits of a network of IPv6, which one
// subscriber has for himself.
type place struct {
	connections, requests int
	allowance             float64
	at                    time.Time // of allowance
}

// A second's requests twice may come at once.
const burstSeconds = 2

// fewPlaces are not worth looking for what is of no use.
const fewPlaces = 1024

func newLimits(requests int, rate float64, now func() time.Time) *limits {
	return &limits{requests: requests, rate: rate, now: now, all: map[netip.Addr]*place{}, sweep: fewPlaces}
}

func (l *limits) unlimited() bool { return l.requests == 0 && l.rate == 0 }

// request takes a place for a request; leave gives it back.
func (l *limits) request(a netip.Addr) (leave func(), why reason, retry time.Duration) {
	if l.unlimited() {
		return func() {}, fine, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.of(a)
	if l.requests > 0 && p.requests >= l.requests {
		return nil, addressCrowded, busyRetry
	}
	if l.rate > 0 {
		if p.allowance < 1 {
			return nil, throttled, time.Duration((1 - p.allowance) / l.rate * float64(time.Second))
		}
		p.allowance--
	}
	p.requests++
	return l.leave(&p.requests), fine, 0
}

// connection takes a place for a connection: twice as many as requests, because
// some are idle.
func (l *limits) connection(a netip.Addr) (leave func(), ok bool) {
	if l.unlimited() {
		return func() {}, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.of(a)
	if l.requests > 0 && p.connections >= 2*l.requests {
		return nil, false
	}
	p.connections++
	return l.leave(&p.connections), true
}

// room lets at most n connections be open, and of each address as many as the
// limits say.
func (s *Server) room(n int) func(from netip.Addr) (leave func(), ok bool) {
	all := make(web.Room, n)
	return func(from netip.Addr) (func(), bool) {
		leave, ok := all.Enter()
		switch {
		case !ok:
			s.counts.connections.Add(1)
			return nil, false
		case s.isProxy(from):
			return leave, true
		}
		leaveAddress, ok := s.limits.connection(from)
		if !ok {
			leave()
			s.counts.addressFull.Add(1)
			return nil, false
		}
		return func() { leaveAddress(); leave() }, true
	}
}

func (l *limits) leave(n *int) func() {
	return sync.OnceFunc(func() {
		l.mu.Lock()
		*n--
		l.mu.Unlock()
	})
}

// of is the place of an address, with the allowance of this moment.
func (l *limits) of(a netip.Addr) *place {
	if a.Is6() {
		if network, err := a.Prefix(64); err == nil {
			a = network.Addr()
		}
	}
	now := l.now()
	p := l.all[a]
	if p == nil {
		if len(l.all) >= l.sweep {
			l.clean(now)
		}
		p = &place{allowance: l.burst(), at: now}
		l.all[a] = p
	}
	l.refill(p, now)
	return p
}

func (l *limits) burst() float64 { return max(1, burstSeconds*l.rate) }

func (l *limits) refill(p *place, now time.Time) {
	if gone := now.Sub(p.at).Seconds(); gone > 0 {
		p.allowance = min(l.burst(), p.allowance+gone*l.rate)
	}
	p.at = now // also when the clock was set back
}

// clean forgets those that a new one would be like.
func (l *limits) clean(now time.Time) {
	for a, p := range l.all {
		l.refill(p, now)
		if p.connections == 0 && p.requests == 0 && (l.rate == 0 || p.allowance >= l.burst()) {
			delete(l.all, a)
		}
	}
	l.sweep = 2*len(l.all) + fewPlaces
}
