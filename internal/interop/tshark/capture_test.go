//go:build interop

package tshark_test

import (
	"encoding/binary"
	"os"
	"testing"

	"github.com/otagate/otagate/internal/sms/tpdu"
)

// Link types of the captures. With linkExported a packet says in front of its
// octets which dissector they are for.
const (
	linkSCCP     = 142
	linkExported = 252
)

// Tags of an exported PDU (Wireshark's wsutil/exported_pdu_tlvs.h).
const (
	tagDissectorName  = 12
	tagDissectorTable = 14
	tagIPv4Source     = 20
	tagIPv4Dest       = 21
	tagTableValue     = 32
	tagDirection      = 35
)

// entry names the dissector for a packet: a protocol, or the entry of a table.
type entry struct {
	link  uint32
	name  string // protocol, or
	table string // dissector table and
	value uint32 // entry of it

	towards tpdu.Direction // where it goes, for dissectors that ask
}

func protocol(name string) entry { return entry{link: linkExported, name: name} }

func tableEntry(table string, value uint32) entry {
	return entry{link: linkExported, table: table, value: value}
}

// packet is one packet of a capture. back exchanges the invented addresses of
// an exported PDU, so that answers come from where the question went.
type packet struct {
	at     entry
	octets []byte
	back   bool
}

func tlv(dst []byte, tag uint16, v []byte) []byte {
	n := (len(v) + 3) &^ 3
	dst = binary.BigEndian.AppendUint16(dst, tag)
	dst = binary.BigEndian.AppendUint16(dst, uint16(n))
	return append(append(dst, v...), make([]byte, n-len(v))...)
}

func (p packet) append(dst []byte) []byte {
	if p.at.link != linkExported {
		return append(dst, p.octets...)
	}
	if p.at.table != "" {
		dst = tlv(dst, tagDissectorTable, []byte(p.at.table))
		dst = tlv(dst, tagTableValue, binary.BigEndian.AppendUint32(nil, p.at.value))
	} else {
		dst = tlv(dst, tagDissectorName, []byte(p.at.name))
	}
	from, to := []byte{192, 0, 2, 1}, []byte{192, 0, 2, 2}
	if p.back {
		from, to = to, from
	}
	dst = tlv(dst, tagIPv4Source, from)
	dst = tlv(dst, tagIPv4Dest, to)
	switch p.at.towards {
	case tpdu.MobileTerminated: // what Wireshark calls sent
		dst = tlv(dst, tagDirection, []byte{0, 0, 0, 0})
	case tpdu.MobileOriginated: // received
		dst = tlv(dst, tagDirection, []byte{0, 0, 0, 1})
	}
	dst = append(dst, 0, 0, 0, 0)
	return append(dst, p.octets...)
}

// writeCapture writes a classic capture file; all packets have one link type.
func writeCapture(t testing.TB, name string, packets []packet) {
	t.Helper()
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, 262144)
	b = le.AppendUint32(b, packets[0].at.link)
	for i, p := range packets {
		frame := p.append(nil)
		b = le.AppendUint32(b, uint32(i))
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, uint32(len(frame)))
		b = le.AppendUint32(b, uint32(len(frame)))
		b = append(b, frame...)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
