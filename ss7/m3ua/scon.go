package m3ua

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// SCON is Signalling Congestion (RFC 4666 §3.4.4): SGP to ASP, or an ASP that
// is congested itself to the SGP.
//
//	Network Appearance     O
//	Routing Context        C
//	Affected Point Code    M
//	Concerned Destination  O   reserved (1) · point code (3); ASP to SGP only
//	Congestion Indications O   reserved (3) · level (1), 0 to 3; absent in networks without levels
//	INFO String            O
type SCON struct {
	NetworkAppearance Optional[uint32] `json:",omitzero"`
	RoutingContext    []uint32         `json:",omitempty"`
	Affected          []AffectedPointCode
	Concerned         Optional[mtp.PointCode] `json:",omitzero"`
	Level             Optional[uint8]         `json:",omitzero"`
	Info              wire.Hex                `json:",omitzero"`
	Unknown           []Parameter             `json:",omitempty"`
}

// Type is TypeSCON.
func (m *SCON) Type() Type { return TypeSCON }

// Append appends the wire form.
func (m *SCON) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeSCON)
	dst = appendOptional(dst, TagNetworkAppearance, m.NetworkAppearance)
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	if dst, err = appendAffected(dst, m.Affected); err != nil {
		return dst, err
	}
	if m.Concerned.V > maxPointCode {
		return dst, wire.Unencodable(proto, "concerned_destination", wire.ErrTooLong)
	}
	dst = appendOptional(dst, TagConcernedDestination, m.Concerned)
	if m.Level.Set {
		dst = appendU32(dst, TagCongestionIndications, uint32(m.Level.V))
	}
	return appendTail(dst, start, m.Info, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *SCON) Decode(b []byte) error { return decode(m, b) }

func (m *SCON) read(c *wire.Cursor) {
	*m = SCON{}
	h := readHeader(c, TypeSCON)
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(p.u32(c))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagAffectedPointCode && m.Affected == nil:
			m.Affected = p.affected(c)
		case p.tag == TagConcernedDestination && !m.Concerned.Set:
			m.Concerned = Some(p.concerned(c))
		case p.tag == TagCongestionIndications && !m.Level.Set:
			m.Level = Some(p.level8(c))
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

func (p parameter) concerned(c *wire.Cursor) mtp.PointCode {
	if !p.want(c, 4) {
		return 0
	}
	reserved(c, c.U8("reserved") != 0)
	return wire.Say(c, mtp.PointCode(c.U24("concerned_destination")))
}

func (p parameter) level8(c *wire.Cursor) uint8 {
	if !p.want(c, 4) {
		return 0
	}
	reserved(c, c.U24("reserved") != 0)
	return c.U8("congestion_level")
}

func reserved(c *wire.Cursor, odd bool) {
	if odd {
		c.Note("not zero")
	}
}
