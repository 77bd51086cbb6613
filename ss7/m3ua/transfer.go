package m3ua

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// maxPointCode is the largest there is; shorter codes stand right-justified in
// the same 24 bits.
const maxPointCode = 1<<24 - 1

// Data is DATA (RFC 4666 §3.3.1): one MTP-TRANSFER. Protocol Data is
//
//	OPC (4) · DPC (4) · SI (1) · NI (1) · MP (1) · SLS (1) · user data
//
//	Network Appearance  O
//	Routing Context     C   when the association carries several
//	Protocol Data       M
//	Correlation Id      O
type Data struct {
	NetworkAppearance Optional[uint32] `json:",omitzero"`
	RoutingContext    Optional[uint32] `json:",omitzero"`
	OPC, DPC          mtp.PointCode
	SI                uint8
	NI                uint8
	MP                uint8
	SLS               uint8
	UserData          wire.Hex
	CorrelationID     Optional[uint32] `json:",omitzero"`
	Unknown           []Parameter      `json:",omitempty"`
}

// Type is TypeData.
func (m *Data) Type() Type { return TypeData }

// Append appends the wire form. It fails on user data over 65,519 octets and
// on point codes over 24 bits.
func (m *Data) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeData)
	dst = appendOptional(dst, TagNetworkAppearance, m.NetworkAppearance)
	dst = appendOptional(dst, TagRoutingContext, m.RoutingContext)
	n, opc, dpc := 16+len(m.UserData), m.OPC, m.DPC
	if opc > maxPointCode || dpc > maxPointCode || n > 0xffff {
		return dst, wire.Unencodable(proto, "protocol_data", wire.ErrTooLong)
	}
	dst = append(dst, byte(TagProtocolData>>8), byte(TagProtocolData&0xff), byte(n>>8), byte(n), 0, byte(opc>>16), byte(opc>>8), byte(opc),
		0, byte(dpc>>16), byte(dpc>>8), byte(dpc), m.SI, m.NI, m.MP, m.SLS)
	dst = append(dst, m.UserData...)
	for ; n&3 != 0; n++ {
		dst = append(dst, 0)
	}
	dst = appendOptional(dst, TagCorrelationID, m.CorrelationID)
	if len(m.Unknown) > 0 {
		var err error
		if dst, err = appendUnknown(dst, m.Unknown); err != nil {
			return dst, err
		}
	}
	return closeMessage(dst, start), nil
}

// Decode fills m from b, one whole DATA message, and borrows b. See cut.
func (m *Data) Decode(b []byte) error {
	if m.cut(b) {
		return nil
	}
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

// Clone is a copy that does not borrow.
func (m *Data) Clone() *Data {
	d := *m
	d.UserData = append(wire.Hex{}, m.UserData...)
	d.Unknown = nil
	for _, p := range m.Unknown {
		d.Unknown = append(d.Unknown, Parameter{Tag: p.Tag, Value: append(wire.Hex{}, p.Value...)})
	}
	return &d
}

func (m *Data) read(c *wire.Cursor) {
	*m = Data{}
	h := readHeader(c, TypeData)
	seen := false
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagProtocolData && !seen:
			seen = true
			m.protocolData(c, p)
		case p.tag == TagRoutingContext && !m.RoutingContext.Set:
			m.RoutingContext = Some(p.u32(c))
		case p.tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(p.u32(c))
		case p.tag == TagCorrelationID && !m.CorrelationID.Set:
			m.CorrelationID = Some(p.u32(c))
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if !seen {
		c.Fail("protocol_data", wire.ErrMissing)
	}
	closeHeader(c, h)
}

func (m *Data) protocolData(c *wire.Cursor, p parameter) {
	if p.n < 12 {
		p.misfit(c)
		return
	}
	c.Group("protocol_data")
	m.OPC = readPointCode(c, "opc")
	m.DPC = readPointCode(c, "dpc")
	m.SI = c.U8("si")
	m.NI = c.U8("ni")
	m.MP = c.U8("mp")
	m.SLS = c.U8("sls")
	m.UserData = c.Bytes(p.n-12, "user_data")
	c.EndGroup()
}

func readPointCode(c *wire.Cursor, field string) mtp.PointCode {
	v := mtp.PointCode(c.U32(field))
	if v > maxPointCode {
		c.FailAt(c.Off()-4, field, wire.ErrValue)
	}
	return wire.Say(c, v)
}

// Transfer is the MTP-TRANSFER indication that m carries.
func (m *Data) Transfer() mtp.Transfer {
	return mtp.Transfer{OPC: m.OPC, DPC: m.DPC, SI: m.SI, NI: m.NI, Priority: m.MP, SLS: m.SLS, Data: m.UserData}
}

// SetTransfer puts an MTP-TRANSFER request into m.
func (m *Data) SetTransfer(t mtp.Transfer) {
	m.OPC, m.DPC, m.SI, m.NI, m.MP, m.SLS, m.UserData = t.OPC, t.DPC, t.SI, t.NI, t.Priority, t.SLS, t.Data
}
