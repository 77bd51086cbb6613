package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// Outbind asks an ESME, to which the message centre has connected, to bind on
// that connection (SMPP 3.4 section 4.1.7). It has no response but the bind.
//
//	system_id  C-octet string, 16 octets with NUL; of the message centre   M
//	password   C-octet string, 9                                           M
//	TLVs       none in the standard; kept                                  O
type Outbind struct {
	SystemID []byte `json:"system_id" smpp:"text"`
	Password []byte `json:"password" smpp:"text"`
	TLVs     TLVs   `json:"tlvs,omitempty"`
}

// CommandID is outbind.
func (p *Outbind) CommandID() CommandID { return CommandOutbind }

// Clone copies what p borrows.
func (p *Outbind) Clone() *Outbind {
	return &Outbind{SystemID: bytes.Clone(p.SystemID), Password: bytes.Clone(p.Password), TLVs: p.TLVs.Clone()}
}

// Append appends the body.
func (p *Outbind) Append(dst []byte) ([]byte, error) {
	a := appender{b: dst}
	a.text(p.SystemID, maxCredential, "system_id")
	a.text(p.Password, maxCredential, "password")
	return a.end(p.TLVs)
}

// Decode fills p from a whole body and borrows b.
func (p *Outbind) Decode(b []byte) error { return decode(p, b) }

func (p *Outbind) read(c *wire.Cursor) {
	p.SystemID = c.CString(maxCredential, "system_id")
	if len(p.SystemID) > MaxSystemID {
		c.Note("longer than the standard's 15 octets")
	}
	p.Password = c.CString(maxCredential, "password")
	c.Secret()
	if len(p.Password) > MaxPassword {
		c.Note("longer than the standard's 8 octets")
	}
	p.TLVs = p.TLVs.read(c)
}
