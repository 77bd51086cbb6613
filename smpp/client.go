package smpp

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/rs/zerolog"
)

// ClientConfig configures a Client. A zero field takes the default; a negative
// duration turns a timer off.
type ClientConfig struct {
	Address string
	// Dial makes the connection; nil is TCP.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS makes it one of TLS. The server's name is that of Address unless it
	// is given here.
	TLS *tls.Config

	Kind             CommandID // bind_transceiver
	SystemID         string
	Password         string
	LongPassword     bool // send more than the standard's 8 octets
	SystemType       string
	InterfaceVersion uint8 // 0x34; see Version
	AddrTON, AddrNPI uint8
	AddressRange     string

	Window        int           // unanswered requests, 10
	InboundWindow int           // unanswered requests of the peer, 100; ESME_RTHROTTLED above
	PDULimit      int           // 64 KiB
	EnquireLink   time.Duration // 30 s
	Inactivity    time.Duration // 300 s
	Response      time.Duration // 60 s
	WriteTimeout  time.Duration // 10 s
	ReadBuffer    int           // 16 KiB

	// OnDeliver answers a deliver_sm with a status. It runs on the goroutine
	// that reads, and p borrows the read buffer.
	OnDeliver func(p *DeliverSM) Status
	// OnDeliverLater is taken instead of OnDeliver when it is set: r is to be
	// answered exactly once, from any goroutine, when the message is safe.
	OnDeliverLater func(p *DeliverSM, r *Reply)
	// OnData is for data_sm what OnDeliverLater is for deliver_sm. Without it
	// data_sm is answered with ESME_RINVCMDID.
	OnData func(p *DataSM, r *Reply)
	// OnAlert is told of an alert_notification, which has no response. It runs
	// on the goroutine that reads, and p borrows the read buffer.
	OnAlert func(p *AlertNotification)

	// What the outbind of a message centre has to say, and the time from its
	// connection to our bind, 5 s. They are for ServeOutbind.
	OutbindSystemID string
	OutbindPassword string
	SessionInit     time.Duration

	Logger zerolog.Logger
}

func (c *ClientConfig) setDefaults() {
	if c.Kind == 0 {
		c.Kind = CommandBindTransceiver
	}
	if c.InterfaceVersion == 0 {
		c.InterfaceVersion = 0x34
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	defaultTo(&c.Window, 10)
	defaultTo(&c.InboundWindow, 100)
	defaultTo(&c.PDULimit, DefaultPDULimit)
	defaultTo(&c.EnquireLink, 30*time.Second)
	defaultTo(&c.Inactivity, 300*time.Second)
	defaultTo(&c.Response, 60*time.Second)
	defaultTo(&c.WriteTimeout, 10*time.Second)
	defaultTo(&c.ReadBuffer, defaultReadBuffer)
	defaultTo(&c.SessionInit, 5*time.Second)
}

// Validate says what is wrong with the configuration; Dial asks it first.
func (c ClientConfig) Validate() error {
	c.setDefaults()
	switch {
	case c.Window < 1 || c.Window > maxWindow || c.InboundWindow < 1 || c.InboundWindow > maxWindow:
		return fmt.Errorf("smpp: a window must be between 1 and %d", maxWindow)
	case c.PDULimit < minPDULimit || c.PDULimit > maxPDULimit:
		return fmt.Errorf("smpp: PDU limit %d is not between %d and %d", c.PDULimit, minPDULimit, maxPDULimit)
	case c.ReadBuffer < 512 || c.WriteTimeout < 0:
		return errors.New("smpp: read buffer below 512 octets or a negative write timeout")
	case len(c.Password) > MaxPassword && !c.LongPassword:
		return fmt.Errorf("smpp: the password is longer than the standard's %d octets; it is never cut, allow it with LongPassword", MaxPassword)
	}
	_, err := c.bind().Append(nil)
	return err
}

func (c *ClientConfig) bind() *Bind {
	return &Bind{Kind: c.Kind, SystemID: []byte(c.SystemID), Password: []byte(c.Password),
		SystemType: []byte(c.SystemType), InterfaceVersion: c.InterfaceVersion,
		AddrTON: c.AddrTON, AddrNPI: c.AddrNPI, AddressRange: []byte(c.AddressRange)}
}

// BindError is the status with which the peer refused a bind, ESME_RBINDFAIL
// when it gave none, or what is wrong with the body of its response.
type BindError struct{ Status Status }

func (e *BindError) Error() string { return "smpp: the bind was refused: " + e.Status.String() }

// Client is an ESME that is bound to a message centre.
type Client struct {
	cfg   ClientConfig
	c     *conn
	stats counters
	stood chan struct{} // closed when the bind stands
	done  chan struct{}
	peer  *BindResp
}

// Dial connects and binds. The error is a *BindError when the peer refused.
// ctx is for connecting and binding only.
func Dial(ctx context.Context, cfg ClientConfig) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.setDefaults()
	nc, err := cfg.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("smpp: %w", err)
	}
	return newClient(cfg, nc, cfg.conn()).bind(ctx)
}

