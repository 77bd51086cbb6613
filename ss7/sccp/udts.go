package sccp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// UDTS is a unitdata service message: a [UDT] that came back, with the addresses
// exchanged (T1.112.3 §4.12, Q.713 §4.11). It is never itself returned.
//
//	0A | return cause | → called | → calling | → data | called | calling | data
type UDTS struct {
	Variant Variant     `json:"variant"`
	Cause   ReturnCause `json:"return_cause"`
	Called  Address     `json:"called_party_address"`
	Calling Address     `json:"calling_party_address"`
	Data    wire.Hex    `json:"data"`
}

// Type is TypeUDTS.
func (m *UDTS) Type() MessageType { return TypeUDTS }

// Payload is the data.
func (m *UDTS) Payload() []byte { return m.Data }

func (m *UDTS) variable() variable {
	return variable{variant: m.Variant, called: &m.Called, calling: &m.Calling, data: (*[]byte)(&m.Data)}
}

// Append appends m in wire form to dst.
func (m *UDTS) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeUDTS), byte(m.Cause))
	v := m.variable()
	return v.append(dst)
}

// Decode fills m from b, one whole message of the form m.Variant says. m
// borrows b; use Clone to keep it.
func (m *UDTS) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *UDTS) read(c *wire.Cursor) {
	readType(c, TypeUDTS)
	m.Cause = wire.Say(c, ReturnCause(c.U8("return cause")))
	v := m.variable()
	v.read(c)
}

// Clone copies what m borrows.
func (m *UDTS) Clone() *UDTS {
	n := *m
	n.Data = bytes.Clone(m.Data)
	return &n
}
