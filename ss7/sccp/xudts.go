package sccp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// XUDTS is an extended unitdata service message: an [XUDT] that came back, with
// the addresses exchanged (T1.112.3 §4.17, Q.713 §4.19).
//
//	12 | return cause | hop counter | → called | → calling | → data | → optional part | …
type XUDTS struct {
	Variant    Variant     `json:"variant"`
	Cause      ReturnCause `json:"return_cause"`
	HopCounter uint8       `json:"hop_counter"`
	Called     Address     `json:"called_party_address"`
	Calling    Address     `json:"calling_party_address"`
	Data       wire.Hex    `json:"data"`
	Optional   Optional    `json:"optional_part,omitzero"`
}

// Type is TypeXUDTS.
func (m *XUDTS) Type() MessageType { return TypeXUDTS }

// Payload is the data.
func (m *XUDTS) Payload() []byte { return m.Data }

func (m *XUDTS) variable() variable {
	return variable{variant: m.Variant, called: &m.Called, calling: &m.Calling, data: (*[]byte)(&m.Data), optional: &m.Optional}
}

// Append appends m in wire form to dst.
func (m *XUDTS) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(TypeXUDTS), byte(m.Cause), m.HopCounter)
	v := m.variable()
	return v.append(dst)
}

// Decode fills m from b, one whole message of the form m.Variant says. m
// borrows b; use Clone to keep it.
func (m *XUDTS) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

func (m *XUDTS) read(c *wire.Cursor) {
	readType(c, TypeXUDTS)
	m.Cause = wire.Say(c, ReturnCause(c.U8("return cause")))
	m.HopCounter = c.U8("hop counter")
	v := m.variable()
	v.read(c)
}

// Clone copies what m borrows.
func (m *XUDTS) Clone() *XUDTS {
	n := *m
	n.Data = bytes.Clone(m.Data)
	n.Optional = m.Optional.clone()
	return &n
}
