package simulation

import (
	"errors"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// signalling is the network between the gateway, the MSC and the HLR/AC.
type signalling struct {
	w     *world
	lab   *sim.Network // MSC and HLR; what they say to each other is not disturbed
	nodes map[mtp.PointCode]*node

	mu    sync.Mutex
	asked map[ansi.TransactionID]sign
	fates map[ansi.TransactionID]fate
}

// node is the MSC or the HLR, seen from the gateway.
type node struct {
	net  *signalling
	name string
	cut  string // the window that cuts it off
	sccp *sccp.Endpoint
	tcap *tcap.Endpoint
	void *sccp.Endpoint // the same node with nobody in it: it returns what comes
	deny *sccp.Endpoint // the same node with somebody who refuses everything
}

// trns is how many temporary reference numbers the MSC has.
const trns = 300

func newSignalling(w *world) *signalling {
	cfg := sim.LabConfig()
	cfg.TRNs = trns
	n := &signalling{w: w, lab: sim.NewNetwork(cfg), nodes: map[mtp.PointCode]*node{}, asked: map[ansi.TransactionID]sign{}, fates: map[ansi.TransactionID]fate{}}
	n.add("MSC", cutMSC, cfg.MSC, cfg.Gateway, switchboard{w, n.lab.MSC})
	n.add("AC", cutAC, cfg.HLR, cfg.Gateway, switchboard{w, n.lab.HLR})
	w.register = newRegister(w, &cfg)
	w.register.hlr = n.nodes[cfg.HLR.PC]
	return n
}

func (n *signalling) add(name, cut string, at, gw sim.Node, h tcap.Handler) {
	x := &node{net: n, name: name, cut: cut}
	sc := sccp.Config{Variant: sccp.ANSI, OPC: at.PC, NI: mtp.National, Peers: []sccp.Peer{{PointCode: gw.PC, XUDT: sccp.XUDTWhenNeeded}}}
	x.sccp = sccp.NewEndpoint(sc, x, zerolog.Nop())
	x.void = sccp.NewEndpoint(sc, x, zerolog.Nop())
	x.tcap = tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, at.PC, at.SSN)}, x.sccp, h, zerolog.Nop())
	x.sccp.Bind(at.SSN, x.tcap)
	x.deny = sccp.NewEndpoint(sc, x, zerolog.Nop())
	x.deny.Bind(at.SSN, tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, at.PC, at.SSN)}, x.deny, denial{}, zerolog.Nop()))
	n.nodes[at.PC] = x
}

// denial is a node that carries nothing out.
type denial struct{}

func (denial) Invoke(q *tcap.Incoming) { q.Error(uint8(ansi41.SystemFailure), nil) }

// fate is what becomes of a message at its node. All copies of one that the
// network has repeated share it, so that "returned" means that none arrived.
func (n *signalling) fate(s sign) fate {
	n.mu.Lock()
	defer n.mu.Unlock()
	f, known := n.fates[s.id]
	if !known {
		f.returned = n.w.fault("returned", s.String(), n.w.plan.returned)
		f.refused = !f.returned && n.w.fault("refused", s.String(), n.w.plan.refused)
		n.fates[s.id] = f
		if f.returned && !s.post() {
			n.w.ledger.returned(&s)
		}
	}
	return f
}

type fate struct{ returned, refused bool }

// fromGateway takes a message of the gateway.
func (n *signalling) fromGateway(p *process, t mtp.Transfer) error {
	w := n.w
	s := n.readQuery(t)
	where := s.String()
	if !s.query {
		w.register.left(s.id)
	}
	if w.during(linkDown) {
		w.say("gw: %s: link down", where)
		return errors.New("no association is active")
	}
	if w.fault("crash at message", where, w.plan.crash) {
		w.kill("at " + where)
		return nil
	}
	switch {
	case s.part:
		s.of = w.ledger.sentSMDPP(s.id)
		p.parts.leaves(w, s.id)
	case !s.post():
		w.ledger.sent(&s)
	}
	if s.query {
		n.mu.Lock()
		n.asked[s.id] = s
		n.mu.Unlock()
	}
	t.Data = append([]byte(nil), t.Data...)
	x := n.nodes[t.DPC]
	n.carry(x, "gw > "+x.name+": "+where, w.plan.latest, func() { n.arrive(p, x, t, s) })
	return nil
}

