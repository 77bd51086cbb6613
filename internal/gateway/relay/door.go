package relay

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// DoorName is the name of this door of push.
const DoorName = "relay"

// Service is what carries the messages.
type Service interface {
	Accept(m *push.Message, done func(id sessions.ID, err error)) error
	Status(ctx context.Context, id sessions.ID) (push.Status, error)
	Cancel(ctx context.Context, id sessions.ID) (bool, error)
	Replace(ctx context.Context, id sessions.ID, r *push.Replacement) (bool, error)
	Waiting(m push.Match) []sessions.ID
	NewID() sessions.ID
}

// Replier answers a submit_sm or a data_sm.
type Replier interface {
	Respond(status smpp.Status, messageID string)
}

// Config puts a door into its surroundings.
type Config struct {
	Accounts []configs.Account
	TLVs     *configs.Dictionary
	Box      func(account string) string // outbox destination of an account's receipts
	Wake     func(account string)        // there is a receipt for it
	Now      func() time.Time
	Log      zerolog.Logger
}

// Door takes messages and tells their ends. It is the push.Door of the name DoorName.
type Door struct {
	cfg      Config
	service  Service
	accounts atomic.Pointer[map[string]*account]
	work     chan func(ctx context.Context)
	trouble  rate.Sometimes // logs, where each message could
	counts   counters

	envelopes sync.Pool // *envelope
}

var (
	_ push.Door     = (*Door)(nil)
	_ push.Handsets = (*Door)(nil)
)

// account is what the configuration says of one.
type account struct {
	name       string
	decimal    bool
	receiptTTL time.Duration
	dedup      smpp.Tag // 0: nothing tells a repetition
	dedupTime  time.Duration
}

// defaultTTL is that of an account that was made without a file.
const defaultTTL = 72 * time.Hour

// NewDoor makes a door. Before it takes anything it has to have its service: see Serve.
func NewDoor(cfg Config) (*Door, error) {
	d := &Door{cfg: cfg, work: make(chan func(ctx context.Context), workQueue), trouble: rate.Sometimes{Interval: time.Minute}}
	return d, d.SetAccounts(cfg.Accounts, cfg.TLVs)
}

// SetAccounts follows what has changed of accounts, while the door is open. One that
// is gone still hears of what it has submitted. On an error nothing has changed.
func (d *Door) SetAccounts(list []configs.Account, tlvs *configs.Dictionary) error {
	next := map[string]*account{}
	if m := d.accounts.Load(); m != nil {
		next = maps.Clone(*m)
	}
	for i := range list {
		c := &list[i]
		a := &account{name: c.Name, decimal: c.MessageID == "decimal", receiptTTL: c.ReceiptTTL, dedupTime: c.DedupTime}
		if a.receiptTTL == 0 {
			a.receiptTTL = defaultTTL
		}
		if c.Dedup != "" {
			t, err := tlvs.Find(c.Dedup)
			if err != nil {
				return err
			}
			a.dedup = smpp.Tag(t.Tag)
		}
		next[c.Name] = a
	}
	d.accounts.Store(&next)
	return nil
}

func (d *Door) account(name string) *account { return (*d.accounts.Load())[name] }

// Serve gives the door what carries its messages, once, before the first.
func (d *Door) Serve(s Service) { d.service = s }

// Submit takes a submit_sm, and copies what it keeps of p: it may run on the
// goroutine that reads the bind, so that the messages of a bind keep their order.
func (d *Door) Submit(name string, p *smpp.SubmitSM, reply Replier) {
	a, now := d.account(name), d.cfg.Now()
	if a == nil {
		reply.Respond(smpp.StatusInvalidSystemID, "")
		return
	}
	one := d.envelope()
	defer d.done(one)
	m := &one.Message
	m.Priority, m.Seen, m.Relay = min(p.PriorityFlag, mostPriority), a.seen(p.TLVs, now), &one.relay
	one.relay = push.Relay{From: name, Submit: p, Receipt: p.RegisteredDelivery&receiptMask != 0, Join: p.ReplaceIfPresentFlag == 0}
	var err error
	if m.NotBefore, err = smpp.ParseTime(p.ScheduleDeliveryTime, now); err != nil {
		d.refuse(reply, smpp.StatusInvalidScheduledTime)
		return
	}
	if m.Deadline, err = smpp.ParseTime(p.ValidityPeriod, now); err != nil {
		d.refuse(reply, smpp.StatusInvalidExpiry)
		return
	}
	o := a.originOf(p)
	if p.ReplaceIfPresentFlag == 1 {
		reply = &superseding{reply, d, name, p.Clone()}
	}
	d.accept(a, m, &o, reply)
}

// envelope is a message on its way to the service, which borrows it. They are used again.
type envelope struct {
	push.Message
	relay push.Relay
}

func (d *Door) envelope() *envelope {
	if one, _ := d.envelopes.Get().(*envelope); one != nil {
		return one
	}
	return new(envelope)
}

func (d *Door) done(one *envelope) {
	*one = envelope{}
	d.envelopes.Put(one)
}

// originOf is what is kept of a submit_sm.
func (a *account) originOf(p *smpp.SubmitSM) origin {
	return origin{
		decimal: a.decimal, registered: p.RegisteredDelivery, text: beginning(p),
		source: address{p.SourceAddrTON, p.SourceAddrNPI, p.SourceAddr}, dest: address{p.DestAddrTON, p.DestAddrNPI, p.DestinationAddr},
	}
}

