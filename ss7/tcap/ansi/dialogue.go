package ansi

import (
	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// IntegerOrOID is an integer or an object identifier: the application context,
// the security context and the confidentiality algorithm come in these two
// forms.
type IntegerOrOID struct {
	IsOID bool     `json:"is_oid,omitempty"`
	Value wire.Hex `json:"value"` // contents octets, as they stand
}

// Dialogue is the dialogue portion (T1.114.3 §5).
//
//	F9 len | DA protocol version | DB or DC application context | FD user information
//	       | 80 or 81 security context | A2 { 80 or 81 } confidentiality
//
// Everything is optional; elements are written in this order and then the
// unknown ones.
type Dialogue struct {
	HasVersion         bool            `json:"has_version,omitempty"`
	Version            ProtocolVersion `json:"version,omitempty"`
	ApplicationContext *IntegerOrOID   `json:"application_context,omitempty"`
	HasUserInformation bool            `json:"has_user_information,omitempty"`
	UserInformation    []External      `json:"user_information,omitempty"`
	SecurityContext    *IntegerOrOID   `json:"security_context,omitempty"`
	Confidentiality    *IntegerOrOID   `json:"confidentiality,omitempty"`
	Unknown            []Element       `json:"unknown,omitempty"`
}

// Element is an element that is kept but not understood.
type Element struct {
	Tag   ber.Tag  `json:"tag"`
	Value wire.Hex `json:"value"`
}

// ProtocolVersion is a bit map of editions.
type ProtocolVersion uint8

// The editions.
const (
	Version1996 ProtocolVersion = 1
	Version2000 ProtocolVersion = 2
)

func (v ProtocolVersion) String() string {
	switch v {
	case Version1996:
		return "T1.114-1996"
	case Version2000:
		return "T1.114-2000"
	case Version1996 | Version2000:
		return "T1.114-1996 and 2000"
	}
	return "unknown editions"
}

// Append appends d with its identifier and length.
func (d *Dialogue) Append(dst []byte) ([]byte, error) {
	if field := d.empty(); field != "" {
		return dst, wire.Unencodable(proto, field, wire.ErrLength)
	}
	dst, at := ber.Open(dst, tagDialogue)
	if d.HasVersion {
		dst = ber.AppendU8(dst, tagProtocolVersion, uint8(d.Version))
	}
	dst = d.ApplicationContext.append(dst, tagContextInteger, tagContextOID)
	if d.HasUserInformation {
		var err error
		if dst, err = appendExternals(dst, tagUserInformation, d.UserInformation); err != nil {
			return dst, err
		}
	}
	dst = d.SecurityContext.append(dst, tagSecurityInteger, tagSecurityOID)
	if d.Confidentiality != nil {
		var inner int
		dst, inner = ber.Open(dst, tagConfidentiality)
		dst = d.Confidentiality.append(dst, tagSecurityInteger, tagSecurityOID)
		dst = ber.Close(dst, inner)
	}
	for i := range d.Unknown {
		dst = ber.AppendElement(dst, d.Unknown[i].Tag, d.Unknown[i].Value)
	}
	return ber.Close(dst, at), nil
}

// empty is the field with a value of no octets, which neither an integer nor an
// object identifier can have.
func (d *Dialogue) empty() (field string) {
	none := func(x *IntegerOrOID) bool { return x != nil && len(x.Value) == 0 }
	switch {
	case none(d.ApplicationContext):
		return fieldContext
	case none(d.SecurityContext):
		return fieldSecurity
	case none(d.Confidentiality):
		return fieldConfidentiality
	}
	return ""
}

const (
	fieldContext         = "application context"
	fieldSecurity        = "security context"
	fieldConfidentiality = "confidentiality algorithm"
)

func (x *IntegerOrOID) append(dst []byte, integer, oid ber.Tag) []byte {
	if x == nil {
		return dst
	}
	if x.IsOID {
		return ber.AppendElement(dst, oid, x.Value)
	}
	return ber.AppendElement(dst, integer, x.Value)
}

func (d *Dialogue) read(c *wire.Cursor) {
	l := ber.Expect(c, tagDialogue, "dialogue portion")
	for c.More() {
		d.readElement(c)
	}
	c.Leave(l)
}

func (d *Dialogue) readElement(c *wire.Cursor) {
	at := c.Off()
	switch tag := ber.Next(c); {
	case tag == tagProtocolVersion && !d.HasVersion:
		l := ber.Expect(c, tag, "protocol version")
		d.HasVersion = true
		d.Version = wire.Say(c, ProtocolVersion(c.U8("protocol version")))
		c.Leave(l)
	case (tag == tagContextInteger || tag == tagContextOID) && d.ApplicationContext == nil:
		d.ApplicationContext = readIntegerOrOID(c, tag == tagContextOID, fieldContext)
	case tag == tagUserInformation && !d.HasUserInformation:
		d.HasUserInformation = true
		d.UserInformation = readExternals(c, tag, "user information")
	case (tag == tagSecurityInteger || tag == tagSecurityOID) && d.SecurityContext == nil:
		d.SecurityContext = readIntegerOrOID(c, tag == tagSecurityOID, fieldSecurity)
	case tag == tagConfidentiality && d.Confidentiality == nil:
		l := ber.Expect(c, tag, "confidentiality")
		inner := ber.Next(c)
		if inner != tagSecurityInteger && inner != tagSecurityOID {
			c.FailAt(at, "confidentiality", wire.ErrValue)
		}
		d.Confidentiality = readIntegerOrOID(c, inner == tagSecurityOID, fieldConfidentiality)
		c.Leave(l)
	default:
		tag, n := ber.Header(c)
		d.Unknown = append(d.Unknown, Element{Tag: tag, Value: c.Bytes(n, "unknown element "+tag.String())})
		c.Note("kept as it is")
	}
}

func readIntegerOrOID(c *wire.Cursor, oid bool, name string) *IntegerOrOID {
	at := c.Off()
	_, n := ber.Header(c)
	if n == 0 && c.Err() == nil {
		c.FailAt(at, name, wire.ErrLength)
	}
	return &IntegerOrOID{IsOID: oid, Value: c.Bytes(n, name)}
}
