package push

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Door is where messages come from, and where their ends are told.
type Door interface {
	// Report gives the outbox row that tells the end of a message, when somebody
	// wants to hear of it. It is called in a step: it only computes.
	Report(e *End) (row sessions.Outbox, wanted bool)
	// Reported is called when the end is committed, with a row or without.
	Reported(e *End)
}

// End is how a message ended.
type End struct {
	ID     sessions.ID
	To     string
	Origin *Origin
	Result delivery.Result
	Told   Told // of a relayed message: what its receipt said
	Parts  int  // of how many parts it was
	Good   int  // and how many of them were delivered
	Began  time.Time
	Ended  time.Time
}

// Store is what the service needs of the session store.
type Store interface {
	sessions.Journal
	box
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
}

// Handsets takes messages of handsets. What it is given borrows the read buffer, and is
// answered exactly once.
type Handsets interface {
	Deliver(link string, p *smpp.DeliverSM, r Replier)
	DeliverData(link string, p *smpp.DataSM, r Replier)
}

// Invoker sends one invoke and tells what became of it.
type Invoker interface {
	Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error)
}

// Clock is the time that the service goes by.
type Clock struct {
	Now   func() time.Time
	After func(d time.Duration, f func())
}

// Config puts a service into its surroundings.
type Config struct {
	Push   *configs.Push
	Links  []configs.Link
	Routes *route.Table
	TLVs   *configs.Dictionary // of links[].relay.strip

	// Of messages to accounts: what SMPP says of them, and their binds. Nil without.
	SMPP  *configs.SMPP
	Binds func(account string) *binds.Account
	// Handsets takes the messages of handsets that links deliver; nil: nobody does.
	Handsets Handsets

	HLR     sccp.Address            // of push.ss7.hlr
	MSCs    map[string]sccp.Address // by their configured names
	SMDPP   time.Duration           // how long an MSC may take
	Network Invoker
	Store   Store
	Doors   map[string]Door
	Clock   Clock
	Random  func(b []byte)
	Shards  int
	Log     zerolog.Logger

	// Patience is how long the end of Run waits for answers that are under way.
	Patience time.Duration

	// Dial stands in for the SMPP client of a link; nil is the client.
	Dial func(link string) Centre
}

// Service delivers messages.
type Service struct {
	cfg     Config
	lanes   lanes
	routes  atomic.Pointer[route.Table]
	tlvs    atomic.Pointer[configs.Dictionary]
	retries retries
	esmes   esmes
	dir     *directory
	gather  *gathering
	do      *performer
	runtime *sessions.Runtime[parcel, event, effect]
	letters *receipts
	hlr     *hlr
	counts  *counters
	asks    atomic.Uint64
	drafts  sync.Pool // *draft
}

// choreWorkers do what may block; choreQueue chores may wait for them.
const (
	choreWorkers = 4
	choreQueue   = 1024
)

// mailbox is how many events may wait for a shard: the windows of some busy binds on
// either side.
const mailbox = 16384

// New puts a service together; Run runs it.
func New(cfg Config) (*Service, error) {
	s := &Service{cfg: cfg, dir: newDirectory(), counts: &counters{}}
	s.routes.Store(cfg.Routes)
	s.tlvs.Store(cfg.TLVs)
	if err := s.retries.set(cfg.Push.Retries); err != nil {
		return nil, err
	}
	s.do = &performer{
		dir: s.dir, box: cfg.Store, doors: cfg.Doors, chores: make(chan chore, choreQueue),
		clock: cfg.Clock, counts: s.counts, log: cfg.Log, waiting: map[uint64]chan bool{}, told: map[string]bool{},
	}
	if s.cfg.Handsets == nil {
		s.cfg.Handsets = nobody{}
	}
	s.do.rehome = s.rehome
	s.gather = newGathering(s.do, s.counts, s.assemble)
	s.do.gather = s.gather
	s.letters = newReceipts(s.dir, s.do, cfg.Clock, s.counts, cfg.Log)
	s.letters.oldest = s.oldest
	if err := s.carriers(); err != nil {
		return nil, err
	}
	s.runtime = sessions.NewRuntime(&flow{svc: s, dir: s.dir, doors: cfg.Doors, do: s.do}, cfg.Store, sessions.Options{
		MaxSessions: cfg.Push.MaxMessages, Shards: cfg.Shards, Now: cfg.Clock.Now, Mailbox: mailbox,
		Owns: Owns,
		Fault: func(ref sessions.Ref, err error) {
			cfg.Log.Error().Stringer("session", ref.ID).Err(err).Msg("message fault")
		},
	})
	s.do.mail = s.runtime
	return s, nil
}