// carry takes a message through the network, or loses, repeats or delays it.
func (n *signalling) carry(x *node, what string, latest time.Duration, deliver func()) {
	w := n.w
	switch {
	case w.during(cutAll), w.during(x.cut), w.fault("lost", what, w.plan.lost):
		w.say("%s: lost", what)
		return
	case w.fault("twice", what, w.plan.twice):
		w.say("%s: twice", what)
		w.after(w.between("repeated "+what, time.Millisecond, 300*time.Millisecond), deliver)
	}
	d := w.between("way of "+what, time.Millisecond, 25*time.Millisecond)
	if w.fault("late", what, w.plan.late) {
		d += w.between("lateness of "+what, 100*time.Millisecond, latest)
		w.say("%s: late by %s", what, d.Round(time.Millisecond))
	}
	w.after(d, deliver)
}

// arrive is the message at its node, which acts and answers at once.
func (n *signalling) arrive(p *process, x *node, t mtp.Transfer, s sign) {
	w := n.w
	if now := w.running(); p.isDead() && now != nil {
		return // see doc.go: what a process has sent does not outlast the next start
	}
	if !s.query { // the answer to an SMSNOT
		w.say("%s gets: %s", x.name, &s)
		x.sccp.Transfer(t)
		return
	}
	f := n.fate(s)
	if f.returned {
		w.say("%s returns: %s", x.name, &s)
		x.void.Transfer(t)
		return
	}
	if f.refused {
		w.say("%s refuses: %s", x.name, &s)
		x.deny.Transfer(t)
		return
	}
	w.say("%s gets: %s", x.name, &s)
	if s.post() {
		x.sccp.Transfer(t)
	} else {
		w.ledger.before(&s)
		x.sccp.Transfer(t)
		w.ledger.after(&s)
	}
	if w.fault("crash behind message", s.String(), w.plan.crash) {
		w.kill("behind " + s.String())
	}
}

// Transfer takes what a node sends to the gateway.
func (x *node) Transfer(t mtp.Transfer) error {
	n := x.net
	s := n.readAnswer(t)
	t.Data = append([]byte(nil), t.Data...)
	n.carry(x, x.name+" > gw: "+s.String(), 5*n.w.plan.latest, func() {
		if p := n.w.running(); p != nil && p.ready.Load() {
			n.w.say("gw gets: %s", &s)
			switch {
			case s.part:
				n.answered(p, &s)
			case s.query:
				n.w.register.arrives(p, &s)
			}
			p.gw.Transfer(t)
		}
	})
	return nil
}

// answered: the gateway gets the answer to an SMDPP with a part.
func (n *signalling) answered(p *process, s *sign) {
	if !p.parts.lands(s.id) {
		return // it has given up waiting, or has this answer already
	}
	n.mu.Lock()
	f := n.fates[s.id]
	n.mu.Unlock()
	r := n.w.register
	r.mu.Lock()
	v := r.verdicts[s.id]
	r.mu.Unlock()
	fail := f.returned || f.refused || v.fail
	n.w.ledger.heard(s.of, v.ok && !fail, fail, "")
}

// partTime is how long the gateway waits for the answer to an SMDPP.
const partTime = 2500 * time.Millisecond

// parts are the SMDPPs of a process that are under way.
type parts struct {
	mu   sync.Mutex
	open map[ansi.TransactionID]time.Time
}

func (o *parts) leaves(w *world, id ansi.TransactionID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open == nil {
		o.open = map[ansi.TransactionID]time.Time{}
	}
	now := time.Now()
	for id, until := range o.open {
		if !now.Before(until) {
			delete(o.open, id)
		}
	}
	o.open[id] = now.Add(partTime)
	if n := len(o.open); n > w.plan.post.window {
		w.breach("%d SMDPP are under way, and the window is %d", n, w.plan.post.window)
	}
}

// lands tells whether this answer is still waited for.
func (o *parts) lands(id ansi.TransactionID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	until, there := o.open[id]
	delete(o.open, id)
	return there && time.Now().Before(until)
}
