package tpdu

import "github.com/otagate/otagate/internal/wire"

// Deliver is SMS-DELIVER (9.2.2.1): a message for the mobile. All is mandatory.
//
//	1:TP-RP 1:TP-UDHI 1:TP-SRI 1:0 1:TP-LP 1:TP-MMS 2:TP-MTI=00
//	TP-OA  8:TP-PID  8:TP-DCS  56:TP-SCTS  8:TP-UDL  TP-UD
type Deliver struct {
	ReplyPath              bool
	StatusReportIndication bool // the sender wants a status report
	LoopPrevention         bool
	MoreMessages           bool // wait at the service centre; TP-MMS is 0 then
	Originating            Address
	PID                    PID
	DCS                    DCS
	ServiceCentreTime      Timestamp
	UserData               UserData
}

// Type is TypeDeliver.
func (m *Deliver) Type() Type { return TypeDeliver }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *Deliver) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *Deliver) read(c *wire.Cursor) {
	m.UserData.reset()
	b := begin(c, TypeDeliver)
	m.ReplyPath = b.Flag("TP-RP")
	m.UserData.HasHeader = b.Flag("TP-UDHI")
	m.StatusReportIndication = b.Flag("TP-SRI")
	b.U(1, "reserved")
	m.LoopPrevention = b.Flag("TP-LP")
	m.MoreMessages = !b.Flag("TP-MMS")
	end(c, &b, TypeDeliver)
	m.Originating.read(c, "TP-OA")
	m.PID.read(c)
	m.DCS.read(c)
	m.ServiceCentreTime.read(c, "TP-SCTS")
	m.UserData.read(c, m.DCS, maxUserData, userData)
}

// Append appends m in wire form to dst.
func (m *Deliver) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, TypeDeliver.MTI()|bit(2, !m.MoreMessages)|bit(3, m.LoopPrevention)|
		bit(5, m.StatusReportIndication)|bit(6, m.UserData.HasHeader)|bit(7, m.ReplyPath))
	if dst, err = m.Originating.append(dst, "TP-OA"); err != nil {
		return dst, err
	}
	dst = append(dst, byte(m.PID), byte(m.DCS))
	dst = append(dst, m.ServiceCentreTime[:]...)
	return m.UserData.append(dst, m.DCS, maxUserData, userData)
}

// Clone returns a copy that borrows nothing.
func (m *Deliver) Clone() *Deliver {
	n := *m
	n.UserData = m.UserData.clone()
	return &n
}