// Owns tells which sessions of a store are messages.
func Owns(k sessions.Key) bool { return k.Kind == sessions.KeyMessage }

// ways are the words of a link's way.
var ways = map[string]sms.Way{configs.WayAsIs: sms.UDH8, "udh8": sms.UDH8, "udh16": sms.UDH16, "sar": sms.SAR, configs.WayPayload: sms.Payload}

// carriers makes a sender for each centre and for each MSC.
func (s *Service) carriers() error {
	if err := s.firstLinks(); err != nil {
		return err
	}
	if s.cfg.SMPP != nil {
		s.SetAccounts(s.cfg.SMPP.Accounts)
	}
	if s.cfg.Push.SS7.HLR == "" {
		return nil
	}
	s.hlr = newHLR(s, &s.retries)
	s.do.hlr = s.hlr
	for name, addr := range s.cfg.MSCs {
		m := &msc{name: name, addr: addr, svc: s, classes: &s.retries}
		m.wake = s.sender(destOf("", name), m, s.cfg.Push.SS7.Rate, s.cfg.SMDPP).nudge
	}
	return nil
}

// strip are the TLVs that a link does not pass on.
func (s *Service) strip(c *configs.Link) (tags []smpp.Tag, err error) {
	for _, name := range c.Relay.Strip {
		t, err := s.tlvs.Load().Find(name)
		if err != nil {
			return nil, fmt.Errorf("relay.strip: %w", err)
		}
		tags = append(tags, smpp.Tag(t.Tag))
	}
	return tags, nil
}

// centre is a link as a carrier.
func (s *Service) centre(c *configs.Link, link *links.Link) *centre {
	strip, _ := s.strip(c) // it was tried before
	return &centre{cfg: c, link: link, svc: s, classes: &s.retries, strip: strip}
}

func (s *Service) sender(dest string, c carrier, rate float64, answer time.Duration) *sender {
	one := newSender(dest, c, s.cfg.Store, s.do, rate, answer)
	s.do.senders.add(one)
	return one
}

// Links tells how the links are.
func (s *Service) Links() []links.Stats {
	all := []links.Stats{}
	for _, one := range s.lanes.all() {
		if l := one.link.Load(); l != nil {
			all = append(all, l.Stats())
		}
	}
	return all
}

// Ready is closed when the messages of an earlier run are loaded.
func (s *Service) Ready() <-chan struct{} { return s.runtime.Ready() }

// Live is the number of messages on their way.
func (s *Service) Live() int { return s.runtime.Len() }

// Known is the number of entries in the directories: zero when no message is on its way.
func (s *Service) Known() int { return s.dir.size() + s.gather.size() }

// Run delivers until ctx ends. Then nothing more is sent, what is under way gets
// some time for its answer, the binds are closed, and the runtime stops last: an
// answer that has come is stored, or its part would be in doubt at the next start.
func (s *Service) Run(ctx context.Context) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var chores sync.WaitGroup
	defer chores.Wait()
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- s.runtime.Run(running) }()
	for range choreWorkers {
		chores.Go(func() { s.do.work(running) })
	}
	select {
	case <-s.runtime.Ready():
	case err := <-failed:
		return err
	case <-ctx.Done():
		stop()
		return <-failed
	}
	chores.Go(func() { s.letters.run(running) })
	chores.Go(func() { s.failover(running) })
	s.deliver(ctx, running)
	stop()
	return <-failed
}

