package ansi41_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
)

const vectors = "../../testdata/ansi41"

// decoder is the decoder for vector arguments such as "invoke SMDPP".
func decoder(t testing.TB, args []string) testvec.Decoder {
	t.Helper()
	if len(args) != 2 {
		t.Fatalf("args %q: want component and operation", args)
	}
	op, ok := ansi41.ParseOperation(args[1])
	if !ok {
		t.Fatalf("args %q: operation is not known", args)
	}
	read := ansi41.ReadInvoke
	if args[0] == "result" {
		read = ansi41.ReadResult
	}
	return func(b []byte) (testvec.Message, error) {
		c := wire.NewCursor("ansi41", b)
		m, err := read(&c, op)
		if err != nil {
			return nil, err
		}
		return m, nil
	}
}

func load(t testing.TB) []testvec.Vector {
	t.Helper()
	all, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	sets := slices.DeleteFunc(all, func(v testvec.Vector) bool { return v.Proto != "ansi41-set" })
	if len(sets) < 50 {
		t.Fatalf("%d vectors of parameter sets; some are lost", len(sets))
	}
	return sets
}

func TestVectors(t *testing.T) {
	for _, v := range load(t) {
		t.Run(v.Name+" "+strings.Join(v.Args, " "), func(t *testing.T) { v.Check(t, decoder(t, v.Args)) })
	}
}

// A traced cursor takes the slow path of every read; it must see the same.
func TestVectorsTraced(t *testing.T) {
	for _, v := range load(t) {
		plain, plainErr := decoder(t, v.Args)(v.Octets)
		var tr wire.Trace
		c := wire.NewCursorAt("ansi41", v.Octets, 0, &tr)
		op, _ := ansi41.ParseOperation(v.Args[1])
		read := ansi41.ReadInvoke
		if v.Args[0] == "result" {
			read = ansi41.ReadResult
		}
		traced, err := read(&c, op)
		if (err == nil) != (plainErr == nil) {
			t.Fatalf("%s: plain %v, traced %v", v.Name, plainErr, err)
		}
		if err != nil {
			if err.Error() != plainErr.Error() {
				t.Errorf("%s: plain %v, traced %v", v.Name, plainErr, err)
			}
			continue
		}
		equal(t, v.Name, traced, plain)
		if len(v.Octets) > 0 && len(tr.Fields) == 0 {
			t.Errorf("%s: nothing traced", v.Name)
		}
	}
}

func fuzz(f *testing.F, component, op string) {
	testvec.Fuzz(f, vectors, "ansi41-set", decoder(f, []string{component, op}))
}

func FuzzSMDPPInvoke(f *testing.F)    { fuzz(f, "invoke", "SMDPP") }
func FuzzSMDPPResult(f *testing.F)    { fuzz(f, "result", "SMDPP") }
func FuzzOTASPREQInvoke(f *testing.F) { fuzz(f, "invoke", "OTASPREQ") }
func FuzzOTASPREQResult(f *testing.F) { fuzz(f, "result", "OTASPREQ") }
func FuzzSMSREQInvoke(f *testing.F)   { fuzz(f, "invoke", "SMSREQ") }
func FuzzSMSREQResult(f *testing.F)   { fuzz(f, "result", "SMSREQ") }
func FuzzSMSNOTInvoke(f *testing.F)   { fuzz(f, "invoke", "SMSNOT") }
func FuzzSMSNOTResult(f *testing.F)   { fuzz(f, "result", "SMSNOT") }
func FuzzREGNOTInvoke(f *testing.F)   { fuzz(f, "invoke", "REGNOT") }
func FuzzREGNOTResult(f *testing.F)   { fuzz(f, "result", "REGNOT") }
func FuzzMSINACTInvoke(f *testing.F)  { fuzz(f, "invoke", "MSINACT") }
func FuzzMSINACTResult(f *testing.F)  { fuzz(f, "result", "MSINACT") }
func FuzzGeneric(f *testing.F)        { fuzz(f, "invoke", "AUTHDIR") }
