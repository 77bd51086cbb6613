package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// SubmitSM carries a message from an ESME to the message centre (SMPP 3.4
// section 4.4.1).
//
//	service_type             C-octet string, 6 octets with NUL       M
//	source_addr_ton, _npi    1 octet each                            M
//	source_addr              C-octet string, 21                      M
//	dest_addr_ton, _npi      1 octet each                            M
//	destination_addr         C-octet string, 21                      M
//	esm_class                1                                       M
//	protocol_id              1                                       M
//	priority_flag            1                                       M
//	schedule_delivery_time   C-octet string, 1 or 17                 M
//	validity_period          C-octet string, 1 or 17                 M
//	registered_delivery      1                                       M
//	replace_if_present_flag  1                                       M
//	data_coding              1                                       M
//	sm_default_msg_id        1                                       M
//	sm_length                1                                       M
//	short_message            sm_length octets, 254 at most (255: 5.0) M
//	TLVs                                                             O
type SubmitSM struct {
	ServiceType          []byte `json:"service_type" smpp:"text"`
	SourceAddrTON        uint8  `json:"source_addr_ton"`
	SourceAddrNPI        uint8  `json:"source_addr_npi"`
	SourceAddr           []byte `json:"source_addr" smpp:"text"`
	DestAddrTON          uint8  `json:"dest_addr_ton"`
	DestAddrNPI          uint8  `json:"dest_addr_npi"`
	DestinationAddr      []byte `json:"destination_addr" smpp:"text"`
	ESMClass             uint8  `json:"esm_class"`
	ProtocolID           uint8  `json:"protocol_id"`
	PriorityFlag         uint8  `json:"priority_flag"`
	ScheduleDeliveryTime []byte `json:"schedule_delivery_time" smpp:"text"`
	ValidityPeriod       []byte `json:"validity_period" smpp:"text"`
	RegisteredDelivery   uint8  `json:"registered_delivery"`
	ReplaceIfPresentFlag uint8  `json:"replace_if_present_flag"`
	DataCoding           uint8  `json:"data_coding"`
	SMDefaultMsgID       uint8  `json:"sm_default_msg_id"`
	ShortMessage         []byte `json:"short_message"`
	TLVs                 TLVs   `json:"tlvs,omitempty"`
}

// CommandID is submit_sm.
func (p *SubmitSM) CommandID() CommandID { return CommandSubmitSM }

// Clone copies what p borrows.
func (p *SubmitSM) Clone() *SubmitSM {
	q := *p
	q.ServiceType = bytes.Clone(p.ServiceType)
	q.SourceAddr, q.DestinationAddr = bytes.Clone(p.SourceAddr), bytes.Clone(p.DestinationAddr)
	q.ScheduleDeliveryTime, q.ValidityPeriod = bytes.Clone(p.ScheduleDeliveryTime), bytes.Clone(p.ValidityPeriod)
	q.ShortMessage, q.TLVs = bytes.Clone(p.ShortMessage), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *SubmitSM) Append(dst []byte) ([]byte, error) {
	if !cstring(p.ServiceType, 6) || !cstring(p.SourceAddr, 21) || !cstring(p.DestinationAddr, 21) ||
		!cstring(p.ScheduleDeliveryTime, 17) || !cstring(p.ValidityPeriod, 17) || len(p.ShortMessage) > 255 {
		return dst, p.unencodable()
	}
	dst = append(append(dst, p.ServiceType...), 0, p.SourceAddrTON, p.SourceAddrNPI)
	dst = append(append(dst, p.SourceAddr...), 0, p.DestAddrTON, p.DestAddrNPI)
	dst = append(append(dst, p.DestinationAddr...), 0, p.ESMClass, p.ProtocolID, p.PriorityFlag)
	dst = append(append(dst, p.ScheduleDeliveryTime...), 0)
	dst = append(append(dst, p.ValidityPeriod...), 0,
		p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID, byte(len(p.ShortMessage)))
	dst = append(dst, p.ShortMessage...)
	if len(p.TLVs) == 0 {
		return dst, nil
	}
	return p.TLVs.append(dst)
}

