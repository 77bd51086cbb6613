package sim

import (
	"slices"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/smpp"
)

// centre is an SMSC as the handler of its server.
type centre SMSC

// Bound sends the receipts that wait for a bind.
func (c *centre) Bound(b *smpp.BoundPeer) { (*SMSC)(c).flush(b.Account()) }

// Unbound gives back what has not been answered: nobody would hear the answer.
func (c *centre) Unbound(b *smpp.BoundPeer, _ smpp.Reason) {
	s := (*SMSC)(c)
	s.mu.Lock()
	var all []*smpp.Reply
	for r, of := range s.owed {
		if of == b {
			all = append(all, r)
			delete(s.owed, r)
		}
	}
	s.mu.Unlock()
	for _, r := range all {
		r.Respond(smpp.StatusSystemError, "")
	}
}

// SubmitSM takes a message, as the script has it.
func (c *centre) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	s := (*SMSC)(c)
	rule := s.cfg.Script.next("submit_sm")
	e := s.enter(b, p, r)
	if rule.before(func() {}) {
		return
	}
	switch rule.Do {
	case Cut:
		s.Cut()
		return
	case Refuse:
		s.answer(e, r, smpp.Status(rule.Code))
		return
	}
	if status := faultOf(e.PDU); status != smpp.StatusOK {
		s.answer(e, r, status)
		return
	}
	s.take(e)
	if s.cfg.ReceiptFirst {
		s.relay(e, rule)
	}
	s.respond(e, r, rule)
	if !s.cfg.ReceiptFirst {
		s.relay(e, rule)
	}
}

// respond gives the good answer, or not, or later.
func (s *SMSC) respond(e *Submit, r *smpp.Reply, rule *Rule) {
	switch rule.Do {
	case LoseAnswer:
	case CutAfter:
		s.Cut()
	case RunAfter:
		rule.Func()
	case Delay:
		s.timers.after(rule.For, func() { s.answer(e, r, smpp.StatusOK) })
	default:
		s.answer(e, r, smpp.StatusOK)
	}
}

// Bits of esm_class and registered_delivery.
const (
	udhi           = 0x40
	receiptMask    = 0x03
	receiptAlways  = 1
	receiptFailure = 2
	receiptSuccess = 3 // SMPP 5.0
)

// maxUserData is TP-UD of one short message.
const maxUserData = 140

// faultOf is what a centre that is strict has against a message.
func faultOf(p *smpp.SubmitSM) smpp.Status {
	payload, whole := p.TLVs.Find(smpp.TagMessagePayload)
	_, port := p.TLVs.Find(smpp.TagDestinationPort)
	_, sar := p.TLVs.Find(smpp.TagSARMsgRefNum)
	headed := p.ESMClass&udhi != 0
	switch {
	case len(p.DestinationAddr) == 0:
		return smpp.StatusInvalidDestinationAddress
	case headed && (port || sar), whole && (len(p.ShortMessage) > 0 || sar):
		return smpp.StatusTLVNotAllowed
	case headed && userData(p, append(slices.Clone(p.ShortMessage), payload...)) > maxUserData:
		return smpp.StatusInvalidMessageLength
	case whole && len(payload) == 0:
		return smpp.StatusInvalidTLVLength
	case sar && sarOf(p) == nil:
		return smpp.StatusInvalidTLVValue
	}
	return smpp.StatusOK
}

// userData is how long a text with a header is in a TPDU: of the default alphabet, which
// comes as one septet an octet, it is packed behind the header.
func userData(p *smpp.SubmitSM, text []byte) int {
	if p.DataCoding != 0 || len(text) == 0 || len(text) <= int(text[0]) {
		return len(text)
	}
	header := 1 + int(text[0])
	return header + ((len(text)-header)*7+gsm7.Fill(header)+7)/8
}

// segments is what goes to the phone: one message, or a message_payload in
// parts.
func (s *SMSC) segments(e *Submit) []ShortMessage {
	p := e.PDU
	m := ShortMessage{
		From: string(p.SourceAddr), UDHI: p.ESMClass&udhi != 0, DataCoding: p.DataCoding,
		Ports: portsOf(p), SAR: sarOf(p), Octets: p.ShortMessage,
	}
	payload, whole := p.TLVs.Find(smpp.TagMessagePayload)
	if !whole {
		return []ShortMessage{m.clone()}
	}
	n := (len(payload) + s.cfg.SegmentSize - 1) / s.cfg.SegmentSize
	if n == 1 || n > 255 || m.UDHI { // the last is in parts already; what is too long for parts goes as it is
		m.Octets = payload
		return []ShortMessage{m.clone()}
	}
	var out []ShortMessage
	for i := range n {
		part := m
		part.SAR = &SAR{Reference: uint16(e.number), Total: uint8(n), Number: uint8(i + 1)}
		part.Octets = payload[i*s.cfg.SegmentSize : min((i+1)*s.cfg.SegmentSize, len(payload))]
		out = append(out, part.clone())
	}
	return out
}

func portsOf(p *smpp.SubmitSM) *Ports {
	d, ok := number(p.TLVs, smpp.TagDestinationPort, 2)
	if !ok {
		return nil
	}
	src, _ := number(p.TLVs, smpp.TagSourcePort, 2)
	return &Ports{Source: src, Destination: d}
}

// sarOf is the place of a segment; nil when there is none, or it is no place.
func sarOf(p *smpp.SubmitSM) *SAR {
	ref, ok := number(p.TLVs, smpp.TagSARMsgRefNum, 2)
	total, ok2 := number(p.TLVs, smpp.TagSARTotalSegments, 1)
	n, ok3 := number(p.TLVs, smpp.TagSARSegmentSeqnum, 1)
	if !ok || !ok2 || !ok3 || n == 0 || n > total {
		return nil
	}
	return &SAR{Reference: ref, Total: uint8(total), Number: uint8(n)}
}

func number(t smpp.TLVs, tag smpp.Tag, size int) (v uint16, ok bool) {
	b, ok := t.Find(tag)
	if !ok || len(b) != size {
		return 0, false
	}
	for _, o := range b {
		v = v<<8 | uint16(o)
	}
	return v, true
}
