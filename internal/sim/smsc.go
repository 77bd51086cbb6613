package sim

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// SMSCConfig is the plan of a simulated message centre.
type SMSCConfig struct {
	Server smpp.ServerConfig // accounts, windows and timers
	Script *Script           // step "submit_sm"
	Air    Air

	// A message has one number, counted from FirstID (1), that is spelled in two
	// ways, as real centres do.
	FirstID    uint64
	ResponseID IDForm
	ReceiptID  IDForm
	// TLVs says whether a receipt has receipted_message_id, and how spelled.
	TLVs ReceiptTLVs

	ReceiptFirst bool          // the receipt leaves before the submit_sm_resp, when one bind does both
	ReceiptDelay time.Duration // from the hand-over to the receipt
	Retry        time.Duration // before a receipt that was not taken is sent again, 1 s
	SegmentSize  int           // octets into which a message_payload is cut, 128

	Observe func(Sight) // nil when nobody watches
	Log     zerolog.Logger
}

// SMSC is a message centre that ESMEs bind to. It relays to phones at once and
// keeps receipts until an ESME takes them, over any number of binds.
//
// It keeps a ledger of all that it took, handed over and reported.
type SMSC struct {
	cfg    SMSCConfig
	server *smpp.Server
	timers timers
	news   news
	air    *air

	flushing sync.Mutex // held by who sends receipts

	mu       sync.Mutex
	number   uint64
	phones   map[string]Phone
	links    map[net.Conn]struct{}
	owed     map[*smpp.Reply]*smpp.BoundPeer // what has no answer yet
	submits  []*Submit
	receipts []*Receipt
	queues   map[string][]*Receipt // by account: what waits for a bind
}

// NewSMSC makes a message centre; an invalid configuration shows in Serve.
func NewSMSC(cfg SMSCConfig) *SMSC {
	if cfg.FirstID == 0 {
		cfg.FirstID = 1
	}
	if cfg.Retry == 0 {
		cfg.Retry = time.Second
	}
	if cfg.SegmentSize == 0 {
		cfg.SegmentSize = 128
	}
	s := &SMSC{
		cfg: cfg, number: cfg.FirstID, phones: map[string]Phone{}, links: map[net.Conn]struct{}{},
		owed: map[*smpp.Reply]*smpp.BoundPeer{}, queues: map[string][]*Receipt{},
	}
	s.air = newAir(cfg.Air, &s.timers, s.news.tell)
	s.server = smpp.NewServer(cfg.Server, (*centre)(s), cfg.Log)
	return s
}

// Serve takes binds until ctx ends. It may be called again after that: the
// centre was switched off, and kept what it had.
func (s *SMSC) Serve(ctx context.Context, ln net.Listener) error {
	s.timers.start()
	s.requeue()
	err := s.server.Serve(ctx, &lines{ln, s})
	s.timers.stop()
	return err
}

// SwitchOn makes a phone reachable under a number.
func (s *SMSC) SwitchOn(number string, p Phone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phones[bare(number)] = p
}

// SwitchOff makes the number unreachable: what is sent to it is undeliverable.
func (s *SMSC) SwitchOff(number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.phones, bare(number))
}

func bare(number string) string { return strings.TrimPrefix(number, "+") }

// Cut breaks all connections, as a fault of the line does.
func (s *SMSC) Cut() {
	s.mu.Lock()
	var all []net.Conn
	for c := range s.links {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		c.Close() // it is to be gone, and says so to those who use it
	}
}

// ErrNoBind says that an account has no bind that takes messages.
var ErrNoBind = errors.New("no bind takes messages")

// Originate sends a message of a handset to one of the account's binds, and waits for
// the answer.
func (s *SMSC) Originate(ctx context.Context, account string, p *smpp.DeliverSM) (smpp.Status, error) {
	for _, b := range s.server.Receivers(account) {
		return b.DeliverSM(ctx, p)
	}
	return 0, ErrNoBind
}

// OriginateData is Originate of a data_sm.
func (s *SMSC) OriginateData(ctx context.Context, account string, p *smpp.DataSM) (smpp.Status, error) {
	for _, b := range s.server.Receivers(account) {
		return b.DataSM(ctx, p)
	}
	return 0, ErrNoBind
}

// Wait returns when there holds, which is asked after each change of the ledger.
func (s *SMSC) Wait(ctx context.Context, there func() bool) error { return s.news.until(ctx, there) }

// lines is a listener whose connections can be cut and watched.
type lines struct {
	net.Listener
	smsc *SMSC
}

func (l *lines) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c = &link{c, l.smsc}
	l.smsc.mu.Lock()
	l.smsc.links[c] = struct{}{}
	l.smsc.mu.Unlock()
	if l.smsc.cfg.Observe == nil {
		return c, nil
	}
	return smpp.TapConn(c, l.smsc.sees("SMSC", "otagate"), l.smsc.sees("otagate", "SMSC")), nil
}

func (s *SMSC) sees(from, to string) func([]byte) {
	return func(b []byte) {
		s.cfg.Observe(Sight{At: time.Now(), From: from, To: to, Proto: "smpp", Octets: slices.Clone(b)})
	}
}

// link is a connection that the SMSC knows until it is closed.
type link struct {
	net.Conn
	smsc *SMSC
}

func (c *link) Close() error {
	c.smsc.mu.Lock()
	delete(c.smsc.links, c)
	c.smsc.mu.Unlock()
	return c.Conn.Close()
}
