package pcap

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

const (
	protoTCP  = 6
	protoSCTP = 132

	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd

	maxIPPayload = 0xffff - 20
)

var errTooLong = errors.New("pcap: a message does not fit into one IP packet")

// endpoints makes two addresses fit into one packet: IPv4 if both are, an
// invalid address (an in-memory connection has none) standing for 0.0.0.0.
func endpoints(from, to netip.AddrPort) path {
	a, b := plain(from.Addr()), plain(to.Addr())
	if a.Is4() != b.Is4() {
		a, b = netip.AddrFrom16(a.As16()), netip.AddrFrom16(b.As16())
	}
	return path{netip.AddrPortFrom(a, from.Port()), netip.AddrPortFrom(b, to.Port())}
}

func plain(a netip.Addr) netip.Addr {
	if !a.IsValid() {
		return netip.IPv4Unspecified()
	}
	return a.Unmap().WithZone("")
}

// begin starts a frame in p.buf with Ethernet and IP headers for n octets of
// the given protocol.
func (p *Writer) begin(d path, ipProto byte, n int) bool {
	if n > maxIPPayload {
		p.fail(errTooLong)
		return false
	}
	from, to := d.from.Addr(), d.to.Addr()
	b := appendMAC(appendMAC(p.buf[:0], to), from)
	if from.Is4() {
		p.id++
		b = binary.BigEndian.AppendUint16(b, etherIPv4)
		at := len(b)
		b = append(b, 0x45, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(20+n))
		b = binary.BigEndian.AppendUint16(b, p.id)
		b = append(b, 0x40, 0, 64, ipProto, 0, 0) // do not fragment, TTL 64
		b = append(append(b, from.AsSlice()...), to.AsSlice()...)
		binary.BigEndian.PutUint16(b[at+10:], ^fold(sum(0, b[at:])))
	} else {
		b = binary.BigEndian.AppendUint16(b, etherIPv6)
		b = append(b, 0x60, 0, 0, 0)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
		b = append(b, ipProto, 64)
		b = append(append(b, from.AsSlice()...), to.AsSlice()...)
	}
	p.buf = b
	return true
}

// appendMAC makes up a locally administered address from the end of a.
func appendMAC(b []byte, a netip.Addr) []byte {
	s := a.AsSlice()
	return append(append(b, 2, 0), s[len(s)-4:]...)
}

// pseudo is the sum over the pseudo header that TCP's checksum includes.
func pseudo(d path, ipProto byte, n int) uint32 {
	s := sum(0, d.from.Addr().AsSlice())
	s = sum(s, d.to.Addr().AsSlice())
	return s + uint32(ipProto) + uint32(n)
}

// sum adds b to s as 16-bit words, the last one filled up with zero.
func sum(s uint32, b []byte) uint32 {
	for len(b) > 1 {
		s += uint32(b[0])<<8 | uint32(b[1])
		b = b[2:]
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
	}
	return s
}

func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}
