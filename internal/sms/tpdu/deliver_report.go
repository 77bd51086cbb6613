package tpdu

import "github.com/otagate/otagate/internal/wire"

// DeliverReport is SMS-DELIVER-REPORT (9.2.2.1a): what the mobile says to an
// SMS-DELIVER or an SMS-STATUS-REPORT. With a TP-FCS it is an error. All but
// TP-PI is optional.
//
//	1:0 1:TP-UDHI 4:0 2:TP-MTI=00
//	[8:TP-FCS]  8:TP-PI  [8:TP-PID]  [8:TP-DCS]  [8:TP-UDL  TP-UD]
type DeliverReport struct {
	FCS FCS `json:",omitempty"`
	Parameters
}

// Type is TypeDeliverReport.
func (m *DeliverReport) Type() Type { return TypeDeliverReport }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *DeliverReport) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *DeliverReport) read(c *wire.Cursor) {
	b := begin(c, TypeDeliverReport)
	b.U(1, "reserved")
	m.UserData.HasHeader = b.Flag("TP-UDHI")
	b.U(4, "reserved")
	end(c, &b, TypeDeliverReport)
	m.FCS.read(c)
	m.indicator(c)
	m.content(c)
}

// Append appends m in wire form to dst.
func (m *DeliverReport) Append(dst []byte) (_ []byte, err error) {
	if dst, err = m.FCS.append(append(dst, TypeDeliverReport.MTI()|m.udhi())); err != nil {
		return dst, err
	}
	return m.append(append(dst, m.pi()))
}

// Clone returns a copy that borrows nothing.
func (m *DeliverReport) Clone() *DeliverReport {
	return &DeliverReport{FCS: m.FCS, Parameters: m.clone()}
}
