package m3ua

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// UnavailabilityCause tells why an MTP user does not answer.
type UnavailabilityCause uint16

// The causes of RFC 4666 §3.4.5.
const (
	CauseUnknown      UnavailabilityCause = 0
	CauseUnequipped   UnavailabilityCause = 1
	CauseInaccessible UnavailabilityCause = 2
)

func (u UnavailabilityCause) String() string {
	switch u {
	case CauseUnknown:
		return "unknown"
	case CauseUnequipped:
		return "unequipped remote user"
	case CauseInaccessible:
		return "inaccessible remote user"
	}
	return fmt.Sprintf("cause %d", uint16(u))
}

// DUPU is Destination User Part Unavailable (RFC 4666 §3.4.5): SGP to ASP.
//
//	Network Appearance   O
//	Routing Context      C
//	Affected Point Code  M
//	User/Cause           M   cause (2) · MTP3 user (2), 3 is SCCP
//	INFO String          O
type DUPU struct {
	NetworkAppearance Optional[uint32] `json:",omitzero"`
	RoutingContext    []uint32         `json:",omitempty"`
	Affected          []AffectedPointCode
	Cause             UnavailabilityCause
	User              uint16
	Info              wire.Hex    `json:",omitzero"`
	Unknown           []Parameter `json:",omitempty"`
}

// Type is TypeDUPU.
func (m *DUPU) Type() Type { return TypeDUPU }

// Append appends the wire form.
func (m *DUPU) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeDUPU)
	dst = appendOptional(dst, TagNetworkAppearance, m.NetworkAppearance)
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	if dst, err = appendAffected(dst, m.Affected); err != nil {
		return dst, err
	}
	dst = appendU32(dst, TagUserCause, uint32(m.Cause)<<16|uint32(m.User))
	return appendTail(dst, start, m.Info, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *DUPU) Decode(b []byte) error { return decode(m, b) }

func (m *DUPU) read(c *wire.Cursor) {
	*m = DUPU{}
	h := readHeader(c, TypeDUPU)
	seen := false
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(p.u32(c))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagAffectedPointCode && m.Affected == nil:
			m.Affected = p.affected(c)
		case p.tag == TagUserCause && !seen:
			seen = true
			if p.want(c, 4) {
				m.Cause = wire.Say(c, UnavailabilityCause(c.U16("cause")))
				m.User = c.U16("user")
			}
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
	if !seen {
		c.Fail("user_cause", wire.ErrMissing)
	}
	closeHeader(c, h)
}
