package smpp

import (
	"bytes"
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
)

// TLV is an optional parameter: tag (2 octets), length (2), value.
type TLV struct {
	Tag   Tag
	Value []byte
}

// TLVs are the optional parameters of a PDU in the order of the wire. A tag
// may come several times and a value may be empty.
type TLVs []TLV

// Find returns the value of the first TLV with the tag.
func (t TLVs) Find(tag Tag) (value []byte, ok bool) {
	for i := range t {
		if t[i].Tag == tag {
			return t[i].Value, true
		}
	}
	return nil, false
}

// AppendU8 adds a TLV of one octet.
func (t TLVs) AppendU8(tag Tag, v uint8) TLVs {
	return append(t, TLV{Tag: tag, Value: []byte{v}})
}

// AppendU16 adds a TLV of two octets.
func (t TLVs) AppendU16(tag Tag, v uint16) TLVs {
	return append(t, TLV{Tag: tag, Value: binary.BigEndian.AppendUint16(nil, v)})
}

// Clone copies the list and its values.
func (t TLVs) Clone() TLVs {
	if t == nil {
		return nil
	}
	out := make(TLVs, len(t))
	for i := range t {
		out[i] = TLV{Tag: t[i].Tag, Value: bytes.Clone(t[i].Value)}
	}
	return out
}

// MaxTLVs bounds the optional parameters of one PDU; a PDU with more is
// refused rather than spread over a large slice.
const MaxTLVs = 256

func (t TLVs) append(dst []byte) ([]byte, error) {
	if len(t) > MaxTLVs {
		return dst, wire.Unencodable(proto, "TLVs", wire.ErrTooLong)
	}
	for i := range t {
		v := t[i].Value
		if len(v) > 0xffff {
			return dst, wire.Unencodable(proto, t[i].Tag.String(), wire.ErrTooLong)
		}
		dst = append(dst, byte(t[i].Tag>>8), byte(t[i].Tag), byte(len(v)>>8), byte(len(v)))
		dst = append(dst, v...)
	}
	return dst, nil
}

// read fills the slice anew, keeping its room, so that a reused PDU does not
// allocate.
func (t TLVs) read(c *wire.Cursor) TLVs {
	t = t[:0]
	for c.More() {
		if len(t) == MaxTLVs {
			c.Fail("TLVs", wire.ErrTooLong)
			return t
		}
		c.Group("TLV")
		tag := Tag(c.U16("tag"))
		c.Hexadecimal()
		wire.Say(c, tag)
		n := int(c.U16("length"))
		v := c.Bytes(n, "value")
		if tag == TagMessageState && len(v) == 1 {
			wire.Say(c, MessageState(v[0]))
		}
		c.EndGroup()
		t = append(t, TLV{Tag: tag, Value: v})
	}
	return t
}

// cut is read for the short way of SubmitSM.Decode; it fails on anything odd.
func (t TLVs) cut(b []byte) (TLVs, bool) {
	t = t[:0]
	for len(b) >= 4 && len(t) < MaxTLVs {
		tag, n := Tag(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			return t, false
		}
		t = append(t, TLV{Tag: tag, Value: b[:n:n]})
		b = b[n:]
	}
	return t, len(b) == 0
}
