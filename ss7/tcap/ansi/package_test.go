package ansi_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

func genComponent(t *rapid.T) ansi.Component {
	k := ansi.Component{
		Type:         rapid.SampledFrom([]ansi.ComponentType{ansi.InvokeLast, ansi.InvokeNotLast, ansi.ReturnResultLast, ansi.ReturnResultNotLast, ansi.ReturnError, ansi.Reject}).Draw(t, "type"),
		ParameterTag: rapid.SampledFrom([]ansi.ParameterTag{ansi.ParameterSet, ansi.ParameterSequence, ansi.UniversalSequence}).Draw(t, "tag"),
		Parameters:   rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "parameters"),
	}
	octet := rapid.Byte().Draw(t, "octet")
	switch k.Type {
	case ansi.InvokeLast, ansi.InvokeNotLast:
		if k.HasInvokeID = rapid.Bool().Draw(t, "has id"); k.HasInvokeID {
			k.InvokeID = rapid.Byte().Draw(t, "id")
			if k.HasCorrelationID = rapid.Bool().Draw(t, "has correlation"); k.HasCorrelationID {
				k.CorrelationID = octet
			}
		}
		k.Operation = ansi.Operation{National: rapid.Bool().Draw(t, "national"), Short: rapid.Bool().Draw(t, "short"), Specifier: rapid.Byte().Draw(t, "specifier")}
		if !k.Operation.Short {
			k.Operation.Family = rapid.Byte().Draw(t, "family")
		}
		return k
	case ansi.ReturnError:
		k.Error = ansi.ErrorCode{National: rapid.Bool().Draw(t, "national"), Wide: rapid.Bool().Draw(t, "wide"), Code: uint16(octet)}
	case ansi.Reject:
		k.Problem = ansi.Problem(rapid.Uint16().Draw(t, "problem"))
		if rapid.Bool().Draw(t, "no id") {
			return k
		}
	}
	k.HasCorrelationID, k.CorrelationID = true, rapid.Byte().Draw(t, "correlation")
	return k
}

func genIntegerOrOID(t *rapid.T, name string) *ansi.IntegerOrOID {
	if rapid.Bool().Draw(t, "no "+name) {
		return nil
	}
	return &ansi.IntegerOrOID{IsOID: rapid.Bool().Draw(t, name+" oid"), Value: rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, name)}
}

func genExternals(t *rapid.T) []ansi.External {
	var xs []ansi.External
	for range rapid.IntRange(0, 2).Draw(t, "externals") {
		x := ansi.External{DirectReference: rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, "oid")}
		if rapid.Bool().Draw(t, "more") {
			x.IndirectReference = wire.Hex{1}
			x.Descriptor = wire.Hex("d")
			x.Encoding = 0xa0
			x.Value = rapid.SliceOfN(rapid.Byte(), 0, 140).Draw(t, "value")
		}
		xs = append(xs, x)
	}
	return xs
}

func genPackage(t *rapid.T) *ansi.Package {
	p := &ansi.Package{Type: rapid.SampledFrom([]ansi.PackageType{
		ansi.Unidirectional, ansi.QueryWithPermission, ansi.QueryWithoutPermission, ansi.Response,
		ansi.ConversationWithPermission, ansi.ConversationWithoutPermission, ansi.Abort,
	}).Draw(t, "package")}
	switch p.Type {
	case ansi.QueryWithPermission, ansi.QueryWithoutPermission:
		p.Originating = ansi.TransactionID(rapid.Uint32().Draw(t, "o"))
	case ansi.Response, ansi.Abort:
		p.Responding = ansi.TransactionID(rapid.Uint32().Draw(t, "r"))
	case ansi.ConversationWithPermission, ansi.ConversationWithoutPermission:
		p.Originating = ansi.TransactionID(rapid.Uint32().Draw(t, "o"))
		p.Responding = ansi.TransactionID(rapid.Uint32().Draw(t, "r"))
	}
	if rapid.Bool().Draw(t, "dialogue") {
		d := &ansi.Dialogue{
			HasVersion: true, Version: ansi.ProtocolVersion(rapid.Byte().Draw(t, "version")),
			ApplicationContext: genIntegerOrOID(t, "context"), SecurityContext: genIntegerOrOID(t, "security"),
			Confidentiality: genIntegerOrOID(t, "confidentiality"),
		}
		if d.HasUserInformation = rapid.Bool().Draw(t, "user information"); d.HasUserInformation {
			d.UserInformation = genExternals(t)
		}
		p.Dialogue = d
	}
	if p.Type != ansi.Abort {
		p.Components = rapid.SliceOfN(rapid.Custom(genComponent), 0, 3).Draw(t, "components")
	} else if p.UserAbort = rapid.Bool().Draw(t, "user abort"); p.UserAbort {
		p.UserInformation = genExternals(t)
	} else {
		p.PAbort = ansi.PAbortCause(rapid.Byte().Draw(t, "cause"))
	}
	return p
}

func TestDecodeOfAppendIsEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := genPackage(t)
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		var got ansi.Package
		if err := got.Decode(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(p, &got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%x:\n%s", b, d)
		}
		js, err := ansi.ToJSON(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ansi.FromJSON(js)
		if err != nil {
			t.Fatalf("%s: %v", js, err)
		}
		if again, err := back.Append(nil); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("through JSON %x, want %x (%v)", again, b, err)
		}
		typ, o, r, ok := ansi.Peek(b[:min(len(b), 16)])
		if !ok || typ != p.Type || o != p.Originating || r != p.Responding {
			t.Fatalf("peek %v %v %v %v", typ, o, r, ok)
		}
	})
}

