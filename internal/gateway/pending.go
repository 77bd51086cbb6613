package gateway

import (
	"errors"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// What benches need of a gateway whose handsets have been invited and have not
// come: no front door has it, because no front door begins in the middle.

var errNotPending = errors.New("gateway: that order does not make a session wait for a call-back")

// Pend begins a session of a handset that has been invited: what an order
// becomes when the push of its call-back is on its way.
func (g *Gateway) Pend(id sessions.ID, mdn sessions.MDN, t iota.Token, o *otasp.Order, done func(error)) error {
	now := g.out.Clock.Now()
	var s otasp.Session
	trigger := otasp.Trigger{Start: otasp.ByCallback, MDN: mdn.String(), MIN: mdn.String(), OrderName: o.Name, Options: g.options()}
	s, _ = s.Step(otasp.Event{Kind: otasp.Start, At: now, Trigger: &trigger}, nil)
	s, _ = s.Step(otasp.Event{Kind: otasp.Resolved, At: now, Req: s.Req, Order: o}, nil)
	s, _ = s.Step(otasp.Event{Kind: otasp.MMCDone, At: now, Req: s.Req}, nil)
	if s.Phase != otasp.PhaseInvite || !s.MMC.Invited {
		return errNotPending
	}
	return g.runtime.Create(sessions.Create[call, otasp.Event]{
		ID: id, Key: mdn.Key(), State: &call{id: uint64(id), otasp: s, began: now, token: t}, Event: otasp.Event{Kind: otasp.Recovered, At: now},
	}, func(r sessions.Result) { done(r.Err) })
}

// Glance finds the session of a call-back and has it look at an event that
// changes nothing, of which the log tells as an anomaly.
func (g *Gateway) Glance(t iota.Token) error {
	id, known := g.callbacks.server.Find(t)
	if !known {
		return sessions.ErrNotFound
	}
	return g.runtime.Post(id, otasp.Event{Kind: otasp.MSCDone, At: g.out.Clock.Now()})
}

// Sessions are the counters of the runtime of provisioning sessions.
func (g *Gateway) Sessions() sessions.Stats { return g.runtime.Stats() }
