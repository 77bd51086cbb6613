package wsp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// ContentType is the first header of a push, which has no name (WAP-230
// 8.4.2.24): a media type by number, or by name where Text is not nil, and
// parameters.
type ContentType struct {
	Type       MediaType
	Text       []byte
	Parameters []Parameter
}

// Media is the media type, also where it came as text. ok is false for text
// that has no number.
func (t *ContentType) Media() (m MediaType, ok bool) {
	if t.Text == nil {
		return t.Type, true
	}
	return ParseMediaType(string(t.Text))
}

// String is the name of the media type without parameters.
func (t *ContentType) String() string {
	if t.Text != nil {
		return string(t.Text)
	}
	return t.Type.String()
}

// Parameter is the first parameter of that number, nil when there is none.
func (t *ContentType) Parameter(code ParameterCode) *Parameter {
	for i := range t.Parameters {
		if p := &t.Parameters[i]; p.Name == nil && p.Code == code {
			return p
		}
	}
	return nil
}

// SEC is the method that the MAC was made with (0 NETWPIN, 1 USERPIN, 2
// USERNETWPIN, 3 USERPINMAC), of a provisioning document.
func (t *ContentType) SEC() (method uint8, ok bool) {
	p := t.Parameter(ParameterSEC)
	if p == nil || p.Value.Kind != Short {
		return 0, false
	}
	return uint8(p.Value.N), true
}

// MAC is the text of the message authentication code, 40 hexadecimal digits.
func (t *ContentType) MAC() (digits []byte, ok bool) {
	p := t.Parameter(ParameterMAC)
	if p == nil {
		return nil, false
	}
	return p.Value.Text()
}

// Charset is the MIBenum of the character set.
func (t *ContentType) Charset() (mib uint32, ok bool) {
	p := t.Parameter(ParameterCharset)
	if p == nil {
		return 0, false
	}
	return p.Value.Number()
}

func (t *ContentType) clone() ContentType {
	q := ContentType{Type: t.Type, Text: bytes.Clone(t.Text), Parameters: make([]Parameter, len(t.Parameters))}
	for i, p := range t.Parameters {
		q.Parameters[i] = Parameter{p.Code, bytes.Clone(p.Name), p.Value.clone()}
	}
	return q
}

// append appends constrained-media where that will do, else the general form.
func (t *ContentType) append(dst []byte) ([]byte, error) {
	if len(t.Parameters) > MaxParameters {
		return dst, wire.Unencodable(proto, "parameters", wire.ErrTooLong)
	}
	if len(t.Parameters) == 0 && (t.Text != nil || t.Type < 0x80) {
		return t.appendMedia(dst)
	}
	at := len(dst)
	dst, err := t.appendMedia(append(dst, 0))
	for i := 0; err == nil && i < len(t.Parameters); i++ {
		dst, err = t.Parameters[i].append(dst)
	}
	if err != nil {
		return dst, err
	}
	return closeLength(dst, at), nil
}

func (t *ContentType) appendMedia(dst []byte) ([]byte, error) {
	if t.Text == nil {
		return appendInteger(dst, uint32(t.Type)), nil
	}
	if len(t.Text) == 0 {
		return dst, wire.Unencodable(proto, "media type", wire.ErrMissing)
	}
	return appendText(dst, t.Text, "media type")
}

func (t *ContentType) read(c *wire.Cursor) {
	*t = ContentType{Parameters: t.Parameters[:0]}
	if o, ok := c.Peek(); !ok || o > lengthQuote {
		t.readMedia(c)
		return
	}
	l := c.Enter(readLength(c, "value-length"), "Content-Type")
	t.readMedia(c)
	for c.More() {
		if len(t.Parameters) == MaxParameters {
			c.Fail("parameters", wire.ErrTooLong)
			break
		}
		t.Parameters = append(t.Parameters, Parameter{})
		t.Parameters[len(t.Parameters)-1].read(c)
	}
	c.Leave(l)
}

func (t *ContentType) readMedia(c *wire.Cursor) {
	const field = "media type"
	o, ok := c.Peek()
	if !ok {
		c.Fail(field, wire.ErrMissing)
		return
	}
	if o <= lengthQuote || o >= 0x80 {
		t.Type = wire.Say(c, MediaType(readInteger(c, field)))
		return
	}
	at := c.Off()
	if t.Text = readText(c, field); len(t.Text) == 0 {
		c.FailAt(at, field, wire.ErrMissing)
	}
}
