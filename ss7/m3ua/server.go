package m3ua

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/shortage"
	"github.com/otagate/otagate/ss7/mtp"
)

// ASConfig is one application server.
type ASConfig struct {
	Name              string
	RoutingContext    *uint32
	NetworkAppearance *uint32
	TrafficMode       TrafficMode     // 0: override
	PointCodes        []mtp.PointCode // the point codes it serves
	ASPs              []uint32        // ASP identifiers allowed; empty is any ASP
	Required          int             // active ASPs below which the others are asked to help, 1 unless set
}

// ServerConfig is a signalling gateway.
type ServerConfig struct {
	Name string
	ASs  []ASConfig
	// Destinations are the point codes behind the gateway, for DAUD; nil says
	// that all others are there.
	Destinations []mtp.PointCode
	// Blocked are ASP identifiers that management has locked out.
	Blocked []uint32

	Recovery  time.Duration // T(r), 2 s unless set
	Pending   int           // messages kept for an AS while T(r) runs, 1024 unless set
	Beat      time.Duration // 10 s unless set, negative for none
	BeatsLost uint8         // 2 unless set
	Queue     int           // messages waiting to be written per association, 4096 unless set
	Tap       Tap
}

func (c ServerConfig) defaults() ServerConfig {
	set(&c.Recovery, 2*time.Second)
	set(&c.Pending, 1024)
	set(&c.Beat, 10*time.Second)
	set(&c.BeatsLost, 2)
	set(&c.Queue, 4096)
	return c
}

// maxASs is what fits the set type of the machines.
const maxASs = 64

// Server is the signalling gateway side. What its ASPs send goes to the user;
// Transfer routes by destination to an AS and by its traffic mode to its ASPs.
type Server struct {
	cfg   ServerConfig
	user  mtp.User
	log   zerolog.Logger
	count counters
	fault error

	tell sync.Mutex // orders the indications to the user

	mu      sync.RWMutex
	ass     []*appServer
	byPC    map[mtp.PointCode]*appServer
	conns   map[uint64]*aspConn
	lastID  uint64
	serving int
	paused  map[mtp.PointCode]bool
	level   map[mtp.PointCode]uint8
	poor    map[mtp.PointCode]bool // restricted
	news    []news                 // indications not yet told
}

// news is a Pause or Resume for the user.
type news struct {
	pc    mtp.PointCode
	pause bool
}

// NewServer returns a server that does nothing before Serve.
func NewServer(cfg ServerConfig, user mtp.User, log zerolog.Logger) *Server {
	s := &Server{cfg: cfg.defaults(), user: user, log: log.With().Str("sg", cfg.Name).Logger(),
		byPC: map[mtp.PointCode]*appServer{}, conns: map[uint64]*aspConn{},
		paused: map[mtp.PointCode]bool{}, level: map[mtp.PointCode]uint8{}, poor: map[mtp.PointCode]bool{}}
	s.fault = s.configure()
	return s
}

func (s *Server) configure() error {
	if len(s.cfg.ASs) > maxASs {
		return fmt.Errorf("m3ua server %s: %d application servers, at most %d", s.cfg.Name, len(s.cfg.ASs), maxASs)
	}
	rcs := map[uint32]string{}
	for i, c := range s.cfg.ASs {
		a := &appServer{s: s, bit: 1 << i, cfg: c}
		a.as = AS{Mode: c.TrafficMode, Required: max(c.Required, 1)}
		if c.TrafficMode > Broadcast {
			return fmt.Errorf("m3ua server %s: AS %s: unknown traffic %v", s.cfg.Name, c.Name, c.TrafficMode)
		}
		if c.TrafficMode == 0 {
			a.as.Mode = Override
		}
		if c.RoutingContext != nil {
			if other, twice := rcs[*c.RoutingContext]; twice {
				return fmt.Errorf("m3ua server %s: AS %s and %s have the same routing context", s.cfg.Name, other, c.Name)
			}
			rcs[*c.RoutingContext] = c.Name
		}
		for _, pc := range c.PointCodes {
			if other, twice := s.byPC[pc]; twice {
				return fmt.Errorf("m3ua server %s: AS %s and %s both serve %v", s.cfg.Name, other.cfg.Name, c.Name, pc)
			}
			s.byPC[pc] = a
		}
		s.ass = append(s.ass, a)
	}
	return nil
}