// deliver sends until ctx ends, and then closes the binds.
func (s *Service) deliver(ctx, running context.Context) {
	bound, unbind := context.WithCancel(running)
	defer s.lanes.binds.Wait()
	defer unbind()
	s.lanes.sail(s, bound, ctx)
	<-ctx.Done()
	s.lanes.anchor()
	if s.hlr != nil {
		s.hlr.asks.close()
	}
	s.lanes.senders.Wait()
	s.drain()
	for _, one := range s.do.senders.all() {
		one.giveBack(running) // what was refused meanwhile is not in doubt
	}
}

// drain waits until nothing is under way, but not longer than it may.
func (s *Service) drain() {
	end, tick := time.After(s.cfg.Patience), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for slices.ContainsFunc(s.do.senders.all(), func(one *sender) bool { return one.carry.under() > 0 }) {
		select {
		case <-tick.C:
		case <-end:
			return
		}
	}
}

// Accept takes a message. When it returns nil, done is called once, when the
// message is on the disk or was refused; it must not block.
func (s *Service) Accept(m *Message, done func(id sessions.ID, err error)) error {
	one, _ := s.drafts.Get().(*draft)
	if one == nil {
		one = new(draft)
	}
	defer func() {
		one.parcel = parcel{} // the runtime has a copy
		s.drafts.Put(one)
	}()
	p := &one.parcel
	if err := s.parcel(p, m, one.chance[:]); err != nil {
		return err
	}
	id, began := sessions.ID(p.id), p.began
	// It may be sent, and a receipt come, before we hear of the commit.
	waits := !p.delivery.Wake.IsZero()
	if waits {
		s.gather.expect(id, p.origin.Account)
	}
	isNew := s.dir.begin(p, uint16(s.random64(one.chance[:])))
	err := s.runtime.Create(sessions.Create[parcel, event]{
		ID: id, Key: sessions.MessageKey(id), State: *p,
		Event: event{Event: delivery.Event{Kind: delivery.Start, At: p.began}}, Seen: m.Seen,
	}, func(res sessions.Result) {
		first := id
		switch {
		case res.Err == nil:
			s.counts.accepted.Add(1)
			s.counts.committing.Add(int64(s.cfg.Clock.Now().Sub(began)))
		case errors.Is(res.Err, sessions.ErrDuplicate):
			first = res.First
			s.counts.duplicates.Add(1)
		}
		if res.Err != nil {
			s.notAccepted(id, isNew, waits)
		}
		done(first, res.Err)
	})
	if err != nil {
		s.notAccepted(id, isNew, waits)
	}
	return err
}

// notAccepted forgets a message.
func (s *Service) notAccepted(id sessions.ID, isNew, waits bool) {
	if isNew {
		s.dir.remove(id)
	}
	if waits {
		s.gather.left(id)
	}
}

// draft is a message before it is the runtime's, with room for random octets. They are
// used again.
type draft struct {
	parcel parcel
	chance [8]byte
}

// Check tells whether a message would be accepted, and how many parts it has.
func (s *Service) Check(m *Message) (parts int, err error) {
	var p parcel
	if err := s.parcel(&p, m, make([]byte, 8)); err != nil {
		return 0, err
	}
	return len(p.delivery.Parts), nil
}

// parcel makes the state of a message before its first step. chance is room for 8
// octets.
func (s *Service) parcel(p *parcel, m *Message, chance []byte) error {
	*p = parcel{id: uint64(m.ID), began: s.cfg.Clock.Now(), min: m.MIN, priority: m.Priority, origin: m.Origin, content: m.Content}
	if p.id == 0 {
		p.id = s.random64(chance)
	}
	if m.Relay != nil {
		return s.relayParcel(p, m)
	}
	p.to = m.To.String()
	if err := s.times(p, m); err != nil {
		return err
	}
	link := m.Link
	if link == "" {
		var err error
		if link, err = s.route(p); err != nil {
			return err
		}
	}
	if err := s.way(p, link); err != nil {
		return err
	}
	plan, err := sms.Split(&p.content, p.way, p.limits)
	if err != nil {
		return err
	}
	p.delivery.Parts = delivery.NewParts(plan.Segments())
	return nil
}

