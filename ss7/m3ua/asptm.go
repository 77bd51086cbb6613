package m3ua

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// TrafficMode tells how the ASPs of an application server share its traffic.
type TrafficMode uint32

// The traffic modes of RFC 4666 §3.7.1.
const (
	Override  TrafficMode = 1
	Loadshare TrafficMode = 2
	Broadcast TrafficMode = 3
)

func (t TrafficMode) String() string {
	switch t {
	case Override:
		return "override"
	case Loadshare:
		return "loadshare"
	case Broadcast:
		return "broadcast"
	}
	return fmt.Sprintf("mode %d", uint32(t))
}

// Activation is the body of ASPAC and ASPAC ACK.
//
//	Traffic Mode Type  O
//	Routing Context    O   absent: all that are configured
//	INFO String        O
type Activation struct {
	TrafficMode    Optional[TrafficMode] `json:",omitzero"`
	RoutingContext []uint32              `json:",omitempty"`
	Info           wire.Hex              `json:",omitzero"`
	Unknown        []Parameter           `json:",omitempty"`
}

func (m *Activation) append(dst []byte, t Type) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, t)
	dst = appendOptional(dst, TagTrafficModeType, m.TrafficMode)
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	return appendTail(dst, start, m.Info, m.Unknown)
}

func (m *Activation) readAs(c *wire.Cursor, t Type) {
	*m = Activation{}
	h := readHeader(c, t)
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagTrafficModeType && !m.TrafficMode.Set:
			m.TrafficMode = Some(wire.Say(c, TrafficMode(p.u32(c))))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagInfoString && m.Info == nil:
			m.Info = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	closeHeader(c, h)
}

// ASPActive (§3.7.1): the ASP is ready for traffic.
type ASPActive struct{ Activation }

// ASPActiveAck (§3.7.2) answers ASPActive.
type ASPActiveAck struct{ Activation }

// Deactivation is the body of ASPIA and ASPIA ACK.
//
//	Routing Context  O   absent: all that are configured
//	INFO String      O
type Deactivation struct {
	RoutingContext []uint32    `json:",omitempty"`
	Info           wire.Hex    `json:",omitzero"`
	Unknown        []Parameter `json:",omitempty"`
}

func (m *Deactivation) append(dst []byte, t Type) ([]byte, error) {
	start := len(dst)
	dst, err := appendList(appendHeader(dst, t), TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	return appendTail(dst, start, m.Info, m.Unknown)
}

func (m *Deactivation) readAs(c *wire.Cursor, t Type) {
	*m = Deactivation{}
	h := readHeader(c, t)
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagInfoString && m.Info == nil:
			m.Info = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	closeHeader(c, h)
}

// ASPInactive (§3.7.3): the ASP takes no more traffic.
type ASPInactive struct{ Deactivation }

// ASPInactiveAck (§3.7.4) answers ASPInactive.
type ASPInactiveAck struct{ Deactivation }

// Type is TypeASPActive.
func (m *ASPActive) Type() Type { return TypeASPActive }

// Append appends the wire form.
func (m *ASPActive) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPActive) }

// Decode fills m from b, one whole message.
func (m *ASPActive) Decode(b []byte) error { return decode(m, b) }

func (m *ASPActive) read(c *wire.Cursor) { m.readAs(c, TypeASPActive) }

// Type is TypeASPActiveAck.
func (m *ASPActiveAck) Type() Type { return TypeASPActiveAck }

// Append appends the wire form.
func (m *ASPActiveAck) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPActiveAck) }

// Decode fills m from b, one whole message.
func (m *ASPActiveAck) Decode(b []byte) error { return decode(m, b) }

func (m *ASPActiveAck) read(c *wire.Cursor) { m.readAs(c, TypeASPActiveAck) }

// Type is TypeASPInactive.
func (m *ASPInactive) Type() Type { return TypeASPInactive }

// Append appends the wire form.
func (m *ASPInactive) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPInactive) }

// Decode fills m from b, one whole message.
func (m *ASPInactive) Decode(b []byte) error { return decode(m, b) }

func (m *ASPInactive) read(c *wire.Cursor) { m.readAs(c, TypeASPInactive) }

// Type is TypeASPInactiveAck.
func (m *ASPInactiveAck) Type() Type { return TypeASPInactiveAck }

// Append appends the wire form.
func (m *ASPInactiveAck) Append(dst []byte) ([]byte, error) { return m.append(dst, TypeASPInactiveAck) }

// Decode fills m from b, one whole message.
func (m *ASPInactiveAck) Decode(b []byte) error { return decode(m, b) }

func (m *ASPInactiveAck) read(c *wire.Cursor) { m.readAs(c, TypeASPInactiveAck) }
