package smpp

import "github.com/otagate/otagate/internal/wire"

// UnbindResp answers unbind, after which the connection is closed (SMPP 3.4 section 4.2.2).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type UnbindResp struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is unbind_resp.
func (p *UnbindResp) CommandID() CommandID { return CommandUnbindResp }

// Append appends the body.
func (p *UnbindResp) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *UnbindResp) Decode(b []byte) error { return decode(p, b) }

func (p *UnbindResp) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
