package m3ua

import "github.com/otagate/otagate/internal/wire"

// Cut is the short way of Decode alone.
func (m *Data) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way.
func (m *Data) DecodeByCursor(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}
