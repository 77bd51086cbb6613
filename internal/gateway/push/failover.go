package push

import (
	"context"
	"slices"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// The messages of a link that has been down, or draining, for longer than its failover
// are led to other targets of their routes, as far as those are up. What has been sent
// stays where it is, and so do the other parts of a long message of which one has been.

const mostWatch = time.Second

// failover moves what waits for links that are down, until ctx ends.
func (s *Service) failover(ctx context.Context) {
	tick := time.NewTimer(s.failoverPeriod())
	defer tick.Stop()
	since := map[string]time.Time{} // of links that are down; set anew when their messages were moved
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, one := range s.lanes.all() {
			c, link := s.linkOf(one.name), one.link.Load()
			now := s.cfg.Clock.Now()
			first, down := since[one.name]
			switch {
			case c == nil || link == nil || c.Relay.Failover <= 0 || link.Up():
				delete(since, one.name)
			case !down:
				since[one.name] = now
			case now.Sub(first) >= c.Relay.Failover:
				since[one.name] = now // what could not be moved is looked at again then
				s.Reroute(ctx, one.name)
			}
		}
		tick.Reset(s.failoverPeriod())
	}
}

// failoverPeriod is how often links are looked at: as the shortest of their times wants.
func (s *Service) failoverPeriod() time.Duration {
	period := mostWatch
	for _, c := range *s.lanes.now.Load() {
		if f := c.Relay.Failover; f > 0 {
			period = min(period, max(f/4, 10*time.Millisecond))
		}
	}
	return period
}

// waiting is a message that may be moved.
type waiting struct {
	id    sessions.ID
	began time.Time
}

// Reroute leads what waits for a link to other targets that are up, in the order in which
// it came, and tells how many messages it has asked.
func (s *Service) Reroute(ctx context.Context, link string) (moved int) {
	var all []waiting // not the messages: there may be many
	for _, id := range s.dir.by(link) {
		if p := s.waitsFor(ctx, id, link); p != nil && s.better(p) != nil {
			all = append(all, waiting{id, p.began})
		}
	}
	slices.SortStableFunc(all, func(a, b waiting) int { return a.began.Compare(b.began) })
	for _, w := range all {
		if p := s.waitsFor(ctx, w.id, link); p != nil && s.move(p) {
			moved++
		}
	}
	if moved > 0 {
		s.cfg.Log.Warn().Str("link", link).Int("messages", moved).Msg("the link is down: its messages take other routes")
	}
	return moved
}

// rehome leads a message elsewhere whose link, or account, is not in the configuration any more.
func (s *Service) rehome(ctx context.Context, id sessions.ID) bool {
	rec, err := s.cfg.Store.ByID(ctx, id)
	if err != nil {
		return false
	}
	p := new(parcel)
	return p.decode(rec.State) == nil && p.movable() && s.move(p)
}

// waitsFor is a message that waits for a link; nil when it does not, any more.
func (s *Service) waitsFor(ctx context.Context, id sessions.ID, link string) *parcel {
	rec, err := s.cfg.Store.ByID(ctx, id)
	if err != nil {
		return nil // it is over, or the next time
	}
	p := new(parcel)
	if p.decode(rec.State) != nil || p.link != link || !p.movable() {
		return nil
	}
	return p
}

// movable tells whether a message waits for its link. One that is scheduled, or pauses,
// is led when its time has come.
func (p *parcel) movable() bool {
	d := &p.delivery
	return p.relay.isPDU() && d.Phase == delivery.Sending && d.Part == 0 && !d.Parts[0].Doubt
}

// better is a target that is up and takes a message of a link that is not.
func (s *Service) better(p *parcel) *change {
	if c := s.another(p); c != nil && s.up(targetOf(c.to.link)) {
		return c
	}
	return nil
}

// another is another target of a relayed message, by the routes of now.
func (s *Service) another(p *parcel) *change {
	r, err := p.stored()
	if err != nil {
		return nil
	}
	look := r.look()
	t, err := s.choose(&look, p.id)
	if err != nil {
		return nil
	}
	to, err := s.lead(t, p.wanted)
	if err != nil || to.link == p.link {
		return nil
	}
	sh, err := r.shape(p.content.Coding, &to)
	if err != nil {
		return nil // it is too long for that one
	}
	return &change{to: &to, shape: sh}
}

// move leads one message to another target, if there is one.
func (s *Service) move(p *parcel) bool {
	c := s.better(p)
	if c == nil {
		return false
	}
	s.counts.moved.Add(1)
	s.do.post(sessions.ID(p.id), event{Event: delivery.Event{Kind: delivery.Recall, Ask: s.asks.Add(1)}, change: c})
	return true
}

// stored is a message by its state.
func (p *parcel) stored() (Relay, error) {
	r := Relay{From: p.origin.Account}
	if p.relay == dataSM {
		r.Data = new(smpp.DataSM)
		return r, r.Data.Decode(p.content.Payload)
	}
	r.Submit = new(smpp.SubmitSM)
	return r, r.Submit.Decode(p.content.Payload)
}
