package ansi41_test

import (
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/ansi41"
)

var smdppWays = testvec.Ways[ansi41.SMDPPInvoke]{
	New:    func() *ansi41.SMDPPInvoke { return new(ansi41.SMDPPInvoke) },
	Short:  (*ansi41.SMDPPInvoke).Decode,
	Cursor: (*ansi41.SMDPPInvoke).DecodeByCursor,
	Taken:  (*ansi41.SMDPPInvoke).Cut,
}

func smdppVectors(t testing.TB) []testvec.Vector {
	t.Helper()
	return slices.DeleteFunc(load(t), func(v testvec.Vector) bool { return !slices.Equal(v.Args, []string{"invoke", "SMDPP"}) })
}

// TestShortWay: the short way and the cursor give the same, whatever comes.
func TestShortWay(t *testing.T) {
	smdppWays.Check(t, smdppVectors(t))
	rapid.Check(t, func(t *rapid.T) {
		m := new(ansi41.SMDPPInvoke)
		drawStruct(t, reflect.ValueOf(m).Elem(), "SMDPPInvoke")
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := smdppWays.Differ(b, b); err != nil {
			t.Fatal(err)
		}
		if err := testvec.SameAppend(m.Append, m.AppendAny); err != nil {
			t.Fatal(err)
		}
	})
}

// TestShortWayTaken: every message of a programming session goes the short way.
func TestShortWayTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := new(ansi41.SMDPPInvoke)
		drawStruct(t, reflect.ValueOf(all).Elem(), "SMDPPInvoke")
		m := ansi41.SMDPPInvoke{SMSBearerData: all.SMSBearerData, SMSTeleserviceIdentifier: all.SMSTeleserviceIdentifier,
			ActionCode: all.ActionCode, ESN: all.ESN, MEID: all.MEID, MIN: all.MIN, NewlyAssignedMIN: all.NewlyAssignedMIN,
			ServiceIndicator: all.ServiceIndicator, TRN: all.TRN, MSCID: all.MSCID}
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if !new(ansi41.SMDPPInvoke).Cut(b) {
			t.Fatalf("%x is not taken", b)
		}
		if err := testvec.SameAppend(m.Append, m.AppendAny); err != nil {
			t.Fatal(err)
		}
	})
}

// TestShortWayParameters: all pairs of parameters beside the mandatory ones,
// the same one twice among them, some of lengths that they cannot have, and
// tags and lengths of all forms.
func TestShortWayParameters(t *testing.T) {
	mandatory := []string{"9f690102", "9f7400"}
	others := []string{
		"9f6981020708", "9f6982000103", "9f698300000103", "9f6980", "9f69", "9f698200", "9f7400", "9f74021002", "9f740110", "9f7403100200",
		"9f81000104", "9f81000204", "9f8100810104", "890481234567", "8903812345", "88051629230010", "880416292300", "9f8143059999999999",
		"9f813b051629230011", "9f81410101", "9f814100", "9503123407", "95021234", "9f830607a1000012345678", "9f830606a10000123456",
		"9f81720821436587092143f5", "9f0905ffffffffff", "9f090481234567", "9f8069017f", "9f80090481234567", "9f8181000104", "9f81", "a90481234567", "c9",
		"0904812345", "9f8280810101", "9f6a0101", "9f8245010200",
	}
	for _, one := range others {
		for _, two := range others {
			b, err := hex.DecodeString(one + strings.Join(mandatory, two))
			if err != nil {
				t.Fatal(err)
			}
			if err := smdppWays.Differ(nil, b); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestShortAppendLengths: bearer data of lengths in all forms.
func TestShortAppendLengths(t *testing.T) {
	for _, n := range []int{0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 1 << 24, 1<<24 + 1} {
		m := ansi41.SMDPPInvoke{SMSBearerData: make([]byte, n)}
		if err := testvec.SameAppend(m.Append, m.AppendAny); err != nil {
			t.Errorf("%d octets: %.200v", n, err)
		}
	}
}

// TestShortAppendParameters: each parameter alone, with all values zero.
func TestShortAppendParameters(t *testing.T) {
	typ := reflect.TypeFor[ansi41.SMDPPInvoke]()
	for i := range typ.NumField() {
		var m ansi41.SMDPPInvoke
		if f := reflect.ValueOf(&m).Elem().Field(i); f.Kind() == reflect.Struct {
			f.FieldByNameFunc(func(name string) bool { return name == "OK" || name == "Given" }).SetBool(true)
		}
		if typ.Field(i).Name == "Unknown" {
			m.Unknown = []ansi41.Parameter{{Tag: 0x9f8768, Value: []byte{1}}}
		}
		if err := testvec.SameAppend(m.Append, m.AppendAny); err != nil {
			t.Errorf("%s: %v", typ.Field(i).Name, err)
		}
	}
}

func FuzzShortWay(f *testing.F) { smdppWays.Fuzz(f, smdppVectors(f)) }

var resultWays = testvec.Ways[ansi41.SMDPPResult]{
	New:    func() *ansi41.SMDPPResult { return new(ansi41.SMDPPResult) },
	Short:  (*ansi41.SMDPPResult).Decode,
	Cursor: (*ansi41.SMDPPResult).DecodeByCursor,
	Taken:  (*ansi41.SMDPPResult).Cut,
}

func resultVectors(t testing.TB) []testvec.Vector {
	t.Helper()
	return slices.DeleteFunc(load(t), func(v testvec.Vector) bool { return !slices.Equal(v.Args, []string{"result", "SMDPP"}) })
}

// TestShortWayResult is TestShortWay and TestShortWayParameters for the result.
func TestShortWayResult(t *testing.T) {
	resultWays.Check(t, resultVectors(t))
	all := []string{
		"", "9f690102", "9f6900", "9f81190124", "9f811900", "9f81000104", "9f8100020405", "890481234567", "8903812345", "9f830607a1000012345678",
		"9f830606a10000123456", "9f81380551629230010f", "9f81380451629230", "9503000c06", "9502000c", "9f310100", "9f3100", "9f31020001",
		"82021234", "8d0101", "9f320101", "9f821e0821436587092143f5", "9f8768017f", "9f6981020708",
	}
	for _, one := range all {
		for _, two := range all {
			b, err := hex.DecodeString(one + two)
			if err != nil {
				t.Fatal(err)
			}
			if err := resultWays.Differ(nil, b); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func FuzzShortWayResult(f *testing.F) { resultWays.Fuzz(f, resultVectors(f)) }