// Serve accepts associations from ln until ctx ends, then closes ln and the
// associations it accepted, and returns nil when everything has ended. It may
// run for several listeners at once.
func (s *Server) Serve(ctx context.Context, ln Listener) error {
	if s.fault != nil {
		return errors.Join(s.fault, ln.Close())
	}
	s.enter()
	defer s.leave()
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		<-ctx.Done()
		_ = ln.Close()
	})
	return s.accept(ctx, ln, func(a Association) {
		wg.Go(func() { s.serve(ctx, a) })
	})
}

// acceptFaults is how many failures in a row make a listener useless. One may
// be a peer that went away at once. A shortage passes, however long it lasts.
const acceptFaults = 100

func (s *Server) accept(ctx context.Context, ln Listener, serve func(a Association)) error {
	for faults := 0; ; {
		a, err := ln.Accept()
		switch {
		case err == nil:
			if faults > 0 {
				s.log.Info().Int("tries", faults).Msg("can accept again")
			}
			faults = 0
			serve(a)
			continue
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil
		}
		if faults++; faults >= acceptFaults && !shortage.Is(err) {
			return fmt.Errorf("m3ua server %s: accept: %w", s.cfg.Name, err)
		}
		if faults == 1 {
			s.log.Warn().Err(err).Msg("cannot accept")
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Server) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving++
}

// leave ends what only time would end, when nobody can come back in time.
func (s *Server) leave() {
	s.mu.Lock()
	s.serving--
	if s.serving == 0 {
		for _, a := range s.ass {
			a.step(Event{Kind: RecoveryTimeout, Gen: a.as.Gen})
		}
	}
	s.mu.Unlock()
	s.inform()
}

// Transfer sends t to the AS that serves its destination. It does not wait and
// does not keep t.Data.
func (s *Server) Transfer(t mtp.Transfer) error {
	s.mu.RLock()
	a := s.byPC[t.DPC]
	pending := a != nil && a.as.State == ASPending
	err := ErrDestinationUnavailable
	if a != nil && a.as.State == ASActive {
		err = a.send(t)
	}
	s.mu.RUnlock()
	if pending {
		err = s.transferPending(a, t)
	}
	if err != nil {
		s.count.refused.Add(1)
	}
	return err
}

// transferPending keeps t until an ASP is active again or T(r) runs out.
func (s *Server) transferPending(a *appServer, t mtp.Transfer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case a.as.State == ASActive:
		return a.send(t)
	case a.as.State != ASPending:
		return ErrDestinationUnavailable
	case len(a.queue) >= s.cfg.Pending:
		return ErrBusy
	}
	t.Data = append([]byte(nil), t.Data...)
	a.queue = append(a.queue, t)
	return nil
}

// inform tells the user the news in their order.
func (s *Server) inform() {
	s.tell.Lock()
	defer s.tell.Unlock()
	s.mu.Lock()
	list := s.news
	s.news = nil
	s.mu.Unlock()
	for _, n := range list {
		if n.pause {
			s.user.Pause(n.pc)
		} else {
			s.user.Resume(n.pc)
		}
	}
}

// Stats counts since the start.
func (s *Server) Stats() Stats { return s.count.stats() }

// ServerState is a snapshot.
type ServerState struct {
	ASs          []ASSnapshot
	Associations int
}

// ASSnapshot is the state of one AS.
type ASSnapshot struct {
	Name       string
	State      ASState
	Up, Active int
	Pending    int // messages kept until T(r) runs out
}

// State is the present state.
func (s *Server) State() ServerState {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := ServerState{Associations: len(s.conns)}
	for _, a := range s.ass {
		st.ASs = append(st.ASs, ASSnapshot{a.cfg.Name, a.as.State, a.as.Up, a.as.Active, len(a.queue)})
	}
	return st
}
