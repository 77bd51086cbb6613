package m3ua

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Tag names a parameter (RFC 4666 §3.2). A parameter is
//
//	tag (2) · length (2, header and value, without padding) · value · 0 to 3 zero octets
type Tag uint16

// The parameters of RFC 4666.
const (
	TagInfoString            Tag = 0x0004
	TagRoutingContext        Tag = 0x0006
	TagDiagnosticInformation Tag = 0x0007
	TagHeartbeatData         Tag = 0x0009
	TagTrafficModeType       Tag = 0x000b
	TagErrorCode             Tag = 0x000c
	TagStatus                Tag = 0x000d
	TagASPIdentifier         Tag = 0x0011
	TagAffectedPointCode     Tag = 0x0012
	TagCorrelationID         Tag = 0x0013
	TagNetworkAppearance     Tag = 0x0200
	TagUserCause             Tag = 0x0204
	TagCongestionIndications Tag = 0x0205
	TagConcernedDestination  Tag = 0x0206
	TagRoutingKey            Tag = 0x0207
	TagRegistrationResult    Tag = 0x0208
	TagDeregistrationResult  Tag = 0x0209
	TagLocalRKIdentifier     Tag = 0x020a
	TagDestinationPointCode  Tag = 0x020b
	TagServiceIndicators     Tag = 0x020c
	TagOriginatingPointCodes Tag = 0x020e
	TagProtocolData          Tag = 0x0210
	TagRegistrationStatus    Tag = 0x0212
	TagDeregistrationStatus  Tag = 0x0213
)

// String is the name of the standard in the form field names take.
func (t Tag) String() string {
	switch t {
	case TagInfoString:
		return "info_string"
	case TagRoutingContext:
		return "routing_context"
	case TagDiagnosticInformation:
		return "diagnostic_information"
	case TagHeartbeatData:
		return "heartbeat_data"
	case TagTrafficModeType:
		return "traffic_mode_type"
	case TagErrorCode:
		return "error_code"
	case TagStatus:
		return "status"
	case TagASPIdentifier:
		return "asp_identifier"
	case TagAffectedPointCode:
		return "affected_point_code"
	case TagCorrelationID:
		return "correlation_id"
	case TagNetworkAppearance:
		return "network_appearance"
	case TagUserCause:
		return "user_cause"
	case TagCongestionIndications:
		return "congestion_indications"
	case TagConcernedDestination:
		return "concerned_destination"
	case TagProtocolData:
		return "protocol_data"
	}
	return t.keyName()
}

// keyName has the names of the routing key management parameters.
func (t Tag) keyName() string {
	switch t {
	case TagRoutingKey:
		return "routing_key"
	case TagRegistrationResult:
		return "registration_result"
	case TagDeregistrationResult:
		return "deregistration_result"
	case TagLocalRKIdentifier:
		return "local_rk_identifier"
	case TagDestinationPointCode:
		return "destination_point_code"
	case TagServiceIndicators:
		return "service_indicators"
	case TagOriginatingPointCodes:
		return "originating_point_code_list"
	case TagRegistrationStatus:
		return "registration_status"
	case TagDeregistrationStatus:
		return "deregistration_status"
	}
	return fmt.Sprintf("parameter_0x%04x", uint16(t))
}

// Parameter is one that the message does not define, or a second copy of one
// that may stand only once.
type Parameter struct {
	Tag   Tag
	Value wire.Hex
}

// Optional is a number that may be absent.
type Optional[T ~uint8 | ~uint16 | ~uint32] struct {
	V   T
	Set bool
}

// Some is a number that is there.
func Some[T ~uint8 | ~uint16 | ~uint32](v T) Optional[T] { return Optional[T]{V: v, Set: true} }

// parameter is one parameter being read.
type parameter struct {
	tag Tag
	n   int // octets of the value
}

// openParameter reads tag and length; whoever reads the value takes exactly n
// octets. The trace shows the value under the parameter's name, not the four
// octets before it.
func openParameter(c *wire.Cursor) parameter {
	tr := c.Mute()
	head := c.U32("parameter_header")
	c.Unmute(tr)
	p := parameter{tag: Tag(head >> 16), n: int(head&0xffff) - 4}
	if p.n < 0 || p.n > c.Len() {
		p.misfit(c)
		p.n = 0
	}
	return p
}

