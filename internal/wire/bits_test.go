package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
)

// piece is one thing that a bit appender was given.
type piece struct {
	n      int // bits; 0 for octets
	v      uint64
	octets []byte
}

func pieces() *rapid.Generator[[]piece] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) piece {
		if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
			return piece{octets: rapid.SliceOfN(rapid.Byte(), 0, 6).Draw(t, "octets")}
		}
		return piece{n: rapid.IntRange(1, 64).Draw(t, "width"), v: rapid.Uint64().Draw(t, "value")}
	}), 0, 20)
}

// TestBitsRoundTrip: what is appended is read back, whatever the widths, and
// bits of a value above its width do not leak into the neighbour.
func TestBitsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "before")
		ps := pieces().Draw(t, "pieces")
		w := wire.AppendBits(bytes.Clone(before))
		bits := 0
		for _, p := range ps {
			if p.n > 0 {
				w.U(p.n, p.v)
			} else {
				w.Octets(p.octets)
			}
			bits += p.n + 8*len(p.octets)
		}
		b := w.Pad()
		if !bytes.HasPrefix(b, before) || len(b) != len(before)+(bits+7)/8 {
			t.Fatalf("%d bits behind %x gave %x", bits, before, b)
		}
		r := wire.NewBits(proto, b[len(before):], len(before), nil)
		for i, p := range ps {
			if p.n == 0 {
				if got := r.AppendOctets(nil, len(p.octets), "octets"); !bytes.Equal(got, p.octets) {
					t.Fatalf("piece %d: octets %x, want %x", i, got, p.octets)
				}
			} else if got, want := r.U(p.n, "number"), p.v&(1<<p.n-1); got != want {
				t.Fatalf("piece %d of %d bits: %x, want %x", i, p.n, got, want)
			}
		}
		if r.Len() != -bits&7 || r.Off() != len(before)+bits/8 {
			t.Fatalf("after %d bits: octet %d, %d bits left", bits, r.Off(), r.Len())
		}
		if r.Pad() {
			t.Fatalf("odd padding in %x", b)
		}
		if err := r.End(); err != nil {
			t.Fatal(err)
		}
	})
}

// agreeBits runs a program of bit reads by the model, by the reader and by
// the reader with a trace.
func agreeBits(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, program, b []byte, base int) {
	t.Helper()
	var mt modelTrace
	m := newBitModel(b, base, &mt)
	want := runBits(m, program)
	for _, tr := range []*wire.Trace{nil, {}} {
		r := wire.NewBits(proto, b, base, tr)
		if d := cmp.Diff(want, runBits(&r, program)); d != "" {
			t.Fatalf("over %x, traced %t (-model +reader):\n%s", b, tr != nil, d)
		}
		if r.Trace() != tr {
			t.Fatalf("trace %p, want %p", r.Trace(), tr)
		}
		if tr != nil {
			if d := cmp.Diff(mt.fields, tr.Fields); d != "" {
				t.Fatalf("%v over %x, fields of the trace (-model +trace):\n%s", program, b, d)
			}
		}
	}
}

// runBits reads as many bits as each octet of the program says; numbers above
// those of a width (65 is one too many) mean other reads.
func runBits(r bitReader, program []byte) []string {
	var log []string
	for i, o := range program {
		field, n := fmt.Sprint("f", i), int(o)
		got := ""
		switch {
		case n <= 65:
			got = fmt.Sprint(r.U(n, field))
		case n < 100:
			got = fmt.Sprint(r.AppendOctets([]byte{0xee}, n-67, field)) // 66 is one too few
		case n < 150:
			got = fmt.Sprint(r.Flag(field))
		case n < 200:
			got = fmt.Sprint(r.Pad())
		case n < 220:
			got = fmt.Sprintf("%x", r.Rest(field))
		case n < 230:
			got = fmt.Sprint(r.End())
		default:
			got = fmt.Sprint(r.U(n%8, field))
		}
		log = append(log, fmt.Sprintf("%d: %s | octet %d left %d, %v", n, got, r.Off(), r.Len(), r.Err()))
	}
	return log
}

func TestBitPrograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.OneOf(rapid.Byte(), rapid.ByteRange(0, 20), rapid.ByteRange(66, 72), rapid.ByteMin(230))
		program := rapid.SliceOfN(code, 0, 20).Draw(t, "program")
		agreeBits(t, program, messages(60).Draw(t, "message"), rapid.IntRange(0, 99).Draw(t, "base"))
	})
}

func FuzzBits(f *testing.F) {
	f.Add([]byte{3, 7, 68, 225}, []byte{0xab, 0xcd, 0xef})
	f.Add([]byte{64, 1, 210}, []byte{1, 2, 3, 4, 5, 6, 7, 8, 0x80})
	f.Add([]byte{4, 160, 210}, []byte{0xff, 1})
	f.Fuzz(func(t *testing.T, program, b []byte) { agreeBits(t, program, b, 7) })
}

