package ber_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

const proto = "ber"

func TestContext(t *testing.T) {
	tests := []struct {
		number uint32
		want   string
	}{
		{0, "80"},
		{8, "88"},
		{30, "9e"},
		{31, "9f1f"}, // the first that does not fit the first octet
		{105, "9f69"},
		{127, "9f7f"},
		{128, "9f8100"},
		{193, "9f8141"},
		{390, "9f8306"},
		{1<<14 - 1, "9fff7f"},
		{1 << 14, "9f818000"},
		{1<<21 - 1, "9fffff7f"},
	}
	for _, tt := range tests {
		tag := ber.Context(tt.number)
		if tag.String() != tt.want {
			t.Errorf("context %d is %v, want %s", tt.number, tag, tt.want)
		}
		if got := wire.Hex(tag.Append(nil)).String(); got != tt.want {
			t.Errorf("context %d was appended as %s, want %s", tt.number, got, tt.want)
		}
	}
}

func TestReadTag(t *testing.T) {
	tests := []struct {
		name   string
		octets []byte
		want   ber.Tag
		err    error
	}{
		{"universal", []byte{0x04}, 0x04, nil},
		{"universal 0", []byte{0x00}, 0x00, nil},
		{"sequence", []byte{0x30}, 0x30, nil},
		{"private constructed", []byte{0xe2}, 0xe2, nil},
		{"number 30", []byte{0x9e}, 0x9e, nil},
		{"two octets", []byte{0x9f, 0x69}, 0x9f69, nil},
		{"three octets", []byte{0x9f, 0x81, 0x00}, 0x9f8100, nil},
		{"four octets", []byte{0x9f, 0xff, 0xff, 0x7f}, 0x9fffff7f, nil},
		{"constructed in two octets", []byte{0xbf, 0x69}, 0xbf69, nil},
		{"constructed in four octets", []byte{0xff, 0x81, 0x80, 0x00}, 0xff818000, nil},
		{"universal in two octets", []byte{0x1f, 0x20}, 0x1f20, nil},
		{"small number in the long form", []byte{0x9f, 0x05}, 0x9f05, nil},
		{"five octets", []byte{0x9f, 0xff, 0xff, 0xff, 0x7f}, 0, wire.ErrLength},
		{"nothing", nil, 0, wire.ErrShort},
		{"cut after one", []byte{0x9f}, 0, wire.ErrShort},
		{"cut after three", []byte{0x9f, 0x80, 0x80}, 0, wire.ErrShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := wire.NewCursor(proto, tt.octets)
			got := ber.ReadTag(&c)
			if !errors.Is(c.Err(), tt.err) || (tt.err == nil) != (c.Err() == nil) {
				t.Fatalf("got %v, want %v", c.Err(), tt.err)
			}
			if tt.err != nil {
				return
			}
			if got != tt.want || c.More() {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// tags are complete identifiers of one to four octets.
func tags() *rapid.Generator[ber.Tag] {
	return rapid.Custom(func(t *rapid.T) ber.Tag {
		first := ber.Tag(rapid.Byte().Draw(t, "first"))
		if first&0x1f != 0x1f {
			return first
		}
		tag := first
		for range rapid.IntRange(0, 2).Draw(t, "further") {
			tag = tag<<8 | ber.Tag(rapid.ByteMin(0x80).Draw(t, "middle"))
		}
		return tag<<8 | ber.Tag(rapid.ByteMax(0x7f).Draw(t, "last"))
	})
}

func TestTagRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tag := tags().Draw(t, "tag")
		b := tag.Append([]byte{7})
		c := wire.NewCursor(proto, b[1:])
		if got := ber.ReadTag(&c); got != tag || c.End() != nil || b[0] != 7 {
			t.Fatalf("%v became %x, and that %v (%v)", tag, b, got, c.Err())
		}
		if got := wire.Hex(b[1:]).String(); got != tag.String() {
			t.Fatalf("%v has the octets %s", tag, got)
		}
	})
}

// TestContextNumbers: the number comes back from the octets by the rule of
// X.690 §8.1.2.4, seven bits an octet.
func TestContextNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint32Range(31, 1<<21-1).Draw(t, "number")
		b := ber.Context(number).Append(nil)
		var got uint32
		for i, o := range b[1:] {
			got = got<<7 | uint32(o&0x7f)
			if last := i == len(b)-2; (o&0x80 == 0) != last {
				t.Fatalf("context %d: %x ends in the wrong place", number, b)
			}
		}
		if b[0] != 0x9f || b[1] == 0x80 || got != number {
			t.Fatalf("context %d: %x says %d", number, b, got)
		}
	})
}