// relayParcel is parcel of a message that goes on as it came.
func (s *Service) relayParcel(p *parcel, m *Message) error {
	if err := s.times(p, m); err != nil {
		return err
	}
	r := m.Relay
	p.relay, p.wanted, p.timed = submitted, r.Receipt, !m.Deadline.IsZero()
	if r.Data != nil {
		p.relay = dataSM
	}
	look := r.look()
	p.to = strings.TrimPrefix(string(look.Destination), "+")
	t, err := s.choose(&look, p.id)
	if err != nil {
		return err
	}
	if t.Kind == route.SS7 {
		return s.throughMSC(p, r)
	}
	to, err := s.lead(t, p.wanted)
	if err != nil {
		return err
	}
	sh, err := r.shape(s.alphabetOf(r.From), &to)
	if err != nil {
		return err
	}
	p.led(&to, &sh)
	return s.gathers(p, r, &to)
}

// lead is how a relayed message goes to a target. An ESME that has taken it is its
// end, and is asked again when it has not answered.
func (s *Service) lead(t route.Target, wanted bool) (to target, err error) {
	to.policy = s.policy()
	switch l, a := s.linkOf(t.Name), s.esmes.get(t.Name); {
	case t.Kind == route.Link && l != nil:
		to.link, to.receipt = l.Name, wanted && l.Receipts
		to.policy.Receipts, to.policy.Resend, to.policy.Doubt = to.receipt, l.Resend, l.Doubt
		if l.Way == configs.WayPayload {
			to.join = l.Relay.Join
		}
		to.asIs, to.way, to.limits, to.alphabet = l.Way == configs.WayAsIs, ways[l.Way], sms.Limits{Octets: l.Octets, Segments: l.Parts}, alphabets[l.Relay.Alphabet]
		return to, nil
	case t.Kind == route.Account && a != nil:
		to.link = destOfAccount(a.name)
		to.policy.Final, to.policy.Resend = true, true
		to.asIs, to.alphabet = true, a.rules.Load().alphabet
		return to, nil
	}
	return to, noLink{}
}

// times checks how long a message is of use, and takes that over into its state.
func (s *Service) times(p *parcel, m *Message) error {
	c, now := s.cfg.Push, p.began
	d := &p.delivery
	d.NotBefore, d.Validity = m.NotBefore, m.Deadline
	if d.Validity.IsZero() {
		d.Validity = later(now, m.NotBefore).Add(c.Validity)
	}
	if last := now.Add(c.MaxValidity); d.Validity.After(last) {
		d.Validity = last
	}
	if !later(now, d.NotBefore).Before(d.Validity) {
		return ErrValidity
	}
	return nil
}

