package tcap_test

import (
	"encoding/hex"
	"testing"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// attach is a UDT from 1-12-5 SSN 12 to 1-12-6 SSN 8 around the published
// SMDPP attach.
func attach(tb testing.TB) []byte {
	tb.Helper()
	b, err := hex.DecodeString("090003080d05c308060c0105c30c050c0135" +
		"e233c70400000000e82be929cf0100d1020935f2209f69009f74009f81000108880516193204009f814101019f8143052222222222")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// BenchmarkDecodeAppend decodes and encodes UDT, query and invoke.
func BenchmarkDecodeAppend(b *testing.B) {
	in := attach(b)
	var u sccp.UDT
	var p ansi.Package
	var inner, out []byte
	b.ReportAllocs()
	for b.Loop() {
		if err := u.Decode(in); err != nil {
			b.Fatal(err)
		}
		if err := p.Decode(u.Data); err != nil {
			b.Fatal(err)
		}
		var err error
		if inner, err = p.Append(inner[:0]); err != nil {
			b.Fatal(err)
		}
		u.Data = inner
		if out, err = u.Append(out[:0]); err != nil {
			b.Fatal(err)
		}
	}
	if string(out) != string(in) {
		b.Fatalf("%x, want %x", out, in)
	}
}

// reference is the same message read and written by hand: one known layout,
// every length and tag checked, no names, no trace.
type reference struct {
	class                      byte
	calledSSN, callingSSN      byte
	calledPC, callingPC        uint32
	tid                        uint32
	invokeID, family, specific byte
	params                     []byte
}

func (r *reference) decode(b []byte) bool {
	if len(b) < 5 || b[0] != 9 {
		return false
	}
	r.class = b[1]
	called, calling, data := 2+int(b[2]), 3+int(b[3]), 4+int(b[4])
	if called+6 > len(b) || calling+6 > len(b) || data >= len(b) || b[called] != 5 || b[calling] != 5 || b[called+1] != 0xc3 || b[calling+1] != 0xc3 {
		return false
	}
	r.calledSSN, r.callingSSN = b[called+2], b[calling+2]
	r.calledPC = uint32(b[called+3]) | uint32(b[called+4])<<8 | uint32(b[called+5])<<16
	r.callingPC = uint32(b[calling+3]) | uint32(b[calling+4])<<8 | uint32(b[calling+5])<<16
	if data+1+int(b[data]) != len(b) {
		return false
	}
	p := b[data+1:]
	if len(p) < 21 || p[0] != 0xe2 || int(p[1]) != len(p)-2 || p[2] != 0xc7 || p[3] != 4 || p[8] != 0xe8 || int(p[9]) != len(p)-10 ||
		p[10] != 0xe9 || int(p[11]) != len(p)-12 || p[12] != 0xcf || p[13] != 1 || p[15] != 0xd1 || p[16] != 2 || p[19] != 0xf2 || int(p[20]) != len(p)-21 {
		return false
	}
	r.tid = uint32(p[4])<<24 | uint32(p[5])<<16 | uint32(p[6])<<8 | uint32(p[7])
	r.invokeID, r.family, r.specific, r.params = p[14], p[17], p[18], p[21:]
	return true
}

func (r *reference) append(dst []byte) []byte {
	n := byte(len(r.params))
	dst = append(dst, 9, r.class, 3, 8, 13,
		5, 0xc3, r.calledSSN, byte(r.calledPC), byte(r.calledPC>>8), byte(r.calledPC>>16),
		5, 0xc3, r.callingSSN, byte(r.callingPC), byte(r.callingPC>>8), byte(r.callingPC>>16),
		n+21, 0xe2, n+19, 0xc7, 4, byte(r.tid>>24), byte(r.tid>>16), byte(r.tid>>8), byte(r.tid),
		0xe8, n+11, 0xe9, n+9, 0xcf, 1, r.invokeID, 0xd1, 2, r.family, r.specific, 0xf2, n)
	return append(dst, r.params...)
}

// BenchmarkDecodeAppendByHand is the ceiling.
func BenchmarkDecodeAppendByHand(b *testing.B) {
	in := attach(b)
	var r reference
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		if !r.decode(in) {
			b.Fatal("refused")
		}
		out = r.append(out[:0])
	}
	if string(out) != string(in) {
		b.Fatalf("%x, want %x", out, in)
	}
}
