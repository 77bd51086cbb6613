package bench

import "encoding/binary"

// The types of this file are what a program would have that knows one message
// only: an SMDPP INVOKE in a query, in a UDT with point codes and subsystem
// numbers, in DATA. All fields of all layers are in them, and they are read
// with all lengths checked. What they lack of the real codecs is what makes
// them bare: other messages and parameters, titles, names, and the field and
// offset of a fault. A codec for general use cannot be so small: what ours is
// to be held against is handSame.

// handData is the M3UA layer.
type handData struct {
	appearance, context uint32
	opc, dpc            uint32
	si, ni, mp, sls     byte
	payload             []byte
}

// handUDT is the SCCP layer.
type handUDT struct {
	class           byte
	called, calling handAddress
	payload         []byte
}

type handAddress struct {
	indicator, ssn byte
	pc             uint32
}

// handQuery is the TCAP layer: one package with one INVOKE.
type handQuery struct {
	kind, component   byte
	otid              uint32
	invoke            byte
	family, specifier byte
	payload           []byte
}

// handSMDPP is the ANSI-41 layer.
type handSMDPP struct {
	bearer      []byte
	teleservice uint16
	given       bool // the teleservice has its two octets
	esn         uint32
	min         [5]byte
	service     byte
	seen        byte // a bit for each parameter
}

//go:noinline
func (m *handData) decode(b []byte) bool {
	if len(b) < 8 || b[0] != 1 || b[2] != 1 || b[3] != 1 || binary.BigEndian.Uint32(b[4:]) != uint32(len(b)) {
		return false
	}
	seen := 0
	for i := 8; i < len(b); {
		if i+4 > len(b) {
			return false
		}
		tag, n := binary.BigEndian.Uint16(b[i:]), int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 4 || i+n > len(b) {
			return false
		}
		v := b[i+4 : i+n]
		switch tag {
		case 0x0200:
			if n != 8 || seen&1 != 0 {
				return false
			}
			m.appearance, seen = binary.BigEndian.Uint32(v), seen|1
		case 0x0006:
			if n != 8 || seen&2 != 0 {
				return false
			}
			m.context, seen = binary.BigEndian.Uint32(v), seen|2
		case 0x0210:
			if n < 16 || seen&4 != 0 {
				return false
			}
			m.opc, m.dpc = binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[4:])
			if m.opc > 0xffffff || m.dpc > 0xffffff {
				return false
			}
			m.si, m.ni, m.mp, m.sls = v[8], v[9], v[10], v[11]
			m.payload, seen = v[12:], seen|4
		default:
			return false
		}
		i += (n + 3) &^ 3
	}
	return seen&4 != 0
}

//go:noinline
func (m *handUDT) decode(b []byte) bool {
	if len(b) < 5 || b[0] != 9 {
		return false
	}
	m.class = b[1]
	called, calling, data := 2+int(b[2]), 3+int(b[3]), 4+int(b[4])
	if !m.called.decode(b, called) || !m.calling.decode(b, calling) || data >= len(b) || data+1+int(b[data]) > len(b) {
		return false
	}
	m.payload = b[data+1 : data+1+int(b[data])]
	return true
}

// decode reads the address that begins with its length at b[i].
func (a *handAddress) decode(b []byte, i int) bool {
	if i >= len(b) || i+1+int(b[i]) > len(b) {
		return false
	}
	v := b[i+1 : i+1+int(b[i])]
	if len(v) == 0 || v[0]&0xbc != 0x80 {
		return false
	}
	*a = handAddress{indicator: v[0]}
	v = v[1:]
	if a.indicator&1 != 0 {
		if len(v) < 1 {
			return false
		}
		a.ssn, v = v[0], v[1:]
	}
	if a.indicator&2 != 0 {
		if len(v) < 3 {
			return false
		}
		a.pc, v = uint32(v[2])<<16|uint32(v[1])<<8|uint32(v[0]), v[3:]
	}
	return len(v) == 0
}

// element checks tag and length at b[i] and returns where the value begins and
// ends; end is -1 when there is no such element.
func element(b []byte, i int, tag byte) (begin, end int) {
	if i+2 > len(b) || b[i] != tag {
		return 0, -1
	}
	n := int(b[i+1])
	i += 2
	switch {
	case n == 0x81 && i < len(b):
		n, i = int(b[i]), i+1
	case n == 0x82 && i+1 < len(b):
		n, i = int(b[i])<<8|int(b[i+1]), i+2
	case n >= 0x80:
		return 0, -1
	}
	if i+n > len(b) {
		return 0, -1
	}
	return i, i + n
}

//go:noinline
func (m *handQuery) decode(b []byte) bool {
	if len(b) == 0 || b[0] != 0xe2 && b[0] != 0xe3 {
		return false
	}
	m.kind = b[0]
	i, end := element(b, 0, m.kind)
	if end != len(b) {
		return false
	}
	v, e := element(b, i, 0xc7)
	if e-v != 4 {
		return false
	}
	m.otid = binary.BigEndian.Uint32(b[v:])
	if i, end = element(b, e, 0xe8); end != len(b) || i >= end || b[i] != 0xe9 && b[i] != 0xed {
		return false
	}
	m.component = b[i]
	if i, end = element(b, i, m.component); end != len(b) {
		return false
	}
	if v, e = element(b, i, 0xcf); e-v != 1 {
		return false
	}
	m.invoke = b[v]
	if v, e = element(b, e, 0xd1); e-v != 2 {
		return false
	}
	m.family, m.specifier = b[v], b[v+1]
	if v, e = element(b, e, 0xf2); e != len(b) {
		return false
	}
	m.payload = b[v:e]
	return true
}

//go:noinline
func (m *handSMDPP) decode(b []byte) bool {
	*m = handSMDPP{}
	for i := 0; i < len(b); {
		tag := uint32(b[i])
		i++
		for more := tag&0x1f == 0x1f; more; i++ {
			if i == len(b) || tag > 0xffffff {
				return false
			}
			tag, more = tag<<8|uint32(b[i]), b[i]&0x80 != 0
		}
		if i == len(b) {
			return false
		}
		n := int(b[i])
		i++
		switch {
		case n == 0x81 && i < len(b):
			n, i = int(b[i]), i+1
		case n == 0x82 && i+1 < len(b):
			n, i = int(b[i])<<8|int(b[i+1]), i+2
		case n >= 0x80:
			return false
		}
		if i+n > len(b) || !m.parameter(tag, b[i:i+n]) {
			return false
		}
		i += n
	}
	return m.seen&3 == 3
}

func (m *handSMDPP) parameter(tag uint32, v []byte) bool {
	bit := byte(0)
	switch tag {
	case 0x9f69:
		bit, m.bearer = 1, v
	case 0x9f74:
		switch bit = 2; len(v) {
		case 0:
		case 2:
			m.teleservice, m.given = binary.BigEndian.Uint16(v), true
		default:
			return false
		}
	case 0x89:
		if len(v) != 4 {
			return false
		}
		bit, m.esn = 4, binary.BigEndian.Uint32(v)
	case 0x88:
		if len(v) != 5 {
			return false
		}
		bit, m.min = 8, [5]byte(v)
	case 0x9f8141:
		if len(v) != 1 {
			return false
		}
		bit, m.service = 16, v[0]
	default:
		return false
	}
	again := m.seen & bit
	m.seen |= bit
	return again == 0
}
