package m3ua

import (
	"context"
	"errors"
	"sync"

	"github.com/rs/zerolog"
)

// aspConn is one association of the server with the ASP behind it. s.mu is taken
// before mu; DATA needs only mu.
type aspConn struct {
	s       *Server
	conn    *conn
	number  uint64
	log     zerolog.Logger
	id      Optional[uint32] // guarded by s.mu
	allowed uint64           // the ASs it may serve; s.mu

	mu      sync.Mutex
	remote  RemoteASP
	effects []Effect
	beat    timer
}

// serve drives one association to its end.
func (s *Server) serve(ctx context.Context, a Association) {
	p := s.admit(a)
	var wg sync.WaitGroup
	p.handle(Event{Kind: CommUp}, nil, nil) // first: an ASPUP may be there already
	p.conn.start(&wg, p.receive)
	p.watch(ctx)
	p.conn.stop(&wg)
	s.count.lost.Add(1)
	p.log.Info().Err(p.conn.err).Str("why", p.conn.reason()).Msg("association ended")
	p.handle(Event{Kind: CommLost}, nil, nil) // stops the timer
	p.beat.wait()
	s.mu.Lock()
	delete(s.conns, p.number)
	s.mu.Unlock()
}

func (s *Server) admit(a Association) *aspConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	name := a.RemoteAddr().String()
	p := &aspConn{s: s, number: s.lastID, log: s.log.With().Str("peer", name).Logger()}
	if s.cfg.Beat > 0 {
		p.remote.MaxBeats = s.cfg.BeatsLost
	}
	p.conn = newConn(name, a, s.cfg.Queue, s.cfg.Tap, &s.count)
	s.conns[p.number] = p
	return p
}

func (p *aspConn) watch(ctx context.Context) {
	select {
	case <-p.conn.lost:
	case <-p.conn.end:
	case <-ctx.Done():
		p.conn.finish("server stops")
	}
}

// handle steps the machine for anything but DATA; m is the message received.
func (p *aspConn) handle(ev Event, b []byte, m Message) {
	s := p.s
	s.mu.Lock()
	for _, e := range p.step(ev, b) {
		switch e.Kind {
		case MemberUp:
			p.eachAS(p.allowed, func(a *appServer) { a.join(p) })
		case MemberDown:
			p.eachAS(p.allowed, func(a *appServer) { a.quit(p, e.Set&a.bit != 0) })
		case MemberActive:
			p.eachAS(e.Set, func(a *appServer) { a.activate(p) })
			s.unreachable(p, e.Set)
		case MemberStandby:
			p.eachAS(e.Set, func(a *appServer) { a.deactivate(p) })
		case Deliver:
			s.network(p, m)
		}
	}
	s.mu.Unlock()
	s.inform()
}

func (p *aspConn) eachAS(set uint64, do func(a *appServer)) {
	for _, a := range p.s.ass {
		if set&a.bit != 0 {
			do(a)
		}
	}
}

// step steps the machine, performs the effects that concern this association
// alone and returns the others.
func (p *aspConn) step(ev Event, b []byte) (rest []Effect) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remote, p.effects = p.remote.Step(ev, p.effects[:0])
	for i := range p.effects {
		if !p.perform(&p.effects[i], b) {
			rest = append(rest, p.effects[i])
		}
	}
	return rest
}

// perform performs an effect that concerns this association alone; others are
// not done.
func (p *aspConn) perform(e *Effect, b []byte) (done bool) {
	switch e.Kind {
	case Send:
		p.send(p.message(e, b))
	case SendError:
		p.conn.sendError(e.Code, b, blame(e.Code, b, p.s.contextsOf(p.allowed)))
	case StartTimer:
		expired := Event{Kind: BeatTimeout, Gen: e.Gen}
		p.beat.start(p.s.cfg.Beat, func() { p.handle(expired, nil, nil) })
	case StopTimer:
		p.beat.stop()
	case StateChanged:
		p.log.Info().Stringer("state", e.State).Msg("ASP state")
	case Close:
		p.conn.finish(e.Reason)
	case Anomaly:
		p.s.count.anomaly(e.Reason)
	case Notified:
		p.s.count.errorReceived(e.Code)
		p.log.Warn().Stringer("code", e.Code).Msg("ERR received")
	default:
		return false
	}
	return true
}

// send queues a message that is not DATA; an ASP that does not take them is of
// no use.
func (p *aspConn) send(m Message) {
	if errors.Is(p.conn.out.put(m), ErrBusy) {
		p.conn.finish("send queue full")
	}
}

func (p *aspConn) message(e *Effect, b []byte) Message {
	switch e.Type {
	case TypeASPUpAck:
		m := &ASPUpAck{}
		m.ASPIdentifier = p.id
		return m
	case TypeASPActiveAck:
		m := &ASPActiveAck{}
		m.TrafficMode, m.RoutingContext = p.s.modeOf(e.Set), p.s.contextsOf(e.Set)
		return m
	case TypeASPInactiveAck:
		m := &ASPInactiveAck{}
		m.RoutingContext = p.s.contextsOf(e.Set)
		return m
	case TypeBeat:
		return beat(p.remote.BeatGen)
	case TypeBeatAck:
		return beatAck(b)
	}
	return newMessage(e.Type, true)
}

