package m3ua

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Error is ERR (RFC 4666 §3.8.1). It is never answered with another ERR.
//
//	Error Code              M
//	Routing Context         C   the invalid ones, or those of the unexpected message
//	Network Appearance      C   the invalid one
//	Affected Point Code     C   whose status is unknown
//	Diagnostic Information  C   the first octets of the offending message
type Error struct {
	Code              ErrorCode
	RoutingContext    []uint32            `json:",omitempty"`
	NetworkAppearance Optional[uint32]    `json:",omitzero"`
	Affected          []AffectedPointCode `json:",omitempty"`
	Diagnostic        wire.Hex            `json:",omitzero"`
	Unknown           []Parameter         `json:",omitempty"`
}

// Type is TypeError.
func (m *Error) Type() Type { return TypeError }

// Append appends the wire form.
func (m *Error) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeError)
	dst = appendU32(dst, TagErrorCode, uint32(m.Code))
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	dst = appendOptional(dst, TagNetworkAppearance, m.NetworkAppearance)
	if len(m.Affected) > 0 {
		if dst, err = appendAffected(dst, m.Affected); err != nil {
			return dst, err
		}
	}
	if dst, err = appendOctets(dst, TagDiagnosticInformation, m.Diagnostic); err != nil {
		return dst, err
	}
	return appendTail(dst, start, nil, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *Error) Decode(b []byte) error { return decode(m, b) }

func (m *Error) read(c *wire.Cursor) {
	*m = Error{}
	h := readHeader(c, TypeError)
	seen := false
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagErrorCode && !seen:
			seen = true
			m.Code = wire.Say(c, ErrorCode(p.u32(c)))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(p.u32(c))
		case p.tag == TagAffectedPointCode && m.Affected == nil:
			m.Affected = p.affected(c)
		case p.tag == TagDiagnosticInformation && m.Diagnostic == nil:
			m.Diagnostic = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if !seen {
		c.Fail("error_code", wire.ErrMissing)
	}
	closeHeader(c, h)
}

// Status is status type and status information of NTFY.
type Status uint32

// The states of RFC 4666 §3.8.2.
const (
	StatusASInactive       Status = 1<<16 | 2
	StatusASActive         Status = 1<<16 | 3
	StatusASPending        Status = 1<<16 | 4
	StatusInsufficientASPs Status = 2<<16 | 1
	StatusAlternateASP     Status = 2<<16 | 2
	StatusASPFailure       Status = 2<<16 | 3
)

func (s Status) String() string {
	switch s {
	case StatusASInactive:
		return "AS-INACTIVE"
	case StatusASActive:
		return "AS-ACTIVE"
	case StatusASPending:
		return "AS-PENDING"
	case StatusInsufficientASPs:
		return "insufficient ASP resources active in AS"
	case StatusAlternateASP:
		return "alternate ASP active"
	case StatusASPFailure:
		return "ASP failure"
	}
	return fmt.Sprintf("status type %d information %d", uint32(s)>>16, uint16(s))
}

// Notify is NTFY (RFC 4666 §3.8.2): the SGP tells of the state of an AS.
//
//	Status           M   type (2) · information (2)
//	ASP Identifier   C   of the alternate or failed ASP
//	Routing Context  O
//	INFO String      O
type Notify struct {
	Status         Status
	ASPIdentifier  Optional[uint32] `json:",omitzero"`
	RoutingContext []uint32         `json:",omitempty"`
	Info           wire.Hex         `json:",omitzero"`
	Unknown        []Parameter      `json:",omitempty"`
}

// Type is TypeNotify.
func (m *Notify) Type() Type { return TypeNotify }

// Append appends the wire form.
func (m *Notify) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendU32(appendHeader(dst, TypeNotify), TagStatus, uint32(m.Status))
	dst = appendOptional(dst, TagASPIdentifier, m.ASPIdentifier)
	dst, err := appendList(dst, TagRoutingContext, m.RoutingContext)
	if err != nil {
		return dst, err
	}
	return appendTail(dst, start, m.Info, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *Notify) Decode(b []byte) error { return decode(m, b) }

func (m *Notify) read(c *wire.Cursor) {
	*m = Notify{}
	h := readHeader(c, TypeNotify)
	seen := false
	for c.More() {
		p := openParameter(c)
		switch {
		case p.tag == TagStatus && !seen:
			seen = true
			m.Status = wire.Say(c, Status(p.u32(c)))
		case p.tag == TagASPIdentifier && !m.ASPIdentifier.Set:
			m.ASPIdentifier = Some(p.u32(c))
		case p.tag == TagRoutingContext && m.RoutingContext == nil:
			m.RoutingContext = p.list(c)
		case p.tag == TagInfoString && m.Info == nil:
			m.Info = p.octets(c)
		default:
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if !seen {
		c.Fail("status", wire.ErrMissing)
	}
	closeHeader(c, h)
}
