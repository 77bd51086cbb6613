package push

import (
	"errors"
	"maps"
	"strings"
	"sync/atomic"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/spread"
	"github.com/otagate/otagate/smpp"
)

// account is the binds of an account, as a carrier: of all that can receive now.
type account struct {
	name    string
	binds   *binds.Account
	rules   atomic.Pointer[accountRules]
	svc     *Service
	classes *retries
}

// accountRules are what a reload may change of an account.
type accountRules struct {
	sticky   bool
	alphabet sms.Coding // what data_coding 0 is in what it submits and gets
}

func rulesOf(c *configs.Account) *accountRules {
	return &accountRules{c.Deliver == configs.DeliverSticky, alphabets[c.Alphabet]}
}

func (a *account) up() bool   { return a.binds.Up() }
func (a *account) room() int  { return a.binds.Room(binds.Messages) }
func (a *account) under() int { return a.binds.Under(binds.Messages) }

var errNoBind = errors.New("no bind of the account has room")

// send gives one message to a bind.
func (a *account) send(p *part, done func(answer)) error {
	pdu, err := a.deliverSM(p)
	if err != nil {
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	b := a.choose(pdu)
	if b == nil {
		return errNoBind
	}
	landed := func(status smpp.Status, err error) {
		done(a.answer(status, err))
		b.Land(binds.Messages, status, err)
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
		b.Land(binds.Messages, 0, err)
		done(answer{ev: meaning{class: delivery.Permanent}.event(err.Error())})
		return nil
	}
	b.Land(binds.Messages, 0, err)
	return err
}

// choose takes a place on a bind: with sticky the one of this pair of addresses, or
// else the one with the least under way.
func (a *account) choose(pdu *smpp.DeliverSM) *binds.Bind {
	if a.rules.Load().sticky {
		return a.binds.TakeFor(spread.Pair(pdu.SourceAddr, pdu.DestinationAddr), binds.Messages)
	}
	return a.binds.Take(binds.Messages)
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
	if s.cfg.Binds == nil || s.cfg.SMPP == nil {
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
		a := &account{name: c.Name, binds: s.cfg.Binds(c.Name), svc: s, classes: &s.retries}
		a.rules.Store(rulesOf(c))
		one := s.sender(destOfAccount(a.name), a, 0, s.cfg.SMPP.Response)
		a.binds.OnRoom(one.nudge)
		next[a.name] = a
		s.lanes.send(one)
	}
	s.esmes.now.Store(&next)
}

// accountPrefix tells an account from a link of the same name in what is stored.
const accountPrefix = "account/"

func destOfAccount(name string) string { return accountPrefix + name }

// AccountOf is the account that a line of Lines is for; false for a link.
func AccountOf(line string) (name string, is bool) { return strings.CutPrefix(line, accountPrefix) }
