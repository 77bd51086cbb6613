package m3ua

import (
	"maps"
	"slices"
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// changed follows a change of the state of l.
func (c *Client) changed(l *link) {
	c.mu.Lock()
	c.active = c.active[:0:0]
	for _, o := range c.links {
		if o.carries() {
			c.active = append(c.active, o)
		}
	}
	select {
	case <-c.ready:
		if len(c.active) == 0 {
			c.ready = make(chan struct{})
		}
	default:
		if len(c.active) > 0 {
			close(c.ready)
		}
	}
	c.elect()
	audit := c.auditList(l)
	c.mu.Unlock()
	l.audit(audit)
	c.inform(anywhere)
}

// elect makes as many associations active as the traffic mode wants. c.mu is
// held; stepping with Activate never changes a state at once.
func (c *Client) elect() {
	if c.yielded {
		return
	}
	var free *link
	for _, l := range c.links {
		l.mu.Lock()
		up, standby := l.asp.State != StateDown, l.asp.Standby
		l.mu.Unlock()
		switch {
		case !c.electing():
			if standby {
				l.step(Event{Kind: Activate}, nil)
			}
		case up && !standby:
			return
		case up && free == nil:
			free = l
		}
	}
	if free != nil {
		free.step(Event{Kind: Activate}, nil)
	}
}

// notified follows NTFY: after "alternate ASP active" we stand by until the AS
// has nobody active any more.
func (c *Client) notified(s Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s {
	case StatusAlternateASP:
		c.yielded = true
	case StatusASPending, StatusASInactive, StatusInsufficientASPs:
		c.yielded = false
		c.elect()
	}
}

// auditMax is how many destinations one DAUD asks about.
const auditMax = 1024

// auditList is what to ask l about when it is active, in ascending order: the
// configured destinations and those it had told about before. c.mu is held.
func (c *Client) auditList(l *link) []AffectedPointCode {
	if !slices.Contains(c.active, l) || c.cfg.IPSP != NoExchange { // an IPSP knows no network
		return nil
	}
	var v []AffectedPointCode
	for _, pc := range slices.Sorted(maps.Keys(c.paused)) {
		v = append(v, AffectedPointCode{PC: pc})
	}
	return v
}

// audit sends DAUD, several when there is much to ask about.
func (l *link) audit(v []AffectedPointCode) {
	m := &DAUD{}
	m.RoutingContext = l.contexts()
	if na := l.c.cfg.NetworkAppearance; na != nil {
		m.NetworkAppearance = Some(*na)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for m.Affected = range slices.Chunk(v, auditMax) {
		if l.conn == nil || l.conn.out.put(m) != nil {
			l.c.count.anomaly("DAUD not sent")
			return
		}
	}
}

// reachable takes DUNA and DAVA of one SGP.
func (c *Client) reachable(l *link, affected []AffectedPointCode, can bool) {
	c.mu.Lock()
	about := affected
	for _, a := range affected {
		if l.reach.say(a, !can) {
			about = anywhere
		}
		if a.Mask != 0 || len(c.paused) >= reachMax {
			continue
		}
		if _, known := c.paused[a.PC]; !known {
			c.paused[a.PC] = false
		}
		delete(c.congests, a.PC)
	}
	c.special.Store(c.isSpecial())
	c.mu.Unlock()
	c.inform(about)
}

// forget drops what a lost association had told.
func (c *Client) forget(l *link) {
	c.mu.Lock()
	l.reach.reset()
	c.special.Store(c.isSpecial())
	c.mu.Unlock()
	c.inform(anywhere)
}

func (c *Client) isSpecial() bool {
	return len(c.congests) > 0 || slices.ContainsFunc(c.links, func(l *link) bool { return !l.reach.plain() })
}

// anywhere is every destination.
var anywhere = []AffectedPointCode{{Mask: 24}}

// inform tells the user which destinations of those that may have changed can
// no longer or can again be reached. With tell held nobody else computes or
// tells in between.
func (c *Client) inform(about []AffectedPointCode) {
	c.tell.Lock()
	defer c.tell.Unlock()
	var pause, resume []mtp.PointCode
	c.mu.Lock()
	for _, pc := range c.knownOf(about) {
		was, is := c.paused[pc], !slices.ContainsFunc(c.active, func(l *link) bool { return l.reach.can(pc) })
		switch {
		case is == was:
		case is:
			pause = append(pause, pc)
		default:
			resume = append(resume, pc)
		}
		c.paused[pc] = is
	}
	c.mu.Unlock()
	slices.Sort(pause)
	slices.Sort(resume)
	for _, pc := range pause {
		c.user.Pause(pc)
	}
	for _, pc := range resume {
		c.user.Resume(pc)
	}
}

// knownOf are the destinations that the user is told about, of those that
// about covers. To look for what many ranges cover costs more than to take all
// of them. c.mu is held.
func (c *Client) knownOf(about []AffectedPointCode) []mtp.PointCode {
	var codes []mtp.PointCode
	var ranges []AffectedPointCode
	for _, a := range about {
		if _, known := c.paused[a.PC]; a.Mask != 0 {
			ranges = append(ranges, a)
		} else if known {
			codes = append(codes, a.PC)
		}
	}
	if len(ranges) == 0 {
		return codes
	}
	for pc := range c.paused {
		if len(ranges) > reachMax/64 || slices.ContainsFunc(ranges, func(a AffectedPointCode) bool { return a.Covers(pc) }) {
			codes = append(codes, pc)
		}
	}
	return codes
}

// congested takes SCON. Without a level (networks that have none) it is only
// passed on; with one, Transfer refuses lower priorities for a while.
func (c *Client) congested(m *SCON) {
	until := time.Now().Add(c.cfg.CongestionHold)
	c.mu.Lock()
	for _, a := range m.Affected {
		switch {
		case !m.Level.Set || a.Mask != 0:
		case m.Level.V == 0 || len(c.congests) >= reachMax:
			delete(c.congests, a.PC)
		default:
			c.congests[a.PC] = congestion{m.Level.V, until}
		}
	}
	c.special.Store(c.isSpecial())
	c.mu.Unlock()
	c.tell.Lock()
	defer c.tell.Unlock()
	for _, a := range m.Affected {
		c.user.Status(mtp.Status{Affected: a.PC, Cause: mtp.CauseCongestion, Level: m.Level.V})
	}
}
