package sccp_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/sccp"
)

const (
	ansiVectors = "../../testdata/sccp"
	ituVectors  = "../../testdata/sccp/itu"
)

func decoder(v sccp.Variant) testvec.Decoder {
	return func(b []byte) (testvec.Message, error) {
		c := wire.NewCursor("sccp", b)
		m, err := sccp.Read(&c, v)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
}

func TestVectorsANSI(t *testing.T) { testvec.Codec(t, ansiVectors, "sccp", decoder(sccp.ANSI)) }
func TestVectorsITU(t *testing.T)  { testvec.Codec(t, ituVectors, "sccp", decoder(sccp.ITU)) }

func FuzzReadANSI(f *testing.F) { testvec.Fuzz(f, ansiVectors, "sccp", decoder(sccp.ANSI)) }
func FuzzReadITU(f *testing.F)  { testvec.Fuzz(f, ituVectors, "sccp", decoder(sccp.ITU)) }

// fuzzAddress checks that an address that is read is written to octets which
// are read and written as themselves.
func fuzzAddress(f *testing.F, v sccp.Variant, dir string) {
	vs, err := testvec.Load(dir)
	if err != nil {
		f.Fatal(err)
	}
	for _, vec := range vs {
		c := wire.NewCursor("sccp", vec.Octets)
		m, err := sccp.Read(&c, v)
		if err != nil {
			continue
		}
		if udt, is := m.(*sccp.UDT); is {
			b, err := udt.Called.Append(nil)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := sccp.DecodeAddress(b, v)
		if err != nil {
			return
		}
		once, err := a.Append(nil)
		if err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		again, err := sccp.DecodeAddress(once, v)
		if err != nil {
			t.Fatalf("%x, then %x: %v", b, once, err)
		}
		if twice, err := again.Append(nil); err != nil || string(twice) != string(once) {
			t.Fatalf("%x, then %x, then %x (%v)", b, once, twice, err)
		}
	})
}

func FuzzAddressANSI(f *testing.F) { fuzzAddress(f, sccp.ANSI, ansiVectors) }
func FuzzAddressITU(f *testing.F)  { fuzzAddress(f, sccp.ITU, ituVectors) }
