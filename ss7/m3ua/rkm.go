package m3ua

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// RoutingKey says which traffic an ASP asks for (RFC 4666 §3.6.1).
//
//	Local-RK-Identifier     M
//	Routing Context         O
//	Traffic Mode Type       O
//	Network Appearance      O
//	Destination Point Code  M   one or more, each followed by its
//	Service Indicators      O
//	Originating Point Codes O
type RoutingKey struct {
	LocalRKIdentifier uint32
	RoutingContext    Optional[uint32]      `json:",omitzero"`
	TrafficMode       Optional[TrafficMode] `json:",omitzero"`
	NetworkAppearance Optional[uint32]      `json:",omitzero"`
	Destinations      []KeyDestination
	Unknown           []Parameter `json:",omitempty"`
}

// KeyDestination is one destination of a routing key and what narrows it down.
type KeyDestination struct {
	Mask              uint8
	PC                mtp.PointCode
	ServiceIndicators wire.Hex            `json:",omitzero"`
	OPCs              []AffectedPointCode `json:",omitempty"`
}

// RegistrationRequest is REG REQ (§3.6.1): one routing key or more.
type RegistrationRequest struct {
	Keys    []RoutingKey
	Unknown []Parameter `json:",omitempty"`
}

// Type is TypeRegistrationRequest.
func (m *RegistrationRequest) Type() Type { return TypeRegistrationRequest }

// Append appends the wire form.
func (m *RegistrationRequest) Append(dst []byte) (_ []byte, err error) {
	start := len(dst)
	dst = appendHeader(dst, TypeRegistrationRequest)
	if len(m.Keys) == 0 {
		return dst, wire.Unencodable(proto, "routing_key", wire.ErrMissing)
	}
	for i := range m.Keys {
		if dst, err = m.Keys[i].append(dst); err != nil {
			return dst, err
		}
	}
	return appendTail(dst, start, nil, m.Unknown)
}

func (k *RoutingKey) append(dst []byte) ([]byte, error) {
	dst, at := openTag(dst, TagRoutingKey)
	dst = appendU32(dst, TagLocalRKIdentifier, k.LocalRKIdentifier)
	dst = appendOptional(dst, TagRoutingContext, k.RoutingContext)
	dst = appendOptional(dst, TagTrafficModeType, k.TrafficMode)
	dst = appendOptional(dst, TagNetworkAppearance, k.NetworkAppearance)
	if len(k.Destinations) == 0 {
		return dst, wire.Unencodable(proto, "destination_point_code", wire.ErrMissing)
	}
	for i := range k.Destinations {
		var err error
		if dst, err = k.Destinations[i].append(dst); err != nil {
			return dst, err
		}
	}
	dst, err := appendUnknown(dst, k.Unknown)
	if err != nil {
		return dst, err
	}
	return closeTag(dst, at)
}

func (d *KeyDestination) append(dst []byte) ([]byte, error) {
	if d.PC > maxPointCode {
		return dst, wire.Unencodable(proto, "destination_point_code", wire.ErrTooLong)
	}
	dst = appendU32(dst, TagDestinationPointCode, uint32(d.Mask)<<24|uint32(d.PC))
	dst, err := appendOctets(dst, TagServiceIndicators, d.ServiceIndicators)
	if err != nil || d.OPCs == nil {
		return dst, err
	}
	at := len(dst)
	if dst, err = appendAffected(dst, d.OPCs); err != nil {
		return dst, err
	}
	dst[at], dst[at+1] = byte(TagOriginatingPointCodes>>8), byte(TagOriginatingPointCodes&0xff)
	return dst, nil
}

// Decode fills m from b, one whole message.
func (m *RegistrationRequest) Decode(b []byte) error { return decode(m, b) }

func (m *RegistrationRequest) read(c *wire.Cursor) {
	*m = RegistrationRequest{}
	h := readHeader(c, TypeRegistrationRequest)
	for c.More() {
		p := openParameter(c)
		if p.tag == TagRoutingKey {
			m.Keys = append(m.Keys, readRoutingKey(c, p))
		} else {
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if m.Keys == nil {
		c.Fail("routing_key", wire.ErrMissing)
	}
	closeHeader(c, h)
}

func readRoutingKey(c *wire.Cursor, in parameter) (k RoutingKey) {
	level := in.enter(c)
	seen := false
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagLocalRKIdentifier && !seen:
			seen = true
			k.LocalRKIdentifier = p.u32(c)
		case p.tag == TagRoutingContext && !k.RoutingContext.Set:
			k.RoutingContext = Some(p.u32(c))
		case p.tag == TagTrafficModeType && !k.TrafficMode.Set:
			k.TrafficMode = Some(wire.Say(c, TrafficMode(p.u32(c))))
		case p.tag == TagNetworkAppearance && !k.NetworkAppearance.Set:
			k.NetworkAppearance = Some(p.u32(c))
		default:
			k.destination(c, p)
		}
		p.close(c)
	}
	if !seen {
		c.Fail("local_rk_identifier", wire.ErrMissing)
	}
	if k.Destinations == nil {
		c.Fail("destination_point_code", wire.ErrMissing)
	}
	c.Leave(level)
	return k
}

// destination reads the parameters that belong to the destination before them,
// which has each once.
func (k *RoutingKey) destination(c *wire.Cursor, p parameter) {
	if p.tag == TagDestinationPointCode {
		if p.want(c, 4) {
			a := readAffected(c)
			k.Destinations = append(k.Destinations, KeyDestination{Mask: a.Mask, PC: a.PC})
		}
		return
	}
	if n := len(k.Destinations); n > 0 {
		d := &k.Destinations[n-1]
		switch {
		case p.tag == TagServiceIndicators && d.ServiceIndicators == nil:
			d.ServiceIndicators = p.octets(c)
			return
		case p.tag == TagOriginatingPointCodes && d.OPCs == nil:
			d.OPCs = p.affected(c)
			return
		}
	}
	if p.tag == TagServiceIndicators || p.tag == TagOriginatingPointCodes {
		// Kept among the unknown it would come behind the last destination, and narrow that down.
		c.FailAt(c.Off()-4, p.tag.String(), errMisplaced)
		return
	}
	k.Unknown = p.keep(c, k.Unknown)
}

// DeregistrationRequest is DEREG REQ (§3.6.3).
//
//	Routing Context  M
type DeregistrationRequest struct {
	RoutingContext []uint32
	Unknown        []Parameter `json:",omitempty"`
}

// Type is TypeDeregistrationRequest.
func (m *DeregistrationRequest) Type() Type { return TypeDeregistrationRequest }

// Append appends the wire form.
func (m *DeregistrationRequest) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	if len(m.RoutingContext) == 0 {
		return dst, wire.Unencodable(proto, "routing_context", wire.ErrMissing)
	}
	dst, err := appendList(appendHeader(dst, TypeDeregistrationRequest), TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	return appendTail(dst, start, nil, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *DeregistrationRequest) Decode(b []byte) error { return decode(m, b) }

func (m *DeregistrationRequest) read(c *wire.Cursor) {
	*m = DeregistrationRequest{}
	h := readHeader(c, TypeDeregistrationRequest)
	for c.More() {
		p := openParameter(c)
		if p.tag == TagRoutingContext && m.RoutingContext == nil {
			m.RoutingContext = p.list(c)
		} else {
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if m.RoutingContext == nil {
		c.Fail("routing_context", wire.ErrMissing)
	}
	closeHeader(c, h)
}
