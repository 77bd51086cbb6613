package m3ua

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/mtp"
)

// PeerConfig is one SGP, or another IPSP.
type PeerConfig struct {
	Name  string
	Dial  func(ctx context.Context) (Association, error) // see Accept for one who is called
	Waits bool                                           // IPSP, single exchange: the peer begins
}

// ClientConfig is one application server process.
type ClientConfig struct {
	Name           string
	Peers          []PeerConfig
	RoutingContext []uint32 // DATA goes out with the first; may be empty
	// RoutingKeys are registered with each SGP (RFC 4666 §4.4) before the
	// association is made active, all or none. The routing contexts that the
	// SGP gives them stand behind RoutingContext; DATA from a destination of a
	// key goes out with the context of the key.
	RoutingKeys       []RoutingKey
	NetworkAppearance *uint32
	TrafficMode       TrafficMode // 0 leaves it to the SGP
	ASPID             *uint32
	// IPSP: the peers are IP server processes, not SGPs. In double exchange
	// DATA goes out with the first routing context of the peer's ASPAC.
	IPSP Exchange

	// PointCodes are the destinations to be told about and to be audited with
	// DAUD when an association becomes active.
	PointCodes []mtp.PointCode
	// UnknownProhibited: a destination cannot be reached through a peer until
	// that peer says so with DAVA or DRST, unasked or as the answer to DAUD,
	// and anew after each loss of the association. There are peers that do not
	// answer DAUD: nothing is ever sent to them then. Otherwise a destination
	// can be reached until DUNA says that it cannot.
	UnknownProhibited bool

	TAck           time.Duration // 2 s unless set
	AckTries       uint8         // times a message is sent before the association is given up, 5 unless set
	Beat           time.Duration // 10 s unless set, negative for none
	BeatsLost      uint8         // unanswered BEAT before the association is given up, 2 unless set
	ReconnectMin   time.Duration // 500 ms unless set
	ReconnectMax   time.Duration // 30 s unless set
	CongestionHold time.Duration // how long SCON holds without another, 5 s unless set
	Queue          int           // messages waiting to be written per association, 4096 unless set
	Tap            Tap
}

func (c ClientConfig) defaults() ClientConfig {
	set(&c.TAck, 2*time.Second)
	set(&c.AckTries, 5)
	set(&c.Beat, 10*time.Second)
	set(&c.BeatsLost, 2)
	set(&c.ReconnectMin, 500*time.Millisecond)
	set(&c.ReconnectMax, 30*time.Second)
	set(&c.CongestionHold, 5*time.Second)
	set(&c.Queue, 4096)
	return c
}

func set[T comparable](v *T, unless T) {
	var zero T
	if *v == zero {
		*v = unless
	}
}

// Client is the ASP side: it keeps associations to its peers, makes them
// active and carries MTP-TRANSFER over them. In mode override one association
// is active and the others stand by; otherwise all are, and traffic is shared
// by signalling link selection.
type Client struct {
	cfg   ClientConfig
	user  mtp.User
	log   zerolog.Logger
	count counters
	links []*link

	// tell orders the indications to the user; it is never held together with
	// mu while the user is called, so that the user may call Transfer.
	tell sync.Mutex

	mu       sync.RWMutex
	active   []*link
	ready    chan struct{} // closed while active is not empty
	yielded  bool          // another ASP has overridden us
	paused   map[mtp.PointCode]bool
	congests map[mtp.PointCode]congestion
	// special is set when some destination needs a look at reach or congests.
	special atomic.Bool
}

// NewClient returns a client that does nothing before Run.
func NewClient(cfg ClientConfig, user mtp.User, log zerolog.Logger) *Client {
	c := &Client{cfg: cfg.defaults(), user: user, log: log.With().Str("asp", cfg.Name).Logger(),
		ready: make(chan struct{}), paused: map[mtp.PointCode]bool{}, congests: map[mtp.PointCode]congestion{}}
	for _, p := range cfg.Peers {
		c.links = append(c.links, newLink(c, p))
	}
	// Until an association is active nothing can be reached; the user hears
	// Resume when that changes.
	for _, pc := range cfg.PointCodes {
		c.paused[pc] = true
	}
	c.special.Store(c.isSpecial())
	return c
}