func TestBitFaults(t *testing.T) {
	tests := []struct {
		name string
		read func(r *wire.Bits)
		want wire.Error
	}{
		{"one bit too many", func(r *wire.Bits) { r.U(10, "a"); r.U(15, "b") }, wire.Error{Field: "b", Offset: 101, Err: wire.ErrShort}},
		{"65 bits", func(r *wire.Bits) { r.U(65, "a") }, wire.Error{Field: "a", Offset: 100, Err: wire.ErrShort}},
		{"fewer than no bits", func(r *wire.Bits) { r.U(-1, "a") }, wire.Error{Field: "a", Offset: 100, Err: wire.ErrShort}},
		{"an octet of seven bits", func(r *wire.Bits) { r.U(17, "a"); r.AppendOctets(nil, 1, "b") }, wire.Error{Field: "b", Offset: 102, Err: wire.ErrShort}},
		{"fewer than no octets", func(r *wire.Bits) { r.AppendOctets(nil, -1, "b") }, wire.Error{Field: "b", Offset: 100, Err: wire.ErrShort}},
		{"rest not aligned", func(r *wire.Bits) { r.U(9, "a"); r.Rest("b") }, wire.Error{Field: "b", Offset: 101, Err: wire.ErrLength}},
		{"an octet left", func(r *wire.Bits) { r.U(9, "a"); _ = r.End() }, wire.Error{Field: "end of block", Offset: 102, Err: wire.ErrTrailing}},
		{"the first one stays", func(r *wire.Bits) {
			r.Flag("a")
			r.Fail("b", wire.ErrValue)
			r.Fail("c", wire.ErrMissing)
			r.U(50, "d")
			r.Rest("e")
			_ = r.End()
		}, wire.Error{Field: "b", Offset: 100, Err: wire.ErrValue}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := wire.NewBits(proto, []byte{1, 2, 3}, 100, nil)
			tt.read(&r)
			var got *wire.Error
			if !errors.As(r.Err(), &got) {
				t.Fatalf("want an error, got %v", r.Err())
			}
			tt.want.Proto = proto
			if *got != tt.want {
				t.Errorf("got %v, want %v", got, &tt.want)
			}
			if off := r.Off(); r.Len() != 0 || r.U(0, "x") != 0 || r.Pad() || r.Rest("x") != nil || r.Off() != off {
				t.Errorf("reads on after %v", got)
			}
			if got := r.AppendOctets([]byte{9}, 0, "x"); !bytes.Equal(got, []byte{9}) {
				t.Errorf("octets after an error: %x", got)
			}
		})
	}
}

func TestPad(t *testing.T) {
	tests := []struct {
		name string
		octet,
		next byte
		read int
		odd  bool
	}{
		{"zeros", 0b11100000, 0xff, 3, false},
		{"one bit set", 0b11100001, 0, 3, true},
		{"nothing to pad", 0xff, 0xff, 8, false},
		{"nothing read", 0xff, 0xff, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := wire.NewBits(proto, []byte{tt.octet, tt.next}, 0, nil)
			r.U(tt.read, "a")
			if odd := r.Pad(); odd != tt.odd {
				t.Errorf("odd %t, want %t", odd, tt.odd)
			}
			if r.Len()%8 != 0 || r.Err() != nil {
				t.Errorf("%d bits left, %v after padding", r.Len(), r.Err())
			}
		})
	}
}

// TestBitsOfCursor: a part of the cursor's octets is read as bits, with the
// cursor's offsets, and neither reads what belongs to the other.
func TestBitsOfCursor(t *testing.T) {
	c := wire.NewCursorAt(proto, []byte{1, 0xab, 0xcd, 9}, 50, nil)
	c.U8("first")
	r := c.Bits(2, "block")
	if r.Off() != 51 || r.Len() != 16 || c.Off() != 53 {
		t.Errorf("bits at %d, %d of them; cursor at %d", r.Off(), r.Len(), c.Off())
	}
	r.U(4, "a")
	r.U(13, "b")
	c.Adopt(r.Err())
	want := wire.Error{Proto: proto, Field: "b", Offset: 51, Err: wire.ErrShort}
	var got *wire.Error
	if !errors.As(c.Err(), &got) || *got != want {
		t.Errorf("got %v, want %v", c.Err(), &want)
	}

	c = wire.NewCursorAt(proto, []byte{1}, 50, nil)
	r = c.Bits(2, "block")
	if r.Err() == nil || r.Err() != c.Err() {
		t.Errorf("bits that are not there: %v, cursor %v", r.Err(), c.Err())
	}
}

// TestRestKeepsToItself: appending to what Rest gave must not write into what
// stands behind the block.
func TestRestKeepsToItself(t *testing.T) {
	whole := []byte{1, 2, 3, 4}
	r := wire.NewBits(proto, whole[:2], 0, nil)
	r.U(8, "a")
	if _ = append(r.Rest("rest"), 9); whole[2] != 3 {
		t.Errorf("the octet behind the block became %d", whole[2])
	}
}

// TestPadBetween: what is appended after padding begins a new octet.
func TestPadBetween(t *testing.T) {
	w := wire.AppendBits([]byte{9})
	w.U(3, 7)
	w.Pad()
	w.U(4, 5)
	w.Flag(true)
	w.Pad()
	w.Octets([]byte{0xab})
	if got, want := w.Pad(), []byte{9, 0xe0, 0x58, 0xab}; !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

func TestBitsDoNotAllocate(t *testing.T) {
	b := make([]byte, 0, 64)
	got := testing.AllocsPerRun(100, func() {
		w := wire.AppendBits(b[:0])
		w.U(3, 5)
		w.Flag(true)
		w.Octets([]byte{1, 2, 3})
		out := w.Pad()
		r := wire.NewBits(proto, out, 0, nil)
		r.U(3, "a")
		r.Flag("b")
		_ = r.AppendOctets(b[32:32], 3, "c")
		_ = r.End()
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}
