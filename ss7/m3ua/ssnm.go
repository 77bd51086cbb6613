package m3ua

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// AffectedPointCode is a point code with the number of low bits that are
// wildcards: 8 means a whole ANSI cluster.
type AffectedPointCode struct {
	Mask uint8
	PC   mtp.PointCode // 24 bits
}

// Covers reports whether pc is one of the point codes meant.
func (a AffectedPointCode) Covers(pc mtp.PointCode) bool {
	if a.Mask >= 24 {
		return true
	}
	return pc>>a.Mask == a.PC>>a.Mask
}

// Destinations is the body that DUNA, DAVA, DAUD and DRST share.
//
//	Network Appearance   O
//	Routing Context      C
//	Affected Point Code  M   one or more of mask (1) · point code (3)
//	INFO String          O
type Destinations struct {
	NetworkAppearance Optional[uint32] `json:",omitzero"`
	RoutingContext    []uint32         `json:",omitempty"`
	Affected          []AffectedPointCode
	Info              wire.Hex    `json:",omitzero"`
	Unknown           []Parameter `json:",omitempty"`
}

func (m *Destinations) append(dst []byte, t Type) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, t)
	dst = appendOptional(dst, TagNetworkAppearance, m.NetworkAppearance)
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	if dst, err = appendAffected(dst, m.Affected); err != nil {
		return dst, err
	}
	return appendTail(dst, start, m.Info, m.Unknown)
}

func (m *Destinations) readAs(c *wire.Cursor, t Type) {
	*m = Destinations{}
	h := readHeader(c, t)
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(p.u32(c))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagAffectedPointCode && m.Affected == nil:
			m.Affected = p.affected(c)
		case p.tag == TagInfoString && m.Info == nil:
			m.Info = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if m.Affected == nil {
		c.Fail("affected_point_code", wire.ErrMissing)
	}
	closeHeader(c, h)
}

// appendTail appends INFO String and unknown parameters and ends the message.
func appendTail(dst []byte, start int, info []byte, unknown []Parameter) ([]byte, error) {
	dst, err := appendOctets(dst, TagInfoString, info)
	if err != nil {
		return dst, err
	}
	if dst, err = appendUnknown(dst, unknown); err != nil {
		return dst, err
	}
	return closeMessage(dst, start), nil
}

func (p parameter) affected(c *wire.Cursor) []AffectedPointCode {
	n := p.count(c)
	if n == 0 {
		return nil
	}
	c.Group(p.tag.String())
	v := make([]AffectedPointCode, n)
	for i := range v {
		v[i] = readAffected(c)
	}
	c.EndGroup()
	return v
}

func readAffected(c *wire.Cursor) AffectedPointCode {
	return AffectedPointCode{Mask: c.U8("mask"), PC: wire.Say(c, mtp.PointCode(c.U24("point_code")))}
}

func appendAffected(dst []byte, v []AffectedPointCode) ([]byte, error) {
	if len(v) == 0 {
		return dst, wire.Unencodable(proto, "affected_point_code", wire.ErrMissing)
	}
	dst, at := openTag(dst, TagAffectedPointCode)
	for _, a := range v {
		if a.PC > maxPointCode {
			return dst, wire.Unencodable(proto, "affected_point_code", wire.ErrTooLong)
		}
		dst = append(dst, a.Mask, byte(a.PC>>16), byte(a.PC>>8), byte(a.PC))
	}
	return closeTag(dst, at)
}

// DUNA, Destination Unavailable (§3.4.1): SGP to ASP, destinations cannot be reached.
type DUNA struct{ Destinations }

// DAVA, Destination Available (§3.4.2): SGP to ASP, destinations can be reached again.
type DAVA struct{ Destinations }

// DAUD, Destination State Audit (§3.4.3): ASP to SGP, asks for the state of destinations.
type DAUD struct{ Destinations }

// DRST, Destination Restricted (§3.4.6): SGP to ASP, prefer another SGP.
type DRST struct{ Destinations }

// Type is TypeDUNA.
func (m *DUNA) Type() Type { return TypeDUNA }

// Append appends the wire form.
func (m *DUNA) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeDUNA) }

// Decode fills m from b, one whole message.
func (m *DUNA) Decode(b []byte) error { return decode(m, b) }

func (m *DUNA) read(c *wire.Cursor) { m.readAs(c, TypeDUNA) }

// Type is TypeDAVA.
func (m *DAVA) Type() Type { return TypeDAVA }

// Append appends the wire form.
func (m *DAVA) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeDAVA) }

// Decode fills m from b, one whole message.
func (m *DAVA) Decode(b []byte) error { return decode(m, b) }

func (m *DAVA) read(c *wire.Cursor) { m.readAs(c, TypeDAVA) }

// Type is TypeDAUD.
func (m *DAUD) Type() Type { return TypeDAUD }

// Append appends the wire form.
func (m *DAUD) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeDAUD) }

// Decode fills m from b, one whole message.
func (m *DAUD) Decode(b []byte) error { return decode(m, b) }

func (m *DAUD) read(c *wire.Cursor) { m.readAs(c, TypeDAUD) }

// Type is TypeDRST.
func (m *DRST) Type() Type { return TypeDRST }

// Append appends the wire form.
func (m *DRST) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeDRST) }

// Decode fills m from b, one whole message.
func (m *DRST) Decode(b []byte) error { return decode(m, b) }

func (m *DRST) read(c *wire.Cursor) { m.readAs(c, TypeDRST) }
