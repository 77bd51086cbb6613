package m3ua_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/m3ua"
)

var dataWays = testvec.Ways[m3ua.Data]{
	New:    func() *m3ua.Data { return new(m3ua.Data) },
	Short:  (*m3ua.Data).Decode,
	Cursor: (*m3ua.Data).DecodeByCursor,
	Taken:  (*m3ua.Data).Cut,
}

// dataVectors are all vectors of DATA, good and bad.
func dataVectors(t testing.TB) []testvec.Vector {
	t.Helper()
	vs, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(vs, func(v testvec.Vector) bool {
		return len(v.Octets) < 4 || v.Octets[2] != 1 || v.Octets[3] != 1
	})
}

// TestShortWay: the short way and the cursor give the same, whatever comes.
func TestShortWay(t *testing.T) {
	dataWays.Check(t, dataVectors(t))
	rapid.Check(t, func(t *rapid.T) {
		m := data(t)
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := dataWays.Differ(b, b); err != nil {
			t.Fatal(err)
		}
		if taken := new(m3ua.Data).Cut(b); taken != (len(m.Unknown) == 0) {
			t.Fatalf("%x taken: %t", b, taken)
		}
	})
}

// TestShortWayParameters: all pairs and triples of parameters, the same one
// twice among them.
func TestShortWayParameters(t *testing.T) {
	pieces := []string{
		"\x02\x00\x00\x08\x00\x00\x00\x01", "\x00\x06\x00\x08\x00\x00\x00\x64", "\x00\x13\x00\x08\x00\x00\x00\x09", // the numbers
		"\x02\x10\x00\x13\x00\x01\x0c\x05\x00\x01\x0c\x06\x03\x02\x00\x05\x09\x81\x03\x00", "\x02\x10\x00\x10\x00\x01\x0c\x05\x00\x01\x0c\x06\x03\x02\x00\x05",
		"\x00\x06\x00\x0c\x00\x00\x00\x64\x00\x00\x00\x65", "\x00\x06\x00\x04", "\x00\x04\x00\x05\x07\x00\x00\x00", "\x00\x04\x00\x08\x07\x00\x00\x00", "\x00\x06\x00",
	}
	for _, one := range pieces {
		for _, two := range pieces {
			for _, three := range append(pieces, "") {
				b := []byte("\x01\x00\x01\x01\x00\x00\x00\x00" + one + two + three)
				for short := range 4 { // a last parameter without its padding, or cut
					for by := range 5 { // a length without the padding, or wrong
						b := b[:len(b)-short]
						b[7] = byte(len(b) + 1 - by)
						if err := dataWays.Differ(nil, b); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
	}
}

func FuzzShortWay(f *testing.F) { dataWays.Fuzz(f, dataVectors(f)) }
