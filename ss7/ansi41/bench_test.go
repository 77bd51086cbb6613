package ansi41_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/otagate/otagate/ss7/ansi41"
)

// forward carries an IS-683 message to the terminal, the commonest invoke.
const forward = "9f691a0102020d03471b78062390ee0240affffc0106a5551234567000" +
	"9f7400890481234567880516193204009f81410101"

func BenchmarkSMDPP(b *testing.B) {
	in, buf := octets(b, forward), make([]byte, 0, 512)
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		var m ansi41.SMDPPInvoke
		for b.Loop() {
			if m.Decode(in) != nil {
				b.Fatal("decode")
			}
		}
	})
	b.Run("append", func(b *testing.B) {
		b.ReportAllocs()
		var m ansi41.SMDPPInvoke
		if err := m.Decode(in); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if out, err := m.Append(buf); err != nil || len(out) != len(in) {
				b.Fatal("append")
			}
		}
	})
	b.Run("by-hand-decode", func(b *testing.B) {
		var m byHand
		for b.Loop() {
			if !m.decode(in) {
				b.Fatal("decode")
			}
		}
	})
	b.Run("by-hand-append", func(b *testing.B) {
		var m byHand
		m.decode(in)
		for b.Loop() {
			if len(m.append(buf)) != len(in) {
				b.Fatal("append")
			}
		}
	})
}

// byHand is the ceiling: the five parameters of this one message with the
// checks that cannot be left out, no names, no others.
type byHand struct {
	bearer, teleservice []byte
	esn                 uint32
	min                 [5]byte
	service             uint8
	seen                uint8
}

func (m *byHand) decode(b []byte) bool {
	*m = byHand{}
	for len(b) > 0 {
		tag, k := uint32(b[0]), 1
		for b[0]&0x1f == 0x1f {
			if k == len(b) || k == 4 {
				return false
			}
			tag = tag<<8 | uint32(b[k])
			k++
			if b[k-1]&0x80 == 0 {
				break
			}
		}
		if k == len(b) {
			return false
		}
		n := int(b[k])
		k++
		if n >= 0x80 || n > len(b)-k {
			return false
		}
		if !m.field(tag, b[k:k+n]) {
			return false
		}
		b = b[k+n:]
	}
	return m.seen&3 == 3
}

func (m *byHand) field(tag uint32, v []byte) bool {
	bit := uint8(0)
	switch tag {
	case 0x9f69:
		bit, m.bearer = 1, v
	case 0x9f74:
		bit, m.teleservice = 2, v
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
	}
	again := m.seen & bit
	m.seen |= bit
	return again == 0
}

func (m *byHand) append(dst []byte) []byte {
	dst = append(dst, 0x9f, 0x69, byte(len(m.bearer)))
	dst = append(dst, m.bearer...)
	dst = append(dst, 0x9f, 0x74, byte(len(m.teleservice)))
	dst = append(dst, m.teleservice...)
	dst = append(dst, 0x89, 4)
	dst = binary.BigEndian.AppendUint32(dst, m.esn)
	dst = append(dst, 0x88, 5)
	dst = append(dst, m.min[:]...)
	return append(dst, 0x9f, 0x81, 0x41, 1, m.service)
}

// The ceiling must do the same work.
func TestByHand(t *testing.T) {
	in := octets(t, forward)
	var m byHand
	if !m.decode(in) || !bytes.Equal(m.append(nil), in) {
		t.Fatal("the hand-written codec is wrong")
	}
}
