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
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
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
	Began  time.Time
	Ended  time.Time
}

// Store is what the service needs of the session store.
type Store interface {
	sessions.Journal
	box
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
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
	Push    *configs.Push
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
	routes  []configs.PushRoute
	links   map[string]*configs.SMSLink
	dir     *directory
	do      *performer
	runtime *sessions.Runtime[parcel, event, effect]
	centres []*centre
	senders []*sender
	letters *receipts
	hlr     *hlr
	counts  *counters
	asks    atomic.Uint64
}

// choreWorkers do what may block; choreQueue chores may wait for them.
const (
	choreWorkers = 4
	choreQueue   = 1024
)

// New puts a service together; Run runs it.
func New(cfg Config) (*Service, error) {
	s := &Service{cfg: cfg, routes: cfg.Push.Routes, links: map[string]*configs.SMSLink{}, dir: newDirectory(), counts: &counters{}}
	cl, err := newClasses(cfg.Push.Retries)
	if err != nil {
		return nil, err
	}
	s.do = &performer{
		dir: s.dir, box: cfg.Store, senders: map[string]*sender{}, doors: cfg.Doors, chores: make(chan chore, choreQueue),
		clock: cfg.Clock, counts: s.counts, log: cfg.Log, waiting: map[uint64]chan bool{}, told: map[string]bool{},
	}
	s.letters = newReceipts(s.dir, s.do, cfg.Clock, s.counts, cfg.Log)
	if err := s.carriers(cl); err != nil {
		return nil, err
	}
	s.runtime = sessions.NewRuntime(&flow{dir: s.dir, doors: cfg.Doors, do: s.do}, cfg.Store, sessions.Options{
		MaxSessions: cfg.Push.MaxMessages, Shards: cfg.Shards, Now: cfg.Clock.Now,
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
var ways = map[string]sms.Way{"udh8": sms.UDH8, "udh16": sms.UDH16, "sar": sms.SAR, "payload": sms.Payload}

// carriers makes a sender for each centre and for each MSC.
func (s *Service) carriers(cl classes) error {
	for i := range s.cfg.Push.Links {
		l := &s.cfg.Push.Links[i]
		if _, ok := ways[l.Way]; !ok {
			return fmt.Errorf("push.links[%s].way: unknown value %q", l.Name, l.Way)
		}
		s.links[l.Name] = l
		s.dir.accounts[l.Name] = accountOf(l)
		c := newCentre(l, s, cl)
		s.centres = append(s.centres, c)
		s.sender(destOf(l.Name, ""), c, l.Rate, l.Response)
		c.wake = s.do.senders[destOf(l.Name, "")].nudge
	}
	if s.cfg.Push.SS7.HLR == "" {
		return nil
	}
	s.hlr = newHLR(s, cl)
	s.do.hlr = s.hlr
	for name, addr := range s.cfg.MSCs {
		m := &msc{name: name, addr: addr, svc: s, classes: cl}
		s.sender(destOf("", name), m, s.cfg.Push.SS7.Rate, s.cfg.SMDPP)
		m.wake = s.do.senders[destOf("", name)].nudge
	}
	return nil
}

func (s *Service) sender(dest string, c carrier, rate float64, answer time.Duration) {
	one := newSender(dest, c, s.cfg.Store, s.do, rate, answer)
	s.do.senders[dest] = one
	s.senders = append(s.senders, one)
}

// Ready is closed when the messages of an earlier run are loaded.
func (s *Service) Ready() <-chan struct{} { return s.runtime.Ready() }

// Live is the number of messages on their way.
func (s *Service) Live() int { return s.runtime.Len() }

// Known is the number of entries in the directory: zero when no message is on its way.
func (s *Service) Known() int { return s.dir.size() }

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
	s.deliver(ctx, running)
	stop()
	return <-failed
}

// deliver sends until ctx ends, and then closes the binds.
func (s *Service) deliver(ctx, running context.Context) {
	bound, unbind := context.WithCancel(running)
	var senders, binds sync.WaitGroup
	defer binds.Wait()
	defer unbind()
	for _, c := range s.centres {
		binds.Go(func() { c.run(bound) })
	}
	for _, one := range s.senders {
		senders.Go(func() { one.run(ctx) })
	}
	<-ctx.Done()
	if s.hlr != nil {
		s.hlr.asks.close()
	}
	senders.Wait()
	s.drain()
}

// drain waits until nothing is under way, but not longer than it may.
func (s *Service) drain() {
	end, tick := time.After(s.cfg.Patience), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for slices.ContainsFunc(s.senders, func(one *sender) bool { return one.carry.under() > 0 }) {
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
	p, err := s.parcel(m)
	if err != nil {
		return err
	}
	id := sessions.ID(p.id)
	// It may be sent, and a receipt come, before we hear of the commit.
	chance := s.random64()
	isNew := s.dir.begin(p, uint16(chance), uint16(chance>>16))
	err = s.runtime.Create(sessions.Create[parcel, event]{
		ID: id, Key: sessions.MessageKey(id), State: *p,
		Event: event{Event: delivery.Event{Kind: delivery.Start, At: p.began}}, Seen: m.Seen,
	}, func(res sessions.Result) {
		first := id
		switch {
		case res.Err == nil:
			s.counts.accepted.Add(1)
		case errors.Is(res.Err, sessions.ErrDuplicate):
			first = res.First
			s.counts.duplicates.Add(1)
		}
		if res.Err != nil && isNew {
			s.dir.remove(id)
		}
		done(first, res.Err)
	})
	if err != nil && isNew {
		s.dir.remove(id)
	}
	return err
}

// Check tells whether a message would be accepted, and how many parts it has.
func (s *Service) Check(m *Message) (parts int, err error) {
	p, err := s.parcel(m)
	if err != nil {
		return 0, err
	}
	return len(p.delivery.Parts), nil
}

// parcel makes the state of a message before its first step.
func (s *Service) parcel(m *Message) (*parcel, error) {
	c, now := s.cfg.Push, s.cfg.Clock.Now()
	p := &parcel{id: uint64(m.ID), began: now, to: m.To.String(), min: m.MIN, priority: m.Priority, origin: m.Origin, content: m.Content}
	if p.id == 0 {
		p.id = s.random64()
	}
	d := &p.delivery
	d.NotBefore, d.Validity = m.NotBefore, m.Deadline
	if d.Validity.IsZero() {
		d.Validity = later(now, m.NotBefore).Add(c.Validity)
	}
	if last := now.Add(c.MaxValidity); d.Validity.After(last) {
		d.Validity = last
	}
	if !later(now, d.NotBefore).Before(d.Validity) {
		return nil, ErrValidity
	}
	if err := s.way(p, m.Link); err != nil {
		return nil, err
	}
	plan, err := sms.Split(&p.content, p.way, p.limits)
	if err != nil {
		return nil, err
	}
	d.Parts = delivery.NewParts(plan.Segments())
	return p, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// way chooses the link, and takes its ways over into the state.
func (s *Service) way(p *parcel, link string) error {
	c := s.cfg.Push
	if link == "" {
		link = s.route(p.to)
	}
	policy := delivery.Policy{Attempts: uint8(min(c.Attempts, 255)), Pause: c.Pause, MaxPause: c.MaxPause, Grace: c.Grace}
	switch l := s.links[link]; {
	case link == "":
		return ErrNoRoute
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

// route is the link of the longest prefix.
func (s *Service) route(to string) string {
	link, longest := "", -1
	for _, r := range s.routes {
		if strings.HasPrefix(to, r.Prefix) && len(r.Prefix) > longest {
			link, longest = r.Link, len(r.Prefix)
		}
	}
	return link
}

func (s *Service) random64() uint64 {
	var b [8]byte
	for {
		s.cfg.Random(b[:])
		if n := binary.BigEndian.Uint64(b[:]); n != 0 {
			return n
		}
	}
}

// Cancel stops a message that no centre and no MSC has yet. It fails with
// [sessions.ErrNotFound] for one that is over.
func (s *Service) Cancel(ctx context.Context, id sessions.ID) (cancelled bool, err error) {
	ask := s.asks.Add(1)
	answer := s.do.expect(ask)
	err = s.runtime.Post(id, event{Event: delivery.Event{Kind: delivery.Cancel, Ask: ask, At: s.cfg.Clock.Now()}})
	if err != nil {
		s.do.answer(ask, false)
		return false, err
	}
	select {
	case cancelled = <-answer:
		return cancelled, nil
	case <-ctx.Done():
		s.do.answer(ask, false)
		return false, ctx.Err()
	}
}

// Status is what is known of a message.
type Status struct {
	To    string
	Live  bool
	Phase delivery.Phase // of a live one
	At    time.Time      // of the end
	// Of one that is over.
	Outcome, Reason, Detail string
}

// Status looks a message up, also one that is over. The error is
// [sessions.ErrNotFound] when there is no record of it.
func (s *Service) Status(ctx context.Context, id sessions.ID) (Status, error) {
	rec, err := s.cfg.Store.ByID(ctx, id)
	if err == nil && Owns(rec.Key) {
		var p parcel
		if err := p.decode(rec.State); err != nil {
			return Status{}, err
		}
		return Status{To: p.to, Live: true, Phase: p.delivery.Phase}, nil
	}
	if err != nil && !errors.Is(err, sessions.ErrNotFound) {
		return Status{}, err
	}
	st, found := Status{}, false
	err = s.cfg.Store.CDRs(ctx, cdr.Filter{Session: id.String(), Flow: "push"}, func(r cdr.Record) error { // the last one counts
		st, found = Status{To: r.MDN, At: r.Ended, Outcome: string(r.Outcome), Reason: r.Reason, Detail: r.Detail}, true
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: message %s", sessions.ErrNotFound, id)
	}
	return st, err
}
