package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// CancelSM takes back messages that wait (SMPP 3.4 section 4.9.1): the one with
// message_id or, when that is empty, all between the two addresses with the
// service_type.
//
//	service_type           C-octet string, 6 octets with NUL   M
//	message_id             C-octet string, 65                  M
//	source_addr_ton, _npi  1 octet each                        M
//	source_addr            C-octet string, 21                  M
//	dest_addr_ton, _npi    1 octet each                        M
//	destination_addr       C-octet string, 21                  M
//	TLVs                   none in the standard; kept          O
type CancelSM struct {
	ServiceType     []byte `json:"service_type" smpp:"text"`
	MessageID       []byte `json:"message_id" smpp:"text"`
	SourceAddrTON   uint8  `json:"source_addr_ton"`
	SourceAddrNPI   uint8  `json:"source_addr_npi"`
	SourceAddr      []byte `json:"source_addr" smpp:"text"`
	DestAddrTON     uint8  `json:"dest_addr_ton"`
	DestAddrNPI     uint8  `json:"dest_addr_npi"`
	DestinationAddr []byte `json:"destination_addr" smpp:"text"`
	TLVs            TLVs   `json:"tlvs,omitempty"`
}

// CommandID is cancel_sm.
func (p *CancelSM) CommandID() CommandID { return CommandCancelSM }

// Clone copies what p borrows.
func (p *CancelSM) Clone() *CancelSM {
	q := *p
	q.ServiceType, q.MessageID = bytes.Clone(p.ServiceType), bytes.Clone(p.MessageID)
	q.SourceAddr, q.DestinationAddr = bytes.Clone(p.SourceAddr), bytes.Clone(p.DestinationAddr)
	q.TLVs = p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *CancelSM) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.ServiceType, 6, "service_type")
	a.text(p.MessageID, MaxMessageID+1, "message_id")
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, 21, "source_addr")
	a.octets(p.DestAddrTON, p.DestAddrNPI)
	a.text(p.DestinationAddr, 21, "destination_addr")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *CancelSM) Decode(b []byte) error { return decode(p, b) }

func (p *CancelSM) read(c *wire.Cursor) {
	p.ServiceType = c.CString(6, "service_type")
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(21, "source_addr")
	p.DestAddrTON = c.U8("dest_addr_ton")
	p.DestAddrNPI = c.U8("dest_addr_npi")
	p.DestinationAddr = c.CString(21, "destination_addr")
	p.TLVs = p.TLVs.read(c)
}
