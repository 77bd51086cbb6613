package sim

import (
	"context"
	"slices"
	"time"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// subscriber is what the HLR knows of a phone for short messages.
type subscriber struct {
	esn      uint32
	denied   ansi41.SMSAccessDeniedReason // 0 when the phone can be reached
	askers   []*asker                     // who are to be told when it can be
	notified int                          // SMSNOTs that were answered
}

// asker is who sent the SMSREQ that was answered "postponed". OTAPA has no
// teleservice, and asks beside the short messages.
type asker struct {
	address     sccp.Address
	teleservice ansi41.Optional[ansi41.TeleserviceIdentifier]
}

// ask notes an asker; one who asks again takes his own place.
func (s *subscriber) ask(a *asker) {
	s.askers = slices.DeleteFunc(s.askers, func(b *asker) bool { return a.teleservice == b.teleservice })
	s.askers = append(s.askers, a)
}

// Timers of SMSNOT. The standard's are not public; these are short enough for
// a test to wait.
const (
	smsnotTimeout = 10 * time.Second
	smsnotRepeat  = 5 * time.Second
)

// Subscribe makes a MIN known, reachable at the network's MSC.
func (h *HLR) Subscribe(min string, esn uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscribers[min] = &subscriber{esn: esn}
}

// SendBy gives the HLR a way for its SMSNOTs other than the network that it was
// made with: send invokes the operation at an address.
func (h *HLR) SendBy(send func(to sccp.Address, params []byte, done func(tcap.Outcome)) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.send = send
}

// Deny has SMSREQ about a MIN answered with this reason, until Appear.
func (h *HLR) Deny(min string, reason ansi41.SMSAccessDeniedReason) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.subscribers[min]; s != nil {
		s.denied = reason
	}
}

// Appear makes a MIN reachable. Who was told that it is postponed, and wanted
// to know, is sent SMSNOT until he answers.
func (h *HLR) Appear(min string) {
	h.mu.Lock()
	s := h.subscribers[min]
	var askers []*asker
	if s != nil {
		s.denied, askers = 0, slices.Clone(s.askers)
	}
	h.mu.Unlock()
	for _, a := range askers {
		h.smsnot(min, s, a)
	}
}

// Notified is how many SMSNOTs about a MIN were answered.
func (h *HLR) Notified(min string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.subscribers[min]; s != nil {
		return s.notified
	}
	return 0
}

// Wait returns when there holds, which is asked after each SMSREQ and each
// answer to an SMSNOT.
func (h *HLR) Wait(ctx context.Context, there func() bool) error { return h.news.until(ctx, there) }

// smsreq tells where a phone is, or why it cannot be reached: to short messages
// and to OTAPA (ServiceIndicator 3) alike.
func (h *HLR) smsreq(q *tcap.Incoming) {
	var inv ansi41.SMSREQInvoke
	if err := inv.Decode(q.Parameters); err != nil {
		q.Error(uint8(ansi41.ParameterError), nil)
		return
	}
	rule := h.script.next("SMSREQ")
	if rule.before(func() {}) {
		return
	}
	res := h.locate(q, &inv, rule)
	h.news.tell()
	rule.answer(func() {
		if res == nil {
			q.Error(uint8(ansi41.UnrecognizedMIN), nil)
			return
		}
		params, err := res.Append(nil)
		if err != nil {
			q.Error(uint8(ansi41.SystemFailure), nil)
			return
		}
		q.Result(params)
	})
}

// locate is the answer to an SMSREQ; nil when nobody knows the MIN.
func (h *HLR) locate(q *tcap.Incoming, inv *ansi41.SMSREQInvoke, rule *Rule) *ansi41.SMSREQResult {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.subscribers[inv.MIN.V.String()]
	if s == nil || !inv.MIN.OK {
		return nil
	}
	reason := s.denied
	if rule.Do == Refuse {
		reason = ansi41.SMSAccessDeniedReason(rule.Code)
	}
	if reason == 0 {
		return &ansi41.SMSREQResult{ESN: ansi41.Some(ansi41.ESN(s.esn)), SMSAddress: ansi41.Some(h.address())}
	}
	// That no indicator means "notify" is an assumption.
	if reason == ansi41.AccessPostponed && inv.SMSNotificationIndicator.V != ansi41.DoNotNotify {
		to := q.Calling
		if !to.HasPointCode && to.GlobalTitle.GTI == 0 {
			to = sccp.PointCodeAddress(sccp.ANSI, q.PointCode, to.SSN)
		}
		s.ask(&asker{address: to, teleservice: inv.SMSTeleserviceIdentifier})
	}
	return &ansi41.SMSREQResult{SMSAccessDeniedReason: ansi41.Some(reason)}
}

// address is the serving MSC, as point code and subsystem.
func (h *HLR) address() ansi41.Digits {
	return ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: h.msc.PC, SSN: uint8(h.msc.SSN)}
}

// smsnot tells who asked that the phone can be reached now.
func (h *HLR) smsnot(min string, s *subscriber, a *asker) {
	h.mu.Lock()
	if h.subscribers[min] != s || !slices.Contains(s.askers, a) || s.denied != 0 {
		h.mu.Unlock()
		return
	}
	send := h.send
	inv := ansi41.SMSNOTInvoke{ESN: ansi41.ESN(s.esn), SMSAddress: ansi41.Some(h.address()), SMSTeleserviceIdentifier: a.teleservice}
	h.mu.Unlock()
	again := func() { h.timers.after(smsnotRepeat, func() { h.smsnot(min, s, a) }) }
	number, err := ansi41.ParseMIN(min)
	if err != nil {
		return // such a number cannot be asked for
	}
	inv.MIN = ansi41.Some(number)
	params, err := inv.Append(nil)
	if err != nil || send == nil || h.script.next("SMSNOT").before(func() {}) {
		again()
		return
	}
	err = send(a.address, params, func(o tcap.Outcome) {
		switch o.Kind {
		case tcap.OutcomeResult, tcap.OutcomeError, tcap.OutcomeReject:
			h.answered(s, a)
		default:
			again()
		}
	})
	if err != nil {
		again()
	}
}

// answered notes that an asker knows.
func (h *HLR) answered(s *subscriber, a *asker) {
	h.mu.Lock()
	s.notified++
	if i := slices.Index(s.askers, a); i >= 0 { // and has not asked again meanwhile
		s.askers = slices.Delete(s.askers, i, i+1)
	}
	h.mu.Unlock()
	h.news.tell()
}

// notify sends SMSNOT from the HLR.
func (n *Network) notify(to sccp.Address, params []byte, done func(tcap.Outcome)) error {
	_, err := n.hlr.tcap.Invoke(tcap.Invoke{
		Called: to, Operation: ansi.PrivateOperation(uint8(ansi41.SMSNotification)), Parameters: params, Timeout: smsnotTimeout,
	}, done)
	return err
}
