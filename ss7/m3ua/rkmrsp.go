package m3ua

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// RegistrationStatus is the outcome of registering one key.
type RegistrationStatus uint32

// The outcomes of RFC 4666 §3.6.2.
const (
	RegistrationSuccess              RegistrationStatus = 0
	RegistrationUnknown              RegistrationStatus = 1
	RegistrationInvalidDPC           RegistrationStatus = 2
	RegistrationInvalidNA            RegistrationStatus = 3
	RegistrationInvalidKey           RegistrationStatus = 4
	RegistrationPermissionDenied     RegistrationStatus = 5
	RegistrationCannotSupportUnique  RegistrationStatus = 6
	RegistrationKeyNotProvisioned    RegistrationStatus = 7
	RegistrationInsufficientResource RegistrationStatus = 8
	RegistrationUnsupportedParameter RegistrationStatus = 9
	RegistrationUnsupportedMode      RegistrationStatus = 10
	RegistrationKeyChangeRefused     RegistrationStatus = 11
	RegistrationKeyAlreadyRegistered RegistrationStatus = 12
)

func (s RegistrationStatus) String() string {
	if s == RegistrationSuccess {
		return "successfully registered"
	}
	return fmt.Sprintf("not registered, reason %d", uint32(s))
}

// DeregistrationStatus is the outcome of deregistering one routing context:
// 0 success, 1 unknown, 2 invalid routing context, 3 permission denied,
// 4 not registered, 5 ASP active for the routing context (§3.6.4).
type DeregistrationStatus uint32

func (s DeregistrationStatus) String() string {
	if s == 0 {
		return "successfully deregistered"
	}
	return fmt.Sprintf("not deregistered, reason %d", uint32(s))
}

// RegistrationResult is one result of REG RSP; all three parts are mandatory.
type RegistrationResult struct {
	LocalRKIdentifier uint32
	Status            RegistrationStatus
	RoutingContext    uint32
}

// RegistrationResponse is REG RSP (§3.6.2): one result a key, at least one.
type RegistrationResponse struct {
	Results []RegistrationResult
	Unknown []Parameter `json:",omitempty"`
}

// Type is TypeRegistrationResponse.
func (m *RegistrationResponse) Type() Type { return TypeRegistrationResponse }

// Append appends the wire form.
func (m *RegistrationResponse) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeRegistrationResponse)
	if len(m.Results) == 0 {
		return dst, wire.Unencodable(proto, "registration_result", wire.ErrMissing)
	}
	for _, r := range m.Results {
		dst = append(dst, byte(TagRegistrationResult>>8), byte(TagRegistrationResult&0xff), 0, 28)
		dst = appendU32(dst, TagLocalRKIdentifier, r.LocalRKIdentifier)
		dst = appendU32(dst, TagRegistrationStatus, uint32(r.Status))
		dst = appendU32(dst, TagRoutingContext, r.RoutingContext)
	}
	return appendTail(dst, start, nil, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *RegistrationResponse) Decode(b []byte) error { return decode(m, b) }

func (m *RegistrationResponse) read(c *wire.Cursor) {
	*m = RegistrationResponse{}
	h := readHeader(c, TypeRegistrationResponse)
	for c.More() {
		p := openParameter(c)
		if p.tag == TagRegistrationResult {
			id, st, rc := p.triple(c, TagLocalRKIdentifier, TagRegistrationStatus, TagRoutingContext)
			m.Results = append(m.Results, RegistrationResult{id, RegistrationStatus(st), rc})
		} else {
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if m.Results == nil {
		c.Fail("registration_result", wire.ErrMissing)
	}
	closeHeader(c, h)
}

// triple reads a result, whose numbers may stand in any order. A tag of 0 is
// not looked for.
func (p parameter) triple(c *wire.Cursor, a, b, d Tag) (va, vb, vd uint32) {
	level := p.enter(c)
	want := [...]Tag{a, b, d}
	var got [3]Optional[uint32]
	for c.More() {
		q := openParameter(c)
		found := false
		for i, t := range want {
			if t == q.tag && t != 0 && !got[i].Set {
				got[i], found = Some(q.u32(c)), true
			}
		}
		if !found {
			c.FailAt(c.Off()-4, q.tag.String(), wire.ErrUnsupported)
		}
		q.close(c)
	}
	for i, t := range want {
		if t != 0 && !got[i].Set {
			c.Fail(t.String(), wire.ErrMissing)
		}
	}
	c.Leave(level)
	return got[0].V, got[1].V, got[2].V
}

// DeregistrationResult is one result of DEREG RSP; both parts are mandatory.
type DeregistrationResult struct {
	RoutingContext uint32
	Status         DeregistrationStatus
}

// DeregistrationResponse is DEREG RSP (§3.6.4): at least one result.
type DeregistrationResponse struct {
	Results []DeregistrationResult
	Unknown []Parameter `json:",omitempty"`
}

// Type is TypeDeregistrationResponse.
func (m *DeregistrationResponse) Type() Type { return TypeDeregistrationResponse }

// Append appends the wire form.
func (m *DeregistrationResponse) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypeDeregistrationResponse)
	if len(m.Results) == 0 {
		return dst, wire.Unencodable(proto, "deregistration_result", wire.ErrMissing)
	}
	for _, r := range m.Results {
		dst = append(dst, byte(TagDeregistrationResult>>8), byte(TagDeregistrationResult&0xff), 0, 20)
		dst = appendU32(dst, TagRoutingContext, r.RoutingContext)
		dst = appendU32(dst, TagDeregistrationStatus, uint32(r.Status))
	}
	return appendTail(dst, start, nil, m.Unknown)
}

// Decode fills m from b, one whole message.
func (m *DeregistrationResponse) Decode(b []byte) error { return decode(m, b) }

func (m *DeregistrationResponse) read(c *wire.Cursor) {
	*m = DeregistrationResponse{}
	h := readHeader(c, TypeDeregistrationResponse)
	for c.More() {
		p := openParameter(c)
		if p.tag == TagDeregistrationResult {
			rc, st, _ := p.triple(c, TagRoutingContext, TagDeregistrationStatus, 0)
			m.Results = append(m.Results, DeregistrationResult{rc, DeregistrationStatus(st)})
		} else {
			m.Unknown = p.keep(c, m.Unknown)
		}
		p.close(c)
	}
	if m.Results == nil {
		c.Fail("deregistration_result", wire.ErrMissing)
	}
	closeHeader(c, h)
}
