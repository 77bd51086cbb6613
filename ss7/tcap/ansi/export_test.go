package ansi

import "github.com/otagate/otagate/internal/wire"

// Cut is the short way of Decode alone.
func (m *Package) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way.
func (m *Package) DecodeByCursor(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

// AppendAny is Append without its short way.
func (m *Package) AppendAny(dst []byte) ([]byte, error) { return m.appendAny(dst) }

// AppendAny is Append without its short way.
func (k *Component) AppendAny(dst []byte) ([]byte, error) { return k.appendAny(dst) }

// AppendShort is the short way of Append alone.
func (m *Package) AppendShort(dst []byte) ([]byte, bool) { return m.appendShort(dst) }
