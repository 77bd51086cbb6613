package sccp_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

func udtWays(v sccp.Variant) *testvec.Ways[sccp.UDT] {
	return &testvec.Ways[sccp.UDT]{
		New:    func() *sccp.UDT { return &sccp.UDT{Variant: v} },
		Short:  (*sccp.UDT).Decode,
		Cursor: (*sccp.UDT).DecodeByCursor,
		Taken:  (*sccp.UDT).Cut,
	}
}

// noData is a UDT without data, which no vector is.
var noData = testvec.Vector{Octets: []byte{9, 0x81, 3, 5, 7, 2, 0xc1, 8, 2, 0xc1, 12, 0}}

// udtVectors are all vectors of UDT, good and bad, and noData.
func udtVectors(t testing.TB, dir string) []testvec.Vector {
	t.Helper()
	vs, err := testvec.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(append(vs, noData), func(v testvec.Vector) bool {
		return len(v.Octets) == 0 || v.Octets[0] != byte(sccp.TypeUDT)
	})
}

// TestShortWay: the short way and the cursor give the same, whatever comes.
func TestShortWay(t *testing.T) {
	udtWays(sccp.ANSI).Check(t, udtVectors(t, ansiVectors))
	rapid.Check(t, func(t *rapid.T) {
		m, v := genMessage(t)
		udt, ok := m.(*sccp.UDT)
		if !ok {
			return
		}
		b, err := udt.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := udtWays(v).Differ(b, b); err != nil {
			t.Fatal(err)
		}
		if err := testvec.SameAppend(udt.Append, udt.AppendAny); err != nil {
			t.Fatal(err)
		}
		plain := func(a *sccp.Address) bool { return a.Variant == sccp.ANSI && a.GlobalTitle.GTI == 0 }
		want := v == sccp.ANSI && plain(&udt.Called) && plain(&udt.Calling)
		if taken := (&sccp.UDT{Variant: v}).Cut(b); taken != want {
			t.Fatalf("%x taken: %t", b, taken)
		}
	})
}

// TestShortAppend: addresses with and without each of their parts, some of them
// nothing that can be written, and data that are too long.
func TestShortAppend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := func() sccp.Address {
			a := sccp.Address{SSN: 8, PointCode: mtp.ANSI(1, 12, 6)}
			for _, part := range []func(){
				func() { a.RouteOnSSN = true }, func() { a.HasSSN = true }, func() { a.HasPointCode = true },
				func() { a.National = true }, func() { a.PointCode |= 7 << 24 },
			} {
				if rapid.Bool().Draw(t, "part") {
					part()
				}
			}
			switch rapid.IntRange(0, 11).Draw(t, "more") {
			case 0:
				a.Variant = sccp.ITU
			case 1:
				a.GlobalTitle.GTI = sccp.GTI(rapid.IntRange(0, 16).Draw(t, "gti"))
			case 2:
				a.GlobalTitle.Digits = "12"
			case 3:
				a.Unread = "rest"
			}
			return a
		}
		m := sccp.UDT{Variant: sccp.Variant(rapid.IntRange(0, 4).Draw(t, "variant") / 4), Class: 0x81,
			Called: address(), Calling: address(), Data: make([]byte, rapid.SampledFrom([]int{0, 1, 255, 256}).Draw(t, "octets"))}
		if err := testvec.SameAppend(m.Append, m.AppendAny); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzShortWay(f *testing.F) { udtWays(sccp.ANSI).Fuzz(f, udtVectors(f, ansiVectors)) }
