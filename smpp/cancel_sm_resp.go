package smpp

import "github.com/otagate/otagate/internal/wire"

// CancelSMResp answers cancel_sm (SMPP 3.4 section 4.9.2).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type CancelSMResp struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is cancel_sm_resp.
func (p *CancelSMResp) CommandID() CommandID { return CommandCancelSMResp }

// Clone copies what p borrows.
func (p *CancelSMResp) Clone() *CancelSMResp { return &CancelSMResp{TLVs: p.TLVs.Clone()} }

// Append appends the body.
func (p *CancelSMResp) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *CancelSMResp) Decode(b []byte) error { return decode(p, b) }

func (p *CancelSMResp) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
