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

// DecodeAddress reads an address parameter, without its length octet, of a
// message of the given variant.
func DecodeAddress(b []byte, v Variant) (Address, error) {
	var a Address
	c := wire.NewCursor(proto, b)
	a.read(&c, v)
	return a, c.End()
}
