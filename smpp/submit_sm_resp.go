package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// MaxMessageID is the longest message_id without its NUL.
const MaxMessageID = 64

// SubmitSMResp answers submit_sm (SMPP 3.4 section 4.4.2). It has no body when
// the status is an error.
//
//	message_id  C-octet string, 65 octets with NUL   M
//	TLVs        (5.0)                                O
type SubmitSMResp struct {
	MessageID []byte `json:"message_id" smpp:"text"`
	TLVs      TLVs   `json:"tlvs,omitempty"`
}

// CommandID is submit_sm_resp.
func (p *SubmitSMResp) CommandID() CommandID { return CommandSubmitSMResp }

// Clone copies what p borrows.
func (p *SubmitSMResp) Clone() *SubmitSMResp {
	return &SubmitSMResp{MessageID: bytes.Clone(p.MessageID), TLVs: p.TLVs.Clone()}
}

// Append appends the body.
func (p *SubmitSMResp) Append(dst []byte) ([]byte, error) {
	dst, err := wire.AppendCString(dst, p.MessageID, MaxMessageID+1, proto, "message_id")
	if err != nil {
		return dst, err
	}
	return p.TLVs.append(dst)
}

// Decode fills p from a whole body and borrows b.
func (p *SubmitSMResp) Decode(b []byte) error {
	c := bodyCursor(b)
	p.read(&c)
	return c.End()
}

func (p *SubmitSMResp) read(c *wire.Cursor) {
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	p.TLVs = p.TLVs.read(c)
}
