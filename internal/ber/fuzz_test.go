package ber_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// walk reads elements within elements, and writes them again. It fails the
// test when the cursor goes backwards.
func walk(t *testing.T, c *wire.Cursor, dst []byte, depth int) []byte {
	for c.More() {
		off := c.Off()
		tag, l := ber.Enter(c)
		if c.Err() == nil && c.Off() < off+2 {
			t.Fatalf("tag and length at %d took %d octets", off, c.Off()-off)
		}
		var at int
		dst, at = ber.Open(dst, tag)
		if constructed(tag) && depth < 50 {
			dst = walk(t, c, dst, depth+1)
		} else {
			dst = append(dst, c.Rest("value")...)
		}
		dst = ber.Close(dst, at)
		c.Leave(l)
		if c.Off() < off {
			t.Fatalf("from %d back to %d", off, c.Off())
		}
	}
	return dst
}

// FuzzBER walks any octets as nested elements. What it accepts it writes in
// the shortest form, which is no longer and stays as it is.
func FuzzBER(f *testing.F) {
	f.Add([]byte{0x30, 0x06, 0x9f, 0x69, 0x01, 0x07, 0x04, 0x00})
	f.Add([]byte{0xe2, 0x81, 0x05, 0xc7, 0x82, 0x00, 0x01, 0x09})
	f.Add([]byte{0x30, 0x80, 0x00, 0x00})
	f.Add([]byte{0xbf, 0x81, 0x00, 0x84, 0x00, 0x00, 0x00, 0x02, 0x05, 0x00})
	f.Add([]byte{0x9f, 0xff, 0xff, 0xff, 0x7f, 0x00})
	f.Add([]byte{0x04, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		c := wire.NewCursor(proto, b)
		once := walk(t, &c, nil, 0)
		err := c.End()

		tr := &wire.Trace{}
		traced := wire.NewCursorAt(proto, b, 0, tr)
		again := walk(t, &traced, nil, 0)
		if terr := traced.End(); (err == nil) != (terr == nil) || err != nil && err.Error() != terr.Error() || !bytes.Equal(once, again) {
			t.Fatalf("with a trace: %x, %v; without: %x, %v", again, terr, once, err)
		}
		for i := 1; i < len(tr.Fields); i++ {
			if tr.Fields[i].Off < tr.Fields[i-1].Off {
				t.Fatalf("lines go back:\n%s", tr.Text(true))
			}
		}
		if err != nil {
			var we *wire.Error
			if !errors.As(err, &we) || we.Offset < 0 || we.Offset > len(b) {
				t.Fatalf("%v does not say where in %d octets", err, len(b))
			}
			return
		}
		if len(once) > len(b) {
			t.Fatalf("%x became longer: %x", b, once)
		}
		c = wire.NewCursor(proto, once)
		if twice := walk(t, &c, nil, 0); c.End() != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable: %x, then %x (%v)", once, twice, c.Err())
		}
	})
}
