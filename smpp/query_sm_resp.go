package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// QuerySMResp answers query_sm (SMPP 3.4 section 4.8.2). It has no body when
// the status is an error.
//
//	message_id     C-octet string, 65 octets with NUL                M
//	final_date     C-octet string, 1 or 17; empty before the end     M
//	message_state  1                                                 M
//	error_code     1, of the network                                 M
//	TLVs           none in the standard; kept                        O
type QuerySMResp struct {
	MessageID    []byte       `json:"message_id" smpp:"text"`
	FinalDate    []byte       `json:"final_date" smpp:"text"`
	MessageState MessageState `json:"message_state"`
	ErrorCode    uint8        `json:"error_code"`
	TLVs         TLVs         `json:"tlvs,omitempty"`
}

// CommandID is query_sm_resp.
func (p *QuerySMResp) CommandID() CommandID { return CommandQuerySMResp }

// Clone copies what p borrows.
func (p *QuerySMResp) Clone() *QuerySMResp {
	q := *p
	q.MessageID, q.FinalDate, q.TLVs = bytes.Clone(p.MessageID), bytes.Clone(p.FinalDate), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *QuerySMResp) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.MessageID, MaxMessageID+1, "message_id")
	a.text(p.FinalDate, 17, "final_date")
	a.octets(byte(p.MessageState), p.ErrorCode)
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *QuerySMResp) Decode(b []byte) error { return decode(p, b) }

func (p *QuerySMResp) read(c *wire.Cursor) {
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	p.FinalDate = c.CString(17, "final_date")
	p.MessageState = MessageState(c.U8("message_state"))
	wire.Say(c, p.MessageState)
	p.ErrorCode = c.U8("error_code")
	p.TLVs = p.TLVs.read(c)
}
