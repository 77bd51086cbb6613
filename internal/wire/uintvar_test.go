package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
)

func TestUintvar(t *testing.T) {
	for octets, want := range map[string]uint32{
		"00": 0, "2f": 47, "7f": 127, "8100": 128, "8222": 290, "ff7f": 16383, "818000": 16384,
		"a401": 0x1201, "9f53": 0x0fd3, "a20e": 0x110e, "a400": 0x1200, "8fffffff7f": 1<<32 - 1,
	} {
		if got := hex.EncodeToString(wire.AppendUintvar(nil, want)); got != octets {
			t.Errorf("%d: %s, want %s", want, got, octets)
		}
		b, err := hex.DecodeString(octets)
		if err != nil {
			t.Fatal(err)
		}
		c := wire.NewCursor("test", b)
		if got := c.Uintvar("n"); got != want || c.End() != nil {
			t.Errorf("%s: %d, %v, want %d", octets, got, c.Err(), want)
		}
	}
	c := wire.NewCursor("test", []byte{0x80, 0x80, 0x05, 9})
	if got := c.Uintvar("n"); got != 5 || c.Len() != 1 {
		t.Errorf("zeros in front: %d, %d octets left", got, c.Len())
	}
}

func TestUintvarRefused(t *testing.T) {
	for octets, want := range map[string]error{
		"": wire.ErrShort, "80": wire.ErrShort, "ffff": wire.ErrShort,
		"808080808000": wire.ErrTooLong, "ffffffffff7f": wire.ErrTooLong, "9080808000": wire.ErrValue, "ffffffff7f": wire.ErrValue,
	} {
		b, err := hex.DecodeString(octets)
		if err != nil {
			t.Fatal(err)
		}
		for _, tr := range []*wire.Trace{nil, new(wire.Trace)} {
			c := wire.NewCursorAt("test", b, 0, tr)
			if got := c.Uintvar("n"); got != 0 || !errors.Is(c.Err(), want) {
				t.Errorf("%s: %d, %v, want %v", octets, got, c.Err(), want)
			}
			if tr != nil && len(tr.Fields) != 0 {
				t.Errorf("%s: traced as %+v", octets, tr.Fields)
			}
		}
	}
}

// Any number comes back, and a trace has it as one field.
func TestUintvarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Uint32().Draw(t, "number")
		b := wire.AppendUintvar([]byte{7}, want)
		tr := new(wire.Trace)
		c := wire.NewCursorAt("test", append(bytes.Clone(b), 9), 3, tr)
		c.U8("before")
		if got := c.Uintvar("n"); got != want || c.Err() != nil || c.Len() != 1 {
			t.Fatalf("%x: %d, %v, want %d", b, got, c.Err(), want)
		}
		if f := tr.Fields[1]; len(tr.Fields) != 2 || f.Name != "n" || f.Off != 4 || f.Len != len(b)-1 {
			t.Fatalf("%+v", tr.Fields)
		}
		plain := wire.NewCursor("test", b[1:])
		if got := plain.Uintvar("n"); got != want || plain.End() != nil {
			t.Fatalf("%x: %d, %v, want %d", b, got, plain.Err(), want)
		}
	})
}
