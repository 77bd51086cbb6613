package sccp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// XUDT is an extended unitdata message (T1.112.3 §4.16, Q.713 §4.18): a [UDT] with
// a hop counter and an optional part, which marks segments of longer messages.
//
//	11 | protocol class | hop counter | → called | → calling | → data | → optional part | …
//
// The hop counter starts at 15 or below and falls at each translation.
type XUDT struct {
	Variant    Variant       `json:"variant"`
	Class      ProtocolClass `json:"protocol_class"`
	HopCounter uint8         `json:"hop_counter"`
	Called     Address       `json:"called_party_address"`
	Calling    Address       `json:"calling_party_address"`
	Data       wire.Hex      `json:"data"`
	Optional   Optional      `json:"optional_part,omitzero"`
}

// Type is TypeXUDT.
func (m *XUDT) Type() MessageType { return TypeXUDT }

// Payload is the data.
func (m *XUDT) Payload() []byte { return m.Data }

func (m *XUDT) variable() variable {
	return variable{variant: m.Variant, called: &m.Called, calling: &m.Calling, data: (*[]byte)(&m.Data), optional: &m.Optional}
}

// Append appends m in wire form to dst.
func (m *XUDT) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeXUDT), byte(m.Class), m.HopCounter)
	v := m.variable()
	return v.append(dst)
}

// Decode fills m from b, one whole message of the form m.Variant says. m
// borrows b; use Clone to keep it.
func (m *XUDT) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *XUDT) read(c *wire.Cursor) {
	readType(c, TypeXUDT)
	m.Class = wire.Say(c, ProtocolClass(c.U8("protocol class")))
	m.HopCounter = c.U8("hop counter")
	v := m.variable()
	v.read(c)
}

// Clone copies what m borrows.
func (m *XUDT) Clone() *XUDT {
	n := *m
	n.Data = bytes.Clone(m.Data)
	n.Optional = m.Optional.clone()
	return &n
}
