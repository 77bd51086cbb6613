package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/otagate/otagate/internal/wire"
)

// TestReads: every read at its limit, and one octet short of it.
func TestReads(t *testing.T) {
	message := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	tests := []struct {
		name string
		size int
		read func(c *wire.Cursor) any
		want any
	}{
		{"U8", 1, func(c *wire.Cursor) any { return c.U8("x") }, uint8(1)},
		{"U16", 2, func(c *wire.Cursor) any { return c.U16("x") }, uint16(0x0102)},
		{"U24", 3, func(c *wire.Cursor) any { return c.U24("x") }, uint32(0x010203)},
		{"U32", 4, func(c *wire.Cursor) any { return c.U32("x") }, uint32(0x01020304)},
		{"U64", 8, func(c *wire.Cursor) any { return c.U64("x") }, uint64(0x0102030405060708)},
		{"Bytes", 5, func(c *wire.Cursor) any { return fmt.Sprintf("%x", c.Bytes(5, "x")) }, "0102030405"},
	}
	for _, tt := range tests {
		for _, tr := range []*wire.Trace{nil, {}} {
			c := wire.NewCursorAt(proto, message[:tt.size], 10, tr)
			if got := tt.read(&c); got != tt.want || c.Err() != nil || c.Off() != 10+tt.size || c.More() {
				t.Errorf("%s traced %t: %v, want %v (%v)", tt.name, tr != nil, got, tt.want, c.Err())
			}
			c = wire.NewCursorAt(proto, message[:tt.size-1], 10, tr)
			zero := fmt.Sprint(tt.read(&c))
			if zero != "0" && zero != "" {
				t.Errorf("%s of a short message gave %s", tt.name, zero)
			}
			wantError(t, c.Err(), wire.Error{Proto: proto, Field: "x", Offset: 10, Err: wire.ErrShort})
		}
	}
}

func wantError(t *testing.T, err error, want wire.Error) {
	t.Helper()
	var got *wire.Error
	if !errors.As(err, &got) {
		t.Errorf("got %v, want %v", err, &want)
	} else if *got != want {
		t.Errorf("got %v, want %v", got, &want)
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name string
		read func(c *wire.Cursor)
		want wire.Error // zero: none
	}{
		{"fewer than no octets", func(c *wire.Cursor) { c.Bytes(-1, "a") }, wire.Error{Field: "a", Offset: 20, Err: wire.ErrShort}},
		{"a length beyond any message", func(c *wire.Cursor) { c.U8("a"); c.Bytes(math.MaxInt/2+1, "b") }, wire.Error{Field: "b", Offset: 21, Err: wire.ErrShort}},
		{"rest of nothing", func(c *wire.Cursor) { c.Bytes(6, "a"); c.Rest("b") }, wire.Error{}},
		{"octets left", func(c *wire.Cursor) { c.Bytes(5, "a") }, wire.Error{Field: "end of message", Offset: 25, Err: wire.ErrTrailing}},
		{"count that fits", func(c *wire.Cursor) { c.Count(3, 2, "n"); c.Rest("") }, wire.Error{}},
		{"count of one too many", func(c *wire.Cursor) { c.Count(4, 2, "n") }, wire.Error{Field: "n", Offset: 20, Err: wire.ErrLength}},
		{"count of huge ones", func(c *wire.Cursor) { c.Count(math.MaxInt/2+1, math.MaxInt/2+1, "n") }, wire.Error{Field: "n", Offset: 20, Err: wire.ErrLength}},
		{"count of fewer than none", func(c *wire.Cursor) { c.Count(-1, 1, "n") }, wire.Error{Field: "n", Offset: 20, Err: wire.ErrLength}},
		{"field longer than the message", func(c *wire.Cursor) { c.Enter(7, "f") }, wire.Error{Field: "f", Offset: 20, Err: wire.ErrLength}},
		{"field of negative length", func(c *wire.Cursor) { c.Narrow(-1, "f") }, wire.Error{Field: "f", Offset: 20, Err: wire.ErrLength}},
		{"inner field longer than the outer", func(c *wire.Cursor) { c.Enter(4, "f"); c.U8("a"); c.Narrow(4, "g") }, wire.Error{Field: "g", Offset: 21, Err: wire.ErrLength}},
		{"read past the field", func(c *wire.Cursor) { c.Enter(3, "f"); c.U32("a") }, wire.Error{Field: "a", Offset: 20, Err: wire.ErrShort}},
		{"string past the field", func(c *wire.Cursor) { c.Narrow(3, "f"); c.CString(9, "s") }, wire.Error{Field: "s", Offset: 20, Err: wire.ErrShort}},
		{"field not read to its end", func(c *wire.Cursor) { l := c.Enter(3, "f"); c.U16("a"); c.Leave(l) }, wire.Error{Field: "end of field", Offset: 22, Err: wire.ErrTrailing}},
		{"two levels left", func(c *wire.Cursor) {
			outer := c.Enter(5, "f")
			c.U8("a")
			inner := c.Narrow(2, "g")
			c.Rest("b")
			c.Leave(inner)
			c.U16("c")
			c.Leave(outer)
			c.U8("d")
		}, wire.Error{}},
		{"named offset", func(c *wire.Cursor) { c.U16("a"); c.FailAt(20, "a", wire.ErrValue) }, wire.Error{Field: "a", Offset: 20, Err: wire.ErrValue}},
		{"the first one stays", func(c *wire.Cursor) {
			c.U16("a")
			c.Fail("b", wire.ErrValue)
			c.U8("c")
			c.Bytes(99, "d")
			c.CString(1, "e")
			c.Count(99, 99, "f")
			l := c.Enter(99, "g")
			c.FailAt(0, "h", wire.ErrMissing)
			c.Adopt(wire.ErrUnsupported)
			c.Leave(l)
		}, wire.Error{Field: "b", Offset: 22, Err: wire.ErrValue}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := wire.NewCursorAt(proto, []byte{1, 2, 3, 4, 5, 6}, 20, nil)
			tt.read(&c)
			err := c.End()
			if tt.want.Err == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			tt.want.Proto = proto
			wantError(t, err, tt.want)
		})
	}
}

