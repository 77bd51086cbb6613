package wappush_test

import (
	"bytes"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush"
)

const (
	siVectors = "../testdata/si"
	slVectors = "../testdata/sl"
)

func decodeSI(b []byte) (testvec.Message, error) {
	s := new(wappush.ServiceIndication)
	return s, s.Decode(b)
}

func decodeSL(b []byte) (testvec.Message, error) {
	s := new(wappush.ServiceLoading)
	return s, s.Decode(b)
}

func TestSIVectors(t *testing.T) { testvec.Codec(t, siVectors, "si", decodeSI) }

func TestSLVectors(t *testing.T) { testvec.Codec(t, slVectors, "sl", decodeSL) }

func FuzzSI(f *testing.F) { testvec.Fuzz(f, siVectors, "si", decodeSI) }

func FuzzSL(f *testing.F) { testvec.Fuzz(f, slVectors, "sl", decodeSL) }

// TestKeeps: what was decoded does not change with the octets it came from.
func TestKeeps(t *testing.T) {
	for dir, decode := range map[string]testvec.Decoder{siVectors: decodeSI, slVectors: decodeSL} {
		vs, err := testvec.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vs {
			if v.Fault != "" {
				continue
			}
			b := bytes.Clone(v.Octets)
			m, err := decode(b)
			if err != nil {
				t.Fatal(err)
			}
			for i := range b {
				b[i] = 0xee
			}
			if got, err := m.Append(nil); err != nil || !bytes.Equal(got, v.Canonical) {
				t.Errorf("%s: %x, %v; want %x", v.Name, got, err, v.Canonical)
			}
		}
	}
}
