package push

import (
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/smpp"
)

// Receiver is a bind of an account that takes messages.
type Receiver interface {
	SendDeliverSM(p *smpp.DeliverSM, done func(smpp.Status, error)) error
	SendDataSM(p *smpp.DataSM, done func(smpp.Status, error)) error
	Version() smpp.Version
}

// account is the binds of an account, as a carrier: of all that can receive now.
type account struct {
	name    string
	rules   atomic.Pointer[accountRules]
	svc     *Service
	classes *retries
	wake    func()

	mu    sync.Mutex
	binds []*accountBind
	turn  uint64
	given uint64 // names for binds
}

// accountRules are what a reload may change of an account.
type accountRules struct {
	sticky   bool
	alphabet sms.Coding // what data_coding 0 is in what it submits and gets
}

func rulesOf(c *configs.Account) *accountRules {
	return &accountRules{c.Deliver == configs.DeliverSticky, alphabets[c.Alphabet]}
}

// accountBind is a bind and what is under way on it.
type accountBind struct {
	Receiver
	name   uint64
	flying int
	gone   bool

	most  int // under way at a time, as what it refuses tells
	taken int // since it refused one, or most became more
	pause time.Duration
	until time.Time // nothing before
}

const (
	// accountWindow is how many messages may be under way on one bind. The window of the
	// server is larger: receipts go by the same binds.
	accountWindow = 32
	// A bind that refuses a message alone gets the next one after a pause, which doubles.
	firstRest = 100 * time.Millisecond
	lastRest  = 10 * time.Second
	// After so many windows that were taken one more is tried at a time.
	windowsTaken = 16
)

// room is how many messages the bind may have now.
func (b *accountBind) room(now time.Time) int {
	if now.Before(b.until) {
		return 0
	}
	return max(b.most-b.flying, 0)
}

// learn sees what an answer says of how much the bind takes: over that an ESME answers
// with ESME_RTHROTTLED or ESME_RMSGQFUL.
func (a *account) learn(b *accountBind, status smpp.Status, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != nil:
	case !links.Throttled(status):
		b.pause = 0
		if b.taken++; b.taken >= windowsTaken*b.most && b.most < accountWindow {
			b.most, b.taken = b.most+1, 0
		}
	case b.flying > 1:
		b.most, b.taken = max(min(b.most, b.flying)-1, 1), 0
	default:
		b.most, b.taken, b.pause = 1, 0, min(max(2*b.pause, firstRest), lastRest)
		b.until = a.svc.cfg.Clock.Now().Add(b.pause)
		a.svc.cfg.Clock.After(b.pause, a.wake)
	}
}

func (a *account) up() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.look()
	return len(a.binds) > 0
}

// look finds out which binds there are. It is under the lock.
func (a *account) look() {
	now := a.svc.cfg.Receivers(a.name)
	kept := a.binds[:0]
	for _, b := range a.binds {
		b.gone = true
		for i, r := range now {
			if r == b.Receiver {
				b.gone, now[i] = false, nil
				break
			}
		}
		if !b.gone {
			kept = append(kept, b)
		}
	}
	clear(a.binds[len(kept):])
	a.binds = kept
	for _, r := range now {
		if r != nil {
			a.given++
			a.binds = append(a.binds, &accountBind{Receiver: r, name: a.given * 0x9e3779b97f4a7c15, most: accountWindow})
		}
	}
}

func (a *account) room() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.look()
	now := a.svc.cfg.Clock.Now()
	for _, b := range a.binds {
		n += b.room(now)
	}
	return n
}

func (a *account) under() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range a.binds {
		n += b.flying
	}
	return n
}

var errNoBind = errors.New("no bind of the account has room")

