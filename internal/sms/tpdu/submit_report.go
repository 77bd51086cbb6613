package tpdu

import "github.com/otagate/otagate/internal/wire"

// SubmitReport is SMS-SUBMIT-REPORT (9.2.2.2a): what the service centre says to
// an SMS-SUBMIT or an SMS-COMMAND. With a TP-FCS it is an error. All but TP-PI
// and TP-SCTS is optional.
//
//	1:0 1:TP-UDHI 4:0 2:TP-MTI=01
//	[8:TP-FCS]  8:TP-PI  56:TP-SCTS  [8:TP-PID]  [8:TP-DCS]  [8:TP-UDL  TP-UD]
type SubmitReport struct {
	FCS               FCS `json:",omitempty"`
	ServiceCentreTime Timestamp
	Parameters
}

// Type is TypeSubmitReport.
func (m *SubmitReport) Type() Type { return TypeSubmitReport }

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *SubmitReport) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *SubmitReport) read(c *wire.Cursor) {
	b := begin(c, TypeSubmitReport)
	b.U(1, "reserved")
	m.UserData.HasHeader = b.Flag("TP-UDHI")
	b.U(4, "reserved")
	end(c, &b, TypeSubmitReport)
	m.FCS.read(c)
	m.indicator(c)
	m.ServiceCentreTime.read(c, "TP-SCTS")
	m.content(c)
}

// Append appends m in wire form to dst.
func (m *SubmitReport) Append(dst []byte) (_ []byte, err error) {
	if dst, err = m.FCS.append(append(dst, TypeSubmitReport.MTI()|m.udhi())); err != nil {
		return dst, err
	}
	dst = append(append(dst, m.pi()), m.ServiceCentreTime[:]...)
	return m.append(dst)
}

// Clone returns a copy that borrows nothing.
func (m *SubmitReport) Clone() *SubmitReport {
	return &SubmitReport{FCS: m.FCS, ServiceCentreTime: m.ServiceCentreTime, Parameters: m.clone()}
}
