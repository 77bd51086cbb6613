package testvec

import (
	"bytes"
	"errors"
	"fmt"
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
// protocol: good ones decode, encode back to their canonical octets and fail at
// every truncation; bad ones fail in the field they name.
func Codec(t *testing.T, dir, proto string, decode Decoder) {
	t.Helper()
	vs, err := LoadProto(dir, proto)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		t.Run(v.Name, func(t *testing.T) { v.Check(t, decode) })
	}
}

// Check is what Codec does with one vector, for a protocol whose decoder is
// chosen by the vector's Args.
func (v *Vector) Check(t *testing.T, decode Decoder) {
	t.Helper()
	for _, p := range v.Problems(decode) {
		t.Error(p)
	}
}

// Problems is what Check finds wrong with a codec.
func (v *Vector) Problems(decode Decoder) []string {
	if v.Fault != "" {
		return v.fault(decode)
	}
	if err := v.canonical(decode); err != nil {
		return []string{err.Error()}
	}
	return v.truncations(decode)
}

func (v *Vector) fault(decode Decoder) []string {
	_, err := decodeCopy(v.Octets, decode)
	var we *wire.Error
	switch {
	case err == nil:
		return []string{fmt.Sprintf("want an error in %q, got none", v.Fault)}
	case !errors.As(err, &we):
		return []string{fmt.Sprintf("want a wire error in %q, got %v", v.Fault, err)}
	case we.Field != v.Fault:
		return []string{fmt.Sprintf("want an error in %q, got %v", v.Fault, err)}
	}
	return nil
}

// canonical decodes, encodes, and does both once more.
func (v *Vector) canonical(decode Decoder) error {
	m, err := decodeCopy(v.Octets, decode)
	if err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	before := []byte("before")
	got, err := m.Append(before)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	got, appended := bytes.CutPrefix(got, before)
	if !appended {
		return fmt.Errorf("encode does not append, it gives %x", got)
	}
	if !bytes.Equal(got, v.Canonical) {
		return fmt.Errorf("encode after decode:\n got %x\nwant %x", got, v.Canonical)
	}
	again, err := decodeCopy(got, decode)
	if err != nil {
		return fmt.Errorf("decode of what we encoded: %w", err)
	}
	if bytes.Equal(v.Octets, v.Canonical) {
		if d := cmp.Diff(m, again); d != "" {
			return fmt.Errorf("decoding twice differs:\n%s", d)
		}
	}
	if twice, err := again.Append(nil); err != nil || !bytes.Equal(twice, got) {
		return fmt.Errorf("encoding is not stable: %x, then %x (%v)", got, twice, err)
	}
	return nil
}

func (v *Vector) truncations(decode Decoder) []string {
	var problems []string
	for n := range v.Octets {
		_, err := decodeCopy(v.Octets[:n], decode)
		whole := slices.Contains(v.WholeAt, n)
		var we *wire.Error
		switch {
		case err == nil && !whole:
			problems = append(problems, fmt.Sprintf("cut to %d of %d octets: no error", n, len(v.Octets)))
		case err != nil && whole:
			problems = append(problems, fmt.Sprintf("cut to %d octets, where whole-at says it is whole: %v", n, err))
		case err != nil && !errors.As(err, &we):
			problems = append(problems, fmt.Sprintf("cut to %d octets: %v is not a *wire.Error", n, err))
		}
	}
	return problems
}

// decodeCopy decodes a copy of b, which must be as it was afterwards, and looks
// at the offset of an error. What it finds is not a *wire.Error, so that nobody
// takes it for a message refused.
func decodeCopy(b []byte, decode Decoder) (Message, error) {
	in := bytes.Clone(b)
	m, err := decode(in)
	if !bytes.Equal(in, b) {
		return nil, errors.New("decoding writes into its input")
	}
	var we *wire.Error
	if errors.As(err, &we) && (we.Offset < 0 || we.Offset > len(b)) {
		return nil, fmt.Errorf("offset %d in %d octets: %s", we.Offset, len(b), we)
	}
	return m, err
}

// Fuzz seeds f with the vectors of dir and runs Stable on any input.
func Fuzz(f *testing.F, dir, proto string, decode Decoder) {
	f.Helper()
	vs, err := LoadProto(dir, proto)
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range vs {
		f.Add(v.Octets)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := Stable(b, decode); err != nil {
			t.Fatal(err)
		}
	})
}

// Stable says what is wrong with a decoder that was given any octets: it must
// refuse them with a *wire.Error, or else what it accepts encodes to octets
// which decode and encode to themselves.
func Stable(b []byte, decode Decoder) error {
	m, err := decodeCopy(b, decode)
	if err != nil {
		var we *wire.Error
		if !errors.As(err, &we) {
			return fmt.Errorf("%v is not a *wire.Error", err)
		}
		return nil
	}
	once, err := m.Append(nil)
	if err != nil {
		return fmt.Errorf("accepted %x, cannot encode it: %w", b, err)
	}
	m2, err := decodeCopy(once, decode)
	if err != nil {
		return fmt.Errorf("accepted %x, encoded %x, refused that: %w", b, once, err)
	}
	twice, err := m2.Append(nil)
	if err != nil || !bytes.Equal(once, twice) {
		return fmt.Errorf("not stable: %x, then %x (%v)", once, twice, err)
	}
	return nil
}

// NoAllocs asserts that fn does not allocate.
func NoAllocs(t testing.TB, what string, fn func()) {
	t.Helper()
	if n := testing.AllocsPerRun(200, fn); n != 0 {
		t.Errorf("%s: %v allocations, want 0", what, n)
	}
}
