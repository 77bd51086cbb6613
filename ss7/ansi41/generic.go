package ansi41

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
	return decode(m, b, m.Parameters, (*Generic).read)
}

func (m *Generic) read(s *set) {
	for s.next() {
		s.keep()
	}
	m.Parameters = s.unknown
}
