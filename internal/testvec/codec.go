package testvec

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
)

// Message is what a decoder under test returns.
type Message interface {
	// Append appends the wire form.
	Append(dst []byte) ([]byte, error)
}

// Decoder decodes one whole message.
type Decoder func(b []byte) (Message, error)

// Codec runs the shared test over every vector of dir that has the given
// protocol: good ones decode, encode back to their canonical octets, fail at
// every truncation and survive a poisoned input buffer only if they say so;
// bad ones fail in the field they name.
func Codec(t *testing.T, dir, proto string, decode Decoder) {
	t.Helper()
	vs, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, v := range vs {
		if v.Proto != proto {
			continue
		}
		seen++
		t.Run(v.Name, func(t *testing.T) { v.Check(t, decode) })
	}
	if seen == 0 {
		t.Fatalf("no vector of %s in %s", proto, dir)
	}
}

// Check is what Codec does with one vector, for a protocol whose decoder is
// chosen by the vector's Args.
func (v *Vector) Check(t *testing.T, decode Decoder) {
	m, err := decode(bytes.Clone(v.Octets))
	if v.Fault != "" {
		var we *wire.Error
		if !errors.As(err, &we) {
			t.Fatalf("want a wire error in %q, got %v", v.Fault, err)
		}
		if we.Field != v.Fault {
			t.Fatalf("want an error in %q, got %v", v.Fault, err)
		}
		return
	}
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	got, err := m.Append(nil)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	if !bytes.Equal(got, v.Canonical) {
		t.Fatalf("encode after decode:\n got %x\nwant %x", got, v.Canonical)
	}
	again, err := decode(got)
	if err != nil {
		t.Fatalf("decode of what we encoded: %v", err)
	}
	if bytes.Equal(v.Octets, v.Canonical) {
		if d := cmp.Diff(m, again); d != "" {
			t.Fatalf("decoding twice differs:\n%s", d)
		}
	}
	v.truncations(t, decode)
}

func (v *Vector) truncations(t *testing.T, decode Decoder) {
	for n := range v.Octets {
		_, err := decode(bytes.Clone(v.Octets[:n]))
		whole := slices.Contains(v.WholeAt, n)
		switch {
		case err == nil && !whole:
			t.Errorf("cut to %d of %d octets: no error", n, len(v.Octets))
		case err != nil && whole:
			t.Errorf("cut to %d octets, where whole-at says it is whole: %v", n, err)
		case err != nil:
			var we *wire.Error
			if !errors.As(err, &we) {
				t.Errorf("cut to %d octets: %v is not a *wire.Error", n, err)
			}
		}
	}
}

// Fuzz seeds f with the vectors of dir and checks, for any input, that the
// decoder does not panic and that what it accepts encodes to octets which
// decode and encode to themselves.
func Fuzz(f *testing.F, dir, proto string, decode Decoder) {
	f.Helper()
	vs, err := Load(dir)
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range vs {
		if v.Proto == proto {
			f.Add(v.Octets)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decode(bytes.Clone(b))
		if err != nil {
			var we *wire.Error
			if !errors.As(err, &we) {
				t.Fatalf("%v is not a *wire.Error", err)
			}
			return
		}
		once, err := m.Append(nil)
		if err != nil {
			t.Fatalf("accepted %x, cannot encode it: %v", b, err)
		}
		m2, err := decode(bytes.Clone(once))
		if err != nil {
			t.Fatalf("accepted %x, encoded %x, refused that: %v", b, once, err)
		}
		twice, err := m2.Append(nil)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable: %x, then %x (%v)", once, twice, err)
		}
	})
}

// NoAllocs asserts that fn does not allocate.
func NoAllocs(t *testing.T, what string, fn func()) {
	t.Helper()
	if n := testing.AllocsPerRun(200, fn); n != 0 {
		t.Errorf("%s: %v allocations, want 0", what, n)
	}
}
