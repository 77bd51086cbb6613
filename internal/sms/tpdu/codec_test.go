package tpdu_test

import (
	"encoding/hex"
	"testing"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/testvec"
)

const vectors = "../../../testdata/sms-tpdu"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(t testing.TB) []testvec.Vector {
	t.Helper()
	vs, err := testvec.LoadProto(vectors, "sms-tpdu")
	if err != nil {
		t.Fatal(err)
	}
	return vs
}

// direction is what the args of a vector say.
func direction(t testing.TB, v *testvec.Vector) tpdu.Direction {
	t.Helper()
	if len(v.Args) == 0 {
		return tpdu.Either
	}
	d, err := tpdu.ParseDirection(v.Args[len(v.Args)-1])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func decoder(d tpdu.Direction) testvec.Decoder {
	return func(b []byte) (testvec.Message, error) { return tpdu.Decode(b, d) }
}

func TestVectors(t *testing.T) {
	for _, v := range load(t) {
		t.Run(v.Name, func(t *testing.T) { v.Check(t, decoder(direction(t, &v))) })
	}
}

// FuzzDecode runs each of the three ways to be told the direction.
func FuzzDecode(f *testing.F) {
	for _, v := range load(f) {
		f.Add(v.Octets)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, d := range []tpdu.Direction{tpdu.MobileTerminated, tpdu.MobileOriginated, tpdu.Either} {
			if err := testvec.Stable(b, decoder(d)); err != nil {
				t.Fatalf("%v: %v", d, err)
			}
		}
	})
}
