package push

import (
	"strings"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/smpp"
)

// SetRoutes puts another table in the place of the one that is asked.
func (s *Service) SetRoutes(t *route.Table) { s.routes.Store(t) }

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

// target is what a message is led to.
type target struct {
	link    string
	receipt bool
	policy  delivery.Policy

	asIs     bool // how long a message is, and in how many parts, is not our matter
	way      sms.Way
	limits   sms.Limits
	alphabet sms.Coding    // what data_coding 0 is there
	join     time.Duration // how long segments wait to be joined; 0: they are not
}

// targetOf is a target by what is stored of it.
func targetOf(link string) route.Target {
	if name, is := strings.CutPrefix(link, accountPrefix); is {
		return route.Target{Kind: route.Account, Name: name}
	}
	return route.Target{Kind: route.Link, Name: link}
}

// ways are the words of a link's way.
var ways = map[string]sms.Way{configs.WayAsIs: sms.UDH8, "udh8": sms.UDH8, "udh16": sms.UDH16, "sar": sms.SAR, configs.WayPayload: sms.Payload}

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

// policy is what the configuration says of all messages.
func (s *Service) policy() delivery.Policy {
	c := s.cfg.Push
	return delivery.Policy{Attempts: uint8(min(c.Attempts, 255)), Pause: c.Pause, MaxPause: c.MaxPause, Grace: c.Grace}
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
