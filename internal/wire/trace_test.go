package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
)

type color uint8

func (c color) String() string { return map[color]string{1: "red", 2: "green"}[c] }

// record reads a message that has one of everything a trace can show.
func record() *wire.Trace {
	tr := &wire.Trace{}
	tr.Open(0, 24, "PACKET")
	c := wire.NewCursorAt("demo", []byte{
		2, 0x01, 0x02, 'h', 'i', 0, 4, 0xde, 0xad, 0xbe, 0xef, 0xa5, 0xc3, 0x12, 0x34, 0x56, 1, 2, 3, 0,
	}, 4, tr)
	wire.Say(&c, color(c.U8("color")))
	c.U16("status")
	c.Hexadecimal()
	c.Hexadecimal() // once is enough
	c.CString(9, "name")
	l := c.Enter(5, "key")
	n := c.U8("length")
	c.Bytes(int(n), "value of the key")
	c.Secret()
	c.Note("as sent")
	c.Leave(l)
	c.Group("flags")
	r := c.Bits(2, "flags")
	r.U(1, "barred")
	r.Note("one bit")
	r.U(4, "code")
	r.Hexadecimal()
	r.Flag("hidden")
	r.Secret()
	r.U(7, "rest of two octets")
	r.Pad()
	c.Adopt(r.Err())
	c.EndGroup()
	c.Bytes(0, "nothing")
	l = c.Narrow(3, "pin")
	c.Rest("pin")
	c.Secret()
	c.Leave(l)
	c.U8("a name longer than the column of names is wide")
	c.Note("first")
	c.Note("second")
	tr.Close()
	tr.Close() // one too many is none
	c.Bytes(9, "missing")
	c.Note("of a field that was not read")
	c.Secret()
	c.Hexadecimal()
	return tr
}

func TestText(t *testing.T) {
	tests := []struct {
		reveal bool
		want   string
	}{
		{false, `
     0  PACKET
     4    color                              2  (green)
     5    status                             0x0102
     7    name                               "hi"
    10    key
    10      length                           4
    11      value of the key                 <4 octets, secret>
    15    flags
  15.0      barred                           1  (one bit)
  15.1      code                             0x04
  15.5      hidden                           <1 octet, secret>
  15.6      rest of two octets               56
  16.5      padding                          3  (not zero)
    17    nothing                            -
    17    pin                                <3 octets, secret>
    20    a name longer than the column of names is wide 1  (first, second)
`},
		{true, `
     0  PACKET
     4    color                              2  (green)
     5    status                             0x0102
     7    name                               "hi"
    10    key
    10      length                           4
    11      value of the key                 deadbeef  (as sent)
    15    flags
  15.0      barred                           1  (one bit)
  15.1      code                             0x04
  15.5      hidden                           1
  15.6      rest of two octets               56
  16.5      padding                          3  (not zero)
    17    nothing                            -
    17    pin                                123456
    20    a name longer than the column of names is wide 1  (first, second)
`},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want[1:], record().Text(tt.reveal)); d != "" {
			t.Errorf("reveal %t (-want +got):\n%s", tt.reveal, d)
		}
	}
}

// TestEmptyTrace: remarks without a field to stand beside are lost, not a panic.
func TestEmptyTrace(t *testing.T) {
	tr := &wire.Trace{}
	c := wire.NewCursorAt(proto, []byte{1}, 0, tr)
	c.Note("n")
	c.Secret()
	c.Hexadecimal()
	c.EndGroup()
	if tr.Text(true) != "" {
		t.Errorf("got %q", tr.Text(true))
	}
	c.U8("a") // at no negative depth
	if got, want := tr.Text(true), "     0  a                                    1\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHexadecimal: only a number is rewritten.
func TestHexadecimal(t *testing.T) {
	tr := &wire.Trace{}
	c := wire.NewCursorAt(proto, []byte{'1', 0, 1, 2, 3, 4, 5, 6, 7, 8}, 0, tr)
	c.CString(9, "text")
	c.Hexadecimal()
	c.U64("number")
	c.Hexadecimal()
	if a, b := tr.Fields[0].Value, tr.Fields[1].Value; a != `"1"` || b != "0x0102030405060708" {
		t.Errorf("text %s, number %s", a, b)
	}
}

// TestSilentStringer: without a trace nobody asks for the name.
func TestSilentStringer(t *testing.T) {
	c := wire.NewCursor(proto, []byte{1})
	if got := wire.Say(&c, unspeakable{t, c.U8("x")}); got.v != 1 {
		t.Errorf("said %d", got.v)
	}
}

type unspeakable struct {
	t *testing.T
	v uint8
}

func (u unspeakable) String() string {
	u.t.Error("asked for a name nobody reads")
	return ""
}
