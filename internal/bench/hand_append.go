package bench

import "encoding/binary"

// The encoders by hand know all lengths before they write. Each layer writes
// its head, for a payload of a given length that is appended behind it, so
// that the whole stack needs no buffer between its layers: nothing can be
// faster without preparing the octets.

// head appends everything of DATA up to a payload of n octets.
func (m *handData) head(dst []byte, n int) []byte {
	size := 8 + 8 + 8 + 16 + (n+3)&^3
	dst = append(dst, 1, 0, 1, 1, byte(size>>24), byte(size>>16), byte(size>>8), byte(size))
	dst = binary.BigEndian.AppendUint32(append(dst, 2, 0, 0, 8), m.appearance)
	dst = binary.BigEndian.AppendUint32(append(dst, 0, 6, 0, 8), m.context)
	dst = append(dst, 2, 0x10, byte((n+16)>>8), byte(n+16))
	dst = binary.BigEndian.AppendUint32(dst, m.opc)
	dst = binary.BigEndian.AppendUint32(dst, m.dpc)
	return append(dst, m.si, m.ni, m.mp, m.sls)
}

// pad appends what follows a payload of n octets.
func (m *handData) pad(dst []byte, n int) []byte {
	for ; n&3 != 0; n++ {
		dst = append(dst, 0)
	}
	return dst
}

func (m *handData) fits(n int) bool { return m.opc <= 0xffffff && m.dpc <= 0xffffff && n <= 0xffff-16 }

func (a *handAddress) size() int {
	n := 1
	if a.indicator&1 != 0 {
		n++
	}
	if a.indicator&2 != 0 {
		n += 3
	}
	return n
}

func (a *handAddress) append(dst []byte) []byte {
	dst = append(dst, byte(a.size()), a.indicator)
	if a.indicator&1 != 0 {
		dst = append(dst, a.ssn)
	}
	if a.indicator&2 != 0 {
		dst = append(dst, byte(a.pc), byte(a.pc>>8), byte(a.pc>>16))
	}
	return dst
}

// size is that of the head.
func (m *handUDT) size() int { return 5 + 1 + m.called.size() + 1 + m.calling.size() + 1 }

func (m *handUDT) head(dst []byte, n int) []byte {
	p := m.called.size()
	q := p + 1 + m.calling.size()
	dst = append(dst, 9, m.class, 3, byte(3+p), byte(2+q))
	dst = m.calling.append(m.called.append(dst))
	return append(dst, byte(n))
}

func (m *handUDT) fits(n int) bool { return n <= 0xff }

// sized is the number of octets of an element with a tag of t octets and a
// value of n.
func sized(t, n int) int {
	switch {
	case n < 0x80:
		return t + 1 + n
	case n < 0x100:
		return t + 2 + n
	}
	return t + 3 + n
}

func appendLength(dst []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n < 0x100:
		return append(dst, 0x81, byte(n))
	}
	return append(dst, 0x82, byte(n>>8), byte(n))
}

// sizes are the lengths of component, component sequence and package around
// parameters of n octets.
func (m *handQuery) sizes(n int) (component, sequence, all int) {
	component = 3 + 4 + sized(1, n)
	sequence = sized(1, component)
	return component, sequence, 6 + sized(1, sequence)
}

func (m *handQuery) head(dst []byte, n int) []byte {
	component, sequence, all := m.sizes(n)
	dst = appendLength(append(dst, m.kind), all)
	dst = binary.BigEndian.AppendUint32(append(dst, 0xc7, 4), m.otid)
	dst = appendLength(append(dst, 0xe8), sequence)
	dst = appendLength(append(dst, m.component), component)
	dst = append(dst, 0xcf, 1, m.invoke, 0xd1, 2, m.family, m.specifier, 0xf2)
	return appendLength(dst, n)
}

// size is the number of octets of the parameter set.
func (m *handSMDPP) size() int {
	n := sized(2, len(m.bearer)) + 3 + 6 + 7 + 5
	if m.given {
		n += 2
	}
	return n
}

func (m *handSMDPP) append(dst []byte) []byte {
	dst = appendLength(append(dst, 0x9f, 0x69), len(m.bearer))
	dst = append(dst, m.bearer...)
	if m.given {
		dst = append(dst, 0x9f, 0x74, 2, byte(m.teleservice>>8), byte(m.teleservice))
	} else {
		dst = append(dst, 0x9f, 0x74, 0)
	}
	dst = binary.BigEndian.AppendUint32(append(dst, 0x89, 4), m.esn)
	dst = append(append(dst, 0x88, 5), m.min[:]...)
	return append(dst, 0x9f, 0x81, 0x41, 1, m.service)
}

// handStack is the whole message.
type handStack struct {
	data  handData
	udt   handUDT
	query handQuery
	smdpp handSMDPP
}

//go:noinline
func (m *handStack) append(dst []byte) ([]byte, bool) {
	params := m.smdpp.size()
	_, _, n := m.query.sizes(params)
	n = sized(1, n)
	whole := m.udt.size() + n
	if !m.udt.fits(n) || !m.data.fits(whole) {
		return dst, false
	}
	dst = m.data.head(dst, whole)
	dst = m.udt.head(dst, n)
	dst = m.query.head(dst, params)
	dst = m.smdpp.append(dst)
	return m.data.pad(dst, whole), true
}

//go:noinline
func (m *handStack) decode(b []byte) bool {
	return m.data.decode(b) && m.udt.decode(m.data.payload) && m.query.decode(m.udt.payload) && m.smdpp.decode(m.query.payload)
}
