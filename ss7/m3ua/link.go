package m3ua

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/rs/zerolog"
)

// link is the association to one SGP and our ASP state there.
type link struct {
	c    *Client
	peer PeerConfig
	log  zerolog.Logger

	mu      sync.Mutex
	asp     ASP
	conn    *conn // nil without association
	effects []Effect
	timers  [2]timer // by Timer
	active  bool     // this association has been active
	keys    []uint32 // routing contexts of the registered keys, in their order
	theirs  []uint32 // double exchange: those of the peer's ASPAC

	reach reach // guarded by c.mu
}

func newLink(c *Client, p PeerConfig) *link {
	l := &link{c: c, peer: p, log: c.log.With().Str("peer", p.Name).Logger()}
	l.asp = ASP{MaxTries: c.cfg.AckTries, Standby: c.electing(), Register: len(c.cfg.RoutingKeys) > 0, Exchange: c.cfg.IPSP, Waits: p.Waits}
	if c.cfg.Beat > 0 {
		l.asp.MaxBeats = c.cfg.BeatsLost
	}
	l.reach.prohibited = c.cfg.UnknownProhibited
	return l
}

// electing reports whether only one of several associations is to be active.
func (c *Client) electing() bool { return c.cfg.TrafficMode == Override && len(c.cfg.Peers) > 1 }

func (l *link) run(ctx context.Context) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = l.c.cfg.ReconnectMin, l.c.cfg.ReconnectMax
	said := "" // why the last try failed: the same again is no news
	for ctx.Err() == nil {
		a, err := l.peer.Dial(ctx)
		switch {
		case err != nil && cause(err) != said:
			said = cause(err)
			l.log.Warn().Err(err).Msg("cannot connect")
		case err != nil:
			l.log.Debug().Err(err).Msg("cannot connect")
		default:
			said = ""
			if l.serve(ctx, a) {
				pause.Reset()
			}
		}
		t := time.NewTimer(pause.NextBackOff())
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
	}
}

// cause is what an error of Dial comes down to. Its whole text differs from try
// to try: it may name the port that a name server was asked from.
func cause(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.Name
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// serve drives one association to its end and reports whether it was active.
func (l *link) serve(ctx context.Context, a Association) (wasActive bool) {
	var wg sync.WaitGroup
	cn := newConn(l.peer.Name, a, l.c.cfg.Queue, l.c.cfg.Tap, &l.c.count)
	l.attach(cn)
	l.handle(Event{Kind: CommUp}, nil) // first: a message may be there already
	cn.start(&wg, l.receive)
	l.watch(ctx, cn)
	cn.abortDeaf()
	cn.stop(&wg)
	l.c.count.lost.Add(1)
	l.log.Info().Err(cn.err).Str("why", cn.reason()).Msg("association ended")
	l.handle(Event{Kind: CommLost}, nil) // stops the timers
	for i := range l.timers {
		l.timers[i].wait()
	}
	l.rest()
	wasActive = l.attach(nil)
	l.c.forget(l)
	return wasActive
}

// rest puts the machine back to where it started: a new association is made
// active even if another ASP had overridden the old one.
func (l *link) rest() {
	l.c.mu.Lock()
	l.c.yielded = false
	l.c.mu.Unlock()
	kind := Activate
	if l.c.electing() {
		kind = Deactivate
	}
	l.step(Event{Kind: kind}, nil)
}

// attach begins with an association, or with none, and reports whether the one
// before was active.
func (l *link) attach(cn *conn) (wasActive bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	wasActive = l.active
	l.conn, l.active, l.keys, l.theirs = cn, false, nil, nil
	return wasActive
}

// watch returns when the association is lost or to be closed, or when the
// peer has had its time after the end of ctx.
func (l *link) watch(ctx context.Context, cn *conn) {
	select {
	case <-cn.lost:
		return
	case <-cn.end:
		return
	case <-ctx.Done():
	}
	gaveUp := time.NewTimer(l.c.cfg.TAck)
	defer gaveUp.Stop()
	l.handle(Event{Kind: Stop}, nil)
	select {
	case <-cn.lost:
	case <-cn.end:
	case <-gaveUp.C:
	}
}

func (l *link) snapshot() LinkState {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := LinkState{Peer: l.peer.Name, Connected: l.asp.Connected, State: l.asp.State, Remote: l.asp.Peer}
	if l.conn != nil {
		l.conn.out.mu.Lock()
		s.Queued = len(l.conn.out.items)
		l.conn.out.mu.Unlock()
	}
	return s
}

func (l *link) carries() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.asp.Carries()
}

