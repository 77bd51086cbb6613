package sccp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

func genAddress(t *rapid.T, v sccp.Variant, name string) sccp.Address {
	a := sccp.Address{Variant: v, RouteOnSSN: rapid.Bool().Draw(t, name+" route")}
	if v == sccp.ANSI && rapid.Bool().Draw(t, name+" international") {
		a.Variant = sccp.ITU
	}
	if v == sccp.ITU {
		a.National = rapid.Bool().Draw(t, name+" national")
	}
	if a.HasSSN = rapid.Bool().Draw(t, name+" has ssn"); a.HasSSN {
		a.SSN = sccp.SSN(rapid.Byte().Draw(t, name+" ssn"))
	}
	if a.HasPointCode = rapid.Bool().Draw(t, name+" has pc"); a.HasPointCode {
		top := uint32(0x3fff)
		if a.Variant == sccp.ANSI {
			top = 0xffffff
		}
		a.PointCode = mtp.PointCode(rapid.Uint32Range(0, top).Draw(t, name+" pc"))
	}
	g := &a.GlobalTitle
	g.GTI = sccp.GTI(rapid.IntRange(0, 15).Draw(t, name+" gti"))
	digits := rapid.StringMatching(`([0-9A-F]{2}){1,9}`).Draw(t, name+" digits")
	switch {
	case g.GTI == 0:
	case g.GTI == 2:
		g.TranslationType, g.Digits = rapid.Byte().Draw(t, name+" tt"), digits
	case a.Variant == sccp.ANSI && g.GTI == 1 || a.Variant == sccp.ITU && (g.GTI == 3 || g.GTI == 4):
		g.TranslationType = rapid.Byte().Draw(t, name+" tt")
		g.NumberingPlan = sccp.NumberingPlan(rapid.IntRange(0, 15).Draw(t, name+" plan"))
		g.Digits = digits[rapid.IntRange(0, 1).Draw(t, name+" odd"):]
		if g.GTI == 4 {
			g.Nature = sccp.Nature(rapid.IntRange(0, 127).Draw(t, name+" nature"))
		}
	case a.Variant == sccp.ITU && g.GTI == 1:
		g.Nature = sccp.Nature(rapid.IntRange(0, 127).Draw(t, name+" nature"))
		g.Digits = digits[rapid.IntRange(0, 1).Draw(t, name+" odd"):]
	default:
		a.Unread = sccp.Octets(rapid.SliceOfN(rapid.Byte(), 1, 8).Draw(t, name+" unread"))
	}
	return a
}

func genOptional(t *rapid.T) sccp.Optional {
	var o sccp.Optional
	if o.Segmented = rapid.Bool().Draw(t, "segmented"); o.Segmented {
		o.Segmentation = sccp.Segmentation{
			First: rapid.Bool().Draw(t, "first"), InSequence: rapid.Bool().Draw(t, "in sequence"),
			Remaining:      rapid.Uint8Range(0, 15).Draw(t, "remaining"),
			LocalReference: rapid.Uint32Range(0, 0xffffff).Draw(t, "reference"),
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "others") {
		o.Other = append(o.Other, sccp.Parameter{
			Name:  sccp.ParameterName(rapid.Uint8Range(0x20, 0xff).Draw(t, "name")),
			Value: rapid.SliceOfN(rapid.Byte(), 0, 10).Draw(t, "value"),
		})
	}
	return o
}

func genMessage(t *rapid.T) (sccp.Message, sccp.Variant) {
	v := sccp.Variant(rapid.IntRange(0, 1).Draw(t, "variant"))
	called, calling := genAddress(t, v, "called"), genAddress(t, v, "calling")
	data := wire.Hex(rapid.SliceOfN(rapid.Byte(), 1, 150).Draw(t, "data"))
	octet := rapid.Byte().Draw(t, "octet")
	hops := rapid.Byte().Draw(t, "hop counter")
	switch rapid.IntRange(0, 3).Draw(t, "type") {
	case 0:
		return &sccp.UDT{Variant: v, Class: sccp.ProtocolClass(octet), Called: called, Calling: calling, Data: data}, v
	case 1:
		return &sccp.UDTS{Variant: v, Cause: sccp.ReturnCause(octet), Called: called, Calling: calling, Data: data}, v
	case 2:
		return &sccp.XUDT{Variant: v, Class: sccp.ProtocolClass(octet), HopCounter: hops, Called: called, Calling: calling, Data: data, Optional: genOptional(t)}, v
	}
	return &sccp.XUDTS{Variant: v, Cause: sccp.ReturnCause(octet), HopCounter: hops, Called: called, Calling: calling, Data: data, Optional: genOptional(t)}, v
}

func TestDecodeOfAppendIsEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, v := genMessage(t)
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decoder(v)(b)
		if err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(m, got.(sccp.Message), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%x:\n%s", b, d)
		}
		js, err := sccp.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := sccp.FromJSON(js)
		if err != nil {
			t.Fatalf("%s: %v", js, err)
		}
		again, err := back.Append(nil)
		if err != nil || string(again) != string(b) {
			t.Fatalf("through JSON %x, want %x (%v)\n%s", again, b, err, js)
		}
	})
}

