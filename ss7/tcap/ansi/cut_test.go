package ansi_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

var packageWays = testvec.Ways[ansi.Package]{
	New:    func() *ansi.Package { return new(ansi.Package) },
	Short:  (*ansi.Package).Decode,
	Cursor: (*ansi.Package).DecodeByCursor,
	Taken:  (*ansi.Package).Cut,
}

func packageVectors(t testing.TB) []testvec.Vector {
	t.Helper()
	vs, err := testvec.LoadProto(vectors, "tcap")
	if err != nil {
		t.Fatal(err)
	}
	return vs
}

// TestShortWay: the short way and the cursor give the same, whatever comes.
func TestShortWay(t *testing.T) {
	packageWays.Check(t, packageVectors(t))
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := packageWays.Differ(b, b); err != nil {
			t.Fatal(err)
		}
		want := p.Type != ansi.Abort && p.Dialogue == nil
		for i := range p.Components {
			k := p.Components[i].Type
			want = want && k != ansi.ReturnError && k != ansi.Reject
		}
		if taken := new(ansi.Package).Cut(b); taken != want {
			t.Fatalf("%x taken: %t", b, taken)
		}
	})
}

func FuzzShortWay(f *testing.F) { packageWays.Fuzz(f, packageVectors(f)) }
