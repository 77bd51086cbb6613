package wire_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
)

// agree runs one program over one message three times, by the model, by the
// cursor and by the cursor with a trace, and says where they differ.
func agree(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, program []op, b []byte, base int) {
	t.Helper()
	whole := slices.Clone(b)
	m := newModel(b, base)
	m.trace.heading(true, wire.Field{Name: "message"})
	want := run(m, program)

	plain := &cursor{c: wire.NewCursorAt(proto, b, base, nil)}
	if d := cmp.Diff(want, run(plain, program)); d != "" {
		t.Fatalf("over %x, model and cursor (-model +cursor):\n%s", b, d)
	}
	tr := &wire.Trace{}
	tr.Open(0, 0, "message")
	traced := &cursor{c: wire.NewCursorAt(proto, b, base, tr)}
	if d := cmp.Diff(want, run(traced, program)); d != "" {
		t.Fatalf("over %x, model and traced cursor (-model +traced):\n%s", b, d)
	}
	if d := cmp.Diff(m.trace.fields, tr.Fields); d != "" {
		t.Fatalf("%v over %x, fields of the trace (-model +trace):\n%s", program, b, d)
	}
	for range program {
		traced.leave()
	}
	tr.Open(0, 0, "after all was left")
	if f := tr.Fields[len(tr.Fields)-1]; f.Depth != 1 {
		t.Fatalf("%v over %x left the trace at depth %d, want 1", program, b, f.Depth)
	}
	if plain.c.Trace() != nil {
		t.Fatalf("%v over %x: a trace from nowhere", program, b)
	}
	if !slices.Equal(b, whole) {
		t.Fatalf("%v over %x: reading wrote %x", program, whole, b)
	}
}

// messages are random octets in which NULs and small numbers are as likely as
// in life.
func messages(max int) *rapid.Generator[[]byte] {
	octet := rapid.OneOf(rapid.Just(byte(0)), rapid.ByteRange(1, 8), rapid.Byte())
	return rapid.SliceOfN(octet, 0, max)
}

func TestPrograms(t *testing.T) {
	instruction := rapid.Custom(func(t *rapid.T) op {
		return op{code: rapid.ByteMax(opCodes-1).Draw(t, "code"), n: rapid.Byte().Draw(t, "n")}
	})
	rapid.Check(t, func(t *rapid.T) {
		program := rapid.SliceOfN(instruction, 0, 30).Draw(t, "program")
		agree(t, program, messages(120).Draw(t, "message"), rapid.IntRange(0, 1000).Draw(t, "base"))
	})
}

// TestLongPrograms leaves out what ends a program early, so that the deep
// nesting is reached that random programs seldom see.
func TestLongPrograms(t *testing.T) {
	calm := []byte{opU8, opU16, opBytes, opPeek, opEnter, opNarrow, opGroup, opMute, opLeave, opNote, opSecret, opHexadecimal, opRest}
	instruction := rapid.Custom(func(t *rapid.T) op {
		return op{code: rapid.SampledFrom(calm).Draw(t, "code"), n: rapid.ByteRange(1, 20).Draw(t, "n")}
	})
	rapid.Check(t, func(t *rapid.T) {
		program := rapid.SliceOfN(instruction, 20, 60).Draw(t, "program")
		agree(t, program, messages(400).Draw(t, "message"), 0)
	})
}

// FuzzCursor takes the program from the input: its length, its instructions,
// then the message.
func FuzzCursor(f *testing.F) {
	f.Add([]byte{2, opU8, 0, opBytes, 3, 1, 2, 3, 4})
	f.Add([]byte{4, opEnter, 5, opU16, 0, opU16, 0, opLeave, 0, 1, 2, 3, 4, 5})
	f.Add([]byte{3, opMute, 0, opCString, 9, opLeave, 0, 'a', 'b', 0, 7})
	f.Add([]byte{3, opBits, 4, opRest, 0, opEnd, 0, 1, 2, 3, 4, 5, 6})
	f.Add([]byte{1, opBytes, 1})
	f.Add([]byte{5, opGroup, 0, opU32, 0, opNote, 0, opLeave, 0, opFail, 0, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		n := int(in[0])
		in = in[1:]
		var program []op
		for len(program) < n && len(in) >= 2 {
			program = append(program, op{in[0], in[1]})
			in = in[2:]
		}
		agree(t, program, in, n)
	})
}