// connect has TLS shake hands, since ctx is for that too.
func (c *ClientConfig) connect(ctx context.Context) (net.Conn, error) {
	nc, err := c.Dial(ctx, "tcp", c.Address)
	if err != nil || c.TLS == nil {
		return nc, err
	}
	conf := c.TLS.Clone()
	if conf.ServerName == "" {
		if host, _, err := net.SplitHostPort(c.Address); err == nil {
			conf.ServerName = host
		}
	}
	t := tls.Client(nc, conf)
	if err := t.HandshakeContext(ctx); err != nil {
		nc.Close()
		return nil, err
	}
	return t, nil
}

func (c *ClientConfig) conn() *connConfig {
	return &connConfig{
		role: RoleClient, version: versionOf(c.InterfaceVersion), pduLimit: c.PDULimit, readBuffer: c.ReadBuffer, bind: c.bind(),
		timers:       Timers{EnquireLink: c.EnquireLink, Inactivity: c.Inactivity, Response: c.Response},
		writeTimeout: c.WriteTimeout, inboundWindow: c.InboundWindow, outboundWindow: c.Window,
	}
}

func newClient(cfg ClientConfig, nc net.Conn, cc *connConfig) *Client {
	cl := &Client{cfg: cfg, stood: make(chan struct{}), done: make(chan struct{})}
	cl.c = newConn(nc, cc, (*clientApp)(cl), &cl.stats, cfg.Logger)
	return cl
}

// bind runs the connection and waits until the bind stands or the connection
// has ended.
func (cl *Client) bind(ctx context.Context) (*Client, error) {
	go func() {
		defer close(cl.done)
		cl.c.run()
	}()
	select {
	case <-cl.stood:
		return cl, nil
	case <-cl.done:
		return nil, cl.refusal()
	case <-ctx.Done():
		cl.c.abort()
		<-cl.done
		return nil, ctx.Err()
	}
}

// refusal is why the connection ended before the bind stood.
func (cl *Client) refusal() error {
	select {
	case <-cl.stood: // and ended at once
		return ErrClosed
	default:
	}
	if cl.c.reason == ReasonBindRefused {
		return &BindError{Status: cl.c.bindStatus}
	}
	if cl.c.reason == ReasonConnectionLost && cl.c.readErr != nil { // TLS 1.3 says here what it has against us
		return fmt.Errorf("smpp: no bind: %s: %w", cl.c.reason, cl.c.readErr)
	}
	return fmt.Errorf("smpp: no bind: %s", cl.c.reason)
}

// Version is the edition of SMPP that both sides do. A peer of 3.3 is sent no
// TLVs; see ErrVersion.
func (cl *Client) Version() Version {
	cl.c.mu.Lock()
	defer cl.c.mu.Unlock()
	return cl.c.version
}

