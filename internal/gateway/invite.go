package gateway

import (
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/wsp"
)

// doorIOTA is the name of the call-backs as a door of messages.
const doorIOTA = "iota"

// invitation is the push that calls a handset back.
type invitation struct {
	to     string // MDN
	min    string
	token  iota.Token
	way    int // how many ways were tried before
	until  time.Time
	again  bool // it is on its way already
	called bool // by the user, who waits
}

func invitationOf(c *call, e *otasp.Effect) *invitation {
	s := &c.otasp
	to := s.MDN()
	if s.Trigger.OldMDN != "" { // what the handset still has
		to = s.Trigger.OldMDN
	}
	min := s.Terminal.MIN
	if min == "" {
		min = s.Trigger.MIN
	}
	return &invitation{to: to, min: min, token: c.token, way: len(s.Attempts), until: e.At, again: e.Again, called: s.Trigger.TRN != ""}
}

// invite gives the push to those who deliver messages. It may come again after
// a restart: the key makes it the same message then.
func (c *callbacks) invite(id sessions.ID, e *effect) {
	c.server.Expect(id, e.expected)
	if e.invitation.again {
		return
	}
	g := c.g
	req, i := e.req, e.invitation // e is ours for this call only
	g.welcomed(id, i, func() {
		m, err := g.invitationMessage(id, req, i)
		if err == nil {
			err = g.push.Accept(m, func(_ sessions.ID, err error) { g.invited(id, req, err) })
		}
		if err != nil {
			g.invited(id, req, err)
		}
	})
}

func (g *Gateway) invitationMessage(id sessions.ID, req uint16, i *invitation) (*push.Message, error) {
	mdn, err := sessions.ParseMDN(i.to)
	if err != nil {
		return nil, err
	}
	url, err := i.token.URL(g.cfg.IOTA.Base)
	if err != nil {
		return nil, err
	}
	c, err := inviting(&g.cfg.IOTA, url)
	if err != nil {
		return nil, err
	}
	var tid [1]byte
	g.out.random(tid[:])
	pdu, err := c.Append(nil, tid[0])
	if err != nil {
		return nil, err
	}
	return &push.Message{
		ID: g.newID(), To: mdn, MIN: i.min, Deadline: i.until,
		Content: sms.Message{Coding: sms.Octets, Payload: pdu, Source: wappush.SourcePort, Destination: wappush.Port},
		Origin:  push.Origin{Door: doorIOTA, Account: id.String(), Source: doorIOTA, Corr: id.String(), Data: binary.BigEndian.AppendUint16(nil, req)},
		Seen:    sessions.Seen{Key: doorIOTA + "|" + id.String() + "|" + strconv.Itoa(i.way), Until: i.until.Add(time.Hour)},
	}, nil
}

// inviting is the push of a call-back URL.
func inviting(c *configs.IOTA, url string) (wappush.Content, error) {
	var p wappush.Content
	var err error
	if c.Invite == configs.InviteSI {
		p, err = wappush.SIContent(&wappush.ServiceIndication{Href: url, Action: wappush.SignalHigh})
	} else {
		p, err = wappush.SLContent(&wappush.ServiceLoading{Href: url, Action: wappush.ExecuteHigh})
	}
	p.Application = wsp.ApplicationID(c.AppID)
	return p, err
}

// invited hears whether the push was accepted. Nobody to send it to ends this
// way of the session; too much to do does not.
func (g *Gateway) invited(id sessions.ID, req uint16, err error) {
	ev := otasp.Event{Kind: otasp.Failed, Req: req, Failure: otasp.Failure{Class: otasp.NotReached}}
	switch {
	case err == nil, errors.Is(err, sessions.ErrDuplicate):
		g.post(id, otasp.Event{Kind: otasp.MMCDone, Req: req, At: g.out.Clock.Now()})
		return
	case errors.Is(err, sessions.ErrBusy), errors.Is(err, sessions.ErrStore):
		ev.Failure.Class = otasp.StoreTrouble
	}
	ev.Failure.Detail = "the call-back could not be pushed: " + err.Error()
	g.out.Clock.After(pause(0), func() {
		ev.At = g.out.Clock.Now()
		g.post(id, ev)
	})
}

// reqOf is the request that a push was for.
func reqOf(data []byte) uint16 {
	if len(data) != 2 {
		return 0
	}
	return binary.BigEndian.Uint16(data)
}

// iotaDoor hears how the pushes of call-backs end.
type iotaDoor struct{ g *Gateway }

// Report: nobody but the session is told.
func (d iotaDoor) Report(*push.End) (sessions.Outbox, bool) { return sessions.Outbox{}, false }

// Reported tells a session that its handset surely did not get the push. When
// it may have, it is waited for.
func (d iotaDoor) Reported(e *push.End) {
	id, err := sessions.ParseID(e.Origin.Account)
	if err != nil || e.Result.Outcome != delivery.Unsuccessful {
		return
	}
	d.g.post(id, otasp.Event{
		Kind: otasp.Failed, At: d.g.out.Clock.Now(), Req: reqOf(e.Origin.Data),
		Failure: otasp.Failure{Class: otasp.NotReached, Detail: "the push of the call-back: " + string(e.Result.Reason)},
	})
}
