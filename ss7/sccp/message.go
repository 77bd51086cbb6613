package sccp

import (
	"github.com/otagate/otagate/internal/wire"
)

// MessageType is the first octet of a message.
type MessageType uint8

// The connectionless messages that this package reads and writes.
const (
	TypeUDT   MessageType = 0x09
	TypeUDTS  MessageType = 0x0a
	TypeXUDT  MessageType = 0x11
	TypeXUDTS MessageType = 0x12
)

func (t MessageType) String() string {
	switch t {
	case TypeUDT:
		return "UDT"
	case TypeUDTS:
		return "UDTS"
	case TypeXUDT:
		return "XUDT"
	case TypeXUDTS:
		return "XUDTS"
	}
	return "unknown message"
}

// Message is one of *UDT, *UDTS, *XUDT and *XUDTS.
type Message interface {
	// Type is the message type.
	Type() MessageType
	// Append appends the wire form.
	Append(dst []byte) ([]byte, error)
	// Payload is the user's data.
	Payload() []byte
	read(c *wire.Cursor)
}

// Read reads one whole message of the given variant.
func Read(c *wire.Cursor, v Variant) (Message, error) {
	var m Message
	t, _ := c.Peek()
	switch MessageType(t) {
	case TypeUDT:
		m = &UDT{Variant: v}
	case TypeUDTS:
		m = &UDTS{Variant: v}
	case TypeXUDT:
		m = &XUDT{Variant: v}
	case TypeXUDTS:
		m = &XUDTS{Variant: v}
	default:
		at := c.Off()
		c.U8("message type")
		c.FailAt(at, "message type", wire.ErrUnsupported)
		return nil, c.Err()
	}
	m.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return m, nil
}

// readType reads the first octet, which must be t.
func readType(c *wire.Cursor, t MessageType) {
	at := c.Off()
	if got := MessageType(c.U8("message type")); c.Err() == nil && wire.Say(c, got) != t {
		c.FailAt(at, "message type", wire.ErrValue)
	}
}
