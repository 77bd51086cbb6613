package links_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/smpp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secretHash is the bcrypt hash, of the lowest cost, of "secret".
const secretHash = testpassword.Hash

// never is a timer of a centre that is not to run.
const never = -1

// lab is a link and the message centres that it knows, in memory and on virtual time.
type lab struct {
	t       *testing.T
	cfg     configs.Link
	centres map[string]*centre // by host:port
	handler links.Handler
	log     zerolog.Logger
	link    *links.Link
	woken   chan struct{}                               // holds one when OnRoom was called
	dial    func(ctx context.Context) (net.Conn, error) // instead of the centres

	stop func()
}

// inLab runs a script on virtual time, with one centre at smsc:2775.
func inLab(t *testing.T, script func(t *testing.T, l *lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{t: t, centres: map[string]*centre{}, woken: make(chan struct{}, 1), log: zerolog.Nop()}
		t.Setenv("SMSC_PASSWORD", "secret")
		l.cfg = configs.Link{
			Name: "smsc", URL: "smpp://smsc", Kind: configs.KindTransceiver, Binds: 1, Version: "3.4", SystemID: "otagate", PasswordEnv: "SMSC_PASSWORD",
			Window: 10, Bind: 15 * time.Second, Response: time.Minute, EnquireLink: 30 * time.Second, Parts: 5, Octets: 140,
			Retry:    configs.Backoff{Min: 500 * time.Millisecond, Max: 30 * time.Second},
			SlowDown: configs.Backoff{Min: time.Second, Max: 8 * time.Second},
		}
		l.add("smsc:2775")
		script(t, l)
		if l.stop != nil {
			l.stop()
		}
		for _, c := range l.centres {
			c.end(t)
		}
	})
}

// start runs the link until the script is over, and waits until all is still.
func (l *lab) start() {
	l.t.Helper()
	var err error
	l.link, err = links.New(links.Config{
		Link: &l.cfg, Handler: l.handler, Log: l.log, Connect: l.connect,
		OnRoom: func() {
			select {
			case l.woken <- struct{}{}:
			default:
			}
		},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.link.Run(ctx)
	}()
	l.stop = func() {
		cancel()
		<-ended
	}
	synctest.Wait()
}

// pass lets virtual time go by.
func pass(d time.Duration) {
	time.Sleep(d) // of the bubble: it costs none
	synctest.Wait()
}

var errRefused = errors.New("connection refused")

func (l *lab) connect(ctx context.Context, _, address string) (net.Conn, error) {
	if l.dial != nil {
		return l.dial(ctx)
	}
	c := l.centres[address]
	if c == nil {
		return nil, errRefused
	}
	return c.connect(ctx)
}

// centre is a message centre in memory: a server, and what its script does.
type centre struct {
	server *smpp.Server
	conns  chan net.Conn
	cancel context.CancelFunc
	ended  chan error
	over   sync.Once

	mu      sync.Mutex
	tls     *tls.Config
	down    bool
	dialled []time.Time
	ours    []*wire // our ends
	theirs  []net.Conn
	binds   []*smpp.BoundPeer
	data    func(r *smpp.Reply)
	script  func(c *centre, b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply)
}

// add puts a centre to an address, which takes everything unless it is scripted.
func (l *lab) add(address string, edit ...func(*smpp.ServerConfig)) *centre {
	cfg := smpp.ServerConfig{
		SystemID: "smsc", EnquireLink: never, Inactivity: never, SessionInit: never, InboundWindow: 1000,
		Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: secretHash}},
	}
	for _, e := range edit {
		e(&cfg)
	}
	c := &centre{conns: make(chan net.Conn), ended: make(chan error, 1)}
	c.server = smpp.NewServer(cfg, c, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	go func() { c.ended <- c.server.Serve(ctx, &pipes{c.conns, make(chan struct{})}) }()
	l.centres[address] = c
	return c
}

// end ends the server, once.
func (c *centre) end(t *testing.T) {
	c.over.Do(func() {
		c.cut()
		c.cancel()
		if err := <-c.ended; err != nil {
			t.Error(err)
		}
	})
}

