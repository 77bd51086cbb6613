package smpp

import "github.com/otagate/otagate/internal/wire"

// EnquireLink asks whether the peer is alive (SMPP 3.4 section 4.11.1).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type EnquireLink struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is enquire_link.
func (p *EnquireLink) CommandID() CommandID { return CommandEnquireLink }

// Append appends the body.
func (p *EnquireLink) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *EnquireLink) Decode(b []byte) error { return decode(p, b) }

func (p *EnquireLink) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
