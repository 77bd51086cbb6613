package sccp

import "github.com/otagate/otagate/ss7/mtp"

// cut is the short way of Decode for a UDT between two ANSI addresses without
// titles, whose parts stand one behind the other in the order of their
// pointers: nearly all there are in the networks this is for, and a cursor that
// can name each field and fault costs five times as much. Anything else is left
// to read, with m as it was. A test holds the two together.
func (m *UDT) cut(b []byte) bool {
	if m.Variant != ANSI || len(b) < 8 || MessageType(b[0]) != TypeUDT || b[2] != 3 {
		return false
	}
	calling := 6 + int(b[5]) // where its length stands, which b[3] points to
	if calling != 3+int(b[3]) || calling >= len(b) {
		return false
	}
	data := calling + 1 + int(b[calling])
	if data != 4+int(b[4]) || data >= len(b) || data+1+int(b[data]) != len(b) {
		return false
	}
	to, from := b[6:calling], b[calling+1:data]
	if !plain(to) || !plain(from) {
		return false
	}
	m.Class = ProtocolClass(b[1])
	m.Called.cut(to)
	m.Calling.cut(from)
	if m.Data = b[data+1 : len(b) : len(b)]; len(m.Data) == 0 {
		m.Data = nil
	}
	return true
}

// The bits of the indicator of an ANSI address.
const (
	indicatorSSN       = 0x01
	indicatorPointCode = 0x02
	indicatorGTI       = 0x3c
	indicatorRoute     = 0x40
	indicatorANSI      = 0x80
)

// plain reports whether b is an address in ANSI form without a title, and
// nothing behind it.
func plain(b []byte) bool {
	return len(b) > 0 && b[0]&(indicatorANSI|indicatorGTI) == indicatorANSI &&
		len(b) == 1+int(b[0]&indicatorSSN)+3*int(b[0]&indicatorPointCode>>1)
}

// cut reads an address that is plain.
func (a *Address) cut(b []byte) {
	ind := b[0]
	*a = Address{RouteOnSSN: ind&indicatorRoute != 0, HasSSN: ind&indicatorSSN != 0, HasPointCode: ind&indicatorPointCode != 0}
	if a.HasSSN {
		a.SSN = SSN(b[1])
	}
	if a.HasPointCode {
		pc := b[len(b)-3:]
		a.PointCode = mtp.ANSI(pc[2], pc[1], pc[0])
	}
}

// isPlain reports whether a is what cut reads.
func (a *Address) isPlain() bool {
	t := &a.GlobalTitle
	return a.Variant == ANSI && t.GTI == 0 && len(t.Digits) == 0 && len(a.Unread) == 0
}

// appendPlain is the short way of Append for what cut reads, which always fits:
// nothing in it can fail. A test holds it together with appendAny.
func (m *UDT) appendPlain(dst []byte) []byte {
	to, from := &m.Called, &m.Calling
	if to.HasSSN && to.HasPointCode && from.HasSSN && from.HasPointCode { // nearly always
		p, q := to.PointCode, from.PointCode
		dst = append(dst, byte(TypeUDT), byte(m.Class), 3, 8, 13,
			5, to.indicator(), byte(to.SSN), p.Member(), p.Cluster(), p.Network(),
			5, from.indicator(), byte(from.SSN), q.Member(), q.Cluster(), q.Network(), byte(len(m.Data)))
		return append(dst, m.Data...)
	}
	at := len(dst)
	dst = to.appendPlain(append(dst, byte(TypeUDT), byte(m.Class), 3, 0, 0))
	dst[at+3] = byte(len(dst) - at - 3)
	dst = from.appendPlain(dst)
	dst[at+4] = byte(len(dst) - at - 4)
	return append(append(dst, byte(len(m.Data))), m.Data...)
}

// indicator is that of an address that isPlain.
func (a *Address) indicator() byte {
	ind := byte(indicatorANSI)
	if a.RouteOnSSN {
		ind |= indicatorRoute
	}
	if a.HasSSN {
		ind |= indicatorSSN
	}
	if a.HasPointCode {
		ind |= indicatorPointCode
	}
	return ind
}

// appendPlain appends an address that isPlain with its length octet.
func (a *Address) appendPlain(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, 0, a.indicator())
	if a.HasSSN {
		dst = append(dst, byte(a.SSN))
	}
	if pc := a.PointCode; a.HasPointCode {
		dst = append(dst, pc.Member(), pc.Cluster(), pc.Network())
	}
	dst[at] = byte(len(dst) - at - 1)
	return dst
}