func TestFromJSONRefuses(t *testing.T) {
	for _, s := range []string{`{`, `{"message":"CR"}`, `{"message":"UDT","protocol_klass":1}`, `{"message":"UDT","variant":"itut"}`} {
		if m, err := sccp.FromJSON([]byte(s)); err == nil {
			t.Errorf("%s gives %v", s, m)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	good := sccp.SSNAddress(sccp.ANSI, 8)
	long := make([]byte, 256)
	for name, m := range map[string]sccp.Message{
		"data too long":             &sccp.UDT{Called: good, Calling: good, Data: long},
		"ANSI address in ITU":       &sccp.UDT{Variant: sccp.ITU, Called: good, Calling: good, Data: long[:1]},
		"15-bit point code":         &sccp.UDT{Called: sccp.PointCodeAddress(sccp.ITU, 0x4000, 8), Calling: good, Data: long[:1]},
		"not a digit":               &sccp.UDT{Called: sccp.GlobalTitleAddress(sccp.ANSI, 8, 9, "12x"), Calling: good, Data: long[:1]},
		"title without indicator":   &sccp.UDT{Called: sccp.Address{GlobalTitle: sccp.GlobalTitle{Digits: "1"}}, Calling: good, Data: long[:1]},
		"too many segments":         &sccp.XUDT{Called: good, Calling: good, Data: long[:1], Optional: sccp.Optional{Segmented: true, Segmentation: sccp.Segmentation{Remaining: 16}}},
		"optional part unreachable": &sccp.XUDT{Called: good, Calling: good, Data: long[:255], Optional: sccp.Optional{Segmented: true}},
	} {
		if b, err := m.Append(nil); err == nil {
			t.Errorf("%s: %x", name, b)
		}
	}
}

func TestNoAllocs(t *testing.T) {
	vs, err := testvec.LoadFile(ansiVectors + "/udt.hex")
	if err != nil {
		t.Fatal(err)
	}
	var m sccp.UDT
	buf := make([]byte, 0, 300)
	for _, v := range vs[:3] {
		testvec.NoAllocs(t, "decode UDT "+v.Name, func() {
			if err := m.Decode(v.Octets); err != nil {
				t.Fatal(err)
			}
		})
		testvec.NoAllocs(t, "append UDT "+v.Name, func() {
			if _, err := m.Append(buf); err != nil {
				t.Fatal(err)
			}
		})
	}
	if vs, err = testvec.LoadFile(ansiVectors + "/xudt.hex"); err != nil {
		t.Fatal(err)
	}
	var x sccp.XUDT
	testvec.NoAllocs(t, "decode XUDT", func() {
		if err := x.Decode(vs[0].Octets); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCloneOwnsItsOctets(t *testing.T) {
	vs, err := testvec.LoadFile(ansiVectors + "/xudt.hex")
	if err != nil {
		t.Fatal(err)
	}
	b := append([]byte(nil), vs[3].Octets...)
	var m sccp.XUDT
	if err := m.Decode(b); err != nil {
		t.Fatal(err)
	}
	kept := m.Clone()
	for i := range b {
		b[i] = 0xa5
	}
	again, err := kept.Append(nil)
	if err != nil || string(again) != string(vs[3].Octets) {
		t.Errorf("clone encodes %x (%v), want %x", again, err, vs[3].Octets)
	}
}

func TestReassembler(t *testing.T) {
	calling := sccp.SSNAddress(sccp.ANSI, 11)
	now := time.Unix(0, 0)
	type step struct {
		first     bool
		remaining uint8
		data      string
		after     time.Duration
		want      sccp.Verdict
		whole     string
	}
	for name, steps := range map[string][]step{
		"in order":           {{true, 2, "ab", 0, sccp.Waiting, ""}, {false, 1, "cd", 0, sccp.Waiting, ""}, {false, 0, "e", 0, sccp.Complete, "abcde"}},
		"one alone":          {{true, 0, "ab", 0, sccp.Complete, "ab"}},
		"gap":                {{true, 2, "ab", 0, sccp.Waiting, ""}, {false, 0, "e", 0, sccp.OutOfOrder, ""}, {false, 1, "cd", 0, sccp.OutOfOrder, ""}},
		"no first":           {{false, 1, "cd", 0, sccp.OutOfOrder, ""}},
		"first repeated":     {{true, 1, "ab", 0, sccp.Waiting, ""}, {true, 1, "ab", 0, sccp.Duplicate, ""}, {false, 0, "c", 0, sccp.Complete, "abc"}},
		"middle repeated":    {{true, 2, "ab", 0, sccp.Waiting, ""}, {false, 1, "c", 0, sccp.Waiting, ""}, {false, 1, "c", 0, sccp.Duplicate, ""}, {false, 0, "d", 0, sccp.Complete, "abcd"}},
		"last repeated":      {{true, 1, "ab", 0, sccp.Waiting, ""}, {false, 0, "c", 0, sccp.Complete, "abc"}, {false, 0, "c", 0, sccp.OutOfOrder, ""}},
		"reference reused":   {{true, 1, "ab", 0, sccp.Waiting, ""}, {true, 1, "xy", 0, sccp.Waiting, ""}, {false, 0, "z", 0, sccp.Complete, "xyz"}},
		"too late":           {{true, 1, "ab", 0, sccp.Waiting, ""}, {false, 0, "c", time.Second, sccp.OutOfOrder, ""}},
		"just in time":       {{true, 1, "ab", 0, sccp.Waiting, ""}, {false, 0, "c", time.Second - 1, sccp.Complete, "abc"}},
		"too late, restarts": {{true, 1, "ab", 0, sccp.Waiting, ""}, {true, 1, "ab", time.Second, sccp.Waiting, ""}, {false, 0, "c", 0, sccp.Complete, "abc"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := sccp.Reassembler{Timeout: time.Second, Max: 1}
			at := now
			for i, s := range steps {
				at = at.Add(s.after)
				whole, _, v := r.Add(at, 1, calling, sccp.Segmentation{First: s.first, Remaining: s.remaining, LocalReference: 7}, []byte(s.data))
				if v != s.want || string(whole) != s.whole {
					t.Fatalf("step %d: %v %q, want %v %q", i+1, v, whole, s.want, s.whole)
				}
			}
		})
	}
}

func TestReassemblerIsBounded(t *testing.T) {
	r := sccp.Reassembler{Timeout: time.Second, Max: 3}
	now := time.Unix(0, 0)
	for i := range uint32(10) {
		_, _, v := r.Add(now, 1, sccp.Address{}, sccp.Segmentation{First: true, Remaining: 1, LocalReference: i}, []byte{1})
		if want := map[bool]sccp.Verdict{true: sccp.Waiting, false: sccp.Overflow}[i < 3]; v != want {
			t.Errorf("message %d: %v, want %v", i, v, want)
		}
	}
	if _, _, v := r.Add(now.Add(time.Second), 1, sccp.Address{}, sccp.Segmentation{First: true, Remaining: 1, LocalReference: 99}, []byte{1}); v != sccp.Waiting {
		t.Errorf("after the time has passed: %v", v)
	}
	if r.Pending() != 1 || r.Expired != 3 {
		t.Errorf("%d pending, %d expired", r.Pending(), r.Expired)
	}
}
