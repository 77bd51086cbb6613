package tpdu

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// proto names this protocol in errors.
const proto = "sms-tpdu"

// Message is one of the six.
type Message interface {
	// Type says which.
	Type() Type
	// Append appends the message in wire form to dst. It fails only if the
	// message cannot be represented.
	Append(dst []byte) ([]byte, error)
}

// body is a Message that can read itself.
type body interface {
	Message
	read(c *wire.Cursor)
}

// Type is a message and with it a direction: TP-MTI in the low two bits, and
// above them the direction.
type Type uint8

// The types.
const (
	mt = Type(MobileTerminated) << 2
	mo = Type(MobileOriginated) << 2

	TypeDeliver       = mt + 0
	TypeSubmitReport  = mt + 1
	TypeStatusReport  = mt + 2
	TypeDeliverReport = mo + 0
	TypeSubmit        = mo + 1
	TypeCommand       = mo + 2
)

func (t Type) String() string {
	if f := t.form(); f != nil {
		return f.name
	}
	return fmt.Sprintf("type %#02x", uint8(t))
}

// MTI is TP-Message-Type-Indicator.
func (t Type) MTI() uint8 { return uint8(t) & 3 }

// Direction is where messages of this type go.
func (t Type) Direction() Direction { return Direction(t >> 2) }

// form is one line of the dispatch table: the name in the standard, that in Go
// and the constructor.
type form struct {
	t    Type
	name string
	key  string
	make func() body
}

var forms = [...]form{
	{TypeDeliver, "SMS-DELIVER", "Deliver", func() body { return new(Deliver) }},
	{TypeSubmitReport, "SMS-SUBMIT-REPORT", "SubmitReport", func() body { return new(SubmitReport) }},
	{TypeStatusReport, "SMS-STATUS-REPORT", "StatusReport", func() body { return new(StatusReport) }},
	{TypeDeliverReport, "SMS-DELIVER-REPORT", "DeliverReport", func() body { return new(DeliverReport) }},
	{TypeSubmit, "SMS-SUBMIT", "Submit", func() body { return new(Submit) }},
	{TypeCommand, "SMS-COMMAND", "Command", func() body { return new(Command) }},
}

func (t Type) form() *form {
	for i := range forms {
		if forms[i].t == t {
			return &forms[i]
		}
	}
	return nil
}

// Decode decodes b, one whole message that goes in direction d. The message
// borrows b.
func Decode(b []byte, d Direction) (Message, error) {
	c := wire.NewCursor(proto, b)
	return Read(&c, d)
}

// Read reads one whole message, which borrows the cursor's octets.
func Read(c *wire.Cursor, d Direction) (Message, error) {
	first, ok := c.Peek()
	if !ok {
		c.U8("TP-MTI")
		return nil, c.Err()
	}
	if d == Either {
		d = direction(c, first)
	}
	f := Type(uint8(d)<<2 | first&3).form()
	if f == nil {
		c.Fail("TP-MTI", wire.ErrUnsupported)
		return nil, c.Err()
	}
	m := f.make()
	m.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return m, nil
}

// direction guesses where the message goes that c has: see the package's
// documentation.
func direction(c *wire.Cursor, first uint8) Direction {
	likely, other := MobileTerminated, MobileOriginated
	if first&3 == TypeSubmit.MTI() {
		likely, other = other, likely
	}
	if _, err := attempt(c, likely); err == nil {
		return likely
	}
	m, err := attempt(c, other)
	if err != nil {
		return likely
	}
	// What we would write must not read as the likely one either, or decoding
	// it again would give another message.
	if b, err := m.Append(nil); err == nil {
		if _, err := Decode(b, likely); err != nil {
			return other
		}
	}
	return likely
}

// attempt reads what c has without moving it.
func attempt(c *wire.Cursor, d Direction) (Message, error) {
	probe := *c
	probe.Mute()
	return Read(&probe, d)
}

// begin reads the first octet as bits, and end the last two of them, which must
// be those of t.
func begin(c *wire.Cursor, t Type) wire.Bits {
	if c.Trace() != nil {
		c.Group(t.String())
	}
	return c.Bits(1, "TP-MTI")
}

func end(c *wire.Cursor, b *wire.Bits, t Type) {
	off := b.Off()
	mti := uint8(b.U(2, "TP-MTI"))
	c.Adopt(b.Err())
	c.EndGroup()
	if mti != t.MTI() {
		c.FailAt(off, "TP-MTI", wire.ErrValue)
	}
}

// bit is v at its place in the first octet.
func bit(n uint, v bool) byte {
	if v {
		return 1 << n
	}
	return 0
}

func unencodable(field string, err error) error { return wire.Unencodable(proto, field, err) }
