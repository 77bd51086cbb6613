package push

import (
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
)

// moves tells whether an event is about the part in hand of a message whose link
// is gone, so that it goes another way. Its row is with nobody.
func (p *parcel) moves(ev *event) bool {
	d := &p.delivery
	return ev.moved && d.Phase == delivery.Sending && ev.Sending == d.Sending && ev.Part == d.Part && d.Parts[d.Part].State == delivery.Sent
}

// fresh tells whether no part of a message may be with anybody: then it can be cut
// anew, as its new way wants it.
func (p *parcel) fresh() bool { return p.delivery.Part == 0 && !p.delivery.Parts[0].Doubt }

// move gives a message another way. One of which nothing was sent begins anew, and
// has all its attempts; of another the parts that are left go as they are cut, by
// the new link, when the pause of a temporary error is over. Without another way
// the message hears of such an error, and tries again.
func (f *flow) move(p *parcel, ev *event, tx *sessions.Tx) (begins bool) {
	lead := f.svc.elsewhere
	if p.relay != composed {
		lead = f.svc.relayedElsewhere
	}
	next, ok := lead(*p)
	switch {
	case !ok:
		return false
	case !p.fresh():
		if f.svc.linkOf(next.link) != nil && p.delivery.Bearer == delivery.ByCentre {
			p.link = next.link
		}
		return false
	}
	old, d := &p.delivery, next.delivery
	next.delivery = delivery.Session{
		Bearer: d.Bearer, Policy: d.Policy, Parts: delivery.NewParts(len(d.Parts)),
		NotBefore: old.NotBefore, Validity: old.Validity, Sending: old.Sending, Recoveries: old.Recoveries, Last: old.Last,
	}
	if ev.Row != 0 {
		tx.Done(ev.Row)
	}
	ev.Event = delivery.Event{Kind: delivery.Start, At: ev.At}
	f.svc.counts.moved.Add(1)
	*p = next
	return true
}

// elsewhere leads a message of ours to another link, by the routes of now.
func (s *Service) elsewhere(p parcel) (parcel, bool) {
	link, err := s.route(&p)
	if err != nil || link == p.link || s.way(&p, link) != nil {
		return p, false
	}
	plan, err := sms.Split(&p.content, p.way, p.limits)
	if err != nil {
		return p, false
	}
	p.delivery.Parts = delivery.NewParts(plan.Segments())
	return p, true
}

// relayedElsewhere does it for one that goes on as it came.
func (s *Service) relayedElsewhere(p parcel) (parcel, bool) {
	c := s.another(&p)
	if c == nil {
		return p, false
	}
	p.led(c.to, &c.shape)
	return p, true
}