// policy is what the configuration says of all messages.
func (s *Service) policy() delivery.Policy {
	c := s.cfg.Push
	return delivery.Policy{Attempts: uint8(min(c.Attempts, 255)), Pause: c.Pause, MaxPause: c.MaxPause, Grace: c.Grace}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// way takes the ways of a link over into the state.
func (s *Service) way(p *parcel, link string) error {
	c := s.cfg.Push
	policy := s.policy()
	switch l := s.linkOf(link); {
	case l != nil:
		policy.Receipts, policy.Resend, policy.Doubt = l.Receipts, l.Resend, l.Doubt
		p.link, p.way, p.limits = link, ways[l.Way], sms.Limits{Octets: l.Octets, Segments: l.Parts}
		p.delivery.Bearer, p.delivery.Policy = delivery.ByCentre, policy
		return nil
	case link != configs.LinkSS7 || s.hlr == nil:
		return noLink{}
	}
	if p.min == "" && c.SS7.MINOfMDN && len(p.to) >= 10 {
		p.min = p.to[len(p.to)-10:]
	}
	if p.min == "" {
		return ErrNoMIN
	}
	policy.Resend, policy.AskAgain = c.SS7.Resend, c.SS7.AskAgain
	p.link, p.way, p.limits = link, sms.WDP, sms.Limits{Octets: c.SS7.Octets, Segments: c.SS7.Parts}
	if p.content.Coding == sms.ASCII { // IS-637 has no segments of text but those of the user data header
		p.way, p.limits = sms.UDH8, sms.Limits{Segments: 1}
	}
	p.delivery.Bearer, p.delivery.Policy = delivery.ByMSC, policy
	return nil
}

// route is the link of the rule that takes the message. A push has no source
// address: it gets that of its link.
func (s *Service) route(p *parcel) (link string, err error) {
	m := route.Message{From: p.origin.Account, Push: true, Destination: []byte(p.to), DataCoding: dataCoding(p.content.Coding)}
	t, err := s.choose(&m, p.id)
	if err != nil {
		return "", err
	}
	switch t.Kind {
	case route.Link:
		return t.Name, nil
	case route.SS7:
		return configs.LinkSS7, nil
	}
	return "", noLink{}
}

// choose is the target of the rule that takes the message.
func (s *Service) choose(m *route.Message, id uint64) (route.Target, error) {
	r := s.routes.Load().Find(m)
	if r == nil {
		return route.Target{}, ErrNoRoute
	}
	if r.Refuse != smpp.StatusOK {
		return route.Target{}, &RefusedError{Route: r.Name, Status: r.Refuse}
	}
	return r.Choose(r.Key(m, id), s.up), nil
}

// up tells whether a target takes messages now. The signalling network is up:
// which of its nodes is not shows when a message is sent to it.
func (s *Service) up(t route.Target) bool {
	switch t.Kind {
	case route.Link:
		one := s.do.senders.get(destOf(t.Name, ""))
		return one != nil && one.carry.up()
	case route.Account:
		a := s.esmes.get(t.Name)
		return a != nil && a.up()
	case route.SS7:
		return s.hlr != nil
	}
	return false
}

// random64 uses b, which is on the heap: the source of octets may be anything.
func (s *Service) random64(b []byte) uint64 {
	for {
		s.cfg.Random(b)
		if n := binary.BigEndian.Uint64(b); n != 0 {
			return n
		}
	}
}

// NewID is an id that no message has.
func (s *Service) NewID() sessions.ID { return sessions.ID(s.random64(make([]byte, 8))) }

// Cancel stops a message that no centre and no MSC has yet. It fails with
// [sessions.ErrNotFound] for one that is over. With a segment that was joined with others
// the whole message is cancelled.
func (s *Service) Cancel(ctx context.Context, id sessions.ID) (cancelled bool, err error) {
	id, ok := s.gather.cancels(id)
	if !ok {
		return false, nil
	}
	return s.ask(ctx, id, event{Event: delivery.Event{Kind: delivery.Cancel}})
}

// Status is what is known of a message.
type Status struct {
	To     string
	Origin Origin // of one that is over without its Data
	Live   bool
	Phase  delivery.Phase // of a live one
	Link   string
	Body   []byte    // of a live one that is relayed as submit_sm, and may still be sent and replaced
	At     time.Time // of the end
	// Of one that is over.
	Outcome, Reason, Detail string
}

// Status looks a message up, also one that is over. The error is
// [sessions.ErrNotFound] when there is no record of it.
func (s *Service) Status(ctx context.Context, id sessions.ID) (Status, error) {
	rec, err := s.cfg.Store.ByID(ctx, s.gather.carrier(id))
	if err == nil && Owns(rec.Key) {
		var p parcel
		if err := p.decode(rec.State); err != nil {
			return Status{}, err
		}
		st := Status{To: p.to, Origin: p.as(id).origin, Live: true, Phase: p.delivery.Phase, Link: p.link}
		if p.relay == submitted && p.joint == nil && p.delivery.Phase != delivery.Gathering {
			st.Body = p.content.Payload
		}
		return st, nil
	}
	if err != nil && !errors.Is(err, sessions.ErrNotFound) {
		return Status{}, err
	}
	st, found := Status{}, false
	err = s.cfg.Store.CDRs(ctx, cdr.Filter{Session: id.String()}, func(r cdr.Record) error { // the last one counts
		o := Origin{Account: r.Trigger.Account, Source: r.Trigger.Source, Corr: r.Trigger.Corr}
		st, found = Status{To: r.MDN, Origin: o, Link: r.Link, At: r.Ended, Outcome: string(r.Outcome), Reason: r.Reason, Detail: r.Detail}, true
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: message %s", sessions.ErrNotFound, id)
	}
	return st, err
}
