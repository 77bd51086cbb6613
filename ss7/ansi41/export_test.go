package ansi41

import "github.com/otagate/otagate/internal/wire"

// Cut is the short way of Decode alone.
func (m *SMDPPInvoke) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way.
func (m *SMDPPInvoke) DecodeByCursor(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.Read(&c)
	return c.End()
}

// AppendAny is Append without its short way.
func (m *SMDPPInvoke) AppendAny(dst []byte) ([]byte, error) { return m.appendAny(dst) }

// Cut is the short way of Decode alone.
func (m *SMDPPResult) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way.
func (m *SMDPPResult) DecodeByCursor(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.Read(&c)
	return c.End()
}