// superseding is the reply to a message with replace_if_present_flag: once it is on the
// disk, what it replaces is cancelled.
type superseding struct {
	Replier
	door    *Door
	account string
	pdu     *smpp.SubmitSM
}

func (s *superseding) accepted(id sessions.ID) { s.door.supersede(s.account, s.pdu, id) }

// mostPriority is the highest of SMPP 3.4; 5.0 has a fourth for broadcasting.
const mostPriority = 4

// Data takes a data_sm; see Submit.
func (d *Door) Data(name string, p *smpp.DataSM, reply Replier) {
	a := d.account(name)
	if a == nil {
		reply.Respond(smpp.StatusInvalidSystemID, "")
		return
	}
	m := push.Message{
		Seen:  a.seen(p.TLVs, d.cfg.Now()),
		Relay: &push.Relay{From: name, Data: p, Receipt: p.RegisteredDelivery&receiptMask != 0},
	}
	o := origin{
		decimal: a.decimal, registered: p.RegisteredDelivery,
		source: address{p.SourceAddrTON, p.SourceAddrNPI, p.SourceAddr}, dest: address{p.DestAddrTON, p.DestAddrNPI, p.DestinationAddr},
		text: beginning(&smpp.SubmitSM{ESMClass: p.ESMClass, DataCoding: p.DataCoding, TLVs: p.TLVs}),
	}
	d.accept(a, &m, &o, reply)
}

// accept has the message carried, and answers when it is on the disk.
func (d *Door) accept(a *account, m *push.Message, o *origin, reply Replier) {
	m.Origin = a.origin(m.Relay.TLVs(), o)
	if len(o.dest.addr) == 0 {
		d.refuse(reply, smpp.StatusInvalidDestinationAddress)
		return
	}
	err := d.service.Accept(m, func(id sessions.ID, err error) { d.accepted(a, id, err, reply) })
	if err != nil {
		d.refuse(reply, statusOf(err))
	}
}

// origin is who sent a message, for push.
func (a *account) origin(tlvs smpp.TLVs, o *origin) push.Origin {
	if ref, ok := tlvs.Find(smpp.TagUserMessageReference); ok {
		o.reference = ref
	}
	return push.Origin{
		Door: DoorName, Account: a.name, Source: string(o.source.addr),
		Data: o.append(make([]byte, 0, originLen+len(o.source.addr)+len(o.dest.addr)+len(o.reference)+len(o.text))),
	}
}

// originLen is what an origin takes beside its texts.
const originLen = 20

// accepted answers. A repetition is answered as it was the first time.
func (d *Door) accepted(a *account, id sessions.ID, err error, reply Replier) {
	switch {
	case err == nil:
		d.counts.accepted.Add(1)
	case errors.Is(err, sessions.ErrDuplicate):
		d.counts.duplicates.Add(1)
	default:
		if !errors.Is(err, sessions.ErrBusy) {
			d.trouble.Do(func() { d.cfg.Log.Error().Str("account", a.name).Err(err).Msg("messages not stored") })
		}
		d.refuse(reply, statusOf(err))
		return
	}
	if s, is := reply.(*superseding); is && err == nil {
		s.accepted(id)
	}
	reply.Respond(smpp.StatusOK, spell(id, a.decimal))
}

func (d *Door) refuse(reply Replier, status smpp.Status) {
	d.counts.refused.Add(1)
	if status == smpp.StatusThrottled {
		d.counts.throttled.Add(1)
	}
	reply.Respond(status, "")
}

// seen is what makes two messages of an account the same one sent twice.
func (a *account) seen(tlvs smpp.TLVs, now time.Time) sessions.Seen {
	if a.dedup == 0 {
		return sessions.Seen{}
	}
	v, ok := tlvs.Find(a.dedup)
	if !ok || len(v) == 0 {
		return sessions.Seen{}
	}
	if len(v) > mostKey {
		sum := sha256.Sum256(v)
		v = sum[:]
	}
	return sessions.Seen{Key: "relay/" + a.name + "/" + string(v), Until: now.Add(a.dedupTime)}
}

// mostKey is how long a value is kept as it is: the keys are in memory.
const mostKey = 64

// counters count what the door did since its start.
type counters struct {
	accepted, duplicates, refused, throttled atomic.Uint64
	cancelled, replaced                      atomic.Uint64
	ofHandsets, undelivered                  atomic.Uint64
}

// Stats is a snapshot of the counters.
type Stats struct {
	Accepted, Duplicates uint64
	Refused, Throttled   uint64
	OfHandsets           uint64 // messages of links that were taken
	Undelivered          uint64 // and that were not
	Cancelled, Replaced  uint64 // by cancel_sm and replace_if_present_flag; by replace_sm
}

// Stats are the counters.
func (d *Door) Stats() Stats {
	c := &d.counts
	return Stats{Accepted: c.accepted.Load(), Duplicates: c.duplicates.Load(), Refused: c.refused.Load(), Throttled: c.throttled.Load(),
		Cancelled: c.cancelled.Load(), Replaced: c.replaced.Load(),
		OfHandsets: c.ofHandsets.Load(), Undelivered: c.undelivered.Load()}
}
