package dissect

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// esmReceipt are the bits of esm_class that mark a message as a delivery
// receipt.
const esmReceipt = 0x04

// esmHeader is the bit of esm_class that says that a user data header begins the
// short message.
const esmHeader = 0x40

func (g Gister) smpp(c *wire.Cursor) (string, error) {
	m, err := smpp.Read(c)
	if err != nil {
		return "", err
	}
	p, is := m.(*smpp.PDU)
	if !is {
		return "", wire.ErrUnsupported
	}
	s := p.CommandID.String() + g.body(p.Body)
	if p.CommandID.IsResponse() {
		s += " " + p.Status.String()
	}
	return fmt.Sprintf("%s seq %d", s, p.Sequence), nil
}

func (g Gister) body(b smpp.Body) string {
	switch b := b.(type) {
	case *smpp.Bind:
		return " " + printable(b.SystemID)
	case *smpp.BindResp:
		return " " + printable(b.SystemID)
	case *smpp.SubmitSM:
		return g.short(b)
	case *smpp.DeliverSM:
		s := g.short((*smpp.SubmitSM)(b))
		if b.ESMClass&0x3c == esmReceipt {
			s += " receipt" + gistReceipt(b)
		}
		return s
	case *smpp.SubmitSMResp:
		return " id " + printable(b.MessageID)
	case *smpp.DataSMResp:
		return " id " + printable(b.MessageID)
	}
	return g.rare(b)
}

// rare is body of the operations that one sees less often.
func (g Gister) rare(b smpp.Body) string {
	switch b := b.(type) {
	case *smpp.Outbind:
		return " " + printable(b.SystemID)
	case *smpp.DataSM:
		return fmt.Sprintf(" %s → %s", g.address(printable(b.SourceAddr)), g.address(printable(b.DestinationAddr)))
	case *smpp.SubmitMulti:
		return fmt.Sprintf(" %s → %d destinations", g.address(printable(b.SourceAddr)), len(b.Destinations))
	case *smpp.SubmitMultiResp:
		return fmt.Sprintf(" id %s, %d failed", printable(b.MessageID), len(b.UnsuccessSME))
	case *smpp.QuerySM:
		return " id " + printable(b.MessageID)
	case *smpp.QuerySMResp:
		return fmt.Sprintf(" id %s %v", printable(b.MessageID), b.MessageState)
	case *smpp.CancelSM:
		return " id " + printable(b.MessageID)
	case *smpp.ReplaceSM:
		return " id " + printable(b.MessageID)
	case *smpp.AlertNotification:
		return fmt.Sprintf(" %s → %s", g.address(printable(b.SourceAddr)), g.address(printable(b.ESMEAddr)))
	}
	return ""
}

// short is who sends to whom, and which segment; what is said is the subscriber's.
func (g Gister) short(p *smpp.SubmitSM) string {
	s := fmt.Sprintf(" %s → %s", g.address(printable(p.SourceAddr)), g.address(printable(p.DestinationAddr)))
	if p.ESMClass&esmHeader == 0 || len(p.ShortMessage) == 0 {
		return s
	}
	var h udh.Header
	c := wire.NewCursor("udh", p.ShortMessage)
	if h.Read(&c); c.Err() != nil {
		return s
	}
	if k, ok := h.Concatenation(); ok {
		s += fmt.Sprintf(", segment %d of %d", k.Number, k.Total)
	}
	if to, ok := h.Ports(); ok {
		s += fmt.Sprintf(" to port %d", to.Destination)
	}
	return s
}

// gistReceipt is what became of which message.
func gistReceipt(p *smpp.DeliverSM) string {
	id, state, _, ok := smpp.ReceiptTLVs(p.TLVs)
	if !ok {
		r, err := smpp.ParseReceipt(p.ShortMessage, nil)
		if err != nil {
			return ""
		}
		id, state = r.ID, r.Stat
	}
	return fmt.Sprintf(" %s %v", printable([]byte(id)), state)
}

// printable keeps a peer from writing control characters into a log.
func printable(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	for _, o := range b {
		if o <= ' ' || o > '~' {
			return fmt.Sprintf("%q", b)
		}
	}
	return string(b)
}
