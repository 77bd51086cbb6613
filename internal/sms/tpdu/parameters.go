package tpdu

import "github.com/otagate/otagate/internal/wire"

// Parameters are the optional end of the reports. TP-Parameter-Indicator
// (9.2.3.27) says which there are; user data without a TP-DCS is 7-bit text.
//
//	TP-PI    1:extension 4:reserved 1:TP-UDL 1:TP-DCS 1:TP-PID
type Parameters struct {
	HasPID      bool     `json:",omitempty"`
	PID         PID      `json:",omitempty"`
	HasDCS      bool     `json:",omitempty"`
	DCS         DCS      `json:",omitempty"`
	HasUserData bool     `json:",omitempty"`
	UserData    UserData `json:",omitzero"`
}

// The bits of TP-PI.
const (
	piPID       = 0x01
	piDCS       = 0x02
	piUserData  = 0x04
	piReserved  = 0x78
	piExtension = 0x80
)

// reset forgets all, but for the room of the user data and what the first octet
// said of it.
func (p *Parameters) reset() {
	hasHeader := p.UserData.HasHeader
	p.UserData.reset()
	p.UserData.HasHeader = hasHeader
	*p = Parameters{UserData: p.UserData}
}

// indicator reads TP-PI and the octets of its extension, which nobody has
// defined.
func (p *Parameters) indicator(c *wire.Cursor) {
	p.reset()
	pi := c.U8("TP-PI")
	c.Hexadecimal()
	if pi&piReserved != 0 {
		c.Note("reserved bits")
	}
	for more := pi; more&piExtension != 0 && c.Err() == nil; {
		more = c.U8("TP-PI, extension")
		c.Note("ignored")
	}
	p.HasPID, p.HasDCS, p.HasUserData = pi&piPID != 0, pi&piDCS != 0, pi&piUserData != 0
}

// content reads what TP-PI announced.
func (p *Parameters) content(c *wire.Cursor) {
	if p.HasPID {
		p.PID.read(c)
	}
	if p.HasDCS {
		p.DCS.read(c)
	}
	if p.HasUserData {
		p.UserData.read(c, p.DCS, maxReportData, userData)
	} else {
		p.UserData.HasHeader = false // there is nothing for it to head
	}
}

func (p *Parameters) pi() byte {
	return bit(0, p.HasPID) | bit(1, p.HasDCS) | bit(2, p.HasUserData)
}

// udhi is the bit of the first octet.
func (p *Parameters) udhi() byte { return bit(6, p.HasUserData && p.UserData.HasHeader) }

func (p *Parameters) append(dst []byte) ([]byte, error) {
	if p.HasPID {
		dst = append(dst, byte(p.PID))
	}
	d := DCSDefault
	if p.HasDCS {
		d = p.DCS
		dst = append(dst, byte(d))
	}
	if !p.HasUserData {
		return dst, nil
	}
	return p.UserData.append(dst, d, maxReportData, userData)
}

func (p Parameters) clone() Parameters {
	p.UserData = p.UserData.clone()
	return p
}

func (p *PID) read(c *wire.Cursor) {
	*p = PID(c.U8("TP-PID"))
	c.Hexadecimal()
	wire.Say(c, *p)
}

func (d *DCS) read(c *wire.Cursor) {
	*d = DCS(c.U8("TP-DCS"))
	c.Hexadecimal()
	wire.Say(c, *d)
}
