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
// A trigger that was accepted before is accepted still, although its order may
// be done by now or its number busy with the session that it began.
func (g *Gateway) refuse(id sessions.ID, req *request, no refusal) {
	reply := req.reply
	c := refusalChange(id, req, no, g.out.Clock.Now())
	g.keeper(req).Apply(c, func(res sessions.Result) {
		if errors.Is(res.Err, sessions.ErrDuplicate) {
			g.repeated(req, res.First)
			return
		}
		g.counts.refused.Add(1)
		g.log.Info().Stringer("session", id).Str("account", req.origin.Account).Str("corr", req.origin.Corr).
			Str("reason", string(no.reason)).Str("detail", no.detail).Msg("trigger refused")
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

// keeper is the store in which a trigger that is repeated is known.
func (g *Gateway) keeper(req *request) sessions.Journal {
	if req.trigger.Flow == flowPush {
		return g.messages
	}
	return g.store
}

// refusalChange is the CDR and the receipt of a refused trigger: a session that
// begins and ends in one commit, under a key of its own.
func refusalChange(id sessions.ID, req *request, no refusal, now time.Time) *sessions.Change {
	rec := cdr.Record{
		Session: id.String(), Flow: req.trigger.Flow,
		Trigger: cdr.Trigger{Account: req.origin.Account, Source: req.origin.Source.Addr, Destination: req.origin.Destination.Addr, Corr: req.origin.Corr},
		MDN:     number(req.values.MDN), TRN: number(req.values.TRN),
		Started: now, Ended: now, Outcome: cdr.Refused, Reason: string(no.reason), Detail: no.detail,
	}
	// Seen until now: it is looked at and does not stay, so that the trigger
	// may come again when what is in its way is gone.
	c := &sessions.Change{ID: id, Key: sessions.RefusalKey(id), Finish: true, CDR: []cdr.Record{rec}, Seen: req.same(time.Time{})}
	if row, wanted := receiptRow(uint64(id), &req.origin, no.verdict(), now, now); wanted {
		c.Outbox = append(c.Outbox, row)
	}
	return c
}

// number is what a trigger says where it is a number, as records have them. What
// is none may be a code or a key in the wrong place.
func number(s string) string {
	if len(s) > maxNumber || !digits(s) {
		return ""
	}
	return s
}

const maxNumber = 15
