package smpp

import "github.com/otagate/otagate/internal/wire"

// EnquireLinkResp says that it is (SMPP 3.4 section 4.11.2).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type EnquireLinkResp struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is enquire_link_resp.
func (p *EnquireLinkResp) CommandID() CommandID { return CommandEnquireLinkResp }

// Append appends the body.
func (p *EnquireLinkResp) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *EnquireLinkResp) Decode(b []byte) error { return decode(p, b) }

func (p *EnquireLinkResp) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
