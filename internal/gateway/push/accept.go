package push

import (
	"errors"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
)

// Accept takes a message. When it returns nil, done is called once, when the
// message is on the disk or was refused; it must not block.
func (s *Service) Accept(m *Message, done func(id sessions.ID, err error)) error {
	p := s.runtime.Room()
	if err := s.parcel(p, m); err != nil {
		return err
	}
	id, began := sessions.ID(p.id), p.began
	// It may be sent, and a receipt come, before we hear of the commit.
	waits := !p.delivery.Wake.IsZero()
	if waits {
		s.gather.expect(id, p.origin.Account)
	}
	isNew := s.dir.begin(p)
	err := s.runtime.Create(sessions.Create[parcel, event]{
		ID: id, Key: sessions.MessageKey(id), State: p,
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

// Check tells whether a message would be accepted, and how many parts it has.
func (s *Service) Check(m *Message) (parts int, err error) {
	var p parcel
	if err := s.parcel(&p, m); err != nil {
		return 0, err
	}
	return len(p.delivery.Parts), nil
}

// parcel makes the state of a message before its first step.
func (s *Service) parcel(p *parcel, m *Message) error {
	*p = parcel{id: uint64(m.ID), began: s.cfg.Clock.Now(), min: m.MIN, priority: m.Priority, origin: m.Origin, content: m.Content}
	if p.id == 0 {
		p.id = uint64(s.ids.of(p.origin.Account))
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

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// NewID is an id that no message has.
func (s *Service) NewID() sessions.ID { return s.ids.alone() }