// TestAfterError: all reads give nothing and stay where they are, at offset 0
// as anywhere else.
func TestAfterError(t *testing.T) {
	for _, skip := range []int{0, 2} {
		c := wire.NewCursor(proto, []byte{7, 7, 7, 0, 7, 7, 7, 7, 7, 7})
		c.Bytes(skip, "skipped")
		c.Fail("x", wire.ErrValue)
		if v := uint64(c.U8("")) + uint64(c.U16("")) + uint64(c.U24("")) + uint64(c.U32("")) + c.U64(""); v != 0 {
			t.Errorf("numbers after an error: %d", v)
		}
		if c.Bytes(0, "") != nil || c.Bytes(2, "") != nil || c.Rest("") != nil || c.CString(9, "") != nil {
			t.Error("octets after an error")
		}
		if v, ok := c.Peek(); v != 0 || ok {
			t.Error("an octet to peek at after an error")
		}
		if n := c.Count(1, 1, "n"); n != 0 {
			t.Errorf("count %d after an error", n)
		}
		c.Leave(c.Enter(0, "f"))
		c.Leave(c.Narrow(3, "g"))
		if c.Len() != 0 || c.More() || c.Off() != skip {
			t.Errorf("%d left at %d after an error", c.Len(), c.Off())
		}
	}
}

func TestCString(t *testing.T) {
	tests := []struct {
		b    string
		max  int
		want string
		off  int
		err  error
	}{
		{"abc\x00z", 10, "abc", 4, nil},
		{"abc\x00", 4, "abc", 4, nil},          // the NUL is the last octet max allows
		{"abc\x00", 3, "", 0, wire.ErrTooLong}, // and here the first beyond
		{"\x00", 1, "", 1, nil},                // the empty string
		{"abc", 10, "", 0, wire.ErrShort},      // no NUL before the end
		{"abc", 3, "", 0, wire.ErrTooLong},     // nor within max
		{"", 10, "", 0, wire.ErrShort},         // nothing there
		{"\x00", 0, "", 0, wire.ErrTooLong},    // room for nothing
		{"a\xff\x00\x00", 9, "a\xff", 3, nil},  // octets, not characters
		{"ab\x00cd\x00", 2, "", 0, wire.ErrTooLong},
	}
	for _, tt := range tests {
		c := wire.NewCursor(proto, []byte(tt.b))
		got := c.CString(tt.max, "s")
		if string(got) != tt.want || c.Off() != tt.off || !errors.Is(c.Err(), tt.err) || (tt.err == nil) != (c.Err() == nil) {
			t.Errorf("CString(%q, max %d) = %q at %d, %v; want %q at %d, %v", tt.b, tt.max, got, c.Off(), c.Err(), tt.want, tt.off, tt.err)
		}
	}
}

