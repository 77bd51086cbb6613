package wsp

import (
	"bytes"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// Kind is the form of a value.
type Kind uint8

// The forms. Octets is the zero value, so that the zero Value is "no value",
// which is a length of 0.
const (
	Octets  Kind = iota // a length and Data: long-integers, dates, anything structured
	Short               // N, up to 127
	Text                // Data and a NUL
	Uintvar             // N; of the parameter Q only
)

// Value is the value of a header or of a parameter.
type Value struct {
	Kind Kind
	N    uint32
	Data []byte
}

// Integer is an integer-value: short up to 127, else a long-integer.
func Integer(n uint32) Value {
	if n < 0x80 {
		return Value{Kind: Short, N: n}
	}
	return Value{Data: appendLong(nil, uint64(n))[1:]}
}

// String is a text-string. Text of a NUL cannot be appended.
func String(s string) Value { return Value{Kind: Text, Data: []byte(s)} }

// QuotedString is a quoted-string, which has no closing quote.
func QuotedString(s string) Value { return String(`"` + s) }

// Date is a date-value: seconds since 1970, always a long-integer.
func Date(t time.Time) Value { return Value{Data: appendLong(nil, uint64(t.Unix()))[1:]} }

// Number is the value as a number of 32 bits, if it is one.
func (v Value) Number() (n uint32, ok bool) {
	switch v.Kind {
	case Short, Uintvar:
		return v.N, true
	case Octets:
		n, ok = number(v.Data)
		return n, ok && len(v.Data) > 0
	}
	return 0, false
}

// Time is the value as a date-value.
func (v Value) Time() (t time.Time, ok bool) {
	n, ok := v.Number()
	if !ok {
		return t, false
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// Text is the value as text, without the mark of a quoted-string.
func (v Value) Text() (s []byte, ok bool) {
	if v.Kind != Text {
		return nil, false
	}
	return bytes.TrimPrefix(v.Data, []byte(`"`)), true
}

func (v Value) clone() Value {
	v.Data = bytes.Clone(v.Data)
	return v
}

func (v Value) append(dst []byte, field string) ([]byte, error) {
	switch v.Kind {
	case Short:
		if v.N > 0x7f {
			return dst, wire.Unencodable(proto, field, wire.ErrValue)
		}
		return append(dst, byte(v.N)|shortInteger), nil
	case Text:
		return appendText(dst, v.Data, field)
	case Octets:
		at := len(dst)
		dst = append(dst, 0)
		return closeLength(append(dst, v.Data...), at), nil
	}
	return dst, wire.Unencodable(proto, field, wire.ErrValue)
}

// appendText appends a text-string, with a quote where it does not begin with
// a printable character.
func appendText(dst, s []byte, field string) ([]byte, error) {
	if bytes.IndexByte(s, 0) >= 0 {
		return dst, wire.Unencodable(proto, field, wire.ErrValue)
	}
	if len(s) > 0 && (s[0] < ' ' || s[0] >= textQuote) {
		dst = append(dst, textQuote)
	}
	return append(append(dst, s...), 0), nil
}

// readText reads a text-string; it is never nil.
func readText(c *wire.Cursor, field string) []byte {
	if o, ok := c.Peek(); ok && o == textQuote {
		c.U8("quote")
	}
	return c.CString(c.Len()+1, field)
}

func (v *Value) read(c *wire.Cursor, field string) {
	switch o, ok := c.Peek(); {
	case !ok:
		c.Fail(field, wire.ErrShort)
	case o >= 0x80:
		*v = Value{Kind: Short, N: uint32(c.U8(field) &^ shortInteger)}
		c.Hexadecimal()
	case o > lengthQuote:
		*v = Value{Kind: Text, Data: readText(c, field)}
		if len(v.Data) == 0 { // 7F 00; no text and no value are the same octet
			*v = Value{}
		}
	default:
		*v = Value{Data: c.Bytes(readLength(c, "value-length"), field)}
	}
}
