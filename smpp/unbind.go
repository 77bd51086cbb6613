package smpp

import "github.com/otagate/otagate/internal/wire"

// Unbind ends a bind; either side may send it (SMPP 3.4 section 4.2.1).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type Unbind struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is unbind.
func (p *Unbind) CommandID() CommandID { return CommandUnbind }

// Append appends the body.
func (p *Unbind) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *Unbind) Decode(b []byte) error { return decode(p, b) }

func (p *Unbind) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
