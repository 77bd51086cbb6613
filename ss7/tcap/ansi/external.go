package ansi

import (
	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// External is an EXTERNAL of user information.
//
//	28 len | 06 direct reference, O | 02 indirect reference, O | 07 descriptor, O | encoding
//
// The encoding is A0 (single ASN.1 type), 81 (octets) or 82 (bits); its value
// stays as it is, whatever its identifier.
type External struct {
	DirectReference   wire.Hex `json:"direct_reference,omitempty"`
	IndirectReference wire.Hex `json:"indirect_reference,omitempty"`
	Descriptor        wire.Hex `json:"descriptor,omitempty"`
	Encoding          ber.Tag  `json:"encoding,omitempty"`
	Value             wire.Hex `json:"value,omitempty"`
}

const (
	tagOID        ber.Tag = 0x06
	tagInteger    ber.Tag = 0x02
	tagDescriptor ber.Tag = 0x07
)

func appendExternals(dst []byte, tag ber.Tag, xs []External) ([]byte, error) {
	dst, at := ber.Open(dst, tag)
	for i := range xs {
		x := &xs[i]
		switch {
		case x.Encoding == 0 && len(x.Value) > 0,
			x.Encoding == tagOID, x.Encoding == tagInteger, x.Encoding == tagDescriptor:
			return dst, wire.Unencodable(proto, "encoding", wire.ErrValue)
		}
		dst = x.append(dst)
	}
	return ber.Close(dst, at), nil
}

func (x *External) append(dst []byte) []byte {
	dst, at := ber.Open(dst, tagExternal)
	if x.DirectReference != nil {
		dst = ber.AppendElement(dst, tagOID, x.DirectReference)
	}
	if x.IndirectReference != nil {
		dst = ber.AppendElement(dst, tagInteger, x.IndirectReference)
	}
	if x.Descriptor != nil {
		dst = ber.AppendElement(dst, tagDescriptor, x.Descriptor)
	}
	if x.Encoding != 0 {
		dst = ber.AppendElement(dst, x.Encoding, x.Value)
	}
	return ber.Close(dst, at)
}

func readExternals(c *wire.Cursor, tag ber.Tag, name string) []External {
	var xs []External
	l := ber.Expect(c, tag, name)
	for c.More() {
		var x External
		x.read(c)
		xs = append(xs, x)
	}
	c.Leave(l)
	return xs
}

func (x *External) read(c *wire.Cursor) {
	l := ber.Expect(c, tagExternal, "EXTERNAL")
	for c.More() && x.Encoding == 0 {
		tag, n := ber.Header(c)
		switch tag {
		case tagOID:
			x.DirectReference = c.Bytes(n, "direct reference")
		case tagInteger:
			x.IndirectReference = c.Bytes(n, "indirect reference")
		case tagDescriptor:
			x.Descriptor = c.Bytes(n, "data value descriptor")
		case 0:
			c.Fail("encoding", wire.ErrValue)
		default:
			x.Encoding, x.Value = tag, c.Bytes(n, "encoding "+tag.String())
		}
	}
	c.Leave(l)
}
