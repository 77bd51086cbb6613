package smpp

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/shortage"
)

// Handler takes the messages that ESMEs submit.
type Handler interface {
	// SubmitSM is called on the goroutine that reads the bind, so that it must
	// not block for long. p borrows the read buffer: Clone what is kept. r is
	// to be answered exactly once, from any goroutine, when the message is safe.
	SubmitSM(b *BoundPeer, p *SubmitSM, r *Reply)
}

// BindObserver is a Handler that wants to know who is bound.
type BindObserver interface {
	// Bound comes before the first message of b.
	Bound(b *BoundPeer)
	// Unbound comes once, after the last message of b.
	Unbound(b *BoundPeer, reason Reason)
}

// Server is a message centre that ESMEs bind to.
type Server struct {
	cfg     ServerConfig
	conn    *connConfig
	handler Handler
	log     zerolog.Logger
	stats   counters
	hashing chan struct{} // held while a password is looked at
	invalid error

	strangers  *strangers
	operations operations
	congestion atomic.Int32 // see SetCongestion, and 1; 0 is nothing

	mu       sync.Mutex
	serving  []*sync.WaitGroup // of each Serve that runs, its connections
	conns    map[*conn]struct{}
	accounts map[string]*account
	nobody   *rules // for the work of an account that does not exist
}

// NewServer makes a server. An invalid configuration shows in Serve.
func NewServer(cfg ServerConfig, h Handler, log zerolog.Logger) *Server {
	cfg.setDefaults()
	s := &Server{cfg: cfg, handler: h, operations: operationsOf(h), log: log, conns: map[*conn]struct{}{}, accounts: map[string]*account{}}
	if s.invalid = cfg.Validate(); s.invalid != nil {
		return s
	}
	s.conn = cfg.conn()
	s.conn.congestion = &s.congestion
	s.hashing = make(chan struct{}, cfg.Hashing)
	s.strangers = newStrangers(cfg.LockOut, cfg.MaxUnbound)
	all, _ := cfg.readAccounts(cfg.Accounts) // validated
	s.exchange(all)
	return s
}

// Stats returns the counts.
func (s *Server) Stats() Stats { return s.stats.snapshot() }

// SetCongestion makes the server say how busy it is: congestion_state, 0 (idle)
// to 100 (congested), goes with good responses to peers of SMPP 5.0. A negative
// state ends that.
func (s *Server) SetCongestion(state int) {
	s.congestion.Store(int32(min(max(state, -1), 100)) + 1)
}

// Receivers returns the binds of an account that take deliver_sm now.
func (s *Server) Receivers(account string) []*BoundPeer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[account]
	if a == nil {
		return nil
	}
	var out []*BoundPeer
	for _, b := range a.binds {
		if b.CanReceive() {
			out = append(out, b)
		}
	}
	return out
}

// Serve accepts connections until ctx ends or the listener fails for good. It
// unbinds those that stand, and returns when all their goroutines have ended;
// nil when ctx was the reason. ln may be one of TLS, whose handshakes have the
// session-init timer. Serve may run for several listeners, with one ctx.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if s.invalid != nil {
		return s.invalid
	}
	var running sync.WaitGroup
	s.begin(&running)
	inner, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(watched)
		<-inner.Done()
		s.end(&running)
		ln.Close()
		s.unbindAll(ended)
	}()
	err := accept(inner, ln, s.log, func(nc net.Conn) { s.serve(nc, s.conn, &running) })
	cancel()
	s.end(&running) // nobody joins who is not waited for
	running.Wait()
	close(ended)
	<-watched
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (s *Server) begin(running *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving = append(s.serving, running)
}

func (s *Server) end(running *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving = slices.DeleteFunc(s.serving, func(x *sync.WaitGroup) bool { return x == running })
}

// maxAcceptErrors in a row end the server, unless the machine lacks something:
// that comes back, and the binds that stand must not end for it.
const maxAcceptErrors = 100

// acceptPause is the time between two tries to accept.
const acceptPause = 100 * time.Millisecond

// accept accepts connections until ctx ends or the listener fails for good.
func accept(ctx context.Context, ln net.Listener, log zerolog.Logger, serve func(net.Conn)) error {
	for failed := 0; ; {
		nc, err := ln.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || ctx.Err() != nil || failed >= maxAcceptErrors && !shortage.Is(err) {
				return err
			}
			if failed++; failed == 1 {
				log.Warn().Err(err).Str("event", "accept failed").Send()
			}
			select {
			case <-ctx.Done():
			case <-time.After(acceptPause):
			}
			continue
		}
		if failed > 0 {
			log.Info().Int("tries", failed).Str("event", "accept works again").Send()
		}
		failed = 0
		serve(nc)
	}
}

// serve starts a connection, which running counts, or any Serve when that is
// nil. When there are too many it closes it and returns nil.
func (s *Server) serve(nc net.Conn, cfg *connConfig, running *sync.WaitGroup) *BoundPeer {
	p := &BoundPeer{server: s, standing: make(chan struct{}), gone: make(chan struct{})}
	if running != nil { // it has come by itself
		p.from = originOf(nc)
		if why := s.strangers.enter(p.from, time.Now()); why != ReasonNone {
			s.stats.count(why)
			nc.Close()
			return nil
		}
	}
	s.mu.Lock()
	if running == nil && len(s.serving) > 0 {
		running = s.serving[0]
	}
	full := len(s.conns) >= s.cfg.MaxConnections || !slices.Contains(s.serving, running)
	if !full {
		p.c = newConn(nc, cfg, p, &s.stats, s.log.With().Str("remote", nc.RemoteAddr().String()).Logger())
		s.conns[p.c] = struct{}{}
		s.stats.accepted.Add(1)
		s.stats.connections.Add(1)
		running.Go(p.serve)
	}
	s.mu.Unlock()
	if full {
		s.strangers.leave(p.from)
		s.stats.count(ReasonTooManyConnections)
		nc.Close()
		return nil
	}
	return p
}

// serve runs the connection until it has ended.
func (b *BoundPeer) serve() {
	s := b.server
	b.c.run()
	b.ended()
	s.mu.Lock()
	delete(s.conns, b.c)
	s.mu.Unlock()
	s.stats.connections.Add(-1)
}

// unbindAll unbinds everybody, and cuts off who is left after a while.
func (s *Server) unbindAll(ended <-chan struct{}) {
	for _, c := range s.open() {
		c.leave()
	}
	t := time.NewTimer(s.cfg.ShutdownTimeout)
	defer t.Stop()
	select {
	case <-ended:
		return
	case <-t.C:
	}
	for _, c := range s.open() {
		c.abort()
	}
}

func (s *Server) open() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		out = append(out, c)
	}
	return out
}
