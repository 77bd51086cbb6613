package ber_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// shortest is the length in its shortest form, written apart from the code
// under test.
func shortest(n int) []byte {
	switch {
	case n < 128:
		return []byte{byte(n)}
	case n < 256:
		return []byte{0x81, byte(n)}
	case n < 65536:
		return []byte{0x82, byte(n >> 8), byte(n)}
	}
	return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}

func element(tag ber.Tag, value []byte) []byte {
	return append(append(tag.Append(nil), shortest(len(value))...), value...)
}

// TestBackPatching: for the lengths at and around each boundary, alone and
// nested three deep with octets before and after.
func TestBackPatching(t *testing.T) {
	for _, n := range []int{0, 1, 116, 118, 120, 122, 124, 126, 127, 128, 129, 250, 252, 254, 255, 256, 257, 65526, 65530, 65532, 65535, 65536, 65537, 70000} {
		value := bytes.Repeat([]byte{0xa5}, n)
		want := element(0xe8, append(element(0x9f8100, append(element(0x30, value), 1)), 2, 3))

		dst := []byte("before")
		dst, outer := ber.Open(dst, 0xe8)
		dst, middle := ber.Open(dst, 0x9f8100)
		dst, inner := ber.Open(dst, 0x30)
		dst = append(dst, value...)
		dst = ber.Close(dst, inner)
		dst = append(dst, 1)
		dst = ber.Close(dst, middle)
		dst = append(dst, 2, 3)
		dst = ber.Close(dst, outer)
		if !bytes.Equal(dst, append([]byte("before"), want...)) {
			t.Errorf("%d octets: got %.20x, want %.20x", n, dst, want)
		}
		if got := ber.AppendElement([]byte{7}, 0x84, value); !bytes.Equal(got, append([]byte{7}, element(0x84, value)...)) {
			t.Errorf("element of %d octets: got %.20x", n, got)
		}
	}
}

func TestAppendU8(t *testing.T) {
	if got := ber.AppendU8([]byte{7}, 0x9f8100, 0xfe); !bytes.Equal(got, []byte{7, 0x9f, 0x81, 0, 1, 0xfe}) {
		t.Errorf("got %x", got)
	}
}

// tree is an element: with parts when constructed, with octets when not.
type tree struct {
	tag   ber.Tag
	value []byte
	parts []tree
}

func constructed(tag ber.Tag) bool { return tag.Append(nil)[0]&0x20 != 0 }

func trees(depth int) *rapid.Generator[tree] {
	return rapid.Custom(func(t *rapid.T) tree {
		v := tree{tag: tags().Draw(t, "tag")}
		if !constructed(v.tag) || depth == 0 {
			size := rapid.SampledFrom([]int{0, 1, 7, 126, 128, 255, 257, 300}).Draw(t, "size")
			v.value = bytes.Repeat([]byte{rapid.Byte().Draw(t, "octet")}, size)
			return v
		}
		v.parts = rapid.SliceOfN(trees(depth-1), 1, 3).Draw(t, "parts")
		return v
	})
}

func (v tree) append(dst []byte) []byte {
	dst, at := ber.Open(dst, v.tag)
	dst = append(dst, v.value...)
	for _, p := range v.parts {
		dst = p.append(dst)
	}
	return ber.Close(dst, at)
}

func (v tree) plain() []byte {
	value := v.value
	for _, p := range v.parts {
		value = append(value, p.plain()...)
	}
	return element(v.tag, value)
}

// check reads the element and compares.
func (v tree) check(c *wire.Cursor) error {
	tag, l := ber.Enter(c)
	if tag != v.tag {
		return fmt.Errorf("tag %v, want %v (%v)", tag, v.tag, c.Err())
	}
	for _, p := range v.parts {
		if err := p.check(c); err != nil {
			return err
		}
	}
	if v.parts == nil {
		if got := c.Rest("value"); !bytes.Equal(got, v.value) {
			return fmt.Errorf("value %x, want %x (%v)", got, v.value, c.Err())
		}
	}
	c.Leave(l)
	return c.Err()
}

func TestTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := trees(4).Draw(t, "tree")
		b := v.append(nil)
		if d := cmp.Diff(v.plain(), b); d != "" {
			t.Fatal(d)
		}
		for _, tr := range []*wire.Trace{nil, {}} {
			c := wire.NewCursorAt(proto, b, 0, tr)
			if err := v.check(&c); err != nil || c.End() != nil {
				t.Fatalf("%x: %v, %v", b, err, c.Err())
			}
		}
	})
}

func TestExpect(t *testing.T) {
	tests := []struct {
		name   string
		octets []byte
		err    string
	}{
		{"the one", []byte{0x9f, 0x69, 1, 7}, ""},
		{"another", []byte{0x88, 1, 7}, "ber: id at octet 60: mandatory field missing"},
		{"one that begins alike", []byte{0x9f, 0x68, 1, 7}, "ber: id at octet 60: mandatory field missing"},
		{"none", nil, "ber: tag at octet 60: the message ends before the field does"},
		{"without its value", []byte{0x9f, 0x69, 1}, "ber: length at octet 62: length does not fit"},
		{"with more in it", []byte{0x9f, 0x69, 2, 7, 7}, "ber: end of field at octet 64: octets left over after the last field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := wire.NewCursorAt(proto, tt.octets, 60, nil)
			l := ber.Expect(&c, 0x9f69, "id")
			v := c.U8("value")
			c.Leave(l)
			if err := c.End(); tt.err == "" {
				if err != nil || v != 7 {
					t.Errorf("value %d, %v", v, err)
				}
			} else if err == nil || err.Error() != tt.err {
				t.Errorf("got  %v\nwant %s", err, tt.err)
			}
		})
	}
}

func TestNext(t *testing.T) {
	c := wire.NewCursor(proto, []byte{0xe8, 0})
	if got := ber.Next(&c); got != 0xe8 || c.Off() != 0 {
		t.Errorf("next is %v, cursor at %d", got, c.Off())
	}
	c.Rest("all")
	if got := ber.Next(&c); got != 0 {
		t.Errorf("next at the end is %v", got)
	}
}

// TestTrace: tag and length are one heading, which stands where the value
// begins; a fault in them leaves no line.
func TestTrace(t *testing.T) {
	tr := &wire.Trace{}
	c := wire.NewCursorAt(proto, []byte{0x30, 6, 0x9f, 0x69, 1, 7, 0x04, 0x00, 0x04, 9}, 0, tr)
	_, outer := ber.Enter(&c)
	inner := ber.Expect(&c, 0x9f69, "id")
	c.U8("value")
	c.Leave(inner)
	tag, n := ber.Header(&c)
	c.Bytes(n, tag.String())
	c.Leave(outer)
	_, l := ber.Enter(&c)
	c.Leave(l)
	if !errors.Is(c.Err(), wire.ErrLength) || c.Trace() != tr {
		t.Errorf("got %v, trace %p", c.Err(), c.Trace())
	}
	want := `     2  30
     5    id
     5      value                            7
     8    04                                 -
`
	if d := cmp.Diff(want, tr.Text(false)); d != "" {
		t.Error(d)
	}
}

func TestElementsDoNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 1024)
	value := make([]byte, 300)
	got := testing.AllocsPerRun(100, func() {
		dst, at := ber.Open(buf, 0xe8)
		dst = ber.AppendElement(dst, 0x9f8100, value)
		dst = ber.AppendU8(dst, 0x88, 1)
		dst = ber.Close(dst, at)
		c := wire.NewCursor(proto, dst)
		_, l := ber.Enter(&c)
		for c.More() {
			_, n := ber.Header(&c)
			c.Bytes(n, "value")
		}
		c.Leave(l)
		if c.End() != nil {
			t.Error(c.Err())
		}
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}
