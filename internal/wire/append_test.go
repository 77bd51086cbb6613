package wire_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/wire"
)

func TestAppendCString(t *testing.T) {
	tests := []struct {
		s    string
		max  int
		want string
		err  error
	}{
		{"abc", 9, "<abc\x00", nil},
		{"abc", 4, "<abc\x00", nil}, // max counts the NUL
		{"abc", 3, "<", wire.ErrTooLong},
		{"", 1, "<\x00", nil},
		{"", 0, "<", wire.ErrTooLong},
		{"a\x00b", 9, "<", wire.ErrValue},
		{"ab\x00", 9, "<", wire.ErrValue},
	}
	for _, tt := range tests {
		got, err := wire.AppendCString([]byte("<"), []byte(tt.s), tt.max, proto, "s")
		if string(got) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("AppendCString(%q, max %d) = %q, %v; want %q, %v", tt.s, tt.max, got, err, tt.want, tt.err)
		}
		if tt.err != nil {
			wantError(t, err, wire.Error{Proto: proto, Field: "s", Offset: -1, Err: tt.err})
			continue
		}
		c := wire.NewCursor(proto, got[1:])
		if back := c.CString(tt.max, "s"); string(back) != tt.s || c.End() != nil {
			t.Errorf("%q came back as %q, %v", tt.s, back, c.Err())
		}
	}
}

func TestPatchU8(t *testing.T) {
	tests := []struct {
		name  string
		n     int
		want  byte
		fails bool
	}{
		{"none", 0, 0, false},
		{"most", 255, 255, false},
		{"too many", 256, 0xee, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dst := append([]byte("<<<"), 0xee)
			dst = append(dst, strings.Repeat("v", tt.n)...)
			err := wire.PatchU8(dst, 3, proto, "len")
			if tt.fails {
				wantError(t, err, wire.Error{Proto: proto, Field: "len", Offset: -1, Err: wire.ErrTooLong})
			} else if err != nil {
				t.Error(err)
			}
			want := "<<<" + string([]byte{tt.want}) + strings.Repeat("v", tt.n)
			if string(dst) != want {
				t.Errorf("got %.20x, want %.20x", dst, want)
			}
		})
	}
}

func TestPutU32(t *testing.T) {
	dst := []byte{9, 0, 0, 0, 0, 9}
	wire.PutU32(dst, 1, 0x01020304)
	if want := []byte{9, 1, 2, 3, 4, 9}; !bytes.Equal(dst, want) {
		t.Errorf("got %x, want %x", dst, want)
	}
}
