package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// maxLongAddress is the room of the addresses of data_sm and
// alert_notification, with the NUL.
const maxLongAddress = 65

// DataSM carries a message in either direction, without the fields of
// store-and-forward (SMPP 3.4 section 4.7.1). Its text is a message_payload.
//
//	service_type           C-octet string, 6 octets with NUL   M
//	source_addr_ton, _npi  1 octet each                        M
//	source_addr            C-octet string, 65                  M
//	dest_addr_ton, _npi    1 octet each                        M
//	destination_addr       C-octet string, 65                  M
//	esm_class              1                                   M
//	registered_delivery    1                                   M
//	data_coding            1                                   M
//	TLVs                                                       O
type DataSM struct {
	ServiceType        []byte `json:"service_type" smpp:"text"`
	SourceAddrTON      uint8  `json:"source_addr_ton"`
	SourceAddrNPI      uint8  `json:"source_addr_npi"`
	SourceAddr         []byte `json:"source_addr" smpp:"text"`
	DestAddrTON        uint8  `json:"dest_addr_ton"`
	DestAddrNPI        uint8  `json:"dest_addr_npi"`
	DestinationAddr    []byte `json:"destination_addr" smpp:"text"`
	ESMClass           uint8  `json:"esm_class"`
	RegisteredDelivery uint8  `json:"registered_delivery"`
	DataCoding         uint8  `json:"data_coding"`
	TLVs               TLVs   `json:"tlvs,omitempty"`
}

// CommandID is data_sm.
func (p *DataSM) CommandID() CommandID { return CommandDataSM }

// Clone copies what p borrows.
func (p *DataSM) Clone() *DataSM {
	q := *p
	q.ServiceType, q.TLVs = bytes.Clone(p.ServiceType), p.TLVs.Clone()
	q.SourceAddr, q.DestinationAddr = bytes.Clone(p.SourceAddr), bytes.Clone(p.DestinationAddr)
	return &q
}

// Append appends the body.
func (p *DataSM) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.ServiceType, 6, "service_type")
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, maxLongAddress, "source_addr")
	a.octets(p.DestAddrTON, p.DestAddrNPI)
	a.text(p.DestinationAddr, maxLongAddress, "destination_addr")
	a.octets(p.ESMClass, p.RegisteredDelivery, p.DataCoding)
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b. It keeps the room of p.TLVs.
func (p *DataSM) Decode(b []byte) error {
	c := bodyCursor(b)
	p.read(&c)
	return c.End()
}

func (p *DataSM) read(c *wire.Cursor) {
	p.ServiceType = c.CString(6, "service_type")
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(maxLongAddress, "source_addr")
	p.DestAddrTON = c.U8("dest_addr_ton")
	p.DestAddrNPI = c.U8("dest_addr_npi")
	p.DestinationAddr = c.CString(maxLongAddress, "destination_addr")
	p.ESMClass = c.U8("esm_class")
	p.RegisteredDelivery = c.U8("registered_delivery")
	p.DataCoding = c.U8("data_coding")
	p.TLVs = p.TLVs.read(c)
}
