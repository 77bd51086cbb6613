package links

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/smpp"
)

// Centre takes submit_sm, which it only borrows. An SMPP client is one.
type Centre interface {
	SubmitAsync(p *smpp.SubmitSM, done func(status smpp.Status, resp *smpp.SubmitSMResp, err error)) error
}

// DataCentre is a Centre that takes data_sm too, as an SMPP client does.
type DataCentre interface {
	DataSMAsync(p *smpp.DataSM, done func(status smpp.Status, resp *smpp.DataSMResp, err error)) error
}

// Handler takes what centres deliver.
type Handler interface {
	// Deliver is given every deliver_sm. It runs on the goroutine that reads the
	// bind, and p borrows the read buffer. r is to be answered exactly once, from
	// any goroutine, when the message is safe.
	Deliver(link string, p *smpp.DeliverSM, r Replier)
}

// DataHandler is a Handler that takes data_sm, too. Others answer them
// with ESME_RINVCMDID.
type DataHandler interface {
	Data(link string, p *smpp.DataSM, r Replier)
}

// Replier answers a deliver_sm or a data_sm.
type Replier interface {
	Respond(status smpp.Status, messageID string)
}

// Config puts a link into its surroundings.
type Config struct {
	Link    *configs.Link
	Handler Handler     // nil: what is delivered is refused for now
	OnRoom  func()      // called when there may be room again; must not block. nil is nothing
	Clock   clock.Clock // that pauses and rates go by
	Log     zerolog.Logger

	// Connect stands in for TCP; nil is TCP.
	Connect func(ctx context.Context, network, address string) (net.Conn, error)
	// Centre stands in for the SMPP client of a bind, which then always stands; nil
	// is one that never does.
	Centre func() Centre
}

// Link is a named link to a message centre.
type Link struct {
	cfg   Config
	hosts []configs.Host
	binds []*bind
	size  int // octets of the short messages that the centre makes of a payload

	mu       sync.Mutex
	pace     pace
	tokens   bucket
	timed    bool // the clock will say when there is a token
	flying   int
	turn     int // bind that the next search begins with
	draining chan struct{}
	counts   counts
	spent    Spent
	held     Hold // since then
	since    time.Time
}

// New makes a link; Run runs it. It fails when the configuration is not valid.
func New(cfg Config) (*Link, error) {
	c := cfg.Link
	if cfg.OnRoom == nil {
		cfg.OnRoom = func() {}
	}
	if cfg.Connect == nil {
		cfg.Connect = (&net.Dialer{}).DialContext
	}
	cfg.Log = cfg.Log.With().Str("link", c.Name).Logger()
	l := &Link{cfg: cfg, size: c.Octets, pace: pace{min: c.SlowDown.Min, max: c.SlowDown.Max}, tokens: newBucket(c, cfg.Clock.Now())}
	if cfg.Centre == nil {
		var err error
		if l.hosts, err = c.Hosts(); err != nil {
			return nil, err
		}
	}
	l.binds = newBinds(l)
	l.since, l.held = cfg.Clock.Now(), NoBind
	return l, nil
}

// Name is the name of the link.
func (l *Link) Name() string { return l.cfg.Link.Name }

// Follow takes over what may change while binds stand: rate, burst and how large
// the short messages are that the centre makes of a payload.
func (l *Link) Follow(c *configs.Link) {
	l.mu.Lock()
	now := l.cfg.Clock.Now()
	fresh := newBucket(c, now)
	fresh.tokens = min(fresh.tokens, float64(min(l.tokens.whole(now), 1<<30)))
	l.tokens, l.size = fresh, c.Octets
	l.timed = false // it may be for a slower rate
	l.awaitToken()
	l.clock(now)
	l.mu.Unlock()
	l.cfg.OnRoom()
}

// Run keeps the binds until ctx ends, and unbinds. When it returns everything that
// was under way has been told to who submitted it.
func (l *Link) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, b := range l.binds {
		all.Go(func() { b.run(ctx) })
	}
	all.Wait()
}

