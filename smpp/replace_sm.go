package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// ReplaceSM puts another text in the place of a message that waits (SMPP 3.4
// section 4.10.1).
//
//	message_id              C-octet string, 65 octets with NUL      M
//	source_addr_ton, _npi   1 octet each                            M
//	source_addr             C-octet string, 21; that of the message M
//	schedule_delivery_time  C-octet string, 1 or 17; empty: as it was M
//	validity_period         C-octet string, 1 or 17; empty: as it was M
//	registered_delivery     1                                       M
//	sm_default_msg_id       1                                       M
//	sm_length               1                                       M
//	short_message           sm_length octets, 254 at most (255: 5.0) M
//	TLVs                    message_payload (5.0)                   O
type ReplaceSM struct {
	MessageID            []byte `json:"message_id" smpp:"text"`
	SourceAddrTON        uint8  `json:"source_addr_ton"`
	SourceAddrNPI        uint8  `json:"source_addr_npi"`
	SourceAddr           []byte `json:"source_addr" smpp:"text"`
	ScheduleDeliveryTime []byte `json:"schedule_delivery_time" smpp:"text"`
	ValidityPeriod       []byte `json:"validity_period" smpp:"text"`
	RegisteredDelivery   uint8  `json:"registered_delivery"`
	SMDefaultMsgID       uint8  `json:"sm_default_msg_id"`
	ShortMessage         []byte `json:"short_message"`
	TLVs                 TLVs   `json:"tlvs,omitempty"`
}

// CommandID is replace_sm.
func (p *ReplaceSM) CommandID() CommandID { return CommandReplaceSM }

// Clone copies what p borrows.
func (p *ReplaceSM) Clone() *ReplaceSM {
	q := *p
	q.MessageID, q.SourceAddr = bytes.Clone(p.MessageID), bytes.Clone(p.SourceAddr)
	q.ScheduleDeliveryTime, q.ValidityPeriod = bytes.Clone(p.ScheduleDeliveryTime), bytes.Clone(p.ValidityPeriod)
	q.ShortMessage, q.TLVs = bytes.Clone(p.ShortMessage), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *ReplaceSM) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.MessageID, MaxMessageID+1, "message_id")
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, 21, "source_addr")
	a.text(p.ScheduleDeliveryTime, 17, "schedule_delivery_time")
	a.text(p.ValidityPeriod, 17, "validity_period")
	a.octets(p.RegisteredDelivery, p.SMDefaultMsgID)
	a.counted(p.ShortMessage, 255, "short_message")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *ReplaceSM) Decode(b []byte) error { return decode(p, b) }

func (p *ReplaceSM) read(c *wire.Cursor) {
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(21, "source_addr")
	p.ScheduleDeliveryTime = c.CString(17, "schedule_delivery_time")
	p.ValidityPeriod = c.CString(17, "validity_period")
	p.RegisteredDelivery = c.U8("registered_delivery")
	p.SMDefaultMsgID = c.U8("sm_default_msg_id")
	n := int(c.U8("sm_length"))
	p.ShortMessage = c.Bytes(n, "short_message")
	p.TLVs = p.TLVs.read(c)
}
