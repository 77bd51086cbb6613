package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// MaxDestinations is the most that a submit_multi may go to.
const MaxDestinations = 254

// SubmitMulti carries one message to several destinations (SMPP 3.4 section
// 4.5.1).
//
//	service_type             C-octet string, 6 octets with NUL       M
//	source_addr_ton, _npi    1 octet each                            M
//	source_addr              C-octet string, 21                      M
//	number_of_dests          1, 254 at most (255: 5.0)               M
//	dest_address             number_of_dests times; see Destination  M
//	esm_class                1                                       M
//	protocol_id              1                                       M
//	priority_flag            1                                       M
//	schedule_delivery_time   C-octet string, 1 or 17                 M
//	validity_period          C-octet string, 1 or 17                 M
//	registered_delivery      1                                       M
//	replace_if_present_flag  1, reserved                             M
//	data_coding              1                                       M
//	sm_default_msg_id        1                                       M
//	sm_length                1                                       M
//	short_message            sm_length octets, 254 at most (255: 5.0) M
//	TLVs                                                             O
type SubmitMulti struct {
	ServiceType          []byte        `json:"service_type" smpp:"text"`
	SourceAddrTON        uint8         `json:"source_addr_ton"`
	SourceAddrNPI        uint8         `json:"source_addr_npi"`
	SourceAddr           []byte        `json:"source_addr" smpp:"text"`
	Destinations         []Destination `json:"dest_address"`
	ESMClass             uint8         `json:"esm_class"`
	ProtocolID           uint8         `json:"protocol_id"`
	PriorityFlag         uint8         `json:"priority_flag"`
	ScheduleDeliveryTime []byte        `json:"schedule_delivery_time" smpp:"text"`
	ValidityPeriod       []byte        `json:"validity_period" smpp:"text"`
	RegisteredDelivery   uint8         `json:"registered_delivery"`
	ReplaceIfPresentFlag uint8         `json:"replace_if_present_flag"`
	DataCoding           uint8         `json:"data_coding"`
	SMDefaultMsgID       uint8         `json:"sm_default_msg_id"`
	ShortMessage         []byte        `json:"short_message"`
	TLVs                 TLVs          `json:"tlvs,omitempty"`
}

// CommandID is submit_multi.
func (p *SubmitMulti) CommandID() CommandID { return CommandSubmitMulti }

// To is the submit_sm with which the message goes to one destination. It
// borrows what p borrows; a distribution list has no such message.
func (p *SubmitMulti) To(d *Destination) SubmitSM {
	return SubmitSM{
		ServiceType: p.ServiceType, SourceAddrTON: p.SourceAddrTON, SourceAddrNPI: p.SourceAddrNPI, SourceAddr: p.SourceAddr,
		DestAddrTON: d.DestAddrTON, DestAddrNPI: d.DestAddrNPI, DestinationAddr: d.DestinationAddr,
		ESMClass: p.ESMClass, ProtocolID: p.ProtocolID, PriorityFlag: p.PriorityFlag,
		ScheduleDeliveryTime: p.ScheduleDeliveryTime, ValidityPeriod: p.ValidityPeriod,
		RegisteredDelivery: p.RegisteredDelivery, ReplaceIfPresentFlag: p.ReplaceIfPresentFlag,
		DataCoding: p.DataCoding, SMDefaultMsgID: p.SMDefaultMsgID, ShortMessage: p.ShortMessage, TLVs: p.TLVs,
	}
}

// Clone copies what p borrows.
func (p *SubmitMulti) Clone() *SubmitMulti {
	q := *p
	q.ServiceType, q.SourceAddr = bytes.Clone(p.ServiceType), bytes.Clone(p.SourceAddr)
	q.Destinations = cloneDestinations(p.Destinations)
	q.ScheduleDeliveryTime, q.ValidityPeriod = bytes.Clone(p.ScheduleDeliveryTime), bytes.Clone(p.ValidityPeriod)
	q.ShortMessage, q.TLVs = bytes.Clone(p.ShortMessage), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *SubmitMulti) Append(dst []byte) ([]byte, error) {
	if len(p.Destinations) > 255 {
		return dst, wire.Unencodable(proto, "number_of_dests", wire.ErrTooLong)
	}
	a := appender{b: dst}
	a.text(p.ServiceType, 6, "service_type")
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, 21, "source_addr")
	a.octets(byte(len(p.Destinations)))
	for i := range p.Destinations {
		p.Destinations[i].append(&a)
	}
	a.octets(p.ESMClass, p.ProtocolID, p.PriorityFlag)
	a.text(p.ScheduleDeliveryTime, 17, "schedule_delivery_time")
	a.text(p.ValidityPeriod, 17, "validity_period")
	a.octets(p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID)
	a.counted(p.ShortMessage, 255, "short_message")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b. It keeps the room of
// p.Destinations and p.TLVs.
func (p *SubmitMulti) Decode(b []byte) error { return decode(p, b) }

func (p *SubmitMulti) read(c *wire.Cursor) {
	p.ServiceType = c.CString(6, "service_type")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(21, "source_addr")
	n := int(c.U8("number_of_dests"))
	p.Destinations = p.Destinations[:0]
	for range c.Count(n, minDestination, "number_of_dests") {
		var d Destination
		d.read(c)
		p.Destinations = append(p.Destinations, d)
	}
	p.ESMClass = c.U8("esm_class")
	p.ProtocolID = c.U8("protocol_id")
	p.PriorityFlag = c.U8("priority_flag")
	p.ScheduleDeliveryTime = c.CString(17, "schedule_delivery_time")
	p.ValidityPeriod = c.CString(17, "validity_period")
	p.RegisteredDelivery = c.U8("registered_delivery")
	p.ReplaceIfPresentFlag = c.U8("replace_if_present_flag")
	p.DataCoding = c.U8("data_coding")
	p.SMDefaultMsgID = c.U8("sm_default_msg_id")
	n = int(c.U8("sm_length"))
	p.ShortMessage = c.Bytes(n, "short_message")
	p.TLVs = p.TLVs.read(c)
}
