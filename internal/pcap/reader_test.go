package pcap_test

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"testing"
	"time"
)

// packet is what this reader, which shares nothing with the writer, finds.
type packet struct {
	at       time.Time
	from, to string
	payload  []byte

	seq, ack uint32 // TCP
	flags    byte

	tag, tsn, ppid uint32 // SCTP
	stream, ssn    uint16
}

var be = binary.BigEndian

func readFile(t *testing.T, b []byte) []packet {
	t.Helper()
	le := binary.LittleEndian
	if len(b) < 24 || le.Uint32(b) != 0xa1b23c4d || le.Uint32(b[20:]) != 1 {
		t.Fatalf("no pcap file of Ethernet with nanoseconds: %x", b[:min(24, len(b))])
	}
	var ps []packet
	for b = b[24:]; len(b) > 0; {
		n := int(le.Uint32(b[8:]))
		p := readFrame(t, b[16:16+n])
		p.at = time.Unix(int64(le.Uint32(b)), int64(le.Uint32(b[4:])))
		ps = append(ps, p)
		b = b[16+n:]
	}
	return ps
}

func readFrame(t *testing.T, f []byte) packet {
	t.Helper()
	var from, to netip.Addr
	var proto byte
	var body, pseudo []byte
	switch ip := f[14:]; be.Uint16(f[12:]) {
	case 0x0800:
		if int(be.Uint16(ip[2:])) != len(ip) || onesSum(ip[:20]) != 0xffff {
			t.Errorf("IPv4 header %x of %d octets", ip[:20], len(ip))
		}
		from, to = netip.AddrFrom4([4]byte(ip[12:16])), netip.AddrFrom4([4]byte(ip[16:20]))
		proto, body, pseudo = ip[9], ip[20:], ip[12:20]
	case 0x86dd:
		if int(be.Uint16(ip[4:])) != len(ip)-40 || ip[0]>>4 != 6 {
			t.Errorf("IPv6 header %x of %d octets", ip[:40], len(ip))
		}
		from, to = netip.AddrFrom16([16]byte(ip[8:24])), netip.AddrFrom16([16]byte(ip[24:40]))
		proto, body, pseudo = ip[6], ip[40:], ip[8:40]
	default:
		t.Fatalf("no IP packet: %x", f)
	}
	var p packet
	switch proto {
	case 6:
		p = readTCP(t, body, pseudo)
	case 132:
		p = readSCTP(t, body)
	default:
		t.Fatalf("IP protocol %d", proto)
	}
	p.from = netip.AddrPortFrom(from, be.Uint16(body)).String()
	p.to = netip.AddrPortFrom(to, be.Uint16(body[2:])).String()
	return p
}

func readTCP(t *testing.T, b, pseudo []byte) packet {
	t.Helper()
	whole := append(append([]byte(nil), pseudo...), 0, 6, byte(len(b)>>8), byte(len(b)))
	if whole = append(whole, b...); onesSum(whole) != 0xffff {
		t.Errorf("wrong TCP checksum: %x", b)
	}
	return packet{seq: be.Uint32(b[4:]), ack: be.Uint32(b[8:]), flags: b[13], payload: b[4*(b[12]>>4):]}
}

func readSCTP(t *testing.T, b []byte) packet {
	t.Helper()
	zeroed := append([]byte(nil), b...)
	clear(zeroed[8:12])
	if got, want := binary.LittleEndian.Uint32(b[8:]), crc32c(zeroed); got != want {
		t.Errorf("SCTP checksum %08x, want %08x", got, want)
	}
	n := int(be.Uint16(b[14:]))
	if b[12] != 0 || b[13] != 3 || len(b)%4 != 0 || len(b)-12 < n || len(b)-12 > n+3 {
		t.Errorf("no single DATA chunk: %x", b)
	}
	return packet{
		tag: be.Uint32(b[4:]), tsn: be.Uint32(b[16:]), stream: be.Uint16(b[20:]), ssn: be.Uint16(b[22:]),
		ppid: be.Uint32(b[24:]), payload: b[28 : 12+n],
	}
}

func onesSum(b []byte) uint16 {
	var s uint64
	for i, o := range b {
		s += uint64(o) << (8 * (1 - i%2))
	}
	for s>>16 != 0 {
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// crc32c is the bitwise form: polynomial 1EDC6F41, reflected.
func crc32c(b []byte) uint32 {
	crc := ^uint32(0)
	for _, o := range b {
		crc ^= uint32(o)
		for range 8 {
			crc = crc>>1 ^ bits.Reverse32(0x1edc6f41)&-(crc&1)
		}
	}
	return ^crc
}

func TestCRC32C(t *testing.T) {
	// RFC 3720 appendix B.4: 32 octets of zero.
	if got := crc32c(make([]byte, 32)); got != 0x8a9136aa {
		t.Errorf("%08x", got)
	}
}
