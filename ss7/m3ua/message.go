package m3ua

import (
	"github.com/otagate/otagate/internal/wire"
)

const proto = "m3ua"

// Version is the only protocol version there is.
const Version = 1

// HeaderLen is the length of the common header:
//
//	version (1) · reserved (1) · message class (1) · message type (1) · message length (4)
//
// The length counts the header and the padding of the last parameter.
const HeaderLen = 8

// Message is one M3UA message.
type Message interface {
	// Type is the class and type of the common header.
	Type() Type
	// Append appends the wire form. It fails only if a value cannot be represented.
	Append(dst []byte) ([]byte, error)
	// Decode fills the message from b, one whole message, and borrows b.
	Decode(b []byte) error

	read(c *wire.Cursor)
}

// Read decodes one whole message from a cursor, which may carry a trace. A
// message of unknown class or type comes as *Other.
func Read(c *wire.Cursor) (Message, error) {
	t, ok := peekType(c)
	m := newMessage(t, ok)
	m.read(c)
	return m, c.End()
}

// Decode decodes one whole message; see Read.
func Decode(b []byte) (Message, error) {
	c := wire.NewCursor(proto, b)
	return Read(&c)
}

func newMessage(t Type, ok bool) Message {
	for i := range messages {
		if ok && messages[i].Type == t {
			return messages[i].New()
		}
	}
	return new(Other)
}

// peekType looks at class and type without moving c.
func peekType(c *wire.Cursor) (t Type, ok bool) {
	look := *c
	tr := look.Mute()
	look.U16("version")
	t = Type(look.U16("message_class"))
	_ = tr
	return t, look.Err() == nil
}

// header is what readHeader has to hand to closeHeader.
type header struct {
	level wire.Level
	want  int
}

// readHeader reads the common header of a message of type want and narrows c
// to the parameters.
func readHeader(c *wire.Cursor, want Type) header {
	if got := readTypes(c); got != want && c.Err() == nil {
		if got.Class() != want.Class() {
			c.FailAt(c.Off()-2, "message_class", wire.ErrUnsupported)
		}
		c.FailAt(c.Off()-1, "message_type", wire.ErrUnsupported)
	}
	return readLength(c)
}

func readTypes(c *wire.Cursor) Type {
	v := c.U8("version")
	if v != Version && c.Err() == nil {
		c.FailAt(c.Off()-1, "version", wire.ErrUnsupported)
	}
	if c.U8("reserved") != 0 {
		c.Note("not zero")
	}
	class := c.U8("message_class")
	t := Type(class)<<8 | Type(c.U8("message_type"))
	wire.Say(c, t)
	return t
}

// readLength reads the length and narrows c to it. Peers need not count the
// padding of the last parameter (RFC 4666 §3.1.4), which then follows: what the
// length lacks to a multiple of four, and no more.
func readLength(c *wire.Cursor) header {
	n := int64(c.U32("message_length")) - HeaderLen
	if c.Err() == nil && (n < 0 || n > int64(c.Len()) || int64(c.Len())-n > -n&3) {
		c.FailAt(c.Off()-4, "message_length", wire.ErrLength)
	}
	after := c.Len() - int(n)
	tr := c.Mute()
	l := c.Enter(int(n), "parameters")
	c.Unmute(tr)
	return header{level: l, want: after}
}

// closeHeader ends what readHeader began.
func closeHeader(c *wire.Cursor, h header) {
	tr := c.Mute()
	c.Leave(h.level)
	c.Unmute(tr)
	if h.want > 0 && c.Err() == nil {
		c.Bytes(h.want, "padding")
	}
}

// appendHeader appends the common header; closeMessage patches the length.
func appendHeader(dst []byte, t Type) []byte {
	return append(dst, Version, 0, t.Class(), t.Number(), 0, 0, 0, 0)
}

// closeMessage writes the length of the message that starts at dst[start].
func closeMessage(dst []byte, start int) []byte {
	wire.PutU32(dst, start+4, uint32(len(dst)-start))
	return dst
}

// Other is a message of a class or type that RFC 4666 does not define.
type Other struct {
	MessageClass uint8
	MessageType  uint8
	Parameters   []Parameter `json:",omitempty"`
}

// Type is the class and type received.
func (m *Other) Type() Type { return Type(m.MessageClass)<<8 | Type(m.MessageType) }

// Append appends the wire form.
func (m *Other) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, m.Type())
	dst, err := appendUnknown(dst, m.Parameters)
	return closeMessage(dst, start), err
}

// Decode fills m from b, one whole message of any type.
func (m *Other) Decode(b []byte) error { return decode(m, b) }

func (m *Other) read(c *wire.Cursor) {
	*m = Other{}
	t := readTypes(c)
	m.MessageClass, m.MessageType = t.Class(), t.Number()
	h := readLength(c)
	for c.More() {
		p := openParameter(c)
		m.Parameters = p.keep(c, m.Parameters)
		p.close(c)
	}
	closeHeader(c, h)
}

// decode is Decode of all messages but DATA, which must not allocate a cursor.
func decode(m Message, b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}
