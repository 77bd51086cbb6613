package ansi41

import "github.com/otagate/otagate/internal/wire"

// Generic is the parameter set of an operation that has no type of its own:
// its parameters in the order of arrival, with the names of the table but
// uninterpreted. A length that the table does not expect is only remarked.
type Generic struct {
	Op         Operation `json:"-"`
	Kind       Component `json:"-"`
	Parameters []Parameter
}

// Operation is Op.
func (m *Generic) Operation() Operation { return m.Op }

// Component is Kind.
func (m *Generic) Component() Component { return m.Kind }

// Append appends the parameters in their order.
func (m *Generic) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.kept(m.Parameters)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *Generic) Decode(b []byte) error {
	s := set{c: wire.NewCursor(proto, b), unknown: m.Parameters[:0]}
	m.read(&s)
	return s.c.End()
}

// Read is Decode from a cursor.
func (m *Generic) Read(c *wire.Cursor) {
	s := set{c: *c, unknown: m.Parameters[:0]}
	m.read(&s)
	*c = s.c
}

func (m *Generic) read(s *set) {
	for s.next() {
		s.keep()
	}
	m.Parameters = s.unknown
}
