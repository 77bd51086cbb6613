package push

import (
	"context"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Replacement takes the place of a relayed message that waits, under its id.
type Replacement struct {
	Body                []byte    // of the submit_sm
	Data                []byte    // of the origin
	Receipt             bool      // as that of Relay
	NotBefore, Deadline time.Time // zero: as they were
}

// change is what a message begins again with.
type change struct {
	text   *Replacement
	to     *target // another link
	shape  shape   // of both
	wanted bool    // of text: somebody wants to hear of its end
}

// recall is a change on its way through the store.
type recall struct {
	change              *change
	notBefore, validity time.Time
}

// apply changes a message that begins again.
func (p *parcel) apply(c *change, out []effect) []effect {
	if r := c.text; r != nil {
		p.origin.Data, p.receipt, p.wanted = r.Data, r.Receipt, c.wanted
		p.timed = p.timed || !r.Deadline.IsZero()
		p.delivery.Policy.Receipts = r.Receipt
		p.fit(&c.shape)
	}
	if c.to != nil {
		p.led(c.to, &c.shape)
	}
	return append(out, effect{kind: doKnow, parcel: p})
}

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

// Replace puts r in the place of a message that no centre has yet. It fails with
// [sessions.ErrNotFound] for one that is over.
func (s *Service) Replace(ctx context.Context, id sessions.ID, r *Replacement) (replaced bool, err error) {
	st, err := s.Status(ctx, id)
	if err != nil || !st.Live || len(st.Body) == 0 {
		return false, err
	}
	to, err := s.lead(targetOf(st.Link), r.Receipt)
	if err != nil {
		return false, nil // it waits for a link that is not there any more
	}
	var pdu smpp.SubmitSM
	if err := pdu.Decode(r.Body); err != nil {
		return false, err
	}
	sh, err := shaped(&pdu, s.alphabetOf(st.Origin.Account), &to)
	if err != nil {
		return false, err
	}
	c := *r
	c.Receipt = to.receipt
	now := s.cfg.Clock.Now()
	if last := now.Add(s.cfg.Push.MaxValidity); c.Deadline.After(last) {
		c.Deadline = last
	}
	if !c.Deadline.IsZero() && !later(now, c.NotBefore).Before(c.Deadline) {
		return false, ErrValidity
	}
	return s.ask(ctx, id, event{
		Event:  delivery.Event{Kind: delivery.Recall, NotBefore: c.NotBefore, Validity: c.Deadline},
		change: &change{text: &c, shape: sh, wanted: r.Receipt},
	})
}

// ask gives a message something that it answers.
func (s *Service) ask(ctx context.Context, id sessions.ID, ev event) (done bool, err error) {
	ev.Ask, ev.At = s.asks.Add(1), s.cfg.Clock.Now()
	answer := s.do.expect(ev.Ask)
	if err := s.runtime.Post(id, ev); err != nil {
		s.do.answer(ev.Ask, false)
		return false, err
	}
	select {
	case done = <-answer:
		return done, nil
	case <-ctx.Done():
		s.do.answer(ev.Ask, false)
		return false, ctx.Err()
	}
}

// Match says which messages are meant.
type Match struct {
	Account        string
	Source, To     string // as they came; To without a +
	ServiceType    string
	AnyServiceType bool // whatever it is
}

// Waiting are the relayed messages on their way that are meant: some of them may be with
// a centre.
func (s *Service) Waiting(m Match) []sessions.ID { return s.dir.matching(&m) }