func TestNoAllocs(t *testing.T) {
	v, err := testvec.LoadFile(vectors + "/trace-like.hex")
	if err != nil {
		t.Fatal(err)
	}
	var p ansi.Package
	buf := make([]byte, 0, 300)
	testvec.NoAllocs(t, "decode a query", func() {
		if err := p.Decode(v[0].Octets); err != nil {
			t.Fatal(err)
		}
	})
	testvec.NoAllocs(t, "append a query", func() {
		if _, err := p.Append(buf); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAppendRefuses(t *testing.T) {
	for name, p := range map[string]ansi.Package{
		"no type":                {},
		"two reasons":            {Type: ansi.Abort, PAbort: 1, UserAbort: true},
		"components in an abort": {Type: ansi.Abort, Components: []ansi.Component{{Type: ansi.Reject}}},
		"component type":         {Type: ansi.Response, Components: []ansi.Component{{}}},
		"result without id":      {Type: ansi.Response, Components: []ansi.Component{{Type: ansi.ReturnResultLast}}},
		"correlation id alone":   {Type: ansi.QueryWithPermission, Components: []ansi.Component{{Type: ansi.InvokeLast, HasCorrelationID: true}}},
		"error code of 16 bits":  {Type: ansi.Response, Components: []ansi.Component{{Type: ansi.ReturnError, HasCorrelationID: true, Error: ansi.ErrorCode{Code: 256}}}},
		"short with a family":    {Type: ansi.QueryWithPermission, Components: []ansi.Component{{Type: ansi.InvokeLast, Operation: ansi.Operation{Short: true, Family: 9}}}},
		"integer of no octets":   {Type: ansi.QueryWithPermission, Dialogue: &ansi.Dialogue{ApplicationContext: new(ansi.IntegerOrOID)}},
		"parameter tag":          {Type: ansi.QueryWithPermission, Components: []ansi.Component{{Type: ansi.InvokeLast, ParameterTag: 4}}},
		"value without encoding": {Type: ansi.Abort, UserAbort: true, UserInformation: []ansi.External{{Value: wire.Hex{1}}}},
	} {
		if b, err := p.Append(nil); err == nil {
			t.Errorf("%s: %x", name, b)
		}
	}
}

func TestDiagnose(t *testing.T) {
	const tid = 0x100
	for name, c := range map[string]struct {
		hex  string
		want ansi.Fault
	}{
		"nothing":              {"", ansi.Fault{Abort: 3}},
		"length":               {"e2ffc704", ansi.Fault{Abort: 3}},
		"unknown, two ids":     {"6a0ac7080000010000000200", ansi.Fault{Type: 0x6a, HasOriginating: true, Originating: tid, HasResponding: true, Responding: 0x200, Abort: 1}},
		"unknown, one id":      {"6a06c70400000100", ansi.Fault{Type: 0x6a, Abort: 1}},
		"ITU begin":            {"6206480400000001", ansi.Fault{Type: 0x62, Abort: 1}},
		"id too short":         {"e205c703000001", ansi.Fault{Type: 0xe2, Abort: 2}},
		"octets behind":        {"e206c7040000010000", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Abort: 3}},
		"unknown element":      {"e50dc7080000010000000200010100", ansi.Fault{Type: 0xe5, HasOriginating: true, Originating: tid, HasResponding: true, Responding: 0x200, Abort: 3}},
		"dialogue":             {"e20bc70400000100f903da0201", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Abort: 8}},
		"unknown component":    {"e20fc70400000100e807ef05cf0107f200", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Problem: 0x0101, HasID: true, ID: 7}},
		"no operation":         {"e20fc70400000100e807e905cf0107f200", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Problem: 0x0102, Component: 0xe9, HasID: true, ID: 7}},
		"operation too long":   {"e214c70400000100e80ce90acf0107d103090909f200", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Problem: 0x0103, Component: 0xe9, HasID: true, ID: 7}},
		"component length":     {"e20ac70400000100e802e905", ansi.Fault{Type: 0xe2, HasOriginating: true, Originating: tid, Problem: 0x0103}},
		"abort of no kind":     {"f609c70400000100c10106", ansi.Fault{Type: 0xf6, HasResponding: true, Responding: tid, Abort: 3}},
		"second of two is bad": {"e416c70400000100e80eea05cf0100f200ef05cf0107f200", ansi.Fault{Type: 0xe4, HasResponding: true, Responding: tid, Problem: 0x0101, HasID: true, ID: 7}},
	} {
		b, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		if err := new(ansi.Package).Decode(b); err == nil {
			t.Errorf("%s: decodes", name)
		}
		if d := cmp.Diff(c.want, ansi.Diagnose(b)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// What Decode refuses, Diagnose finds at fault, and neither panics.
func FuzzDiagnose(f *testing.F) {
	vs, err := testvec.Load(vectors)
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range vs {
		f.Add(v.Octets)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		ansi.Peek(b)
		fault := ansi.Diagnose(b)
		if new(ansi.Package).Decode(b) != nil && fault.Abort == 0 && fault.Problem == 0 {
			t.Errorf("%x: refused, but no fault found", b)
		}
	})
}
