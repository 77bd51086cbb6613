package sms

import (
	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/udh"
)

// Segment is one short message of a plan.
type Segment struct {
	Total   int    // of segments
	Number  int    // of this one, from 1 on; in WDP from 0 on, as it goes
	Payload []byte // the part, which borrows the message's payload
}

// Segments is their number.
func (p *Plan) Segments() int { return p.total }

// Segment is the i-th, from 0 on; it panics when there is no such one.
func (p *Plan) Segment(i int) Segment {
	if i < 0 || i >= p.total {
		panic("sms: no such segment")
	}
	at, end := 0, p.next(0, 0)
	for k := 1; k <= i; k++ {
		at, end = end, p.next(k, end)
	}
	s := Segment{Total: p.total, Number: i + 1, Payload: p.message.Payload[at:end:end]}
	if p.way == WDP {
		s.Number = i
	}
	return s
}

// HasHeader tells that the user data begins with a user data header: TP-UDHI of
// a TPDU, bit 0x40 of esm_class in SMPP.
func (p *Plan) HasHeader() bool { return p.headerLen() > 0 }

// headerLen are the octets of the user data header of every segment.
func (p *Plan) headerLen() int {
	if p.way != UDH8 && p.way != UDH16 {
		return 0
	}
	return p.message.headerLen(p.way, p.total > 1)
}

// AppendUserData appends the user data of segment i: header and part, GSM7 as
// one septet an octet, which is the form of SMPP.
func (p *Plan) AppendUserData(dst []byte, i int) []byte {
	s := p.Segment(i)
	return append(p.appendHeader(dst, s), s.Payload...)
}

// AppendPacked is AppendUserData in the form of a TPDU: GSM7 is packed behind
// the fill bits. length is the TP-UDL, of GSM7 in septets.
func (p *Plan) AppendPacked(dst []byte, i int) (ud []byte, length int) {
	s := p.Segment(i)
	from := len(dst)
	dst = p.appendHeader(dst, s)
	if p.message.Coding != GSM7 {
		dst = append(dst, s.Payload...)
		return dst, len(dst) - from
	}
	header := len(dst) - from
	fill := gsm7.Fill(header)
	return gsm7.AppendPacked(dst, s.Payload, fill), (8*header+fill)/7 + len(s.Payload)
}

func (p *Plan) appendHeader(dst []byte, s Segment) []byte {
	m := &p.message
	if p.way == WDP {
		return m.appendWDP(dst, s)
	}
	n := p.headerLen()
	if n == 0 {
		return dst
	}
	dst = append(dst, byte(n-udhl))
	if s.Total > 1 {
		dst = udh.Concatenation{Reference: m.Reference, Total: uint8(s.Total), Number: uint8(s.Number), Wide: p.way == UDH16}.Append(dst)
	}
	if m.hasPorts() {
		dst = udh.Ports{Destination: m.Destination, Source: m.Source, Wide: true}.Append(dst)
	}
	return dst
}

func (m *Message) appendWDP(dst []byte, s Segment) []byte {
	dst = append(dst, 0, byte(s.Total), byte(s.Number))
	if s.Number > 0 {
		return dst
	}
	return append(dst, byte(m.Source>>8), byte(m.Source), byte(m.Destination>>8), byte(m.Destination))
}