// misfit says that the length of the parameter is wrong.
func (p parameter) misfit(c *wire.Cursor) {
	if c.Err() == nil {
		c.FailAt(c.Off()-2, p.tag.String(), wire.ErrLength)
	}
}

// close reads the padding, which the last parameter of a message need not have.
func (p parameter) close(c *wire.Cursor) {
	if p.n&3 == 0 || !c.More() {
		return
	}
	tr := c.Mute()
	c.Bytes(min(-p.n&3, c.Len()), "padding")
	c.Unmute(tr)
}

// want fails unless the value has n octets.
func (p parameter) want(c *wire.Cursor, n int) bool {
	if p.n != n {
		p.misfit(c)
	}
	return c.Err() == nil
}

// enter narrows c to the value under a heading; leave ends it.
func (p parameter) enter(c *wire.Cursor) wire.Level { return c.Enter(p.n, p.tag.String()) }

// count is how many elements of 4 octets the value has, at least one.
func (p parameter) count(c *wire.Cursor) int {
	if p.n == 0 || p.n%4 != 0 {
		p.misfit(c)
		return 0
	}
	return c.Count(p.n/4, 4, p.tag.String())
}

func (p parameter) u32(c *wire.Cursor) uint32 {
	if p.n != 4 {
		p.misfit(c)
		return 0
	}
	if c.Trace() == nil { // only a trace shows the name: the octets are there
		return c.U32("value")
	}
	return c.U32(p.tag.String())
}

// list reads at least one 32-bit number.
func (p parameter) list(c *wire.Cursor) []uint32 {
	n := p.count(c)
	if n == 0 {
		return nil
	}
	v := make([]uint32, n)
	for i := range v {
		v[i] = c.U32(p.tag.String())
	}
	return v
}

func (p parameter) octets(c *wire.Cursor) []byte { return c.Bytes(p.n, p.tag.String()) }

func (p parameter) keep(c *wire.Cursor, to []Parameter) []Parameter {
	v := p.octets(c)
	c.Note("not defined for this message, or twice")
	return append(to, Parameter{Tag: p.tag, Value: v})
}

func appendU32(dst []byte, tag Tag, v uint32) []byte {
	return append(dst, byte(tag>>8), byte(tag), 0, 8, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

func appendOptional[T ~uint32](dst []byte, tag Tag, v Optional[T]) []byte {
	if !v.Set {
		return dst
	}
	return appendU32(dst, tag, uint32(v.V))
}

func appendList(dst []byte, tag Tag, v []uint32) ([]byte, error) {
	if len(v) == 0 {
		return dst, nil
	}
	dst, at := openTag(dst, tag)
	for _, n := range v {
		dst = append(dst, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return closeTag(dst, at)
}

// appendOctets appends a parameter that is absent when v is nil.
func appendOctets(dst []byte, tag Tag, v []byte) ([]byte, error) {
	if v == nil {
		return dst, nil
	}
	dst, at := openTag(dst, tag)
	return closeTag(append(dst, v...), at)
}

func appendUnknown(dst []byte, ps []Parameter) (_ []byte, err error) {
	for _, p := range ps {
		at := 0
		dst, at = openTag(dst, p.Tag)
		if dst, err = closeTag(append(dst, p.Value...), at); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func openTag(dst []byte, tag Tag) (_ []byte, at int) {
	return append(dst, byte(tag>>8), byte(tag), 0, 0), len(dst)
}

// closeTag writes the length of the parameter that starts at dst[at] and pads it.
func closeTag(dst []byte, at int) ([]byte, error) {
	n := len(dst) - at
	if n > 0xffff {
		tag := Tag(dst[at])<<8 | Tag(dst[at+1])
		return dst, wire.Unencodable(proto, tag.String(), wire.ErrTooLong)
	}
	dst[at+2], dst[at+3] = byte(n>>8), byte(n)
	for ; n&3 != 0; n++ {
		dst = append(dst, 0)
	}
	return dst, nil
}
