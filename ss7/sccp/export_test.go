package sccp

import "github.com/otagate/otagate/internal/wire"

// Cut is the short way of Decode alone.
func (m *UDT) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way.
func (m *UDT) DecodeByCursor(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

// AppendAny is Append without its short way.
func (m *UDT) AppendAny(dst []byte) ([]byte, error) { return m.appendAny(dst) }