// The reasons for which Submit sends nothing.
var (
	ErrDown     = errors.New("there is no bind")
	ErrNoRoom   = errors.New("the link has no room")
	ErrDraining = errors.New("the link takes nothing new")
)

// Up tells whether the link takes new messages and has a bind that can submit. Before
// the first attempts to bind have come out nobody knows, and it is taken for up: a
// start of the gateway must not lead messages away from it.
func (l *Link) Up() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.draining == nil && (l.up() || slices.ContainsFunc(l.binds, func(b *bind) bool { return b.submits() && !b.tried }))
}

func (l *Link) up() bool {
	for _, b := range l.binds {
		if b.centre != nil {
			return true
		}
	}
	return false
}

// Room is how many submit_sm the link takes now.
func (l *Link) Room() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.room()
}

func (l *Link) room() int {
	if l.draining != nil || l.pace.paused {
		return 0
	}
	n := 0
	for _, b := range l.binds {
		n += b.room()
	}
	n = l.pace.limit(n, l.flying)
	if l.tokens.rate > 0 { // or the clock would be read for nothing, some times for each request
		n = min(n, l.tokens.whole(l.cfg.Clock.Now()))
	}
	return max(n, 0)
}

// InFlight is how many submit_sm have no answer yet.
func (l *Link) InFlight() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.flying
}

// Submit sends p on the bind with the most room. An error says that nothing has
// left. Otherwise done is called once, on a goroutine of the bind, and must not
// block: with the answer, or with the error for which there will be none, so that
// the centre may have p or not. p is only borrowed, and resp borrows the read buffer.
func (l *Link) Submit(p *smpp.SubmitSM, done func(status smpp.Status, resp *smpp.SubmitSMResp, err error)) error {
	return l.give(l.segments(p.TLVs), func(to Centre, b *bind, round uint32) error {
		return to.SubmitAsync(p, func(status smpp.Status, resp *smpp.SubmitSMResp, err error) {
			var tlvs smpp.TLVs
			if resp != nil {
				tlvs = resp.TLVs
			}
			l.answered(round, status, tlvs, err)
			done(status, resp, err) // before it has landed: nothing is under way of which its sender does not know
			l.landed(b)
		})
	})
}

// Data is Submit of a data_sm, which a centre of 3.3 does not take (smpp.ErrVersion); resp is nil too when the answer has no body, and may
// be kept.
func (l *Link) Data(p *smpp.DataSM, done func(status smpp.Status, resp *smpp.DataSMResp, err error)) error {
	return l.give(l.segments(p.TLVs), func(to Centre, b *bind, round uint32) error {
		c, ok := to.(DataCentre)
		if !ok {
			return smpp.ErrVersion
		}
		return c.DataSMAsync(p, func(status smpp.Status, resp *smpp.DataSMResp, err error) {
			var tlvs smpp.TLVs
			if resp != nil {
				tlvs = resp.TLVs
			}
			l.answered(round, status, tlvs, err)
			done(status, resp, err)
			l.landed(b)
		})
	})
}

// give has a bind send one request; it is tried with the next when one has ended.
func (l *Link) give(segments int, send func(to Centre, b *bind, round uint32) error) error {
	for {
		b, to, round, err := l.take(segments)
		if err != nil {
			return err
		}
		if err = send(to, b, round); err == nil {
			l.sent()
			return nil
		}
		if !l.untaken(b, to, segments, err) {
			return err
		}
	}
}

// take finds a bind and makes the request one that is under way.
func (l *Link) take(segments int) (b *bind, to Centre, round uint32, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room() <= 0 {
		return nil, nil, 0, l.whyNot()
	}
	b = l.widest()
	b.flying++
	l.flying++
	l.tokens.take(segments)
	return b, b.centre, l.pace.round, nil
}

