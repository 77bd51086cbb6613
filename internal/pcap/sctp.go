package pcap

import (
	"encoding/binary"
	"hash/crc32"
	"net/netip"
	"time"
)

const (
	chunkData = 0
	wholeData = 3 // flags B and E: first and last fragment
)

// sctpHalf is one direction of an association.
type sctpHalf struct {
	tag uint32            // what the receiver expects in every packet
	tsn uint32            // of the next chunk
	ssn map[uint16]uint16 // per stream
}

// SCTP writes payload as one DATA chunk. ppid is the number on the wire, 3 for
// M3UA.
func (p *Writer) SCTP(at time.Time, from, to netip.AddrPort, ppid uint32, stream uint16, payload []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := endpoints(from, to)
	chunk := 16 + len(payload)
	padded := (chunk + 3) &^ 3
	if !p.begin(d, protoSCTP, 12+padded) {
		return
	}
	h := p.association(d)
	start := len(p.buf)
	b := binary.BigEndian.AppendUint16(p.buf, d.from.Port())
	b = binary.BigEndian.AppendUint16(b, d.to.Port())
	b = binary.BigEndian.AppendUint32(b, h.tag)
	b = append(b, 0, 0, 0, 0) // checksum
	b = append(b, chunkData, wholeData)
	b = binary.BigEndian.AppendUint16(b, uint16(chunk))
	b = binary.BigEndian.AppendUint32(b, h.tsn)
	b = binary.BigEndian.AppendUint16(b, stream)
	b = binary.BigEndian.AppendUint16(b, h.ssn[stream])
	b = binary.BigEndian.AppendUint32(b, ppid)
	b = append(b, payload...)
	b = append(b, make([]byte, padded-chunk)...)
	// RFC 9260 appendix A: the CRC32c goes out least significant octet first.
	sum := crc32.Checksum(b[start:], crc32.MakeTable(crc32.Castagnoli))
	binary.LittleEndian.PutUint32(b[start+8:], sum)
	h.tsn++
	h.ssn[stream]++
	p.buf = b
	p.packet(at)
}

func (p *Writer) association(d path) *sctpHalf {
	h := p.sct[d]
	if h == nil {
		h = &sctpHalf{tag: uint32(len(p.sct)) + 1, tsn: 1, ssn: make(map[uint16]uint16)}
		p.sct[d] = h
	}
	return h
}
