package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// UnsuccessSME is a destination that a submit_multi did not reach (SMPP 3.4
// section 4.5.2).
//
//	dest_addr_ton, _npi  1 octet each                        M
//	destination_addr     C-octet string, 21 octets with NUL  M
//	error_status_code    4                                   M
type UnsuccessSME struct {
	DestAddrTON     uint8
	DestAddrNPI     uint8
	DestinationAddr []byte
	ErrorStatusCode Status
}

// minUnsuccessSME is one without an address.
const minUnsuccessSME = 7

// SubmitMultiResp answers submit_multi (SMPP 3.4 section 4.5.2).
//
//	message_id      C-octet string, 65 octets with NUL     M
//	no_unsuccess    1                                      M
//	unsuccess_sme   no_unsuccess times; see UnsuccessSME   M
//	TLVs            (5.0)                                  O
type SubmitMultiResp struct {
	MessageID    []byte         `json:"message_id" smpp:"text"`
	UnsuccessSME []UnsuccessSME `json:"unsuccess_sme"`
	TLVs         TLVs           `json:"tlvs,omitempty"`
}

// CommandID is submit_multi_resp.
func (p *SubmitMultiResp) CommandID() CommandID { return CommandSubmitMultiResp }

// Clone copies what p borrows.
func (p *SubmitMultiResp) Clone() *SubmitMultiResp {
	q := &SubmitMultiResp{MessageID: bytes.Clone(p.MessageID), TLVs: p.TLVs.Clone()}
	for _, u := range p.UnsuccessSME {
		u.DestinationAddr = bytes.Clone(u.DestinationAddr)
		q.UnsuccessSME = append(q.UnsuccessSME, u)
	}
	return q
}

// Append appends the body.
func (p *SubmitMultiResp) Append(dst []byte) ([]byte, error) {
	if len(p.UnsuccessSME) > 255 {
		return dst, wire.Unencodable(proto, "no_unsuccess", wire.ErrTooLong)
	}
	a := appender{b: dst}
	a.text(p.MessageID, MaxMessageID+1, "message_id")
	a.octets(byte(len(p.UnsuccessSME)))
	for i := range p.UnsuccessSME {
		u := &p.UnsuccessSME[i]
		a.octets(u.DestAddrTON, u.DestAddrNPI)
		a.text(u.DestinationAddr, 21, "destination_addr")
		s := u.ErrorStatusCode
		a.octets(byte(s>>24), byte(s>>16), byte(s>>8), byte(s))
	}
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b. It keeps the room of its lists.
func (p *SubmitMultiResp) Decode(b []byte) error { return decode(p, b) }

func (p *SubmitMultiResp) read(c *wire.Cursor) {
	p.MessageID = c.CString(MaxMessageID+1, "message_id")
	n := int(c.U8("no_unsuccess"))
	p.UnsuccessSME = p.UnsuccessSME[:0]
	for range c.Count(n, minUnsuccessSME, "no_unsuccess") {
		var u UnsuccessSME
		c.Group("unsuccess_sme")
		u.DestAddrTON = c.U8("dest_addr_ton")
		u.DestAddrNPI = c.U8("dest_addr_npi")
		u.DestinationAddr = c.CString(21, "destination_addr")
		u.ErrorStatusCode = Status(c.U32("error_status_code"))
		c.Hexadecimal()
		wire.Say(c, u.ErrorStatusCode)
		c.EndGroup()
		p.UnsuccessSME = append(p.UnsuccessSME, u)
	}
	p.TLVs = p.TLVs.read(c)
}
