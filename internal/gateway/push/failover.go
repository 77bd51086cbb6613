package push

import (
	"context"
	"slices"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// The messages of a link that has been down, or draining, for longer than its failover
// are led to other targets of their routes, as far as those are up. What has been sent
// stays where it is, and so do the other parts of a long message of which one has been.

const mostWatch = time.Second

// failover moves what waits for links that are down, until ctx ends.
func (s *Service) failover(ctx context.Context) {
	period := mostWatch
	for _, c := range s.centres {
		if f := c.cfg.Relay.Failover; f > 0 {
			period = min(period, max(f/4, 10*time.Millisecond))
		}
	}
	tick := time.NewTicker(period)
	defer tick.Stop()
	since := map[string]time.Time{} // of links that are down; set anew when their messages were moved
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, c := range s.centres {
			name, now := c.cfg.Name, s.cfg.Clock.Now()
			first, down := since[name]
			switch {
			case c.cfg.Relay.Failover <= 0 || c.link.Up():
				delete(since, name)
			case !down:
				since[name] = now
			case now.Sub(first) >= c.cfg.Relay.Failover:
				since[name] = now // what could not be moved is looked at again then
				s.moveAll(ctx, name)
			}
		}
	}
}

// moveAll moves what waits for a link, in the order in which it came.
func (s *Service) moveAll(ctx context.Context, link string) {
	waiting := s.dir.by(link)
	parcels := make([]*parcel, 0, len(waiting))
	for _, id := range waiting {
		rec, err := s.cfg.Store.ByID(ctx, id)
		if err != nil {
			continue // it is over, or the next time
		}
		p := new(parcel)
		if p.decode(rec.State) == nil && p.link == link && p.movable() {
			parcels = append(parcels, p)
		}
	}
	slices.SortStableFunc(parcels, func(a, b *parcel) int { return a.began.Compare(b.began) })
	moved := 0
	for _, p := range parcels {
		if s.move(p) {
			moved++
		}
	}
	if moved > 0 {
		s.cfg.Log.Warn().Str("link", link).Int("messages", moved).Msg("the link is down: its messages take other routes")
	}
}

// movable tells whether a message waits for its link. One that is scheduled, or pauses,
// is led when its time has come.
func (p *parcel) movable() bool {
	d := &p.delivery
	return p.relay != composed && d.Phase == delivery.Sending && d.Part == 0 && !d.Parts[0].Doubt
}

// move leads one message to another target, if there is one that is up.
func (s *Service) move(p *parcel) bool {
	look, ok := p.look()
	if !ok {
		return false
	}
	t, err := s.choose(&look, p.id)
	if err != nil || !s.up(t) {
		return false
	}
	to, err := s.lead(t, p.wanted)
	if err != nil || to.link == p.link {
		return false
	}
	s.counts.moved.Add(1)
	s.do.post(sessions.ID(p.id), event{
		Event: delivery.Event{Kind: delivery.Recall, Ask: s.asks.Add(1)}, change: &change{to: &to},
	})
	return true
}

// look is what routes look at, of a message that is stored.
func (p *parcel) look() (route.Message, bool) {
	if p.relay == dataSM {
		var data smpp.DataSM
		err := data.Decode(p.content.Payload)
		return route.Data(p.origin.Account, &data), err == nil
	}
	var pdu smpp.SubmitSM
	err := pdu.Decode(p.content.Payload)
	return route.Submitted(p.origin.Account, &pdu), err == nil
}
