package ber_test

import (
	"errors"
	"testing"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

func TestReadLength(t *testing.T) {
	tests := []struct {
		name   string
		octets []byte
		behind int // octets after the length
		want   int
		field  string
		err    error
	}{
		{"none", []byte{0}, 0, 0, "", nil},
		{"short form", []byte{5}, 5, 5, "", nil},
		{"longest short form", []byte{0x7f}, 127, 127, "", nil},
		{"one octet", []byte{0x81, 0x80}, 128, 128, "", nil},
		{"two octets", []byte{0x82, 0x01, 0x00}, 256, 256, "", nil},
		{"three octets", []byte{0x83, 0x01, 0x00, 0x00}, 65536, 65536, "", nil},
		{"four octets", []byte{0x84, 0x01, 0x00, 0x00, 0x00}, 1 << 24, 1 << 24, "", nil},
		{"one octet, not minimal", []byte{0x81, 0x05}, 6, 5, "", nil},
		{"two octets, not minimal", []byte{0x82, 0x00, 0x05}, 5, 5, "", nil},
		{"three octets, not minimal", []byte{0x83, 0, 0, 0}, 0, 0, "", nil},
		{"four octets, not minimal", []byte{0x84, 0, 0, 0, 0x7f}, 127, 127, "", nil},
		{"indefinite", []byte{0x80}, 9, 0, "indefinite length", wire.ErrUnsupported},
		{"five octets", []byte{0x85, 0, 0, 0, 0, 1}, 1, 0, "length", wire.ErrLength},
		{"reserved", []byte{0xff}, 200, 0, "length", wire.ErrLength},
		{"one past the end", []byte{5}, 4, 0, "length", wire.ErrLength},
		{"one past the end, long form", []byte{0x82, 0x01, 0x00}, 255, 0, "length", wire.ErrLength},
		{"largest there is", []byte{0x84, 0xff, 0xff, 0xff, 0xff}, 9, 0, "length", wire.ErrLength},
		{"missing", nil, 0, 0, "length", wire.ErrShort},
		{"cut", []byte{0x82, 0x01}, 0, 0, "length", wire.ErrShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := append(tt.octets, make([]byte, tt.behind)...)
			c := wire.NewCursorAt(proto, b, 40, nil)
			got := ber.ReadLength(&c)
			if tt.err == nil {
				if got != tt.want || c.Err() != nil || c.Len() != tt.behind {
					t.Errorf("got %d with %d behind, want %d with %d (%v)", got, c.Len(), tt.want, tt.behind, c.Err())
				}
				return
			}
			var we *wire.Error
			if !errors.As(c.Err(), &we) || we.Field != tt.field || !errors.Is(we, tt.err) {
				t.Fatalf("got %v, want %q: %v", c.Err(), tt.field, tt.err)
			}
			if tt.err != wire.ErrShort && we.Offset != 40 {
				t.Errorf("%v, want it at the length itself", we)
			}
			if got > len(b) {
				t.Errorf("length %d after %v", got, we)
			}
		})
	}
}

// TestLengthWithinLevel: what limits a length is the element around it.
func TestLengthWithinLevel(t *testing.T) {
	c := wire.NewCursor(proto, []byte{0x30, 3, 4, 2, 9, 9})
	_, l := ber.Enter(&c)
	tag, n := ber.Header(&c)
	if tag != 4 || !errors.Is(c.Err(), wire.ErrLength) {
		t.Errorf("element %v of %d octets in one of three, %v", tag, n, c.Err())
	}
	c.Leave(l)
	var we *wire.Error
	if !errors.As(c.End(), &we) || we.Offset != 3 {
		t.Errorf("got %v, want it at octet 3", we)
	}
}