func (l *Link) whyNot() error {
	switch {
	case l.draining != nil:
		return ErrDraining
	case !l.up():
		return ErrDown
	}
	return ErrNoRoom
}

// widest is the bind with the most room; those with the same have their turns.
func (l *Link) widest() (best *bind) {
	for i := range l.binds {
		b := l.binds[(l.turn+i)%len(l.binds)]
		if best == nil || b.room() > best.room() {
			best = b
		}
	}
	l.turn = best.number + 1
	return best
}

// untaken takes back what a bind did not take, and tells whether another may. A
// bind that has ended gets nothing more until it stands again.
func (l *Link) untaken(b *bind, to Centre, segments int, err error) (again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.flying--
	l.flying--
	l.tokens.take(-segments)
	l.drained()
	switch {
	case l.cfg.Centre != nil:
	case errors.Is(err, smpp.ErrClosed), errors.Is(err, smpp.ErrNotBound):
		if b.centre == to {
			b.centre = nil
		}
		return true
	case errors.Is(err, smpp.ErrQueueFull) && b.flying > 0:
		b.full = true
		return true
	}
	return false
}

// answered sees what an answer says of the centre.
func (l *Link) answered(round uint32, status smpp.Status, tlvs smpp.TLVs, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.answer(status, err)
	if err != nil {
		return
	}
	pause := time.Duration(0)
	if Throttled(status) {
		pause = l.pace.refused(round)
	} else {
		pause = l.pace.taken(round, congestion(tlvs))
	}
	if pause > 0 {
		l.pause(pause)
	}
}

// pause holds the whole link back. It is under the lock.
func (l *Link) pause(d time.Duration) {
	l.counts.pauses++
	l.clock(l.cfg.Clock.Now())
	round := l.pace.round
	l.cfg.Log.Warn().Dur("pause", d).Msg("the centre has too much")
	l.cfg.Clock.After(d, func() {
		l.mu.Lock()
		l.pace.over(round)
		l.clock(l.cfg.Clock.Now())
		l.mu.Unlock()
		l.cfg.OnRoom()
	})
}

// awaitToken has the clock wake the caller when the rate allows more. It is under
// the lock.
func (l *Link) awaitToken() {
	if l.timed || l.tokens.rate <= 0 {
		return
	}
	d := l.tokens.wait(l.cfg.Clock.Now())
	if d <= 0 {
		return
	}
	l.timed = true
	l.cfg.Clock.After(d, func() {
		l.mu.Lock()
		l.timed = false
		l.awaitToken() // a payload may have taken more than there was
		l.clock(l.cfg.Clock.Now())
		l.mu.Unlock()
		l.cfg.OnRoom()
	})
}

func (l *Link) sent() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	l.counts.sent++
	l.counts.meter.add(now)
	l.awaitToken()
	l.clock(now)
}

func (l *Link) landed(b *bind) {
	l.mu.Lock()
	b.flying--
	b.full = false
	l.flying--
	l.drained()
	l.tick()
	l.mu.Unlock()
	l.cfg.OnRoom()
}

// Drain has the link take nothing new, and waits until nothing is under way or ctx
// ends. It does not unbind; the end of Run's context does.
func (l *Link) Drain(ctx context.Context) error {
	l.mu.Lock()
	if l.draining == nil {
		l.draining = make(chan struct{})
		l.drained()
		l.clock(l.cfg.Clock.Now())
	}
	empty := l.draining
	l.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drained is under the lock.
func (l *Link) drained() {
	if l.draining == nil || l.flying > 0 {
		return
	}
	select {
	case <-l.draining:
	default:
		close(l.draining)
	}
}

// segments are the short messages that a request with these TLVs is or becomes.
func (l *Link) segments(tlvs smpp.TLVs) int {
	payload, ok := tlvs.Find(smpp.TagMessagePayload)
	if !ok || l.size <= 0 {
		return 1
	}
	return max((len(payload)+l.size-1)/l.size, 1)
}
