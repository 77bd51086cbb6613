package pcap

import (
	"encoding/binary"
	"net/netip"
	"time"
)

const (
	mss = 1460

	flagSYN = 0x02
	flagPSH = 0x08
	flagACK = 0x10

	// firstSeq is where every direction starts counting. A fixed number makes
	// the same messages the same file.
	firstSeq = 1000
)

// tcpHalf is one direction of a connection.
type tcpHalf struct{ next uint32 }

// TCP writes payload as one or more TCP segments. The first payload of a
// connection comes after a handshake whose client is from; with an empty
// payload there is nothing but the handshake, which is how to say who the
// client is when the server talks first.
func (p *Writer) TCP(at time.Time, from, to netip.AddrPort, payload []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := endpoints(from, to)
	out, in := p.connection(at, d)
	for len(payload) > 0 {
		n := min(len(payload), mss)
		flags := byte(flagACK)
		if n == len(payload) {
			flags |= flagPSH
		}
		p.segment(at, d, out.next, in.next, flags, payload[:n])
		out.next += uint32(n)
		payload = payload[n:]
	}
}

// connection is the state of both directions, after the handshake if the
// connection is new.
func (p *Writer) connection(at time.Time, d path) (out, in *tcpHalf) {
	if h := p.tcp[d]; h != nil {
		return h, p.tcp[d.back()]
	}
	out, in = &tcpHalf{firstSeq + 1}, &tcpHalf{firstSeq + 1}
	p.tcp[d] = out
	if d.back() != d {
		p.tcp[d.back()] = in
	}
	p.segment(at, d, firstSeq, 0, flagSYN, nil)
	p.segment(at, d.back(), firstSeq, firstSeq+1, flagSYN|flagACK, nil)
	p.segment(at, d, firstSeq+1, firstSeq+1, flagACK, nil)
	return out, p.tcp[d.back()]
}

func (p *Writer) segment(at time.Time, d path, seq, ack uint32, flags byte, data []byte) {
	header := 20
	if flags&flagSYN != 0 {
		header = 24
	}
	n := header + len(data)
	if !p.begin(d, protoTCP, n) {
		return
	}
	start := len(p.buf)
	b := binary.BigEndian.AppendUint16(p.buf, d.from.Port())
	b = binary.BigEndian.AppendUint16(b, d.to.Port())
	b = binary.BigEndian.AppendUint32(b, seq)
	b = binary.BigEndian.AppendUint32(b, ack)
	b = append(b, byte(header/4)<<4, flags, 0xff, 0xff, 0, 0, 0, 0) // window, checksum, urgent pointer
	if flags&flagSYN != 0 {
		b = append(b, 2, 4, mss>>8, mss&0xff)
	}
	b = append(b, data...)
	binary.BigEndian.PutUint16(b[start+16:], ^fold(sum(pseudo(d, protoTCP, n), b[start:])))
	p.buf = b
	p.packet(at)
}
