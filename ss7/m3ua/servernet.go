package m3ua

import (
	"maps"
	"slices"

	"github.com/otagate/otagate/ss7/mtp"
)

// resolve turns identifiers and routing contexts into sets of ASs. s.mu is held.
func (p *aspConn) resolve(ev *Event, m Message) {
	switch m := m.(type) {
	case *ASPUp:
		ev.Code = p.identify(m.ASPIdentifier)
	case *ASPActive:
		ev.Set, ev.Code = p.setOf(m.RoutingContext)
		if ev.Code == 0 && m.TrafficMode.Set {
			ev.Code = p.s.checkMode(ev.Set, m.TrafficMode.V)
		}
	case *ASPInactive:
		ev.Set, ev.Code = p.setOf(m.RoutingContext)
	case *DAUD:
		ev.Code = p.checkNetwork(m.RoutingContext, m.NetworkAppearance)
	case *SCON:
		ev.Code = p.checkNetwork(m.RoutingContext, m.NetworkAppearance)
	case *Error:
		ev.Code = m.Code
	}
}

// identify finds the ASs that an ASP may serve.
func (p *aspConn) identify(id Optional[uint32]) ErrorCode {
	var allowed uint64
	for _, a := range p.s.ass {
		if len(a.cfg.ASPs) == 0 || id.Set && slices.Contains(a.cfg.ASPs, id.V) {
			allowed |= a.bit
		}
	}
	switch {
	case p.remote.State != StateDown:
		// A repeated ASPUP does not change who the ASP is.
		return 0
	case id.Set && slices.Contains(p.s.cfg.Blocked, id.V):
		return RefusedManagementBlocking
	case allowed == 0 && !id.Set && len(p.s.ass) > 0:
		return ASPIdentifierRequired
	case allowed == 0 && len(p.s.ass) > 0:
		return InvalidASPIdentifier
	}
	p.id, p.allowed = id, allowed
	return 0
}

// setOf are the ASs meant by routing contexts, all when there are none.
func (p *aspConn) setOf(rcs []uint32) (set uint64, code ErrorCode) {
	if len(rcs) == 0 {
		if p.allowed == 0 {
			return 0, NoConfiguredAS
		}
		return p.allowed, 0
	}
	for _, rc := range rcs {
		i := slices.IndexFunc(p.s.ass, func(a *appServer) bool {
			return a.cfg.RoutingContext != nil && *a.cfg.RoutingContext == rc && a.bit&p.allowed != 0
		})
		if i < 0 {
			return 0, InvalidRoutingContext
		}
		set |= p.s.ass[i].bit
	}
	return set, 0
}

// checkNetwork finds fault with routing contexts and network appearance of SSNM.
func (p *aspConn) checkNetwork(rcs []uint32, na Optional[uint32]) ErrorCode {
	set, code := p.setOf(rcs)
	if code != 0 {
		return code
	}
	for _, a := range p.s.ass {
		if set&a.bit != 0 && a.hasAppearance(na) {
			return 0
		}
	}
	return InvalidNetworkAppearance
}

// hasAppearance reports whether na can be that of a; none can.
func (a *appServer) hasAppearance(na Optional[uint32]) bool {
	return a.cfg.NetworkAppearance == nil || !na.Set || *a.cfg.NetworkAppearance == na.V
}

func (s *Server) checkMode(set uint64, mode TrafficMode) ErrorCode {
	for _, a := range s.ass {
		if set&a.bit != 0 && mode != a.as.Mode {
			return UnsupportedTrafficMode
		}
	}
	return 0
}

// served follows the point codes of an AS: the user hears it, and so do the
// ASPs of the others. s.mu is held.
func (s *Server) served(a *appServer, can bool) {
	for _, pc := range a.cfg.PointCodes {
		s.news = append(s.news, news{pc, !can})
	}
	s.tellASPs(a, a.cfg.PointCodes, can)
}

// tellASPs sends DUNA or DAVA to the ASPs active in any AS but except.
func (s *Server) tellASPs(except *appServer, pcs []mtp.PointCode, can bool) {
	if len(pcs) == 0 {
		return
	}
	s.eachActive(func(a *appServer, p *aspConn) {
		switch {
		case a == except:
		case can:
			p.send(&DAVA{a.about(pcs)})
		default:
			p.send(&DUNA{a.about(pcs)})
		}
	})
}

// about is what SSNM tells the ASPs of a about pcs.
func (a *appServer) about(pcs []mtp.PointCode) Destinations {
	body := Destinations{RoutingContext: a.contexts(), Affected: affected(pcs)}
	if a.cfg.NetworkAppearance != nil {
		body.NetworkAppearance = Some(*a.cfg.NetworkAppearance)
	}
	return body
}

func affected(pcs []mtp.PointCode) []AffectedPointCode {
	v := make([]AffectedPointCode, len(pcs))
	for i, pc := range pcs {
		v[i].PC = pc
	}
	return v
}

