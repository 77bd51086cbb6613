package smpp

import "github.com/otagate/otagate/internal/wire"

// ReplaceSMResp answers replace_sm (SMPP 3.4 section 4.10.2).
//
//	TLVs  none in the standard; kept, since a later edition may define some (3.3)   O
type ReplaceSMResp struct {
	TLVs TLVs `json:"tlvs,omitempty"`
}

// CommandID is replace_sm_resp.
func (p *ReplaceSMResp) CommandID() CommandID { return CommandReplaceSMResp }

// Clone copies what p borrows.
func (p *ReplaceSMResp) Clone() *ReplaceSMResp { return &ReplaceSMResp{TLVs: p.TLVs.Clone()} }

// Append appends the body.
func (p *ReplaceSMResp) Append(dst []byte) ([]byte, error) { return p.TLVs.append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *ReplaceSMResp) Decode(b []byte) error { return decode(p, b) }

func (p *ReplaceSMResp) read(c *wire.Cursor) { p.TLVs = p.TLVs.read(c) }
