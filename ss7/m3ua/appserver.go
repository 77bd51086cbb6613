package m3ua

import (
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// appServer is one AS and the ASPs that serve it. s.mu guards it.
type appServer struct {
	s      *Server
	bit    uint64
	cfg    ASConfig
	as     AS
	up     []*aspConn // ASP-INACTIVE and ASP-ACTIVE
	active []*aspConn // in the order of their identity, for load sharing
	queue  []mtp.Transfer
	timer  *time.Timer
	flows  flows
}

// flows are the traffic flows of an AS in mode broadcast, one a signalling link
// selection. Whenever an ASP becomes active, the first DATA of each flow carry
// a Correlation Id, by which the ASPs find out where the new one has come in
// (RFC 4666 §4.3.4.3).
type flows struct {
	mu     sync.Mutex
	tagged [256]bool
	last   uint32
}

func (f *flows) restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tagged = [256]bool{}
}

func (f *flows) tag(sls uint8) (id Optional[uint32]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tagged[sls] {
		return id
	}
	f.tagged[sls] = true
	f.last++
	return Some(f.last)
}

// send gives t to the ASPs that the traffic mode chooses.
func (a *appServer) send(t mtp.Transfer) error {
	if len(a.active) == 0 {
		return ErrNotActive
	}
	d := a.data(t)
	if a.as.Mode != Broadcast {
		return a.sendTo(a.active[int(t.SLS)%len(a.active)], &d)
	}
	d.CorrelationID = a.flows.tag(d.SLS)
	var first error
	for _, p := range a.active {
		if err := a.sendTo(p, &d); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (a *appServer) sendTo(p *aspConn, d *Data) error {
	err := p.conn.out.putData(d, p.conn.stream(d.SLS))
	if err == nil {
		a.s.count.dataSent.Add(1)
	}
	return err
}

func (a *appServer) data(t mtp.Transfer) (d Data) {
	d.SetTransfer(t)
	if a.cfg.NetworkAppearance != nil {
		d.NetworkAppearance = Some(*a.cfg.NetworkAppearance)
	}
	if a.cfg.RoutingContext != nil {
		d.RoutingContext = Some(*a.cfg.RoutingContext)
	}
	return d
}

// contexts is the routing context as a list, empty when there is none.
func (a *appServer) contexts() []uint32 {
	if a.cfg.RoutingContext == nil {
		return nil
	}
	return []uint32{*a.cfg.RoutingContext}
}

// step steps the machine and performs its effects.
func (a *appServer) step(ev Event) {
	var out []Effect
	was := a.as.State
	a.as, out = a.as.Step(ev, nil)
	if was != a.as.State {
		a.s.log.Info().Str("as", a.cfg.Name).Stringer("state", a.as.State).Msg("AS state")
	}
	for i := range out {
		a.perform(&out[i])
	}
}

func (a *appServer) perform(e *Effect) {
	switch e.Kind {
	case NotifyAll:
		for _, p := range a.up {
			a.notify(p, e)
		}
	case NotifyStandby:
		for _, p := range a.up {
			if !slices.Contains(a.active, p) {
				a.notify(p, e)
			}
		}
	case NotifyOne:
		if p := a.s.conns[e.ASP]; p != nil {
			a.notify(p, e)
		}
	case TakeOver:
		a.takeOver(a.s.conns[e.ASP])
	case StartTimer:
		a.startRecovery(e.Gen)
	case StopTimer:
		a.timer.Stop()
	case Available, Unavailable:
		a.s.served(a, e.Kind == Available)
	case Flush:
		a.flush()
	case Discard:
		a.queue = nil
	case Anomaly:
		a.s.count.anomaly(e.Reason)
	}
}

func (a *appServer) notify(p *aspConn, e *Effect) {
	m := &Notify{Status: e.Status, RoutingContext: a.contexts()}
	switch failed := a.s.conns[e.ASP]; {
	case e.Status == StatusAlternateASP && len(a.active) > 0:
		m.ASPIdentifier = a.active[len(a.active)-1].id
	case e.Status == StatusASPFailure && failed != nil:
		m.ASPIdentifier = failed.id
	}
	p.send(m)
}

// takeOver makes p inactive here: another ASP has overridden it.
func (a *appServer) takeOver(p *aspConn) {
	if p == nil {
		return
	}
	a.active = slices.DeleteFunc(a.active, func(q *aspConn) bool { return q == p })
	p.step(Event{Kind: Overridden, Set: a.bit}, nil)
}

// startRecovery starts T(r). The callback is stale when the generation moved on.
func (a *appServer) startRecovery(gen uint32) {
	a.timer = time.AfterFunc(a.s.cfg.Recovery, func() {
		a.s.mu.Lock()
		if a.as.Gen == gen {
			a.step(Event{Kind: RecoveryTimeout, Gen: gen})
		}
		a.s.mu.Unlock()
		a.s.inform()
	})
}

// flush sends what was queued while nobody was active.
func (a *appServer) flush() {
	for _, t := range a.queue {
		if a.send(t) != nil {
			a.s.count.refused.Add(1)
		}
	}
	a.queue = nil
}

// join and the rest keep the lists in step with the machine.
func (a *appServer) join(p *aspConn) {
	a.up = append(a.up, p)
	a.step(Event{Kind: ASPIsUp, ASP: p.number})
}

func (a *appServer) activate(p *aspConn) {
	a.active = append(a.active, p)
	a.flows.restart()
	slices.SortFunc(a.active, func(x, y *aspConn) int { return int(x.number) - int(y.number) })
	a.step(Event{Kind: ASPIsActive, ASP: p.number})
}

func (a *appServer) deactivate(p *aspConn) {
	a.active = slices.DeleteFunc(a.active, func(q *aspConn) bool { return q == p })
	a.step(Event{Kind: ASPIsInactive, ASP: p.number})
}

func (a *appServer) quit(p *aspConn, wasActive bool) {
	a.up = slices.DeleteFunc(a.up, func(q *aspConn) bool { return q == p })
	a.active = slices.DeleteFunc(a.active, func(q *aspConn) bool { return q == p })
	a.step(Event{Kind: ASPIsDown, ASP: p.number, WasActive: wasActive})
}
