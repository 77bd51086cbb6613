package push

import (
	"sync"
	"sync/atomic"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// hlr is asked where a handset is, and says when it is back.
type hlr struct {
	svc     *Service
	classes *retries
	asks    *asks
}

func newHLR(s *Service, cl *retries) *hlr {
	c, h := &s.cfg.Push.SS7, &hlr{svc: s, classes: cl}
	h.asks = &asks{
		window: c.SMSREQWindow, limiter: limiterOf(c.SMSREQRate), clock: s.cfg.Clock, send: h.ask, post: s.do.post, byMIN: map[string]*question{},
	}
	return h
}

// ask sends SMSREQ. Its answer, or the lack of one, is an event without a
// request number. Asking twice does no harm, so that no answer is a temporary
// error and no doubt.
func (h *hlr) ask(min string, done func(event)) {
	params, err := h.smsreq(min)
	if err != nil {
		done(notHere(delivery.Permanent, err.Error()))
		return
	}
	inv := tcap.Invoke{
		Called: h.svc.cfg.HLR, Operation: ansi.PrivateOperation(uint8(ansi41.SMSRequest)),
		Parameters: params, Timeout: h.svc.cfg.Push.SS7.SMSREQ,
	}
	_, err = h.svc.cfg.Network.Invoke(inv, func(o tcap.Outcome) { done(h.answer(min, o)) })
	if err != nil {
		done(notHere(delivery.Temporary, "SMSREQ not sent: "+err.Error()))
	}
}

func notHere(class delivery.Class, detail string) event {
	return event{Event: delivery.Event{Kind: delivery.NotHere, Failure: delivery.Failure{Class: class, Detail: detail}}}
}

// notifyWhenAvailable is SMS_NotificationIndicator: SMSNOT is wanted.
const notifyWhenAvailable = 1

func (h *hlr) smsreq(min string) ([]byte, error) {
	m, err := ansi41.ParseMIN(min)
	if err != nil {
		return nil, err
	}
	inv := ansi41.SMSREQInvoke{
		MIN:                      ansi41.Some(m),
		SMSNotificationIndicator: ansi41.Some(ansi41.SMSNotificationIndicator(notifyWhenAvailable)),
		SMSTeleserviceIdentifier: ansi41.Some(ansi41.Teleservice(h.svc.cfg.Push.SS7.Teleservice)),
	}
	return inv.Append(nil)
}

// The values of SMS_AccessDeniedReason.
const (
	accessDenied      = 1
	accessPostponed   = 2
	accessUnavailable = 3
	accessInvalid     = 4
)

func (h *hlr) answer(min string, o tcap.Outcome) event {
	if o.Kind != tcap.OutcomeResult {
		ev := h.classes.outcome("SMSREQ", o, h.svc.counts)
		if h.unknownThere(o) {
			ev.Failure = delivery.Failure{Class: delivery.Permanent, Detail: ev.Failure.Detail}
		}
		if ev.Kind == delivery.InDoubt {
			ev.Failure.Class = delivery.Temporary
		}
		return notHere(ev.Failure.Class, ev.Failure.Detail)
	}
	var r ansi41.SMSREQResult
	if err := r.Decode(o.Parameters); err != nil {
		return notHere(delivery.Temporary, "smsreq: "+err.Error())
	}
	switch {
	case r.MIN.OK && r.MIN.V.String() != min:
		return notHere(delivery.Temporary, "smsreq: the answer is about another subscriber")
	case r.SMSAddress.OK:
		return h.located(&r)
	case r.SMSAccessDeniedReason.OK:
		detail := "smsreq: SMS_AccessDeniedReason " + r.SMSAccessDeniedReason.V.String()
		return notHere(deniedClass(r.SMSAccessDeniedReason.V), detail)
	case r.SMSCauseCode.OK:
		m := h.classes.of(smsCause, uint32(r.SMSCauseCode.V))
		return notHere(m.class, "smsreq: SMS_CauseCode "+r.SMSCauseCode.V.String())
	}
	return notHere(delivery.Temporary, "smsreq: neither an address nor a reason")
}

// unknownThere tells whether the HLR has no such subscriber. From an MSC the same
// errors say that the handset is elsewhere.
func (h *hlr) unknownThere(o tcap.Outcome) bool {
	if o.Kind != tcap.OutcomeError || o.ErrorCode.National || o.ErrorCode.Wide {
		return false
	}
	code := ansi41.ErrorCode(o.ErrorCode.Code)
	configured := h.classes.told(returnError, uint32(code))
	return !configured && (code == ansi41.UnrecognizedMIN || code == ansi41.MINHLRMismatch)
}

func deniedClass(r ansi41.SMSAccessDeniedReason) delivery.Class {
	switch r {
	case accessPostponed:
		return delivery.Postponed
	case accessUnavailable:
		return delivery.Temporary
	}
	return delivery.Permanent
}

// located: messages go to MSCs of the configuration only, whatever the HLR says.
func (h *hlr) located(r *ansi41.SMSREQResult) event {
	name := MSCAt(h.svc.cfg.MSCs, &r.SMSAddress.V)
	if name == "" {
		return notHere(delivery.Temporary, "smsreq: the serving MSC is none of ss7.mscs")
	}
	return event{Event: delivery.Event{Kind: delivery.Located, MSC: name}, esn: uint32(r.ESN.V)}
}

// MSCAt is the configured MSC with this address, a point code or a number that
// is its global title; empty when there is none.
func MSCAt(mscs map[string]sccp.Address, d *ansi41.Digits) string {
	for name, a := range mscs {
		switch {
		case d.Digits != "" && titleOf(a) == d.Digits:
			return name
		case d.Digits == "" && a.HasPointCode && a.PointCode == d.PC:
			return name
		}
	}
	return ""
}

func titleOf(a sccp.Address) string {
	if a.RouteOnSSN {
		return ""
	}
	return a.GlobalTitle.Digits
}

// SMSNOT tells the messages that wait for a handset that it is back, and calls
// done when that is on the disk.
func (s *Service) SMSNOT(inv *ansi41.SMSNOTInvoke, done func()) {
	s.counts.notifications.Add(1)
	ids := s.dir.serving(inv.MIN.V.String())
	if s.hlr == nil || inv.SMSAccessDeniedReason.OK || len(ids) == 0 {
		done()
		return
	}
	ev := event{Event: delivery.Event{Kind: delivery.Notified}, esn: uint32(inv.ESN), done: countdown(len(ids), done)}
	if inv.SMSAddress.OK {
		ev.MSC = MSCAt(s.cfg.MSCs, &inv.SMSAddress.V)
	}
	for _, id := range ids {
		s.do.post(id, ev)
	}
}

// countdown calls then at the n-th call.
func countdown(n int, then func()) func() {
	var left atomic.Int64
	left.Store(int64(n))
	var once sync.Once
	return func() {
		if left.Add(-1) <= 0 {
			once.Do(then)
		}
	}
}
