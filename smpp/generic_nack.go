package smpp

import "github.com/otagate/otagate/internal/wire"

// GenericNack refuses a PDU that cannot be answered by its own response (SMPP 3.4 section 4.3.1).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type GenericNack struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is generic_nack.
func (p *GenericNack) CommandID() CommandID { return CommandGenericNack }

// Append appends the body.
func (p *GenericNack) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *GenericNack) Decode(b []byte) error { return decode(p, b) }

func (p *GenericNack) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
