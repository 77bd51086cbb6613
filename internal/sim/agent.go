package sim

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wsp"
)

// AgentConfig is a handset as far as pushes are concerned.
type AgentConfig struct {
	IMSI          string // whose octets are the network secret of NETWPIN in GSM
	NetworkSecret []byte // takes the place of the IMSI's octets, such as in CDMA

	// PINs is what the user types, in this order, at each document that wants a
	// PIN. The handset asks three times.
	PINs []string
	// Unsigned documents, those without SEC and MAC, are taken.
	Unsigned bool

	// DM is the accounts of device management servers, by server identifier.
	// Settings that are taken add to them.
	DM map[string]DMAccount

	Timeout  time.Duration    // after which a datagram of which segments are missing is dropped, 5 min
	Remember time.Duration    // how long duplicates are recognised, 10 min
	Now      func() time.Time // nil is time.Now
	Open     func(url string) // told of each URL that an SL has opened, on the way of the message; may be nil
	Observe  func(Sight)      // shown each datagram to the push port; may be nil

	// Provision is told in the place of Open of a URL that is for the application
	// x-wap-openwave:iota.ua, on the way of the message: it starts [IOTA.CallBack] on
	// a goroutine. Without it the handset has no such application, and opens all alike.
	Provision func(url string)
}

// DMAccount is what a handset knows of a device management server: how the
// server proves who it is.
type DMAccount struct {
	Password string
	Nonce    []byte
}

// Counts is what an agent has counted.
type Counts struct {
	Messages       int // short messages
	Duplicates     int // segments and datagrams that were there already
	Incomplete     int // datagrams dropped because segments did not come
	Datagrams      int // complete, duplicates not counted
	Malformed      int // messages and contents that could not be read
	Discarded      int // SIs older than one that is there, or expired
	PINAttempts    int // PINs that the user has typed
	MACFailures    int // provisioning documents refused
	DigestFailures int // DM notifications refused
}

// Agent is the push agent of a handset. It takes short messages of GSM and of
// IS-637, puts datagrams together, and does what SI, SL, client provisioning
// and DM notifications ask. It reads with the project's decoders; segments, MACs
// and digests it works out with means of its own, so that a mistake of the
// gateway's shows.
//
// It is a [Phone].
type Agent struct {
	cfg  AgentConfig
	news news

	mu          sync.Mutex
	parts       assembler
	seen        map[datagramKey]time.Time
	counts      Counts
	texts       []Text
	indications []Indication
	opened      []opening
	cached      []string
	settings    []omacp.Document
	accounts    map[string]DMAccount
	sessions    []DMSession
	unknown     []Unknown
}

// NewAgent switches an agent on.
func NewAgent(cfg AgentConfig) *Agent {
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Minute
	}
	if cfg.Remember == 0 {
		cfg.Remember = 10 * time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a := &Agent{cfg: cfg, parts: newAssembler(cfg.Timeout, cfg.Remember), seen: map[datagramKey]time.Time{}, accounts: map[string]DMAccount{}}
	for id, account := range cfg.DM {
		a.accounts[id] = account
	}
	return a
}

// opening is a URL that an SL has opened, and the application it is for.
type opening struct {
	url string
	app wsp.ApplicationID
}

// Text is a short message for the user.
type Text struct{ From, Text string }

// Unknown is what the agent has no use for.
type Unknown struct {
	From        string
	Ports       Ports
	ContentType string // empty when it is no push
	Octets      []byte // the datagram
}

// Receive takes a short message.
func (a *Agent) Receive(m ShortMessage) bool {
	a.mu.Lock()
	opened := a.receive(m)
	a.mu.Unlock()
	a.news.tell()
	for _, o := range opened {
		switch {
		case o.app == wsp.AppOpenwaveIOTA && a.cfg.Provision != nil:
			a.cfg.Provision(o.url)
		case a.cfg.Open != nil:
			a.cfg.Open(o.url)
		}
	}
	return true
}

// receive takes a message under the lock; opened is what it has opened.
func (a *Agent) receive(m ShortMessage) (opened []opening) {
	now := a.cfg.Now()
	a.counts.Messages++
	p, err := partOf(m)
	if err != nil {
		a.counts.Malformed++
		return nil
	}
	d, verdict := a.parts.add(p, now)
	switch verdict {
	case partAgain:
		a.counts.Duplicates++
	case partMissing:
	case partLast:
		before := len(a.opened)
		a.datagram(d, now)
		opened = slices.Clone(a.opened[before:])
	}
	a.counts.Incomplete = a.parts.dropped
	return opened
}

// Counts is a copy of the counts. What has waited too long is dropped first.
func (a *Agent) Counts() Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.parts.forget(a.cfg.Now())
	a.counts.Incomplete = a.parts.dropped
	return a.counts
}

// Texts is the short messages for the user, in order.
func (a *Agent) Texts() []Text { return copyOf(a, &a.texts) }

// Opened is the URLs that SLs have opened, in order, whatever application they
// are for.
func (a *Agent) Opened() []string { return a.openedFor(func(wsp.ApplicationID) bool { return true }) }

// Provisioned is those of Opened that are for x-wap-openwave:iota.ua.
func (a *Agent) Provisioned() []string {
	return a.openedFor(func(app wsp.ApplicationID) bool { return app == wsp.AppOpenwaveIOTA })
}

func (a *Agent) openedFor(want func(wsp.ApplicationID) bool) (urls []string) {
	for _, o := range copyOf(a, &a.opened) {
		if want(o.app) {
			urls = append(urls, o.url)
		}
	}
	return urls
}

// Cached is the URLs that SLs have loaded and not shown.
func (a *Agent) Cached() []string { return copyOf(a, &a.cached) }

// Settings is the provisioning documents that were taken, in order.
func (a *Agent) Settings() []omacp.Document { return copyOf(a, &a.settings) }

// DMSessions is the sessions that servers have asked for and that the handset
// would open, in order.
func (a *Agent) DMSessions() []DMSession { return copyOf(a, &a.sessions) }

// Unknown is what came and is none of the above.
func (a *Agent) Unknown() []Unknown { return copyOf(a, &a.unknown) }

// Wait returns when there holds, which is asked after each message.
func (a *Agent) Wait(ctx context.Context, there func() bool) error { return a.news.until(ctx, there) }

func copyOf[T any](a *Agent, list *[]T) []T {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(*list)
}