// send gives one message to a bind.
func (a *account) send(p *part, done func(answer)) error {
	pdu, err := a.deliverSM(p)
	if err != nil {
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	b := a.choose(pair(pdu.SourceAddr, pdu.DestinationAddr))
	if b == nil {
		return errNoBind
	}
	landed := func(status smpp.Status, err error) {
		a.learn(b, status, err)
		done(a.answer(status, err))
		a.land(b)
	}
	if p.relay == dataSM && b.Version() >= smpp.Version34 {
		data := new(smpp.DataSM)
		if err = data.Decode(p.userData); err == nil {
			data.RegisteredDelivery = registered(data.RegisteredDelivery, false)
			err = b.SendDataSM(data, landed)
		}
	} else {
		err = b.SendDeliverSM(pdu, landed)
	}
	switch {
	case err == nil:
		a.svc.counts.delivered.Add(1)
		return nil
	case unsendable(err):
		a.land(b)
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	a.land(b)
	return err
}

// choose takes a place on a bind: with sticky the one of this pair of addresses, or
// else the one with the least under way.
func (a *account) choose(pair uint64) (best *accountBind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	now := a.svc.cfg.Clock.Now()
	sticky := a.rules.Load().sticky
	var greatest uint64
	for i := range a.binds {
		b := a.binds[(int(a.turn)+i)%len(a.binds)]
		if sticky {
			if n := mix(b.name ^ pair); best == nil || n > greatest {
				best, greatest = b, n
			}
		} else if b.room(now) > 0 && (best == nil || b.flying < best.flying) {
			best = b
		}
	}
	if best == nil || best.room(now) == 0 {
		return nil
	}
	best.flying++
	return best
}

func (a *account) land(b *accountBind) {
	a.mu.Lock()
	b.flying--
	a.mu.Unlock()
	a.wake()
}

// pair is a hash of two addresses (FNV-1a).
func pair(source, to []byte) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, s := range [...][]byte{source, to} {
		for _, c := range s {
			h = (h ^ uint64(c)) * 0x100000001b3
		}
		h *= 0x100000001b3
	}
	return h
}

// mix spreads what differs in a few bits over all of them (the finalizer of
// splitmix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// answer: an ESME that has not answered gets the message again, as from any centre.
func (a *account) answer(status smpp.Status, err error) answer {
	switch {
	case err != nil:
		a.svc.counts.doubts.Add(1)
		return answer{ev: meaning{unknown: true}.event("deliver_sm: " + err.Error())}
	case status == smpp.StatusOK:
		return answer{ev: delivery.Event{Kind: delivery.Taken}}
	}
	a.svc.counts.refused.Add(1)
	return answer{
		ev:       a.classes.of(submitStatus, uint32(status)).event("deliver_sm_resp " + status.String()),
		unwanted: links.Throttled(status) && !a.classes.told(submitStatus, uint32(status)),
	}
}

// deliverSM is a message as an account gets it. What a centre would have used up, and
// what the sender asked of us, is not in it (SMPP 3.4 section 4.6.1).
func (a *account) deliverSM(p *part) (*smpp.DeliverSM, error) {
	pdu := new(smpp.DeliverSM)
	if p.relay == dataSM {
		data := new(smpp.DataSM)
		if err := data.Decode(p.userData); err != nil {
			return nil, err
		}
		pdu = (*smpp.DeliverSM)(submitOf(data))
	} else if err := pdu.Decode(p.userData); err != nil {
		return nil, err
	}
	const mode = 0x03 // of the message centre
	pdu.ESMClass &^= mode
	pdu.ScheduleDeliveryTime, pdu.ValidityPeriod, pdu.ReplaceIfPresentFlag, pdu.SMDefaultMsgID = nil, nil, 0, 0
	pdu.RegisteredDelivery = registered(pdu.RegisteredDelivery, false)
	return pdu, nil
}

// submitOf is a data_sm for who cannot have one.
func submitOf(d *smpp.DataSM) *smpp.SubmitSM {
	pdu := &smpp.SubmitSM{
		ServiceType: d.ServiceType, SourceAddrTON: d.SourceAddrTON, SourceAddrNPI: d.SourceAddrNPI, SourceAddr: d.SourceAddr,
		DestAddrTON: d.DestAddrTON, DestAddrNPI: d.DestAddrNPI, DestinationAddr: d.DestinationAddr,
		ESMClass: d.ESMClass, RegisteredDelivery: d.RegisteredDelivery, DataCoding: d.DataCoding,
	}
	pdu.ShortMessage, pdu.TLVs = payloadOf(d.TLVs)
	return pdu
}

// payloadOf takes a message_payload that fits into short_message out of the TLVs.
func payloadOf(t smpp.TLVs) (short []byte, rest smpp.TLVs) {
	for i := range t {
		if t[i].Tag == smpp.TagMessagePayload && short == nil && len(t[i].Value) <= maxShortMessage {
			short = t[i].Value
			continue
		}
		rest = append(rest, t[i])
	}
	return short, rest
}

// esmes are the accounts that there were since the start, copied when one is added.
type esmes struct {
	now atomic.Pointer[map[string]*account]
}

func (e *esmes) get(name string) *account {
	if m := e.now.Load(); m != nil {
		return (*m)[name]
	}
	return nil
}

// SetAccounts makes a sender for each account that is new, when there is somebody to
// ask for its binds, and follows what has changed of the others.
func (s *Service) SetAccounts(list []configs.Account) {
	if s.cfg.Receivers == nil || s.cfg.SMPP == nil {
		return
	}
	s.lanes.mu.Lock()
	defer s.lanes.mu.Unlock()
	next := map[string]*account{}
	if m := s.esmes.now.Load(); m != nil {
		next = maps.Clone(*m)
	}
	for i := range list {
		c := &list[i]
		if a := next[c.Name]; a != nil {
			a.rules.Store(rulesOf(c))
			continue
		}
		a := &account{name: c.Name, svc: s, classes: &s.retries}
		a.rules.Store(rulesOf(c))
		one := s.sender(destOfAccount(a.name), a, 0, s.cfg.SMPP.Response)
		a.wake = one.nudge
		next[a.name] = a
		s.lanes.send(one)
	}
	s.esmes.now.Store(&next)
}

// Bound is told that a bind of an account has come.
func (s *Service) Bound(name string) {
	if a := s.esmes.get(name); a != nil {
		a.wake()
	}
}

// accountPrefix tells an account from a link of the same name in what is stored.
const accountPrefix = "account/"

func destOfAccount(name string) string { return accountPrefix + name }

// AccountOf is the account that a line of Lines is for; false for a link.
func AccountOf(line string) (name string, is bool) { return strings.CutPrefix(line, accountPrefix) }
