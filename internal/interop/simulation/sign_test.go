package simulation

import (
	"strings"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// sign is what a message is about.
type sign struct {
	min, trn string
	step     string // ActionCode or IS-683 message, as a script names it
	query    bool
	id       ansi.TransactionID
	action   ansi41.ActionCode // 0 for a relayed message
	toAC     bool
	msg      is683.Message // relayed to the handset

	// Of messages.
	part  bool // an SMDPP with a part
	other bool // SMSREQ, and the answer to SMSNOT
	of    *posting

	// Of a Commit: the call whose handset gets it, and what it held before.
	watched *call
	memory  sim.Memory
}

func (s *sign) String() string {
	text := s.min + " " + s.step
	if !s.query {
		text += ", answer"
	}
	return text
}

// post tells whether it is about a message and not about an activation.
func (s *sign) post() bool { return s.part || s.other }

// spc tells whether the message gives an SPC to the handset.
func (s *sign) spc() bool {
	_, ok := s.msg.(*is683.ValidationRequest)
	return ok
}

func (s *sign) commit() bool {
	_, ok := s.msg.(*is683.CommitRequest)
	return ok
}

// payload is the TCAP package in an SCCP message; nil in later segments.
func payload(b []byte) []byte {
	switch sccp.MessageType(b[0]) {
	case sccp.TypeUDT:
		m := sccp.UDT{Variant: sccp.ANSI}
		if m.Decode(b) == nil {
			return m.Data
		}
	case sccp.TypeUDTS:
		m := sccp.UDTS{Variant: sccp.ANSI}
		if m.Decode(b) == nil {
			return m.Data
		}
	case sccp.TypeXUDT:
		m := sccp.XUDT{Variant: sccp.ANSI}
		if m.Decode(b) == nil && (!m.Optional.Segmented || m.Optional.Segmentation.First) {
			return m.Data
		}
	}
	return nil
}

// readQuery reads what the gateway asks, or answers to an SMSNOT.
func (n *signalling) readQuery(t mtp.Transfer) sign {
	s := sign{query: true, step: "?"}
	var p ansi.Package
	if kind, _, id, ok := ansi.Peek(payload(t.Data)); ok && (kind == ansi.Response || kind == ansi.Abort) {
		return sign{other: true, id: id, min: n.w.register.about(id, false), step: "SMSNOT"}
	}
	if p.Decode(payload(t.Data)) != nil || len(p.Components) == 0 {
		return s
	}
	s.id = p.Originating
	k := &p.Components[0]
	if k.Operation == ansi.PrivateOperation(uint8(ansi41.OTASPRequest)) {
		s.toAC = true
		var inv ansi41.OTASPREQInvoke
		if inv.Decode(k.Parameters) == nil {
			s.min, s.action = inv.MIN.V.String(), inv.ActionCode.V
			s.step = "OTASPREQ " + s.action.String()
		}
		return s
	}
	if k.Operation == ansi.PrivateOperation(uint8(ansi41.SMSRequest)) {
		var inv ansi41.SMSREQInvoke
		if inv.Decode(k.Parameters) == nil {
			s.min, s.step, s.other = inv.MIN.V.String(), "SMSREQ", true
		}
		return s
	}
	var inv ansi41.SMDPPInvoke
	if inv.Decode(k.Parameters) != nil {
		return s
	}
	s.min = inv.MIN.V.String()
	if isMessage(&inv) {
		s.part, s.step = true, "SMDPP 4100"
		return s
	}
	if inv.ActionCode.OK {
		s.action, s.step = inv.ActionCode.V, inv.ActionCode.V.String()
		if inv.TRN.OK {
			s.trn = inv.TRN.V.String()
		}
		return s
	}
	if msg, err := is683.DecodeForward(append([]byte(nil), inv.SMSBearerData...)); err == nil {
		s.msg, s.step = msg, is683.Gist(msg)
	}
	return s
}

// readAnswer finds the question of what comes back to the gateway.
func (n *signalling) readAnswer(t mtp.Transfer) sign {
	kind, own, id, ok := ansi.Peek(payload(t.Data))
	if ok && kind != ansi.Response && kind != ansi.Abort && !strings.HasSuffix(sccp.MessageType(t.Data[0]).String(), "S") {
		return sign{query: true, other: true, id: own, min: n.w.register.about(own, true), step: "SMSNOT"}
	}
	back := strings.HasSuffix(sccp.MessageType(t.Data[0]).String(), "S")
	if back {
		_, id, _, ok = ansi.Peek(payload(t.Data))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	s, known := n.asked[id]
	if !ok || !known {
		return sign{step: "a segment"}
	}
	s.query = false
	return s
}
