package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// QuerySM asks what has become of a message (SMPP 3.4 section 4.8.1).
//
//	message_id             C-octet string, 65 octets with NUL   M
//	source_addr_ton, _npi  1 octet each                         M
//	source_addr            C-octet string, 21; that of the
//	                       message, or empty                    M
//	TLVs                   none in the standard; kept           O
type QuerySM struct {
	MessageID     []byte `json:"message_id" smpp:"text"`
	SourceAddrTON uint8  `json:"source_addr_ton"`
	SourceAddrNPI uint8  `json:"source_addr_npi"`
	SourceAddr    []byte `json:"source_addr" smpp:"text"`
	TLVs          TLVs   `json:"tlvs,omitempty"`
}

// CommandID is query_sm.
func (p *QuerySM) CommandID() CommandID { return CommandQuerySM }

// Clone copies what p borrows.
func (p *QuerySM) Clone() *QuerySM {
	q := *p
	q.MessageID, q.SourceAddr, q.TLVs = bytes.Clone(p.MessageID), bytes.Clone(p.SourceAddr), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *QuerySM) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.MessageID, MaxMessageID+1, "message_id")
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, 21, "source_addr")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *QuerySM) Decode(b []byte) error { return decode(p, b) }

func (p *QuerySM) read(c *wire.Cursor) {
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(21, "source_addr")
	p.TLVs = p.TLVs.read(c)
}
