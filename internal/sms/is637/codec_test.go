package is637_test

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
)

const (
	vectors       = "../../../testdata/is637"
	bearerVectors = "../../../testdata/is637-bearer"
)

func decodeBearer(b []byte) (testvec.Message, error) {
	m := new(is637.Bearer)
	return m, m.Decode(b)
}

func decodeWDP(b []byte) (testvec.Message, error) {
	m := new(is637.WDP)
	return m, m.Decode(b)
}

// decodeEither is what `otagate decode is637` takes.
func decodeEither(b []byte) (testvec.Message, error) {
	if is637.IsBearer(b) {
		return decodeBearer(b)
	}
	m := new(is637.Message)
	return m, m.Decode(b)
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "is637", decodeEither) }

func TestBearerVectors(t *testing.T) {
	testvec.Codec(t, bearerVectors, "is637-bearer", decodeBearer)
}

func TestWDPVectors(t *testing.T) { testvec.Codec(t, vectors, "is637-wdp", decodeWDP) }

func FuzzTransport(f *testing.F) { testvec.Fuzz(f, vectors, "is637", decodeEither) }

func FuzzBearer(f *testing.F) { testvec.Fuzz(f, bearerVectors, "is637-bearer", decodeBearer) }

func FuzzWDP(f *testing.F) { testvec.Fuzz(f, vectors, "is637-wdp", decodeWDP) }

func unhex(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// all are the good vectors of both layers.
func all(t testing.TB) (vs []testvec.Vector) {
	t.Helper()
	for _, dir := range []string{vectors, bearerVectors} {
		more, err := testvec.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range more {
			if v.Fault == "" {
				vs = append(vs, v)
			}
		}
	}
	if len(vs) == 0 {
		t.Fatal("no vectors")
	}
	return vs
}

func decodeOf(proto string) testvec.Decoder {
	switch proto {
	case "is637":
		return decodeEither
	case "is637-wdp":
		return decodeWDP
	}
	return decodeBearer
}

// What is cloned survives the buffer, and what reads with a trace is the same
// as without.
func TestCloneOwnsItsOctets(t *testing.T) {
	for _, v := range all(t) {
		decode := decodeOf(v.Proto)
		want, err := decode(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		poisoned := append([]byte(nil), v.Octets...)
		got, err := decode(poisoned)
		if err != nil {
			t.Fatal(err)
		}
		switch m := got.(type) {
		case *is637.Message:
			got = m.Clone()
		case *is637.Bearer:
			got = m.Clone()
		case *is637.WDP:
			got = m.Clone()
		}
		for i := range poisoned {
			poisoned[i] = 0xdb
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: the clone looks into the buffer:\n%s", v.Name, d)
		}
	}
}

// A value that is used again has nothing of what was in it before.
func TestDecodeAgain(t *testing.T) {
	var m is637.Message
	var b is637.Bearer
	for _, v := range all(t) {
		var again interface {
			Decode([]byte) error
			Append([]byte) ([]byte, error)
		}
		switch want, _ := decodeOf(v.Proto)(v.Octets); want.(type) {
		case *is637.Message:
			again = &m
		case *is637.Bearer:
			again = &b
		default:
			continue
		}
		if err := again.Decode(v.Octets); err != nil {
			t.Fatal(err)
		}
		if got, err := again.Append(nil); err != nil || string(got) != string(v.Canonical) {
			t.Errorf("%s: %x (%v), want %x", v.Name, got, err, v.Canonical)
		}
	}
}

// A trace changes nothing, and its fields stay inside of the message.
func TestTrace(t *testing.T) {
	for _, v := range all(t) {
		plain, err := decodeOf(v.Proto)(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		var tr wire.Trace
		c := wire.NewCursorAt("is637", v.Octets, 100, &tr)
		var traced testvec.Message
		switch plain.(type) {
		case *is637.Message:
			traced, err = is637.Read(&c)
		case *is637.Bearer:
			traced, err = is637.ReadBearer(&c)
		default:
			traced, err = is637.ReadWDP(&c)
		}
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(plain, traced); d != "" {
			t.Errorf("%s: -without +with a trace:\n%s", v.Name, d)
		}
		for _, f := range tr.Fields {
			if f.Off < 100 || f.Off+f.Len > 100+len(v.Octets) {
				t.Errorf("%s: field outside of the message: %+v", v.Name, f)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	for _, v := range all(t) {
		m, err := decodeOf(v.Proto)(v.Octets)
		if err != nil {
			t.Fatal(err)
		}
		j, err := is637.ToJSON(m.(is637.Form))
		if err != nil {
			t.Fatal(err)
		}
		back, err := is637.FromJSON(j)
		if err != nil {
			t.Fatalf("%s: %v\n%s", v.Name, err, j)
		}
		if b, err := back.Append(nil); err != nil || string(b) != string(v.Canonical) {
			t.Errorf("%s: through JSON %x (%v), want %x\n%s", v.Name, b, err, v.Canonical, j)
		}
	}
}
