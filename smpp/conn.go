package smpp

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rs/zerolog"
)

// QueueLimit is the number of octets waiting to be written above which no
// request of ours is queued and no PDU of the peer is read.
const QueueLimit = 256 << 10

// keepBuffer: a larger write buffer is given back when it is empty, unless a quarter of
// it was needed. An idle connection gives it back with its next enquire_link.
const keepBuffer = 64 << 10

// The errors of the driver. What the peer says is a Status instead.
var (
	ErrClosed          = errors.New("smpp: the connection is closed")
	ErrNotBound        = errors.New("smpp: not bound for this operation")
	ErrWindowFull      = errors.New("smpp: the window is full")
	ErrQueueFull       = errors.New("smpp: too much waits to be written")
	ErrResponseTimeout = errors.New("smpp: no response in time")
)

// application is what a connection asks of its server or client.
type application interface {
	// authenticate judges a bind request; it may block.
	authenticate(c *conn, b *Bind) Status
	// bound is told that the bind stands.
	bound(c *conn)
	// deliver is handed a message. p borrows the read buffer.
	deliver(c *conn, p *SubmitSM, r *Reply)
	// operation is handed any other request; false when nobody does it. There
	// is no r for an alert_notification.
	operation(c *conn, p Body, r *Reply) bool
	// outbind judges an outbind of the peer; it may block.
	outbind(c *conn, p *Outbind) Status
	// allow is asked, under the lock, whether the rate permits a request of n short
	// messages; not when the window is full.
	allow(n int, full bool) bool
}

type connConfig struct {
	role           Role
	pduLimit       int
	timers         Timers
	writeTimeout   time.Duration
	inboundWindow  int
	outboundWindow int
	readBuffer     int
	version        Version       // the highest that this side does
	systemID       string        // of our bind response
	congestion     *atomic.Int32 // what a server says to peers of 5.0, and 1
	bind           *Bind         // what a client asks for
	outbind        *Outbind      // what a server asks with
	awaitOutbind   bool          // a client binds when it is asked to
}

// conn is one connection. The goroutine that runs it reads; another writes and
// minds the timers.
type conn struct {
	nc    net.Conn
	cfg   *connConfig
	app   application
	log   zerolog.Logger
	stats *counters
	epoch time.Time

	wake    chan struct{} // to the writer: there is something to do
	written chan struct{} // closed when the writer has ended
	closing chan struct{} // closed by EffectClose

	calls sync.Pool // of *call

	// Of the reading goroutine alone.
	buf        []byte
	sm         SubmitSM
	data       DataSM
	request    Body // a request of any other kind
	resp       SubmitSMResp
	effects    []Effect
	now        time.Time // when the batch was read
	bindPDU    Bind
	bindOut    *BindResp // what a client's bind was answered
	bindStatus Status
	readErr    error // why reading ended, when the connection was lost

	mu       sync.Mutex
	room     sync.Cond // out has shrunk or the connection ends
	sess     Session
	win      window
	waiters  []chan struct{} // blocked senders, oldest first
	inbound  int             // requests of the peer that wait for their Reply
	inLimit  int
	version  Version // negotiated; 0 before the bind
	replies  *Reply  // free ones
	current  *Reply  // the one handed out last in the batch being read
	corked   bool    // the reader will flush at the end of its batch
	batchAt  time.Time
	out      []byte // queued
	spare    []byte // the other buffer
	pending  []byte // what a partial write left; goes before out
	writing  bool   // somebody is in a write
	dead     bool   // the transport is gone: nothing more is queued
	sealed   bool   // EffectClose: write what is queued, then end
	reason   Reason
	deadline [timers]time.Time // zero: not running
	genOf    [timers]uint32
	scan     time.Time // when to look for requests without a response; zero: never
	armed    time.Time // what the writer's timer is set to

	try tryWriter
}

func newConn(nc net.Conn, cfg *connConfig, app application, stats *counters, log zerolog.Logger) *conn {
	c := &conn{
		nc: nc, cfg: cfg, app: app, log: log, stats: stats, epoch: time.Now(),
		wake: make(chan struct{}, 1), written: make(chan struct{}), closing: make(chan struct{}),
		buf: make([]byte, cfg.readBuffer), win: newWindow(cfg.outboundWindow), inLimit: cfg.inboundWindow,
		sess: NewSession(cfg.role, cfg.timers),
	}
	c.room.L = &c.mu
	if tcp, ok := nc.(*net.TCPConn); ok {
		// Go's default, said because throughput at small windows hangs on it.
		_ = tcp.SetNoDelay(true)
	}
	c.now = c.epoch
	if sc, ok := nc.(syscall.Conn); ok {
		c.try.init(sc)
	}
	return c
}

