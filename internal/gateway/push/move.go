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
func (f *flow) move(p parcel, ev *event, tx *sessions.Tx) (parcel, bool) {
	link, err := f.svc.route(&p)
	if err != nil || link == p.link {
		return p, false
	}
	if !p.fresh() {
		if f.svc.linkOf(link) != nil && p.delivery.Bearer == delivery.ByCentre {
			p.link = link
		}
		return p, false
	}
	next := p
	if err := f.svc.way(&next, link); err != nil {
		return p, false
	}
	plan, err := sms.Split(&next.content, next.way, next.limits)
	if err != nil {
		return p, false
	}
	old := &p.delivery
	next.delivery = delivery.Session{
		Bearer: next.delivery.Bearer, Policy: next.delivery.Policy, Parts: delivery.NewParts(plan.Segments()),
		NotBefore: old.NotBefore, Validity: old.Validity, Sending: old.Sending, Recoveries: old.Recoveries, Last: old.Last,
	}
	if ev.Row != 0 {
		tx.Done(ev.Row)
	}
	ev.Event = delivery.Event{Kind: delivery.Start, At: ev.At}
	f.svc.counts.moved.Add(1)
	return next, true
}
