package gateway

import (
	"errors"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// refuse answers a trigger that starts no session. The record of it, and the
// receipt when one was asked for, are committed before the answer goes out;
// when the store cannot take them the answer says so and nothing else does.
func (g *Gateway) refuse(id sessions.ID, req *request, no refusal) {
	g.counts.refused.Add(1)
	g.log.Info().Stringer("session", id).Str("account", req.origin.Account).Str("corr", req.origin.Corr).
		Str("reason", string(no.reason)).Str("detail", no.detail).Msg("trigger refused")
	reply := req.reply
	c := refusalChange(id, req, no, g.out.Clock.now())
	g.store.Apply(c, func(res sessions.Result) {
		if res.Err != nil {
			g.log.Error().Stringer("session", id).Err(res.Err).Msg("refusal not recorded")
			status := smpp.StatusSystemError
			if errors.Is(res.Err, sessions.ErrBusy) {
				status = smpp.StatusThrottled
			}
			reply.Respond(status, "")
			return
		}
		g.nudge(req.origin.Account)
		reply.Respond(no.status, "")
	})
}

// refusalChange is the CDR and the receipt of a refused trigger: a session that
// begins and ends in one commit, under a key of its own.
func refusalChange(id sessions.ID, req *request, no refusal, now time.Time) *sessions.Change {
	rec := cdr.Record{
		Session: id.String(), Flow: "otasp",
		Trigger: cdr.Trigger{Account: req.origin.Account, Source: req.origin.Source.Addr, Destination: req.origin.Destination.Addr, Corr: req.origin.Corr},
		MDN:     req.values.MDN, TRN: req.values.TRN,
		Started: now, Ended: now, Outcome: cdr.Refused, Reason: string(no.reason), Detail: no.detail,
	}
	c := &sessions.Change{ID: id, Key: sessions.RefusalKey(id), Finish: true, CDR: []cdr.Record{rec}}
	if row, wanted := receiptRow(uint64(id), &req.origin, no.verdict(), now, now); wanted {
		c.Outbox = append(c.Outbox, row)
	}
	return c
}
