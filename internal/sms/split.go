package sms

import "github.com/otagate/otagate/internal/sms/gsm7"

// Octets of headers.
const (
	udhl        = 1
	concat8     = 5
	concat16    = 6
	ports16     = 6
	wdpHeader   = 3
	wdpPorts    = 4
	surrogateHi = 0xd8 // to 0xdb, first octet of the first of two surrogates
)

// Plan says how a message is carried. It borrows the payload. The zero Plan has
// no segments.
type Plan struct {
	way     Way
	message Message
	total   int
	first   int // octets of payload that the first segment takes at most
	rest    int // and the others
}

// Split plans how m goes. A message that needs more segments than are taken
// is a *TooLongError.
func Split(m *Message, way Way, lim Limits) (Plan, error) {
	if err := m.check(way); err != nil {
		return Plan{}, err
	}
	p := Plan{way: way, message: *m}
	octets := lim.octets(way)
	if way == Payload {
		return p.whole(octets, lim)
	}
	if way != WDP && len(m.Payload) <= m.room(octets, m.headerLen(way, false)) {
		p.total, p.first = 1, len(m.Payload)
		return p, nil
	}
	p.first = m.room(octets, m.headerLen(way, true))
	p.rest = p.first
	if way == WDP {
		p.first, p.rest = octets-wdpHeader-wdpPorts, octets-wdpHeader
	}
	if p.first < m.unit() {
		return Plan{}, ErrRoom
	}
	p.total = p.count()
	if most := lim.segments(); p.total > most {
		return Plan{}, &TooLongError{Segments: p.total, Limit: most}
	}
	return p, nil
}

// whole is the plan of Payload.
func (p Plan) whole(octets int, lim Limits) (Plan, error) {
	m := &p.message
	if len(m.Payload) > mostPayload {
		return Plan{}, &TooLongError{Segments: (len(m.Payload) + mostPayload - 1) / mostPayload, Limit: 1}
	}
	if lim.Segments > 0 {
		if _, err := Split(m, UDH16, Limits{Octets: octets, Segments: lim.Segments}); err != nil {
			return Plan{}, err
		}
	}
	p.total, p.first = 1, len(m.Payload)
	return p, nil
}

// check refuses what would become another message on its way.
func (m *Message) check(way Way) error {
	switch {
	case way > WDP:
		return ErrWay
	case m.Coding > Latin1, way == WDP && m.Coding != Octets:
		return ErrCoding
	case m.Coding == UCS2 && len(m.Payload)%2 != 0:
		return ErrPayload
	case m.Coding == GSM7 || m.Coding == ASCII:
		for _, c := range m.Payload {
			if c > 0x7f {
				return ErrPayload
			}
		}
	}
	return nil
}

// headerLen are the octets of the header in front of a part, of SAR those of
// the header that the service centre will put there.
func (m *Message) headerLen(way Way, several bool) (n int) {
	if several {
		if n += concat16; way == UDH8 {
			n += concat8 - concat16
		}
	}
	if m.hasPorts() {
		n += ports16
	}
	if n > 0 {
		n += udhl
	}
	return n
}

// room is how much of the payload fits into octets of user data behind a header.
func (m *Message) room(octets, header int) int {
	switch m.Coding {
	case GSM7:
		return gsm7.Room(octets-header, gsm7.Fill(header))
	case UCS2:
		return (octets - header) &^ 1
	}
	return octets - header
}

// unit is the longest character.
func (m *Message) unit() int {
	switch m.Coding {
	case GSM7:
		return 2
	case UCS2:
		return 4
	}
	return 1
}

// count walks through the payload: where a character must not be parted, a
// segment is shorter than the others.
func (p *Plan) count() int {
	n, at := 1, p.next(0, 0)
	for ; at < len(p.message.Payload); n++ {
		at = p.next(n, at)
	}
	return n
}

// next is where the segment ends that is the i-th and begins at at.
func (p *Plan) next(i, at int) int {
	size := p.rest
	if i == 0 {
		size = p.first
	}
	return at + p.message.cut(p.message.Payload[at:], size)
}

// cut is where to cut b, so that at most size octets are in front.
func (m *Message) cut(b []byte, size int) int {
	switch {
	case size >= len(b):
		return len(b)
	case m.Coding == GSM7:
		return gsm7.Cut(b, size)
	case m.Coding == UCS2 && b[size-2]&0xfc == surrogateHi && b[size]&0xfc == surrogateHi|4:
		return size - 2
	}
	return size
}
