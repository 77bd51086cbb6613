package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// AlertNotification tells an ESME that a handset, for which a message waits
// with set_dpf, can be reached again (SMPP 3.4 section 4.12.1). It has no
// response.
//
//	source_addr_ton, _npi  1 octet each; of the handset         M
//	source_addr            C-octet string, 65 octets with NUL   M
//	esme_addr_ton, _npi    1 octet each                         M
//	esme_addr              C-octet string, 65                   M
//	TLVs                   ms_availability_status               O
type AlertNotification struct {
	SourceAddrTON uint8  `json:"source_addr_ton"`
	SourceAddrNPI uint8  `json:"source_addr_npi"`
	SourceAddr    []byte `json:"source_addr" smpp:"text"`
	ESMEAddrTON   uint8  `json:"esme_addr_ton"`
	ESMEAddrNPI   uint8  `json:"esme_addr_npi"`
	ESMEAddr      []byte `json:"esme_addr" smpp:"text"`
	TLVs          TLVs   `json:"tlvs,omitempty"`
}

// CommandID is alert_notification.
func (p *AlertNotification) CommandID() CommandID { return CommandAlertNotification }

// Clone copies what p borrows.
func (p *AlertNotification) Clone() *AlertNotification {
	q := *p
	q.SourceAddr, q.ESMEAddr, q.TLVs = bytes.Clone(p.SourceAddr), bytes.Clone(p.ESMEAddr), p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *AlertNotification) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.octets(p.SourceAddrTON, p.SourceAddrNPI)
	a.text(p.SourceAddr, maxLongAddress, "source_addr")
	a.octets(p.ESMEAddrTON, p.ESMEAddrNPI)
	a.text(p.ESMEAddr, maxLongAddress, "esme_addr")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *AlertNotification) Decode(b []byte) error { return decode(p, b) }

func (p *AlertNotification) read(c *wire.Cursor) {
	p.SourceAddrTON = c.U8("source_addr_ton")
	p.SourceAddrNPI = c.U8("source_addr_npi")
	p.SourceAddr = c.CString(maxLongAddress, "source_addr")
	p.ESMEAddrTON = c.U8("esme_addr_ton")
	p.ESMEAddrNPI = c.U8("esme_addr_npi")
	p.ESMEAddr = c.CString(maxLongAddress, "esme_addr")
	p.TLVs = p.TLVs.read(c)
}
