package m3ua

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Exchange is how two IP server processes, which have no signalling gateway
// between them, agree that they are there and take traffic (RFC 4666 §4.3).
type Exchange uint8

// The exchanges.
const (
	NoExchange     Exchange = iota // no IPSP: an ASP at an SGP
	SingleExchange                 // one exchange, begun by either side, is for both
	DoubleExchange                 // each side asks for the traffic to itself
)

func (e Exchange) String() string {
	return [...]string{"no IPSP", "single exchange", "double exchange"}[e%3]
}

// Carries reports whether the peer takes our traffic.
func (s ASP) Carries() bool {
	if s.Exchange == DoubleExchange {
		return s.Peer == StateActive
	}
	return s.State == StateActive
}

// peerAsks takes ASPUP, ASPDN, ASPAC and ASPIA of another IPSP. In double
// exchange they move the peer's state at us and nothing else; in single
// exchange there is only one state.
func (s ASP) peerAsks(ev Event, out []Effect) (ASP, []Effect) {
	if ev.Code != 0 {
		return s, append(out, Effect{Kind: SendError, Code: ev.Code})
	}
	if s.Exchange == DoubleExchange {
		next, _, out := answer(s.Peer, ev.Type, out)
		return s.peerBecomes(next, out)
	}
	next, good, out := answer(s.State, ev.Type, out)
	if !good {
		return s, out
	}
	// What we were asking for is overtaken; its ack may still come.
	out = s.forget(out)
	s.Await = 0
	if s.Leaving {
		next = StateDown
	}
	s.Yielded = ev.Type == TypeASPDown || ev.Type == TypeASPInactive
	if ev.Type == TypeASPActive {
		s.Standby = false
	}
	s, out = s.become(next, out)
	return s.advance(out)
}

// answer is what an IPSP does for another one in state, as an SGP does for an
// ASP (RFC 4666 §4.3.4); good is false when the request cannot be met.
func answer(state ASPState, t Type, out []Effect) (next ASPState, good bool, _ []Effect) {
	unexpected := Effect{Kind: SendError, Code: UnexpectedMessage}
	switch {
	case t == TypeASPUp:
		out = append(out, Effect{Kind: Send, Type: TypeASPUpAck})
		if state == StateActive {
			out = append(out, unexpected)
		}
		return StateInactive, true, out
	case t == TypeASPDown:
		return StateDown, true, append(out, Effect{Kind: Send, Type: TypeASPDownAck})
	case state == StateDown:
		return state, false, append(out, unexpected)
	case t == TypeASPActive:
		return StateActive, true, append(out, Effect{Kind: Send, Type: TypeASPActiveAck})
	}
	return StateInactive, true, append(out, Effect{Kind: Send, Type: TypeASPInactiveAck})
}

func (s ASP) peerBecomes(state ASPState, out []Effect) (ASP, []Effect) {
	if s.Peer == state {
		return s, out
	}
	s.Peer = state
	return s, append(out, Effect{Kind: PeerChanged, State: state})
}

// waits reports that an IPSP leaves the next step to its peer.
func (s ASP) waits() bool { return s.Exchange == SingleExchange && (s.Waits || s.Yielded) }

// Accept makes a PeerConfig.Dial of a listener, for an IPSP that is called. The
// listener is closed when the ctx of Client.Run ends, whether it waits for a
// peer then or not.
func Accept(ln Listener) func(ctx context.Context) (Association, error) {
	var once sync.Once
	return func(ctx context.Context) (Association, error) {
		once.Do(func() { context.AfterFunc(ctx, func() { _ = ln.Close() }) })
		return ln.Accept()
	}
}

// checkIPSP finds what two IPSPs cannot do.
func (c *ClientConfig) checkIPSP() error {
	switch {
	case c.IPSP > DoubleExchange:
		return fmt.Errorf("unknown exchange %d", c.IPSP)
	case c.IPSP != NoExchange && len(c.RoutingKeys) > 0:
		return errors.New("an IPSP registers no routing keys")
	}
	for _, p := range c.Peers {
		if p.Waits && c.IPSP != SingleExchange {
			return errors.New("only an IPSP in single exchange may wait for its peer")
		}
	}
	return nil
}

// request checks the ASPAC or ASPIA b of another IPSP. In single exchange both
// sides have the same ASs; in double exchange the contexts are the peer's own.
func (l *link) request(m Message, b []byte) ErrorCode {
	l.mu.Lock()
	defer l.mu.Unlock()
	own, mode := l.routing(), l.c.cfg.TrafficMode
	asks, active := m.(*ASPActive)
	switch {
	case l.c.cfg.IPSP == NoExchange:
		return 0 // unexpected anyway
	case active && asks.TrafficMode.Set && (asks.TrafficMode.V < Override || asks.TrafficMode.V > Broadcast ||
		mode != 0 && asks.TrafficMode.V != mode):
		return UnsupportedTrafficMode
	case l.c.cfg.IPSP == SingleExchange && len(own) > 0 && len(foreign(b, own)) > 0:
		return InvalidRoutingContext
	case active:
		l.theirs = asks.RoutingContext
	}
	return 0
}

// answer is the ack to the request b of another IPSP. It names what b names.
func (l *link) answer(t Type, b []byte) Message {
	rcs := numbersIn(b, TagRoutingContext)
	switch t {
	case TypeASPUpAck:
		m := &ASPUpAck{}
		if id := l.c.cfg.ASPID; id != nil {
			m.ASPIdentifier = Some(*id)
		}
		return m
	case TypeASPActiveAck:
		m := &ASPActiveAck{}
		m.RoutingContext = rcs
		if v := numbersIn(b, TagTrafficModeType); len(v) > 0 {
			m.TrafficMode = Some(TrafficMode(v[0]))
		}
		return m
	case TypeASPInactiveAck:
		m := &ASPInactiveAck{}
		m.RoutingContext = rcs
		return m
	}
	return newMessage(t, true)
}
