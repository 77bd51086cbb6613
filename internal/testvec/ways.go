package testvec

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Ways are the two ways of a decoder that has a short one beside its cursor.
// Both decode b into m, which may have been used before.
type Ways[M any] struct {
	New func() *M // an M as it is before the first use
	// Short is Decode, which tries the short way; Cursor never does.
	Short, Cursor func(m *M, b []byte) error
	// Taken tells whether the short way alone decodes b.
	Taken func(m *M, b []byte) bool
}

// Differ says how the two ways differ on b, decoded into messages that hold
// what was decoded from before, whole or in part. The values left behind must
// be equal even after an error.
func (w *Ways[M]) Differ(before, b []byte) error {
	short, cursor := w.New(), w.New()
	for _, in := range [...][]byte{before, b} {
		octets := bytes.Clone(in)
		se := w.Short(short, octets)
		if !bytes.Equal(octets, in) {
			return fmt.Errorf("%x: decoding writes into its input", in)
		}
		ce := w.Cursor(cursor, octets)
		if (se != nil || ce != nil) && fmt.Sprint(se) != fmt.Sprint(ce) {
			return fmt.Errorf("%x: the short way says %v, the cursor %v", in, se, ce)
		}
		if !reflect.DeepEqual(cursor, short) {
			return fmt.Errorf("%x (%v), -cursor +short:\n%s", in, se, cmp.Diff(cursor, short))
		}
	}
	return nil
}

// Check runs Differ on the vectors, on every beginning of them, on all of them
// with one octet changed, on mutations and on any octets. It fails, too, when
// the short way takes less than one in ten of the vectors that are good: then
// it is none.
func (w *Ways[M]) Check(t *testing.T, vs []Vector) {
	t.Helper()
	good, taken := 0, 0
	for _, v := range vs {
		if v.Fault == "" {
			good++
		}
		if w.Taken(w.New(), v.Octets) {
			taken++
		}
		if err := w.neighbours(v.Octets); err != nil {
			t.Fatal(err)
		}
	}
	if taken == 0 || taken*10 < good {
		t.Errorf("the short way takes %d vectors of %d", taken, good)
	}
	rapid.Check(t, func(t *rapid.T) {
		g := Mutated(vs)
		if err := w.Differ(g.Draw(t, "before"), g.Draw(t, "octets")); err != nil {
			t.Fatal(err)
		}
	})
}

// neighbours runs Differ on all that is nearly b.
func (w *Ways[M]) neighbours(b []byte) error {
	changed := bytes.Clone(b)
	for i, o := range b {
		if err := w.Differ(b, b[:i]); err != nil {
			return err
		}
		for _, other := range [...]byte{o ^ 0x80, o ^ 0x40, o ^ 0x20, o ^ 0x10, o ^ 8, o ^ 4, o ^ 2, o ^ 1, o - 1, o + 1, 0, 0xff} {
			changed[i] = other
			if err := w.Differ(b, changed); err != nil {
				return err
			}
		}
		changed[i] = o
	}
	return w.Differ(b, b)
}

// Fuzz does the same for f.
func (w *Ways[M]) Fuzz(f *testing.F, vs []Vector) {
	f.Helper()
	for i, v := range vs {
		f.Add(vs[(i+1)%len(vs)].Octets, v.Octets)
	}
	f.Fuzz(func(t *testing.T, before, b []byte) {
		if err := w.Differ(before, b); err != nil {
			t.Fatal(err)
		}
	})
}

// SameAppend says how the two ways of an encoder differ that has a short one:
// the octets, with what was before them, or the error must be the same.
func SameAppend(short, long func(dst []byte) ([]byte, error)) error {
	for _, before := range [][]byte{nil, []byte("before"), append(make([]byte, 0, 400), "before"...)} {
		a, ae := short(bytes.Clone(before))
		b, be := long(bytes.Clone(before))
		if fmt.Sprint(ae) != fmt.Sprint(be) || ae == nil && !bytes.Equal(a, b) || !bytes.HasPrefix(a, before) {
			return fmt.Errorf("behind %q the short way gives %x (%v), the long one %x (%v)", before, a, ae, b, be)
		}
	}
	return nil
}

// Mutated draws a vector with octets changed, taken out, put in, or cut off, or
// any octets.
func Mutated(vs []Vector) *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
			return rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "any octets")
		}
		b := bytes.Clone(vs[rapid.IntRange(0, len(vs)-1).Draw(t, "vector")].Octets)
		for range rapid.IntRange(0, 3).Draw(t, "mutations") {
			if len(b) == 0 {
				break
			}
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			switch rapid.IntRange(0, 4).Draw(t, "mutation") {
			case 0:
				b = b[:at]
			case 1:
				b = append(b[:at], b[at+1:]...)
			case 2:
				b = append(b[:at], append([]byte{rapid.Byte().Draw(t, "octet")}, b[at:]...)...)
			case 3:
				b[at] += byte(rapid.IntRange(-2, 2).Draw(t, "by")) // lengths and tags are near each other
			default:
				b[at] = rapid.Byte().Draw(t, "octet")
			}
		}
		return b
	})
}