// Run keeps the associations until ctx ends; then it leaves in an orderly way
// and returns nil. It fails at once when the configuration cannot work.
func (c *Client) Run(ctx context.Context) error {
	if len(c.links) == 0 {
		return fmt.Errorf("m3ua client %s: no peers", c.cfg.Name)
	}
	if c.cfg.TrafficMode > Broadcast {
		return fmt.Errorf("m3ua client %s: unknown traffic %v", c.cfg.Name, c.cfg.TrafficMode)
	}
	if err := c.cfg.checkKeys(); err != nil {
		return fmt.Errorf("m3ua client %s: %w", c.cfg.Name, err)
	}
	if err := c.cfg.checkIPSP(); err != nil {
		return fmt.Errorf("m3ua client %s: %w", c.cfg.Name, err)
	}
	var wg sync.WaitGroup
	for _, l := range c.links {
		wg.Go(func() { l.run(ctx) })
	}
	wg.Wait()
	return nil
}

// Transfer sends t. It does not wait and does not keep t.Data.
func (c *Client) Transfer(t mtp.Transfer) error {
	err := c.transfer(t)
	if err != nil {
		c.count.refused.Add(1)
	} else {
		c.count.dataSent.Add(1)
	}
	return err
}

func (c *Client) transfer(t mtp.Transfer) error {
	d := c.data(t)
	c.mu.RLock()
	defer c.mu.RUnlock()
	n := len(c.active)
	if n == 0 {
		return ErrNotActive
	}
	if !c.special.Load() {
		return c.active[int(t.SLS)%n].send(&d)
	}
	if g, is := c.congests[t.DPC]; is && g.level > t.Priority && time.Now().Before(g.until) {
		return ErrCongested
	}
	n = 0
	for _, l := range c.active {
		if l.reach.can(t.DPC) {
			n++
		}
	}
	if n == 0 {
		return ErrDestinationUnavailable
	}
	pick := int(t.SLS) % n
	for _, l := range c.active {
		if !l.reach.can(t.DPC) {
			continue
		}
		if pick == 0 {
			return l.send(&d)
		}
		pick--
	}
	return ErrDestinationUnavailable
}

func (c *Client) data(t mtp.Transfer) (d Data) {
	d.SetTransfer(t)
	if c.cfg.NetworkAppearance != nil {
		d.NetworkAppearance = Some(*c.cfg.NetworkAppearance)
	}
	return d
}

// WaitActive returns when an association is active.
func (c *Client) WaitActive(ctx context.Context) error {
	select {
	case <-c.Ready():
		return nil
	case <-ctx.Done():
		return errors.Join(ErrNotActive, ctx.Err())
	}
}

// Ready is closed while an association is active; ask again after a loss.
func (c *Client) Ready() <-chan struct{} {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.ready
}

// Activate takes the traffic back after another ASP has overridden this one.
func (c *Client) Activate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.yielded = false
	c.elect()
}

// Stats counts since the start.
func (c *Client) Stats() Stats { return c.count.stats() }

// ClientState is a snapshot.
type ClientState struct {
	Links       []LinkState
	Unavailable []mtp.PointCode
}

// LinkState is the state at one peer.
type LinkState struct {
	Peer      string
	Connected bool
	State     ASPState
	Remote    ASPState // IPSP, double exchange: the state of the peer at us
	Queued    int
}

// State is the present state.
func (c *Client) State() ClientState {
	var s ClientState
	for _, l := range c.links {
		s.Links = append(s.Links, l.snapshot())
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for pc, paused := range c.paused {
		if paused {
			s.Unavailable = append(s.Unavailable, pc)
		}
	}
	return s
}
