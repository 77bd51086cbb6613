package tpdu

import "github.com/otagate/otagate/internal/wire"

// Submit is SMS-SUBMIT (9.2.2.2): a message of the mobile. All is mandatory but
// TP-VP, which is as TP-VPF says.
//
//	1:TP-RP 1:TP-UDHI 1:TP-SRR 2:TP-VPF 1:TP-RD 2:TP-MTI=01
//	8:TP-MR  TP-DA  8:TP-PID  8:TP-DCS  TP-VP  8:TP-UDL  TP-UD
type Submit struct {
	ReplyPath           bool
	StatusReportRequest bool
	RejectDuplicates    bool
	Reference           uint8 // TP-MR
	Destination         Address
	PID                 PID
	DCS                 DCS
	Validity            Validity
	UserData            UserData
}

// Type is TypeSubmit.
func (m *Submit) Type() Type { return TypeSubmit }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *Submit) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *Submit) read(c *wire.Cursor) {
	m.UserData.reset()
	b := begin(c, TypeSubmit)
	m.ReplyPath = b.Flag("TP-RP")
	m.UserData.HasHeader = b.Flag("TP-UDHI")
	m.StatusReportRequest = b.Flag("TP-SRR")
	format := ValidityFormat(b.U(2, "TP-VPF"))
	b.Note(format.String())
	m.RejectDuplicates = b.Flag("TP-RD")
	end(c, &b, TypeSubmit)
	m.Reference = c.U8("TP-MR")
	m.Destination.read(c, "TP-DA")
	m.PID.read(c)
	m.DCS.read(c)
	m.Validity.read(c, format)
	m.UserData.read(c, m.DCS, maxUserData, userData)
}

// Append appends m in wire form to dst.
func (m *Submit) Append(dst []byte) (_ []byte, err error) {
	dst = append(dst, TypeSubmit.MTI()|bit(2, m.RejectDuplicates)|byte(m.Validity.Format&3)<<3|
		bit(5, m.StatusReportRequest)|bit(6, m.UserData.HasHeader)|bit(7, m.ReplyPath), m.Reference)
	if dst, err = m.Destination.append(dst, "TP-DA"); err != nil {
		return dst, err
	}
	dst = append(dst, byte(m.PID), byte(m.DCS))
	if dst, err = m.Validity.append(dst); err != nil {
		return dst, err
	}
	return m.UserData.append(dst, m.DCS, maxUserData, userData)
}

// Clone returns a copy that borrows nothing.
func (m *Submit) Clone() *Submit {
	n := *m
	n.UserData = m.UserData.clone()
	return &n
}