// connect makes a connection to the server.
func (c *centre) connect(ctx context.Context) (net.Conn, error) {
	c.mu.Lock()
	c.dialled = append(c.dialled, time.Now())
	down := c.down
	c.mu.Unlock()
	if down {
		return nil, errRefused
	}
	near, far := net.Pipe()
	w := &wire{Conn: near, gone: make(chan struct{})}
	var served net.Conn = far
	if c.tls != nil {
		served = tls.Server(buffer(far), c.tls)
	}
	select {
	case c.conns <- served:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.mu.Lock()
	c.ours, c.theirs = append(c.ours, w), append(c.theirs, far)
	c.mu.Unlock()
	return w, nil
}

// cut ends all connections.
func (c *centre) cut() {
	c.mu.Lock()
	all := c.theirs
	c.theirs = nil
	c.mu.Unlock()
	for _, nc := range all {
		nc.Close()
	}
}

// vanish is what a firewall does: nothing comes through, and nobody is told.
func (c *centre) vanish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.ours {
		close(w.gone)
	}
	c.ours = nil
}

func (c *centre) setDown(down bool) {
	c.mu.Lock()
	c.down = down
	c.mu.Unlock()
}

// tries are the times between the attempts to connect.
func (c *centre) tries() (gaps []time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 1; i < len(c.dialled); i++ {
		gaps = append(gaps, c.dialled[i].Sub(c.dialled[i-1]))
	}
	return gaps
}

func (c *centre) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	c.mu.Lock()
	script := c.script
	c.mu.Unlock()
	if script == nil {
		r.Respond(smpp.StatusOK, string(p.DestinationAddr))
		return
	}
	script(c, b, p, r)
}

// DataSM makes the server take data_sm.
func (c *centre) DataSM(_ *smpp.BoundPeer, _ *smpp.DataSM, r *smpp.Reply) {
	if c.data == nil {
		r.Respond(smpp.StatusOK, "1")
		return
	}
	c.data(r)
}

func (c *centre) Bound(b *smpp.BoundPeer) {
	c.mu.Lock()
	c.binds = append(c.binds, b)
	c.mu.Unlock()
}

func (c *centre) Unbound(*smpp.BoundPeer, smpp.Reason) {}

// wire is our end of a connection, of which the other may vanish.
type wire struct {
	net.Conn
	gone chan struct{}
}

func (w *wire) Write(b []byte) (int, error) {
	select {
	case <-w.gone: // the kernel takes it, and nobody acknowledges
		return len(b), nil
	default:
		return w.Conn.Write(b)
	}
}

// buffered is an end of a pipe that takes octets before the other end reads, as a
// kernel does: two ends of TLS that write at the same time would wait for ever.
type buffered struct {
	net.Conn
	out    chan []byte
	closed sync.Once
}

func buffer(nc net.Conn) *buffered {
	b := &buffered{Conn: nc, out: make(chan []byte, 100)}
	go func() {
		for octets := range b.out {
			nc.Write(octets) // an error comes again until all is gone
		}
		nc.Close()
	}()
	return b
}

func (b *buffered) Write(octets []byte) (int, error) {
	b.out <- append([]byte(nil), octets...)
	return len(octets), nil
}

func (b *buffered) Close() error {
	b.closed.Do(func() { close(b.out) })
	return nil
}

// pipes is a listener of connections in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { close(l.done); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// outcome is what became of one submit_sm.
type outcome struct {
	to     string
	status smpp.Status
	err    error
	at     time.Time
}

// outcomes are those of a test.
type outcomes struct {
	mu  sync.Mutex
	all []outcome
}

func (o *outcomes) list() []outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]outcome(nil), o.all...)
}

// once checks that each of n submissions was told once.
func (o *outcomes) once(t *testing.T, n int) []outcome {
	t.Helper()
	all, seen := o.list(), map[string]bool{}
	for _, one := range all {
		if seen[one.to] {
			t.Errorf("%s was told twice", one.to)
		}
		seen[one.to] = true
	}
	if len(all) != n {
		t.Errorf("%d were told, want %d", len(all), n)
	}
	return all
}

// submit gives the link one message.
func (l *lab) submit(o *outcomes, to string, edit ...func(*smpp.SubmitSM)) error {
	p := &smpp.SubmitSM{DestinationAddr: []byte(to)}
	for _, e := range edit {
		e(p)
	}
	return l.link.Submit(p, func(status smpp.Status, resp *smpp.SubmitSMResp, err error) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.all = append(o.all, outcome{to, status, err, time.Now()})
	})
}

func (l *lab) mustSubmit(o *outcomes, to string, edit ...func(*smpp.SubmitSM)) {
	l.t.Helper()
	if err := l.submit(o, to, edit...); err != nil {
		l.t.Fatalf("%s: %v", to, err)
	}
}
