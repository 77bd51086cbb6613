package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
)

// pushValues are what a trigger of FLOW=push says beside MDN, MIN and CORR.
type pushValues struct {
	Type    string // si, sl or cp
	Href    string // of si and sl; a semicolon in it, and in Text, is written %3B
	Text    string // of si
	Action  string
	SIID    string
	Created string // of si, RFC 3339
	Expires string
	Profile string // of cp: a document of push.profiles
	SEC     string
	PIN     omacp.PIN
	IMSI    string
	Valid   string // how long, as 2h
	Link    string
}

func (v *values) checkPush() error {
	switch {
	case v.MDN == "":
		return &badTrigger{"MDN is missing"}
	case v.MIN != "" && (len(v.MIN) != 10 || !digits(v.MIN)):
		return &badTrigger{"MIN: want ten digits"}
	case v.Push.Type == "":
		return &badTrigger{"TYPE is missing"}
	}
	return nil
}

// startPush accepts the message that a trigger describes. The answer goes out
// when it is on the disk.
func (g *Gateway) startPush(req *request) {
	id := g.newID()
	m, no := g.pushMessage(id, req)
	if no == nil {
		kept := *req
		err := g.push.Accept(m, func(id sessions.ID, err error) { g.pushed(id, &kept, err) })
		if err == nil {
			return
		}
		no = pushRefusal(err)
	}
	g.refuse(id, req, *no)
}

func (g *Gateway) pushed(id sessions.ID, req *request, err error) {
	switch {
	case err == nil:
		g.counts.started.Add(1)
		g.log.Info().Stringer("session", id).Str("account", req.origin.Account).Str("corr", req.origin.Corr).Msg("message accepted")
		req.reply.Respond(smpp.StatusOK, id.String())
	case errors.Is(err, sessions.ErrDuplicate):
		g.repeated(req, id)
	default:
		g.refuse(id, req, *pushRefusal(err))
	}
}

// doorTrigger is the name of the SMPP server as a door of messages.
const doorTrigger = "smpp"

func (g *Gateway) pushMessage(id sessions.ID, req *request) (*push.Message, *refusal) {
	if req.err != nil {
		return nil, refusalText(req.err.Error())
	}
	v := &req.values
	mdn, err := sessions.ParseMDN(v.MDN)
	if err != nil {
		return nil, refusalText("MDN: want up to 15 digits, none of them a leading zero")
	}
	m := &push.Message{ID: id, To: mdn, MIN: v.MIN, Link: v.Push.Link, Priority: min(req.priority, 3)}
	now := g.out.Clock.Now()
	if v.Push.Valid != "" {
		d, err := time.ParseDuration(v.Push.Valid)
		if err != nil || d <= 0 {
			return nil, refusalText("VALID: want a time with a unit, such as 2h")
		}
		m.Deadline = now.Add(d)
	}
	pdu, err := g.pushContent(&v.Push)
	if err != nil {
		return nil, refusalText(err.Error())
	}
	m.Content = sms.Message{Coding: sms.Octets, Payload: pdu, Source: wappush.SourcePort, Destination: wappush.Port}
	o := &req.origin
	m.Origin = push.Origin{Door: doorTrigger, Account: o.Account, Source: o.Source.Addr, Corr: o.Corr, Data: o.append(nil)}
	m.Seen = req.seenPush(now.Add(g.cfg.OTASP.TriggerMemory))
	return m, nil
}

// same is what makes two triggers of a flow the same one.
func (r *request) same(until time.Time) sessions.Seen {
	if r.trigger.Flow == flowPush {
		return r.seenPush(until)
	}
	return r.seen(until)
}

// seenPush is what makes two triggers the same one; see seen. The PIN is left
// out: a digest does not hide four digits.
func (r *request) seenPush(until time.Time) sessions.Seen {
	v := r.values
	if v.Corr == "" {
		return sessions.Seen{}
	}
	p := &v.Push
	sum := sha256.Sum256([]byte(strings.Join([]string{p.Type, p.Href, p.Text, p.Action, p.SIID, p.Created, p.Expires, p.Profile, p.SEC, p.Valid, p.Link}, "\x00")))
	return sessions.Seen{Key: strings.Join([]string{r.origin.Account, flowPush, v.MDN, v.MIN, v.Corr, hex.EncodeToString(sum[:16])}, "|"), Until: until}
}

// pushContent composes the push PDU. Its errors name the key or the element.
func (g *Gateway) pushContent(v *pushValues) ([]byte, error) {
	var c wappush.Content
	var err error
	switch strings.ToLower(v.Type) {
	case "si":
		c, err = v.indication()
	case "sl":
		c, err = v.loading()
	case "cp":
		c, err = g.provisioning(v)
	default:
		return nil, &badTrigger{"TYPE: want si, sl or cp"}
	}
	if err != nil {
		return nil, err
	}
	var tid [1]byte
	g.out.random(tid[:])
	return c.Append(nil, tid[0])
}