// unreachable tells an ASP that became active what it cannot reach, or only
// by a poor way. s.mu is held.
func (s *Server) unreachable(p *aspConn, set uint64) {
	var pcs []mtp.PointCode
	for _, a := range s.ass {
		if set&a.bit == 0 && (a.as.State == ASDown || a.as.State == ASInactive) {
			pcs = append(pcs, a.cfg.PointCodes...)
		}
	}
	pcs = slices.AppendSeq(pcs, maps.Keys(s.paused))
	slices.Sort(pcs)
	poor := slices.Sorted(maps.Keys(s.poor))
	p.eachAS(set, func(a *appServer) {
		if len(pcs) > 0 {
			p.send(&DUNA{a.about(pcs)})
		}
		if len(poor) > 0 {
			p.send(&DRST{a.about(poor)})
		}
	})
}

// cannotReach answers DATA whose destination cannot be reached (§3.4.1).
func (p *aspConn) cannotReach(set uint64, pc mtp.PointCode) {
	p.s.mu.RLock()
	defer p.s.mu.RUnlock()
	for _, a := range p.s.ass {
		if set&a.bit != 0 {
			p.send(&DUNA{a.about([]mtp.PointCode{pc})})
			return
		}
	}
}

// can reports whether pc can be reached. s.mu is held.
func (s *Server) can(pc mtp.PointCode) bool {
	if s.paused[pc] {
		return false
	}
	if a := s.byPC[pc]; a != nil {
		return a.as.State == ASActive || a.as.State == ASPending
	}
	return s.cfg.Destinations == nil || slices.Contains(s.cfg.Destinations, pc)
}

// network answers DAUD. The congestion that an ASP reports with SCON is taken
// and not acted upon: there is no MTP network here to slow down. s.mu is held.
func (s *Server) network(p *aspConn, m Message) {
	d, is := m.(*DAUD)
	if !is {
		return
	}
	for _, a := range d.Affected {
		can := s.can(a.PC)
		if a.Mask != 0 {
			can = s.canAll(a)
		}
		body := Destinations{NetworkAppearance: d.NetworkAppearance, RoutingContext: d.RoutingContext, Affected: []AffectedPointCode{a}}
		switch {
		case can && s.poor[a.PC] && a.Mask == 0:
			p.send(&DRST{body})
		case can:
			p.send(&DAVA{body})
		default:
			p.send(&DUNA{body})
		}
		if level := s.level[a.PC]; level > 0 && can {
			p.send(&SCON{NetworkAppearance: d.NetworkAppearance, RoutingContext: d.RoutingContext, Affected: body.Affected, Level: Some(level)})
		}
	}
}

// canAll reports whether every point code known in the range can be reached.
func (s *Server) canAll(a AffectedPointCode) bool {
	for pc := range s.byPC {
		if a.Covers(pc) && !s.can(pc) {
			return false
		}
	}
	for pc := range s.paused {
		if a.Covers(pc) {
			return false
		}
	}
	return true
}

// Pause tells the ASPs that a destination behind the gateway cannot be reached.
func (s *Server) Pause(pc mtp.PointCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused[pc] = true
	delete(s.poor, pc)
	s.tellASPs(s.byPC[pc], []mtp.PointCode{pc}, false)
}

// Restrict tells the ASPs that another way to a destination is better.
func (s *Server) Restrict(pc mtp.PointCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.poor[pc] = true
	delete(s.paused, pc)
	s.eachActive(func(a *appServer, p *aspConn) { p.send(&DRST{a.about([]mtp.PointCode{pc})}) })
}

// Resume takes Pause and Restrict back.
func (s *Server) Resume(pc mtp.PointCode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.paused, pc)
	delete(s.poor, pc)
	s.tellASPs(s.byPC[pc], []mtp.PointCode{pc}, s.can(pc))
}

// Congestion tells the ASPs the congestion level of a destination, 0 for none.
func (s *Server) Congestion(pc mtp.PointCode, level uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if level == 0 {
		delete(s.level, pc)
	} else {
		s.level[pc] = level
	}
	s.eachActive(func(a *appServer, p *aspConn) {
		p.send(&SCON{RoutingContext: a.contexts(), Affected: affected([]mtp.PointCode{pc}), Level: Some(level)})
	})
}

// UserPartUnavailable tells the ASPs that a destination has no such MTP user.
func (s *Server) UserPartUnavailable(pc mtp.PointCode, user uint8, cause UnavailabilityCause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.eachActive(func(a *appServer, p *aspConn) {
		p.send(&DUPU{RoutingContext: a.contexts(), Affected: affected([]mtp.PointCode{pc}), Cause: cause, User: uint16(user)})
	})
}

func (s *Server) eachActive(do func(a *appServer, p *aspConn)) {
	for _, a := range s.ass {
		for _, p := range a.active {
			do(a, p)
		}
	}
}
