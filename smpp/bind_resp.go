package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// BindResp is the response to the three binds, told by Kind (SMPP 3.4 sections
// 4.1.2, 4.1.4, 4.1.6). It has no body when the bind failed.
//
//	system_id  C-octet string, 16 octets with NUL   M
//	TLVs       sc_interface_version                 O
type BindResp struct {
	Kind     CommandID `json:"-"`
	SystemID []byte    `json:"system_id" smpp:"text"`
	TLVs     TLVs      `json:"tlvs,omitempty"`
}

// CommandID is Kind.
func (p *BindResp) CommandID() CommandID { return p.Kind }

// Decode fills p, which keeps its Kind, and borrows b.
func (p *BindResp) Decode(b []byte) error { return decode(p, b) }

// Clone copies what p borrows.
func (p *BindResp) Clone() *BindResp {
	return &BindResp{Kind: p.Kind, SystemID: bytes.Clone(p.SystemID), TLVs: p.TLVs.Clone()}
}

// Append appends the body.
func (p *BindResp) Append(dst []byte) ([]byte, error) {
	switch p.Kind {
	case CommandBindReceiverResp, CommandBindTransmitterResp, CommandBindTransceiverResp:
	default:
		return dst, wire.Unencodable(proto, "command_id", wire.ErrValue)
	}
	dst, err := wire.AppendCString(dst, p.SystemID, maxCredential, proto, "system_id")
	if err != nil {
		return dst, err
	}
	return p.TLVs.append(dst)
}

func (p *BindResp) read(c *wire.Cursor) {
	p.SystemID = c.CString(maxCredential, "system_id")
	p.TLVs = p.TLVs.read(c)
}
