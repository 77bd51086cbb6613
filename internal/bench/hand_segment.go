package bench

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/sms"
)

// Octets of the segments that are written by hand.
const (
	gsmOctets    = 140
	udhPart      = gsmOctets - 12 // behind the header with reference and ports
	wdpOctets    = 120
	wdpPart      = wdpOctets - 3
	wdpPorts     = 4 // of segment 0 only
	bearerOctets = 5 + 2 + 2 + wdpOctets
)

// appendUDH8 is segment i of a datagram of segmentsOf full ones: the header and
// a copy.
//
//go:noinline
func appendUDH8(dst []byte, m *sms.Message, i int) []byte {
	at := i * udhPart
	dst = append(dst, 11, 0, 3, byte(m.Reference), segmentsOf, byte(i+1),
		5, 4, byte(m.Destination>>8), byte(m.Destination), byte(m.Source>>8), byte(m.Source))
	return append(dst, m.Payload[at:at+udhPart]...)
}

// appendBearer is segment i of a datagram of WDP as bearer data of IS-637, in one
// pass and without a buffer for the user data.
//
//go:noinline
func appendBearer(dst []byte, m *sms.Message, i int) []byte {
	id := m.Reference
	dst = append(dst, 0, 3, 0x10|byte(id>>12), byte(id>>4), byte(id<<4), 1, wdpOctets+2, wdpOctets>>5)
	head, n, part := uint64(segmentsOf)<<8|uint64(i), 3, m.Payload // MSG_TYPE is 0
	if i == 0 {
		head, n = head<<32|uint64(m.Source)<<16|uint64(m.Destination), 7
		part = part[:wdpPart-wdpPorts]
	} else {
		part = part[i*wdpPart-wdpPorts:][:wdpPart]
	}
	left := uint64(wdpOctets & 31)
	for n--; n >= 0; n-- {
		o := head >> (8 * n) & 0xff
		dst = append(dst, byte(left<<3|o>>5))
		left = o & 31
	}
	for ; len(part) >= 8; part = part[8:] {
		v := binary.BigEndian.Uint64(part)
		dst = binary.BigEndian.AppendUint64(dst, left<<59|v>>5)
		left = v & 31
	}
	for _, o := range part {
		dst = append(dst, byte(left<<3)|o>>5)
		left = uint64(o & 31)
	}
	return append(dst, byte(left<<3))
}
