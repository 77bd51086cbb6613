package sim

import (
	"context"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// The teleservices of IS-637 that the MSC takes to a phone.
const (
	teleserviceCMT = 4098  // text
	teleserviceWAP = 4100  // WDP segments
	teleserviceEMT = 4101  // user data header as in GSM
	teleserviceCT  = 65002 // China Telecom's WAP push, bearer data inside bearer data
)

// SwitchOn makes a phone reachable for short messages to a MIN.
func (m *MSC) SwitchOn(min string, p Phone) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phones[min] = p
}

// SwitchOff has the phone of a MIN not answer a page.
func (m *MSC) SwitchOff(min string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.phones[min] = nil
}

// HandOvers is what went to the phones, in order.
func (m *MSC) HandOvers() []HandOver { return m.way.handOvers() }

// isShortMessage tells the delivery of a short message from OTASP and OTAPA,
// which have no teleservice.
func isShortMessage(inv *ansi41.SMDPPInvoke) bool {
	return inv.SMSTeleserviceIdentifier.Given && !inv.ActionCode.OK && !inv.ServiceIndicator.OK
}

// shortMessage takes a short message to a phone, as the script has it.
func (m *MSC) shortMessage(q *tcap.Incoming, inv *ansi41.SMDPPInvoke) {
	rule := m.script.next("SMDPP " + inv.SMSTeleserviceIdentifier.String())
	if rule.before(func() { m.SwitchOff(inv.MIN.V.String()) }) {
		return // the request was lost on its way
	}
	res := cause(ansi41.SMSCauseCode(rule.Code))
	if rule.Do != Refuse {
		res = m.take(inv)
	}
	rule.answer(func() {
		reply(q, res)
		if rule.Do != AnswerTwice {
			return
		}
		if params, err := res.Append(nil); err == nil {
			m.again(q, params)
		}
	})
}

// take is what an MSC answers to the delivery of a short message: nothing when
// the phone has it.
func (m *MSC) take(inv *ansi41.SMDPPInvoke) *ansi41.SMDPPResult {
	id := inv.SMSTeleserviceIdentifier.ID
	switch id {
	case teleserviceCMT, teleserviceWAP, teleserviceEMT, teleserviceCT:
	default:
		return cause(ansi41.CauseInvalidTeleserviceID)
	}
	min := inv.MIN.V.String()
	m.mu.Lock()
	p, known := m.phones[min]
	m.mu.Unlock()
	switch {
	case !inv.MIN.OK:
		return cause(ansi41.CauseMissingExpectedParameter)
	case !known:
		return cause(ansi41.CauseDestinationNoLongerAtAddress)
	case p == nil:
		return cause(ansi41.CauseNoPageResponse)
	}
	msg := ShortMessage{From: originator(inv), Teleservice: id, Octets: inv.SMSBearerData}
	if !m.way.hand(p, "", min, msg.clone()) {
		return cause(ansi41.CauseNoAcknowledgment)
	}
	return &ansi41.SMDPPResult{}
}

// originator is who the phone is told that the message is from.
func originator(inv *ansi41.SMDPPInvoke) string {
	if inv.SMSOriginalOriginatingAddress.OK {
		return inv.SMSOriginalOriginatingAddress.V.Digits
	}
	return inv.SMSOriginatingAddress.V.Digits
}

// Subscriber is a phone that HLR and MSC know for short messages.
type Subscriber struct {
	MIN   string
	ESN   uint32
	Phone Phone
}

// Subscribe makes a phone known to the HLR and switches it on at the MSC.
func (n *Network) Subscribe(s Subscriber) {
	n.HLR.Subscribe(s.MIN, s.ESN)
	n.MSC.SwitchOn(s.MIN, s.Phone)
}

// Wait returns when there holds, which is asked after each hand-over of the MSC.
func (n *Network) Wait(ctx context.Context, there func() bool) error { return n.news.until(ctx, there) }

// answerAgain sends an answer that was sent already, as a network that repeats
// a message does.
func (n *Network) answerAgain(q *tcap.Incoming, params []byte) {
	p := ansi.Package{Type: ansi.Response, Responding: q.TransactionID, Components: []ansi.Component{{
		Type: ansi.ReturnResultLast, HasCorrelationID: q.HasInvokeID, CorrelationID: q.InvokeID, Parameters: params,
	}}}
	b, err := p.Append(nil)
	if err == nil {
		err = n.msc.sccp.Unitdata(sccp.Unitdata{Called: q.Calling, Calling: q.Called, Data: b, Peer: q.PointCode})
	}
	if err != nil {
		n.cfg.Log.Warn().Err(err).Msg("MSC: not sent again")
	}
}