// cstring reports whether s fits a C-octet string of max octets with its NUL.
func cstring(s []byte, max int) bool {
	return len(s) == 0 || len(s) < max && bytes.IndexByte(s, 0) < 0
}

// unencodable finds the field that Append cannot write.
func (p *SubmitSM) unencodable() error {
	for _, f := range [...]struct {
		name string
		s    []byte
		max  int
	}{
		{"service_type", p.ServiceType, 6},
		{"source_addr", p.SourceAddr, 21},
		{"destination_addr", p.DestinationAddr, 21},
		{"schedule_delivery_time", p.ScheduleDeliveryTime, 17},
		{"validity_period", p.ValidityPeriod, 17},
	} {
		if _, err := wire.AppendCString(nil, f.s, f.max, proto, f.name); err != nil {
			return err
		}
	}
	return wire.Unencodable(proto, "short_message", wire.ErrTooLong)
}

// Decode fills p from a whole body and borrows b. It keeps the room of p.TLVs.
//
// This is the one decoder of the package that has a short way beside its
// cursor, since every message passes here: see cut.
func (p *SubmitSM) Decode(b []byte) error {
	if p.cut(b) {
		return nil
	}
	c := bodyCursor(b)
	p.read(&c)
	return c.End()
}

// cut decodes a well-formed body by cutting pieces off its front. Anything
// else is left to read, which can name the fault; a test holds the two together.
func (p *SubmitSM) cut(b []byte) (ok bool) {
	if p.ServiceType, b = cutCString(b, 6); len(b) < 2 {
		return false
	}
	p.SourceAddrTON, p.SourceAddrNPI = b[0], b[1]
	if p.SourceAddr, b = cutCString(b[2:], 21); len(b) < 2 {
		return false
	}
	p.DestAddrTON, p.DestAddrNPI = b[0], b[1]
	if p.DestinationAddr, b = cutCString(b[2:], 21); len(b) < 3 {
		return false
	}
	p.ESMClass, p.ProtocolID, p.PriorityFlag = b[0], b[1], b[2]
	p.ScheduleDeliveryTime, b = cutCString(b[3:], 17)
	if p.ValidityPeriod, b = cutCString(b, 17); len(b) < 5 {
		return false
	}
	p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID = b[0], b[1], b[2], b[3]
	n := int(b[4])
	if b = b[5:]; n > len(b) {
		return false
	}
	p.ShortMessage = b[:n:n]
	p.TLVs, ok = p.TLVs.cut(b[n:])
	return ok
}

// cutCString cuts a C-octet string of at most max octets off b. Without one
// nothing of b is left.
func cutCString(b []byte, max int) (s, rest []byte) {
	for i, o := range b[:min(max, len(b))] {
		if o == 0 {
			return b[:i:i], b[i+1:]
		}
	}
	return nil, nil
}

func (p *SubmitSM) read(c *wire.Cursor) {
	p.ServiceType = c.CString(6, "service_type")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(21, "source_addr")
	p.DestAddrTON = c.U8("dest_addr_ton")
	p.DestAddrNPI = c.U8("dest_addr_npi")
	p.DestinationAddr = c.CString(21, "destination_addr")
	p.ESMClass = c.U8("esm_class")
	p.ProtocolID = c.U8("protocol_id")
	p.PriorityFlag = c.U8("priority_flag")
	p.ScheduleDeliveryTime = c.CString(17, "schedule_delivery_time")
	p.ValidityPeriod = c.CString(17, "validity_period")
	p.RegisteredDelivery = c.U8("registered_delivery")
	p.ReplaceIfPresentFlag = c.U8("replace_if_present_flag")
	p.DataCoding = c.U8("data_coding")
	p.SMDefaultMsgID = c.U8("sm_default_msg_id")
	n := int(c.U8("sm_length"))
	p.ShortMessage = c.Bytes(n, "short_message")
	p.TLVs = p.TLVs.read(c)
}
