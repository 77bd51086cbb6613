package smpp

import (
	"context"
	"net/netip"
	"time"
)

// BoundPeer is an ESME that is bound to a Server.
type BoundPeer struct {
	server *Server
	c      *conn
	acct   *account
	mode   CommandID
	stood  bool
	from   netip.Prefix // where it came from by itself, until it is bound

	standing chan struct{} // closed when the bind stands
	gone     chan struct{} // closed when the connection has ended
}

// Account is the system_id it is bound with.
func (b *BoundPeer) Account() string { return b.acct.systemID }

// Mode is the bind it made.
func (b *BoundPeer) Mode() CommandID { return b.mode }

// Version is the edition of SMPP that both sides do. A peer of 3.3 is sent no
// TLVs; see ErrVersion.
func (b *BoundPeer) Version() Version {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	return b.c.version
}

// CanReceive reports whether it takes deliver_sm now.
func (b *BoundPeer) CanReceive() bool {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	return b.c.sess.Sends(CommandDeliverSM)
}

// DeliverSM sends p and waits for the response, and before that for room in
// the window. The error is not nil when there is no response.
func (b *BoundPeer) DeliverSM(ctx context.Context, p *DeliverSM) (Status, error) {
	status, _, err := b.c.roundTrip(ctx, p)
	return status, err
}

// SendDeliverSM sends p and returns at once; without room in the window it
// fails with ErrWindowFull. Unless it fails, done is called once, on a
// goroutine of the bind, and must not block.
func (b *BoundPeer) SendDeliverSM(p *DeliverSM, done func(Status, error)) error {
	return b.c.enqueue(p, statusDone(done), false)
}

// Room is how many requests the window takes now.
func (b *BoundPeer) Room() int {
	b.c.mu.Lock()
	defer b.c.mu.Unlock()
	return max(b.c.win.max-b.c.win.used, 0)
}

// DataSM is DeliverSM for data_sm.
func (b *BoundPeer) DataSM(ctx context.Context, p *DataSM) (Status, error) {
	status, _, err := b.c.roundTrip(ctx, p)
	return status, err
}

// SendDataSM is SendDeliverSM for data_sm.
func (b *BoundPeer) SendDataSM(p *DataSM, done func(Status, error)) error {
	return b.c.enqueue(p, statusDone(done), false)
}

// AlertNotification sends p, which has no response, and returns at once.
func (b *BoundPeer) AlertNotification(p *AlertNotification) error { return b.c.tell(p) }

// Close unbinds it.
func (b *BoundPeer) Close() { b.c.leave() }

func (b *BoundPeer) allow(n int, full bool) bool {
	a := b.acct
	switch {
	case full:
		a.throttledWindow.Add(1)
		return false
	case a.rules.Load().RatePerSecond == 0 || a.limiter.allow(n, time.Now()):
		return true
	}
	a.throttledRate.Add(1)
	return false
}

func (b *BoundPeer) operation(c *conn, p Body, r *Reply) bool {
	if !b.server.operations.hand(b, p, r) {
		return false
	}
	b.acct.received.Add(1)
	b.server.stats.received.Add(1)
	return true
}

func (b *BoundPeer) outbind(*conn, *Outbind) Status { return StatusInvalidBindStatus }

func (b *BoundPeer) deliver(c *conn, p *SubmitSM, r *Reply) {
	b.acct.received.Add(1)
	b.server.stats.received.Add(1)
	b.server.handler.SubmitSM(b, p, r)
}

func (b *BoundPeer) bound(c *conn) {
	s := b.server
	b.stood = true
	s.strangers.leave(b.from)
	close(b.standing)
	s.stats.bound.Add(1)
	s.stats.binds.Add(1)
	c.log.Info().Str("event", "bound").Str("system_id", b.Account()).Str("command", b.mode.String()).Send()
	if o, ok := s.handler.(BindObserver); ok {
		o.Bound(b)
	}
}

// ended is called when the connection is gone.
func (b *BoundPeer) ended() {
	defer close(b.gone)
	b.server.release(b)
	if !b.stood {
		b.server.strangers.leave(b.from)
		return
	}
	b.server.stats.binds.Add(-1)
	b.c.log.Info().Str("event", "unbound").Str("system_id", b.Account()).Str("reason", b.c.reason.String()).Send()
	if o, ok := b.server.handler.(BindObserver); ok {
		o.Unbound(b, b.c.reason)
	}
}

// authenticate answers a refused bind only after BindFailureDelay, counted
// from its arrival, which hides how long the refusal took to find.
func (b *BoundPeer) authenticate(c *conn, p *Bind) Status {
	began := time.Now()
	status, why := b.server.admit(b, p)
	if status == StatusOK {
		return status
	}
	b.server.stats.count(why)
	c.log.Warn().Str("event", "bind refused").Bytes("system_id", p.SystemID).
		Str("command", p.Kind.String()).Str("status", status.String()).Str("reason", why.String()).Send()
	if b.server.strangers.refused(b.from, why, time.Now()) {
		b.server.stats.count(ReasonLockOut)
		c.log.Warn().Str("event", "address locked out").Stringer("address", b.from).Dur("for", b.server.cfg.LockOut.For).
			Int("refused", b.server.cfg.LockOut.Failures).Send()
	}
	if d := b.server.cfg.BindFailureDelay - time.Since(began); d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-c.closing:
		}
	}
	if b.server.cfg.UniformBindFailure {
		return StatusBindFailed
	}
	return status
}
