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

// components are all combinations of what appendShort looks at, many of them
// nothing that can be written, around the lengths that take another octet.
func components() []ansi.Component {
	var out []ansi.Component
	lengths := []int{0, 1, 107, 108, 109, 111, 112, 113, 117, 118, 119, 121, 122, 123, 127, 128, 300}
	for kind := range 8 {
		for bits := range 16 {
			for _, tag := range []ansi.ParameterTag{ansi.ParameterSet, ansi.ParameterSequence, ansi.UniversalSequence, 0, 5} {
				for _, n := range lengths {
					out = append(out, ansi.Component{
						Type:        ansi.ComponentType(0xe8 + kind),
						HasInvokeID: bits&1 != 0, InvokeID: 7, HasCorrelationID: bits&2 != 0, CorrelationID: 9,
						Operation:    ansi.Operation{National: bits&4 != 0, Short: bits&8 != 0, Specifier: 53},
						ParameterTag: tag, Parameters: make([]byte, n),
					})
				}
			}
		}
	}
	return out
}

// TestShortAppend: the two ways of Append give the same octets or error.
func TestShortAppend(t *testing.T) {
	taken := 0
	for _, k := range components() {
		if err := testvec.SameAppend(k.Append, k.AppendAny); err != nil {
			t.Fatalf("%+v: %v", k, err)
		}
		for _, kind := range []ansi.PackageType{0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xf6, 0xe7} {
			p := ansi.Package{Type: kind, Originating: 0x10000017, Responding: 0x20000018, Components: []ansi.Component{k}}
			if err := testvec.SameAppend(p.Append, p.AppendAny); err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
			if _, ok := p.AppendShort(nil); ok {
				taken++
			}
		}
	}
	if taken == 0 {
		t.Error("the short way takes nothing")
	}
}

// TestShortAppendOthers: what else there may be in a package.
func TestShortAppendOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		if err := testvec.SameAppend(p.Append, p.AppendAny); err != nil {
			t.Fatal(err)
		}
	})
	k := ansi.Component{Type: ansi.InvokeLast, HasInvokeID: true, ParameterTag: ansi.ParameterSet}
	for _, p := range []ansi.Package{
		{Type: ansi.QueryWithPermission},
		{Type: ansi.QueryWithPermission, Components: []ansi.Component{k, k}},
		{Type: ansi.QueryWithPermission, Components: []ansi.Component{k}, Dialogue: &ansi.Dialogue{HasVersion: true, Version: 1}},
	} {
		if err := testvec.SameAppend(p.Append, p.AppendAny); err != nil {
			t.Error(err)
		}
		if _, ok := p.AppendShort(nil); ok {
			t.Errorf("%+v is taken", p)
		}
	}
}

// TestShortAppendOfEndpoint: the package that package tcap makes, which leaves
// the tag of the parameters zero, goes the short way.
func TestShortAppendOfEndpoint(t *testing.T) {
	for _, p := range []ansi.Package{
		{Type: ansi.QueryWithPermission, Originating: 7, Components: []ansi.Component{{
			Type: ansi.InvokeLast, HasInvokeID: true, Operation: ansi.PrivateOperation(0x35), Parameters: make([]byte, 60)}}},
		{Type: ansi.Response, Responding: 7, Components: []ansi.Component{{
			Type: ansi.ReturnResultLast, HasCorrelationID: true, Parameters: make([]byte, 60)}}},
	} {
		if _, ok := p.AppendShort(nil); !ok {
			t.Errorf("%s is not taken", p.Type)
		}
	}
}

func FuzzShortWay(f *testing.F) { packageWays.Fuzz(f, packageVectors(f)) }