// SubmitResult is the response to a submit_sm.
type SubmitResult struct {
	Status    Status
	MessageID string
}

// Submit sends p and waits for the response, and before that for room in the
// window. The error is not nil when there is no response.
func (cl *Client) Submit(ctx context.Context, p *SubmitSM) (SubmitResult, error) {
	status, id, err := cl.c.roundTrip(ctx, p)
	return SubmitResult{Status: status, MessageID: id}, err
}

// SubmitAsync sends p, of which it keeps nothing, and returns at once; without room in the window it fails
// with ErrWindowFull. Unless it fails, done is called once, on a goroutine of
// the client, must not block, and may submit again. resp borrows the read
// buffer; it is nil when err is not.
func (cl *Client) SubmitAsync(p *SubmitSM, done func(status Status, resp *SubmitSMResp, err error)) error {
	return cl.c.enqueue(p, submitDone(done), false)
}

// Peer is what the message centre said in its bind response.
func (cl *Client) Peer() *BindResp { return cl.peer }

// Done is closed when the connection has ended and its goroutines with it.
func (cl *Client) Done() <-chan struct{} { return cl.done }

// Reason says why the connection ended; it is to be asked after Done.
func (cl *Client) Reason() Reason {
	cl.c.mu.Lock()
	defer cl.c.mu.Unlock()
	return cl.c.reason
}

// Stats returns the counts.
func (cl *Client) Stats() Stats { return cl.stats.snapshot() }

// Unbind ends the bind as the standard wants it and waits for the end, at most
// until ctx ends; then the connection is cut.
func (cl *Client) Unbind(ctx context.Context) error {
	cl.c.leave()
	select {
	case <-cl.done:
		return nil
	case <-ctx.Done():
		cl.c.abort()
		<-cl.done
		return ctx.Err()
	}
}

// Close is Unbind with five seconds of patience.
func (cl *Client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return cl.Unbind(ctx)
}

// clientApp is the application of a Client's connection.
type clientApp Client

func (a *clientApp) authenticate(*conn, *Bind) Status { return StatusInvalidBindStatus }
func (a *clientApp) allow(_ int, full bool) bool      { return !full }

func (a *clientApp) bound(c *conn) {
	a.peer = c.bindOut
	a.stats.bound.Add(1)
	close(a.stood)
}

// outbind compares in a time that does not depend on the password.
func (a *clientApp) outbind(_ *conn, p *Outbind) Status {
	named := string(p.SystemID) == a.cfg.OutbindSystemID
	known := subtle.ConstantTimeCompare(p.Password, []byte(a.cfg.OutbindPassword)) == 1
	switch {
	case a.cfg.OutbindSystemID == "" || !named:
		return StatusInvalidSystemID
	case !known:
		return StatusInvalidPassword
	}
	return StatusOK
}

func (a *clientApp) operation(_ *conn, p Body, r *Reply) bool {
	switch p := p.(type) {
	case *DataSM:
		if a.cfg.OnData == nil {
			return false
		}
		a.stats.received.Add(1)
		a.cfg.OnData(p, r)
	case *AlertNotification:
		if a.cfg.OnAlert == nil {
			return false
		}
		a.stats.received.Add(1)
		a.cfg.OnAlert(p)
	default:
		return false
	}
	return true
}

func (a *clientApp) deliver(_ *conn, p *SubmitSM, r *Reply) {
	a.stats.received.Add(1)
	switch {
	case a.cfg.OnDeliverLater != nil:
		a.cfg.OnDeliverLater((*DeliverSM)(p), r)
	case a.cfg.OnDeliver != nil:
		r.Respond(a.cfg.OnDeliver((*DeliverSM)(p)), "")
	default:
		// Nobody keeps the message: the peer must not think it delivered.
		r.Respond(StatusReceiverTemporaryError, "")
	}
}