// result is what a step leaves to be done without the lock.
type result struct {
	deliver, changed bool
	notified         []Status
}

// handle steps the machine and does what follows; b is the message received.
func (l *link) handle(ev Event, b []byte) (deliver bool) {
	r := l.step(ev, b)
	// What NTFY says comes first: who is overridden must not ask for the
	// traffic back because of the change of state that comes with it.
	for _, s := range r.notified {
		l.c.notified(s)
	}
	if r.changed {
		l.c.changed(l)
	}
	return r.deliver
}

// step steps the machine and performs the effects that do not wait.
func (l *link) step(ev Event, b []byte) (r result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asp, l.effects = l.asp.Step(ev, l.effects[:0])
	for i := range l.effects {
		l.perform(&l.effects[i], ev, b, &r)
	}
	return r
}

func (l *link) perform(e *Effect, ev Event, b []byte, r *result) {
	switch e.Kind {
	case Send:
		l.sendControl(e.Type, b)
	case SendError:
		l.conn.sendError(e.Code, b, blame(e.Code, b, l.routing()))
	case Deliver:
		r.deliver = true
	case StartTimer:
		l.startTimer(e)
	case StopTimer:
		l.timers[e.Timer].stop()
	case StateChanged:
		r.changed = true
		l.active = l.active || e.State == StateActive
		l.log.Info().Stringer("state", e.State).Msg("ASP state")
	case PeerChanged:
		r.changed = true
		l.log.Info().Stringer("state", e.State).Msg("state of the IPSP")
	case Close:
		l.conn.finish(e.Reason)
	case Anomaly:
		l.c.count.anomaly(e.Reason)
		l.log.Debug().Str("reason", e.Reason).Stringer("message", ev.Type).Msg("anomaly")
	case Notified:
		if e.Code != 0 {
			l.c.count.errorReceived(e.Code)
			l.log.Warn().Stringer("code", e.Code).Msg("ERR received")
		} else {
			r.notified = append(r.notified, e.Status)
		}
	}
}

func (l *link) startTimer(e *Effect) {
	d, expired := l.c.cfg.TAck, Event{Kind: AckTimeout, Gen: e.Gen}
	if e.Timer == TimerBeat {
		d, expired.Kind = l.c.cfg.Beat, BeatTimeout
	}
	l.timers[e.Timer].start(d, func() { l.handle(expired, nil) })
}

// sendControl queues a message that the machine asked for.
func (l *link) sendControl(t Type, b []byte) {
	m := l.message(t, b)
	if err := l.conn.out.put(m); errors.Is(err, ErrBusy) {
		l.conn.finish("send queue full")
	}
}

func (l *link) message(t Type, b []byte) Message {
	cfg := &l.c.cfg
	switch t {
	case TypeASPUp:
		m := &ASPUp{}
		if cfg.ASPID != nil {
			m.ASPIdentifier = Some(*cfg.ASPID)
		}
		return m
	case TypeASPActive:
		m := &ASPActive{}
		m.RoutingContext = l.routing()
		if cfg.TrafficMode != 0 {
			m.TrafficMode = Some(cfg.TrafficMode)
		}
		return m
	case TypeASPInactive:
		m := &ASPInactive{}
		m.RoutingContext = l.routing()
		return m
	case TypeRegistrationRequest:
		return &RegistrationRequest{Keys: cfg.RoutingKeys}
	case TypeDeregistrationRequest:
		return &DeregistrationRequest{RoutingContext: l.keys}
	case TypeBeat:
		return beat(l.asp.BeatGen)
	case TypeBeatAck:
		return beatAck(b)
	case TypeASPUpAck, TypeASPDownAck, TypeASPActiveAck, TypeASPInactiveAck:
		return l.answer(t, b)
	}
	return newMessage(t, true)
}

// beat is a BEAT with data, though they are optional: there are peers that
// cannot take one without.
func beat(n uint32) *Beat {
	return &Beat{Heartbeat{HeartbeatData: binary.BigEndian.AppendUint32(nil, n)}}
}

// beatAck answers the BEAT b with its own data.
func beatAck(b []byte) Message {
	var in Beat
	ack := &BeatAck{}
	if in.Decode(b) == nil {
		ack.HeartbeatData = in.HeartbeatData // encoded before b is used again
	}
	return ack
}

// send queues DATA on the stream of its signalling link selection.
func (l *link) send(d *Data) error {
	l.mu.Lock()
	cn := l.conn
	d.RoutingContext = l.contextFrom(d.OPC)
	l.mu.Unlock()
	if cn == nil {
		return ErrNotActive
	}
	return cn.out.putData(d, cn.stream(d.SLS))
}