// TestCStringWithinLevel: a NUL behind the field does not end a string in it,
// whatever max would allow.
func TestCStringWithinLevel(t *testing.T) {
	for max, want := range map[int]error{2: wire.ErrTooLong, 3: wire.ErrTooLong, 4: wire.ErrShort, 5: wire.ErrShort} {
		c := wire.NewCursor(proto, []byte("abc\x00"))
		c.Narrow(3, "f")
		if got := c.CString(max, "s"); got != nil || !errors.Is(c.Err(), want) {
			t.Errorf("max %d: got %q, %v; want %v", max, got, c.Err(), want)
		}
	}
}

// TestAliases: octets and strings stand in the message, and appending to them
// does not write into it.
func TestAliases(t *testing.T) {
	for _, tr := range []*wire.Trace{nil, {}} {
		b := []byte{1, 2, 'a', 0, 5, 6}
		c := wire.NewCursorAt(proto, b, 0, tr)
		v, s := c.Bytes(2, "v"), c.CString(9, "s")
		rest := c.Bytes(1, "r")
		_, _, _ = append(v, 9), append(s, 9), append(rest, 9)
		if !bytes.Equal(b, []byte{1, 2, 'a', 0, 5, 6}) {
			t.Errorf("traced %t: appending wrote into the message: %x", tr != nil, b)
		}
		b[0], b[2] = 8, 'z'
		if v[0] != 8 || s[0] != 'z' {
			t.Errorf("traced %t: a copy was made", tr != nil)
		}
	}
}

func TestPeek(t *testing.T) {
	c := wire.NewCursor(proto, []byte{1, 2, 3})
	l := c.Enter(1, "f")
	if v, ok := c.Peek(); v != 1 || !ok || c.Off() != 0 {
		t.Errorf("peek: %d %t at %d", v, ok, c.Off())
	}
	c.U8("a")
	if v, ok := c.Peek(); v != 0 || ok {
		t.Errorf("peek beyond the field: %d %t", v, ok)
	}
	c.Leave(l)
	if v, ok := c.Peek(); v != 2 || !ok {
		t.Errorf("peek after the field: %d %t", v, ok)
	}
}

// TestMute: octets read between Mute and Unmute leave no line, those after
// stand where they would have stood.
func TestMute(t *testing.T) {
	tr := &wire.Trace{}
	c := wire.NewCursorAt(proto, []byte{1, 2, 3, 4, 5}, 30, tr)
	c.U8("a")
	resume := c.Mute()
	if resume != tr || c.Trace() != nil {
		t.Errorf("muted: %p, trace %p", resume, c.Trace())
	}
	c.U16("b")
	if again := c.Mute(); again != nil {
		t.Error("muted twice")
	} else {
		c.Unmute(again) // undoes nothing
	}
	c.Note("of nothing")
	c.Unmute(resume)
	c.U8("c")
	c.Mute()
	c.U16("d")
	c.Unmute(resume)
	wantError(t, c.Err(), wire.Error{Proto: proto, Field: "d", Offset: 34, Err: wire.ErrShort})
	c.U8("e")
	if got, want := tr.Text(true), "    30  a                                    1\n    33  c                                    4\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAdopt(t *testing.T) {
	c := wire.NewCursor(proto, []byte{1})
	c.Adopt(nil)
	if c.Err() != nil || c.Len() != 1 {
		t.Errorf("adopted nothing, got %v", c.Err())
	}
	part := wire.Unencodable("other", "x", wire.ErrValue)
	c.Adopt(part)
	if c.Err() != part || c.More() || c.End() != part {
		t.Errorf("adopted %v, got %v", part, c.Err())
	}
}

// TestZeroCursor: the zero value reads nothing and does not panic.
func TestZeroCursor(t *testing.T) {
	var c wire.Cursor
	if c.More() || c.Len() != 0 || c.End() != nil {
		t.Errorf("zero cursor: %d left, %v", c.Len(), c.Err())
	}
	if c.U8("x") != 0 || !errors.Is(c.Err(), wire.ErrShort) {
		t.Errorf("zero cursor reads, %v", c.Err())
	}
}

func TestReadsDoNotAllocate(t *testing.T) {
	b := []byte{1, 2, 3, 4, 5, 6, 'a', 0, 9, 9}
	got := testing.AllocsPerRun(100, func() {
		c := wire.NewCursor(proto, b)
		c.U8("a")
		c.U16("b")
		l := c.Enter(3, "f")
		c.U24("c")
		c.Leave(l)
		c.CString(9, "d")
		wire.Say(&c, wire.Hex(c.Rest("e"))) // a value with a name
		c.Note("n")
		if c.End() != nil {
			t.Error(c.Err())
		}
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}