// run serves the connection until it has ended and both goroutines with it.
func (c *conn) run() {
	if err := c.handshake(); err != nil {
		c.log.Debug().Str("event", "connection ended").Err(err).Send()
		return
	}
	go c.writeLoop()
	c.mu.Lock()
	c.effects = c.step(Event{Kind: EventStart, At: c.epoch}, c.effects[:0])
	if id := c.first(); id != 0 {
		c.effects = c.step(Event{Kind: EventRequest, Request: id, Sequence: c.win.next(), At: c.epoch}, c.effects[:0])
	}
	c.mu.Unlock()
	c.signal()
	err := c.readLoop()

	c.mu.Lock()
	graceful := c.sealed && !c.dead
	if !graceful {
		c.dead, c.readErr = true, err
		c.effects = c.step(Event{Kind: EventConnectionLost, At: time.Now()}, c.effects[:0])
	}
	c.mu.Unlock()
	c.signal()
	if graceful {
		<-c.written
		c.linger()
	}
	c.nc.Close()
	<-c.written
	c.log.Debug().Str("event", "connection ended").Str("reason", c.reason.String()).AnErr("read_error", err).Send()
	c.abandon()
}

// first is what this side sends first.
func (c *conn) first() CommandID {
	switch {
	case c.cfg.outbind != nil:
		return CommandOutbind
	case c.cfg.bind != nil && !c.cfg.awaitOutbind:
		return c.cfg.bind.Kind
	}
	return 0
}

// linger lets the peer read what was written last: closing with octets of the
// peer unread would make the kernel throw it away.
func (c *conn) linger() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	c.nc.SetReadDeadline(time.Now().Add(time.Second))
	for {
		if _, err := c.nc.Read(c.buf); err != nil {
			return
		}
	}
}

// abandon tells everybody who waits that nothing will come any more.
func (c *conn) abandon() {
	c.mu.Lock()
	waiting, _ := c.win.expired(1<<63-1, nil)
	blocked := c.waiters
	c.waiters = nil
	c.mu.Unlock()
	for _, w := range blocked {
		close(w)
	}
	for _, d := range waiting {
		d.complete(c, 0, nil, ErrClosed)
	}
}

// signal wakes the writer.
func (c *conn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// step runs the machine and does, under the lock, what its effects say about
// the connection itself; the reading goroutine does the rest.
func (c *conn) step(ev Event, out []Effect) []Effect {
	from := len(out)
	c.sess, out = c.sess.Step(ev, out)
	for i := range out[from:] {
		e := &out[from+i]
		switch e.Kind {
		case EffectSend:
			c.send(e.Header)
		case EffectStartTimer:
			at := ev.At
			if at.IsZero() {
				at = time.Now()
			}
			c.deadline[e.Timer], c.genOf[e.Timer] = at.Add(e.After), e.Generation
			c.rearm(c.deadline[e.Timer])
		case EffectStopTimer:
			c.deadline[e.Timer] = time.Time{}
		case EffectAnomaly:
			c.stats.count(e.Reason)
		case EffectBound:
			c.version = c.negotiate()
		case EffectUnbound:
			if c.reason == ReasonNone {
				c.reason = e.Reason
			}
			c.signal()
		case EffectClose:
			c.seal(e.Reason)
		}
	}
	return out
}

func (c *conn) seal(why Reason) {
	if c.reason == ReasonNone {
		c.reason = why
	}
	c.stats.count(c.reason)
	c.sealed = true
	c.scan = time.Time{}
	close(c.closing)
	c.room.Broadcast()
	c.signal()
}

// rearm makes the writer set its timer anew when t comes before it.
func (c *conn) rearm(t time.Time) {
	if c.armed.IsZero() || t.Before(c.armed) {
		c.signal()
	}
}

// send queues a PDU of the session itself.
func (c *conn) send(h Header) {
	if c.dead {
		return
	}
	var body Body
	switch h.CommandID {
	case CommandBindReceiver, CommandBindTransmitter, CommandBindTransceiver:
		body = c.cfg.bind
	case CommandOutbind:
		body = c.cfg.outbind
	case CommandBindReceiverResp, CommandBindTransmitterResp, CommandBindTransceiverResp:
		if h.Status == StatusOK {
			body = c.bindAnswer(h.CommandID)
		}
	}
	out, err := AppendPDU(c.out, h, body)
	if err != nil {
		// Configuration is validated, so that this does not happen; a peer
		// that waits for an answer still gets one.
		out = appendHeader(c.out, Header{CommandID: h.CommandID, Status: StatusSystemError, Sequence: h.Sequence})
	}
	c.out = out
}

// bindAnswer has no TLV for peers older than 3.4, which do not know any.
func (c *conn) bindAnswer(id CommandID) *BindResp {
	p := &BindResp{Kind: id, SystemID: []byte(c.cfg.systemID)}
	if v := c.negotiate(); v >= Version34 {
		p.TLVs = p.TLVs.AppendU8(TagSCInterfaceVersion, uint8(v))
	}
	return p
}

// abort closes the connection without letting anything leave.
func (c *conn) abort() {
	c.mu.Lock()
	c.step(Event{Kind: EventShutdown, At: time.Now()}, nil)
	c.dead = true
	c.room.Broadcast()
	c.mu.Unlock()
	c.nc.Close()
	c.signal()
}

// leave asks the peer to unbind, or closes when there is no bind.
func (c *conn) leave() {
	c.mu.Lock()
	c.step(Event{Kind: EventRequest, Request: CommandUnbind, Sequence: c.win.next(), At: time.Now()}, nil)
	c.mu.Unlock()
	c.signal()
}
