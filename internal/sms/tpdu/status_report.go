package tpdu

import "github.com/otagate/otagate/internal/wire"

// StatusReport is SMS-STATUS-REPORT (9.2.2.3): what became of a message that the
// mobile submitted. TP-PI and what it announces is optional; a TP-PI that
// announces nothing is not written.
//
//	1:0 1:TP-UDHI 1:TP-SRQ 1:0 1:TP-LP 1:TP-MMS 2:TP-MTI=10
//	8:TP-MR  TP-RA  56:TP-SCTS  56:TP-DT  8:TP-ST
//	[8:TP-PI  [8:TP-PID]  [8:TP-DCS]  [8:TP-UDL  TP-UD]]
type StatusReport struct {
	OfCommand         bool // TP-SRQ: it answers an SMS-COMMAND, not an SMS-SUBMIT
	LoopPrevention    bool
	MoreMessages      bool  // wait at the service centre; TP-MMS is 0 then
	Reference         uint8 // TP-MR of the message
	Recipient         Address
	ServiceCentreTime Timestamp // of the message
	DischargeTime     Timestamp
	Status            Status
	Parameters
}

// Type is TypeStatusReport.
func (m *StatusReport) Type() Type { return TypeStatusReport }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *StatusReport) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *StatusReport) read(c *wire.Cursor) {
	b := begin(c, TypeStatusReport)
	b.U(1, "reserved")
	m.UserData.HasHeader = b.Flag("TP-UDHI")
	m.OfCommand = b.Flag("TP-SRQ")
	b.U(1, "reserved")
	m.LoopPrevention = b.Flag("TP-LP")
	m.MoreMessages = !b.Flag("TP-MMS")
	end(c, &b, TypeStatusReport)
	m.Reference = c.U8("TP-MR")
	m.Recipient.read(c, "TP-RA")
	m.ServiceCentreTime.read(c, "TP-SCTS")
	m.DischargeTime.read(c, "TP-DT")
	m.Status = Status(c.U8("TP-ST"))
	c.Hexadecimal()
	wire.Say(c, m.Status)
	if c.More() {
		m.indicator(c)
	} else {
		m.reset()
	}
	m.content(c)
}

// Append appends m in wire form to dst.
func (m *StatusReport) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, TypeStatusReport.MTI()|bit(2, !m.MoreMessages)|bit(3, m.LoopPrevention)|bit(5, m.OfCommand)|m.udhi(), m.Reference)
	if dst, err = m.Recipient.append(dst, "TP-RA"); err != nil {
		return dst, err
	}
	dst = append(dst, m.ServiceCentreTime[:]...)
	dst = append(dst, m.DischargeTime[:]...)
	dst = append(dst, byte(m.Status))
	if pi := m.pi(); pi != 0 {
		dst = append(dst, pi)
	}
	return m.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *StatusReport) Clone() *StatusReport {
	n := *m
	n.Parameters = m.clone()
	return &n
}
