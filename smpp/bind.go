package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// The longest system_id and password of the standard, without the NUL. Decode
// takes up to 255 octets: who a bind lets in, and with how long a password, is
// a matter of the account, and nothing is ever cut.
const (
	MaxSystemID = 15
	MaxPassword = 8

	maxCredential = 256 // with the NUL
)

// Bind is bind_transmitter, bind_receiver or bind_transceiver, told by Kind
// (SMPP 3.4 sections 4.1.1, 4.1.3, 4.1.5).
//
//	system_id          C-octet string, 16 octets with NUL   M
//	password           C-octet string, 9                    M
//	system_type        C-octet string, 13                   M
//	interface_version  1 octet, 0x34 or 0x50                M
//	addr_ton, addr_npi 1 octet each                         M
//	address_range      C-octet string, 41                   M
//	TLVs               none in the standard; kept           O
type Bind struct {
	Kind             CommandID `json:"-"`
	SystemID         []byte    `json:"system_id" smpp:"text"`
	Password         []byte    `json:"password" smpp:"text"`
	SystemType       []byte    `json:"system_type" smpp:"text"`
	InterfaceVersion uint8     `json:"interface_version"`
	AddrTON          uint8     `json:"addr_ton"`
	AddrNPI          uint8     `json:"addr_npi"`
	AddressRange     []byte    `json:"address_range" smpp:"text"`
	TLVs             TLVs      `json:"tlvs,omitempty"`
}

// CommandID is Kind.
func (p *Bind) CommandID() CommandID { return p.Kind }

// Decode fills p, which keeps its Kind, and borrows b.
func (p *Bind) Decode(b []byte) error { return decode(p, b) }

// Clone copies what p borrows.
func (p *Bind) Clone() *Bind {
	q := *p
	q.SystemID, q.Password = bytes.Clone(p.SystemID), bytes.Clone(p.Password)
	q.SystemType, q.AddressRange = bytes.Clone(p.SystemType), bytes.Clone(p.AddressRange)
	q.TLVs = p.TLVs.Clone()
	return &q
}

// Append appends the body.
func (p *Bind) Append(dst []byte) ([]byte, error) {
	if p.Kind != CommandBindReceiver && p.Kind != CommandBindTransmitter && p.Kind != CommandBindTransceiver {
		return dst, wire.Unencodable(proto, "command_id", wire.ErrValue)
	}
	dst, err := wire.AppendCString(dst, p.SystemID, maxCredential, proto, "system_id")
	if err != nil {
		return dst, err
	}
	if dst, err = wire.AppendCString(dst, p.Password, maxCredential, proto, "password"); err != nil {
		return dst, err
	}
	if dst, err = wire.AppendCString(dst, p.SystemType, 13, proto, "system_type"); err != nil {
		return dst, err
	}
	dst = append(dst, p.InterfaceVersion, p.AddrTON, p.AddrNPI)
	if dst, err = wire.AppendCString(dst, p.AddressRange, 41, proto, "address_range"); err != nil {
		return dst, err
	}
	return p.TLVs.append(dst)
}

func (p *Bind) read(c *wire.Cursor) {
	p.SystemID = c.CString(maxCredential, "system_id")
	if len(p.SystemID) > MaxSystemID {
		c.Note("longer than the standard's 15 octets")
	}
	p.Password = c.CString(maxCredential, "password")
	c.Secret()
	if len(p.Password) > MaxPassword {
		c.Note("longer than the standard's 8 octets")
	}
	p.SystemType = c.CString(13, "system_type")
	p.InterfaceVersion = c.U8("interface_version")
	c.Hexadecimal()
	p.AddrTON = c.U8("addr_ton")
	p.AddrNPI = c.U8("addr_npi")
	p.AddressRange = c.CString(41, "address_range")
	p.TLVs = p.TLVs.read(c)
}
