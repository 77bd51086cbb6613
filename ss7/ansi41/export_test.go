package ansi41

// Cut is the short way of Decode alone.
func (m *SMDPPInvoke) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way. Like Decode it is not
// inlined into the caller, where coverage counters would cost an allocation.
//
//go:noinline
func (m *SMDPPInvoke) DecodeByCursor(b []byte) error {
	return decode(m, b, m.Unknown, (*SMDPPInvoke).read)
}

// AppendAny is Append without its short way.
func (m *SMDPPInvoke) AppendAny(dst []byte) ([]byte, error) { return m.appendAny(dst) }

// Cut is the short way of Decode alone.
func (m *SMDPPResult) Cut(b []byte) bool { return m.cut(b) }

// DecodeByCursor is Decode without its short way. Like Decode it is not
// inlined into the caller, where coverage counters would cost an allocation.
//
//go:noinline
func (m *SMDPPResult) DecodeByCursor(b []byte) error {
	return decode(m, b, m.Unknown, (*SMDPPResult).read)
}