// contextsOf are the routing contexts of a set of ASs.
func (s *Server) contextsOf(set uint64) (rcs []uint32) {
	for _, a := range s.ass {
		if set&a.bit != 0 {
			rcs = append(rcs, a.contexts()...)
		}
	}
	return rcs
}

// modeOf is the traffic mode of a set of ASs, when it is one.
func (s *Server) modeOf(set uint64) (mode Optional[TrafficMode]) {
	for _, a := range s.ass {
		if set&a.bit == 0 {
			continue
		}
		if mode.Set && mode.V != a.as.Mode {
			return Optional[TrafficMode]{}
		}
		mode = Some(a.as.Mode)
	}
	return mode
}

// receive takes one message on the reader of the association.
func (p *aspConn) receive(b []byte) {
	if typeOf(b) == TypeData {
		p.receiveData(b)
		return
	}
	m, err := Decode(b)
	if err == nil {
		if o, is := m.(*Other); is {
			err = unknownType(o)
		}
	}
	if err != nil {
		p.broken(b, CodeOf(err), err)
		return
	}
	ev := Event{Kind: ReceivedMessage, Type: m.Type()}
	p.s.mu.Lock()
	p.resolve(&ev, m)
	p.s.mu.Unlock()
	p.handle(ev, b, m)
}

func (p *aspConn) broken(b []byte, code ErrorCode, err error) {
	p.s.count.anomaly("message refused: " + code.String())
	p.log.Debug().Err(err).Msg("message refused")
	p.conn.sendError(code, b, Error{})
}

func (p *aspConn) receiveData(b []byte) {
	var d Data
	if err := d.Decode(b); err != nil {
		p.broken(b, CodeOf(err), err)
		return
	}
	p.s.mu.RLock()
	set, code := p.dataSet(&d)
	can := p.s.can(d.DPC)
	p.s.mu.RUnlock()
	switch {
	case code != 0:
		p.refuseData(&d, code, b)
	case !p.takes(set, b):
	case !can:
		p.s.count.anomaly("DATA for an unavailable destination")
		p.cannotReach(set, d.DPC)
	default:
		p.s.count.dataReceived.Add(1)
		p.s.user.Transfer(d.Transfer())
	}
}

func (p *aspConn) refuseData(d *Data, code ErrorCode, b []byte) {
	e := Error{NetworkAppearance: d.NetworkAppearance}
	if d.RoutingContext.Set {
		e.RoutingContext = []uint32{d.RoutingContext.V}
	}
	p.s.count.anomaly("message refused: " + code.String())
	p.conn.sendError(code, b, e)
}

// takes steps the machine with DATA and allocates nothing.
func (p *aspConn) takes(set uint64, b []byte) (deliver bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ev := Event{Kind: ReceivedMessage, Type: TypeData, Set: set}
	p.remote, p.effects = p.remote.Step(ev, p.effects[:0])
	for i := range p.effects {
		deliver = deliver || p.effects[i].Kind == Deliver
		p.perform(&p.effects[i], b)
	}
	return deliver
}

// dataSet finds the AS that DATA is for. s.mu is held. Before the first ASPUP
// an ASP has none, and the machine says so.
func (p *aspConn) dataSet(d *Data) (set uint64, code ErrorCode) {
	switch {
	case p.allowed == 0:
		return 0, 0
	case !d.RoutingContext.Set:
		return p.onlySet(d)
	}
	for _, a := range p.s.ass {
		if a.cfg.RoutingContext == nil || *a.cfg.RoutingContext != d.RoutingContext.V || a.bit&p.allowed == 0 {
			continue
		}
		if !a.hasAppearance(d.NetworkAppearance) {
			return 0, InvalidNetworkAppearance
		}
		return a.bit, 0
	}
	return 0, InvalidRoutingContext
}

// onlySet is for DATA without a routing context: it must not be missing when
// the ASP is active in several ASs that have one (RFC 4666 §3.3.1).
func (p *aspConn) onlySet(d *Data) (set uint64, code ErrorCode) {
	p.mu.Lock()
	active := p.remote.Active
	p.mu.Unlock()
	named := 0
	for _, a := range p.s.ass {
		if a.bit&p.allowed == 0 || !a.hasAppearance(d.NetworkAppearance) {
			continue
		}
		set |= a.bit
		if a.bit&active != 0 && a.cfg.RoutingContext != nil {
			named++
		}
	}
	switch {
	case set == 0:
		return 0, InvalidNetworkAppearance
	case named > 1:
		return 0, NoConfiguredAS
	}
	return set, 0
}
