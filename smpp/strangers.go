package smpp

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// LockOut says when an address is not served for a while: after so many refused
// binds, for want of a name, a password, a network or a certificate.
type LockOut struct {
	Failures  int           // in a time of For; 0 means 10, a negative number that nobody is locked out
	For       time.Duration // 5 minutes
	Addresses int           // that are watched, 4096; of more, those are forgotten that would be first anyway
}

// strangers is what a server knows of those who are not bound: how many
// connections each address has, and how often it was refused. An IPv6 address
// stands for its /64, of which a host may have all.
type strangers struct {
	cfg    LockOut
	most   int // connections of an address that are not bound
	mu     sync.Mutex
	open   map[netip.Prefix]int
	failed map[netip.Prefix]*failures
}

type failures struct {
	count  int
	locked bool
	until  time.Time // when it is forgotten
}

func newStrangers(cfg LockOut, most int) *strangers {
	return &strangers{cfg: cfg, most: most, open: map[netip.Prefix]int{}, failed: map[netip.Prefix]*failures{}}
}

// originOf is the address that a connection counts for. That of a connection in
// memory is nobody's.
func originOf(nc net.Conn) netip.Prefix {
	ap, err := netip.ParseAddrPort(nc.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}
	}
	a, bits := ap.Addr().Unmap().WithZone(""), 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // there are so many
	return p
}

// enter tells whether another connection of an address is served. If it is, it
// counts until leave.
func (s *strangers) enter(from netip.Prefix, now time.Time) Reason {
	if !from.IsValid() {
		return ReasonNone
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.failed[from]; f != nil && f.locked && now.Before(f.until) {
		return ReasonLockedOut
	}
	if s.open[from] >= s.most {
		return ReasonTooManyOfAddress
	}
	s.open[from]++
	return ReasonNone
}

// leave is told when a connection is bound, or has ended before.
func (s *strangers) leave(from netip.Prefix) {
	if !from.IsValid() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[from]--; s.open[from] <= 0 {
		delete(s.open, from)
	}
}

// refused counts a refused bind, and tells whether the address is locked out for it.
func (s *strangers) refused(from netip.Prefix, why Reason, now time.Time) bool {
	if !from.IsValid() || s.cfg.Failures < 0 || !suspicious(why) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.failed[from]
	if f == nil || !now.Before(f.until) {
		s.forget(now)
		f = &failures{until: now.Add(s.cfg.For)}
		s.failed[from] = f
	}
	if f.count++; f.count < s.cfg.Failures || f.locked {
		return false
	}
	f.locked, f.until = true, now.Add(s.cfg.For)
	return true
}

// forget makes room for one address more.
func (s *strangers) forget(now time.Time) {
	if len(s.failed) < s.cfg.Addresses {
		return
	}
	var first netip.Prefix
	for p, f := range s.failed {
		if !now.Before(f.until) {
			delete(s.failed, p)
		} else if !first.IsValid() || f.until.Before(s.failed[first].until) {
			first = p
		}
	}
	if len(s.failed) >= s.cfg.Addresses {
		delete(s.failed, first)
	}
}

// suspicious are the refusals that who knows nothing gets.
func suspicious(why Reason) bool {
	switch why {
	case ReasonUnknownSystemID, ReasonWrongPassword, ReasonPasswordTooLong, ReasonNetwork, ReasonCertificate:
		return true
	}
	return false
}
