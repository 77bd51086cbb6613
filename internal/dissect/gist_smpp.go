package dissect

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// esmReceipt are the bits of esm_class that mark a message as a delivery
// receipt.
const esmReceipt = 0x04

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
			s += " receipt"
		}
		return s
	case *smpp.SubmitSMResp:
		return " id " + printable(b.MessageID)
	}
	return ""
}

// short is who sends to whom; what is said is the subscriber's.
func (g Gister) short(p *smpp.SubmitSM) string {
	return fmt.Sprintf(" %s → %s", g.address(printable(p.SourceAddr)), g.address(printable(p.DestinationAddr)))
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
