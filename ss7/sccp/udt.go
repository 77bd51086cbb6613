package sccp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// UDT is a unitdata message (T1.112.3 §4.11, Q.713 §4.10).
//
//	09 | protocol class | → called | → calling | → data | called | calling | data
//
// Data is at most 255 octets; called, calling and data are mandatory. An unequipped or
// untranslatable destination answers with [UDTS] when the class says return.
type UDT struct {
	Variant Variant       `json:"variant"`
	Class   ProtocolClass `json:"protocol_class"`
	Called  Address       `json:"called_party_address"`
	Calling Address       `json:"calling_party_address"`
	Data    wire.Hex      `json:"data"`
}

// Type is TypeUDT.
func (m *UDT) Type() MessageType { return TypeUDT }

// Payload is the data.
func (m *UDT) Payload() []byte { return m.Data }

func (m *UDT) variable() variable {
	return variable{variant: m.Variant, called: &m.Called, calling: &m.Calling, data: (*[]byte)(&m.Data)}
}

// Append appends m in wire form to dst.
func (m *UDT) Append(dst []byte) ([]byte, error) {
	if m.Variant == ANSI && m.Called.isPlain() && m.Calling.isPlain() && len(m.Data) <= 0xff {
		return m.appendPlain(dst), nil
	}
	return m.appendAny(dst)
}

func (m *UDT) appendAny(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeUDT), byte(m.Class))
	v := m.variable()
	return v.append(dst)
}

// Decode fills m from b, one whole message of the form m.Variant says. m
// borrows b; use Clone to keep it. See cut.
func (m *UDT) Decode(b []byte) error {
	if m.cut(b) {
		return nil
	}
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *UDT) read(c *wire.Cursor) {
	readType(c, TypeUDT)
	m.Class = wire.Say(c, ProtocolClass(c.U8("protocol class")))
	v := m.variable()
	v.read(c)
}

// Clone copies what m borrows.
func (m *UDT) Clone() *UDT {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}