func unescaped(s string) string { return strings.NewReplacer("%3B", ";", "%3b", ";").Replace(s) }

func (v *pushValues) action() (wappush.Action, error) {
	if v.Action == "" {
		return 0, nil
	}
	a, ok := wappush.ParseAction(v.Action)
	if !ok {
		return 0, &badTrigger{"ACTION is no action of a push"}
	}
	return a, nil
}

func (v *pushValues) indication() (wappush.Content, error) {
	si := wappush.ServiceIndication{Href: unescaped(v.Href), Text: unescaped(v.Text), ID: v.SIID}
	var err error
	if si.Action, err = v.action(); err != nil {
		return wappush.Content{}, err
	}
	for _, t := range []struct {
		key, value string
		to         *time.Time
	}{{"CREATED", v.Created, &si.Created}, {"EXPIRES", v.Expires, &si.Expires}} {
		if t.value == "" {
			continue
		}
		if *t.to, err = time.Parse(time.RFC3339, t.value); err != nil {
			return wappush.Content{}, &badTrigger{t.key + ": want a time such as 2026-01-31T08:00:00Z"}
		}
	}
	return wappush.SIContent(&si)
}

func (v *pushValues) loading() (wappush.Content, error) {
	action, err := v.action()
	if err != nil {
		return wappush.Content{}, err
	}
	return wappush.SLContent(&wappush.ServiceLoading{Href: unescaped(v.Href), Action: action})
}

func (g *Gateway) provisioning(v *pushValues) (wappush.Content, error) {
	doc := g.profiles[v.Profile]
	if doc == nil {
		return wappush.Content{}, &badTrigger{"PROFILE is none of push.profiles"}
	}
	if v.SEC == "" {
		return wappush.CPContent(doc, omacp.Options{}, nil, omacp.Key{})
	}
	sec, err := omacp.ParseSEC(v.SEC)
	if err != nil { // its text shows what was given, and that may be a PIN
		return wappush.Content{}, &badTrigger{"SEC: want NETWPIN, USERPIN, USERNETWPIN or USERPINMAC"}
	}
	key := omacp.Key{PIN: v.PIN}
	if v.IMSI != "" {
		if key.Network, err = omacp.IMSISecret(v.IMSI); err != nil {
			return wappush.Content{}, err
		}
	}
	return wappush.CPContent(doc, omacp.Options{}, &sec, key)
}

// pushRefusal translates what the delivery says of a message.
func pushRefusal(err error) *refusal {
	var long *sms.TooLongError
	var refused *push.RefusedError
	switch {
	case errors.As(err, &refused):
		return &refusal{status: refused.Status, reason: "no-route", detail: err.Error()}
	case errors.As(err, &long):
		return &refusal{status: smpp.StatusInvalidMessageLength, reason: "too-long", detail: err.Error()}
	case errors.Is(err, push.ErrNoRoute):
		return &refusal{status: smpp.StatusSubmitFailed, reason: "no-route", detail: err.Error()}
	case errors.Is(err, push.ErrNoMIN):
		return &refusal{status: smpp.StatusSubmitFailed, reason: "no-min", detail: err.Error()}
	case errors.Is(err, push.ErrValidity):
		return &refusal{status: smpp.StatusInvalidExpiry, reason: "bad-trigger", detail: err.Error()}
	}
	no := refusalOf(err)
	return &no
}

// triggerDoor tells an IVR how its message ended.
type triggerDoor struct{ g *Gateway }

// Report gives the receipt, when the submit_sm asked for one.
func (d triggerDoor) Report(e *push.End) (sessions.Outbox, bool) {
	var o origin
	r := wire.NewCursor("origin", e.Origin.Data)
	o.read(&r)
	if r.End() != nil {
		return sessions.Outbox{}, false
	}
	return receiptRow(uint64(e.ID), &o, pushVerdict(e.Result), e.Ended, e.Began)
}

// Reported wakes the postman.
func (d triggerDoor) Reported(e *push.End) { d.g.nudge(e.Origin.Account) }

// pushVerdict is the end of a message as a receipt tells it.
func pushVerdict(r delivery.Result) verdict {
	v := verdict{state: smpp.MessageUndeliverable, code: codeOf(otasp.Reason(r.Reason)), text: string(r.Reason)}
	switch {
	case r.Outcome == delivery.Uncertain:
		v.state = smpp.MessageUnknown
	case r.Reason == delivery.ReasonDelivered:
		v.state = smpp.MessageDelivered
	case r.Reason == delivery.ReasonAccepted:
		v.state = smpp.MessageAccepted
	case r.Reason == delivery.ReasonExpired:
		v.state = smpp.MessageExpired
	case r.Reason == delivery.ReasonCancelled:
		v.state = smpp.MessageDeleted
	}
	return v
}
