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

// readQuery reads what the gateway asks.
func readQuery(t mtp.Transfer) sign {
	s := sign{query: true, step: "?"}
	var p ansi.Package
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
	var inv ansi41.SMDPPInvoke
	if inv.Decode(k.Parameters) != nil {
		return s
	}
	s.min = inv.MIN.V.String()
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
	_, _, id, ok := ansi.Peek(payload(t.Data))
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
