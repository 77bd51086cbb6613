package bench

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// TestHandSubmit: the codec by hand must do the same work as ours, fields and
// octets, or it is no ceiling.
func TestHandSubmit(t *testing.T) {
	m, err := newSubmit()
	if err != nil {
		t.Fatal(err)
	}
	var ours, hand smpp.SubmitSM
	body := m.wire[smpp.HeaderLen:]
	if err := ours.Decode(body); err != nil || !decodeSubmit(body, &hand) {
		t.Fatalf("not decoded: %v", err)
	}
	if diff := cmp.Diff(ours, hand); diff != "" {
		t.Error(diff)
	}
	for n := range body {
		// Without its TLVs, or between two of them, a body is whole.
		var p smpp.SubmitSM
		if (p.Decode(body[:n]) == nil) != decodeSubmit(body[:n], &hand) {
			t.Errorf("the two do not agree on %d octets of %d", n, len(body))
		}
	}
}

// TestHandStack: the same for the whole stack.
func TestHandStack(t *testing.T) {
	s, err := newStacks() // compares the octets
	if err != nil {
		t.Fatal(err)
	}
	h, o := &s.hand, &s.ours
	got := []any{
		h.data.opc, h.data.dpc, h.data.appearance, h.data.context, h.data.si, h.data.ni, h.data.mp, h.data.sls,
		h.udt.class, h.udt.called.ssn, h.udt.called.pc, h.udt.calling.ssn, h.udt.calling.pc,
		h.query.kind, h.query.otid, h.query.component, h.query.invoke, h.query.family, h.query.specifier,
		string(h.smdpp.bearer), h.smdpp.given, h.smdpp.esn, h.smdpp.min, h.smdpp.service,
	}
	k := &o.query.Components[0]
	want := []any{
		uint32(o.data.OPC), uint32(o.data.DPC), o.data.NetworkAppearance.V, o.data.RoutingContext.V, o.data.SI, o.data.NI, o.data.MP, o.data.SLS,
		byte(o.udt.Class), byte(o.udt.Called.SSN), uint32(o.udt.Called.PointCode), byte(o.udt.Calling.SSN), uint32(o.udt.Calling.PointCode),
		byte(o.query.Type), uint32(o.query.Originating), byte(k.Type), k.InvokeID, k.Operation.Family, k.Operation.Specifier,
		string(o.smdpp.SMSBearerData), o.smdpp.SMSTeleserviceIdentifier.Given, uint32(o.smdpp.ESN.V), [5]byte(o.smdpp.MIN.V), byte(o.smdpp.ServiceIndicator.V),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for n := range s.wire {
		if s.hand.decode(s.wire[:n]) {
			t.Errorf("the first %d octets of %d are decoded", n, len(s.wire))
		}
	}
}

// TestHandSame: the reference fills the same structs with the same values as
// our codecs, and writes the same octets, or refuses. What it refuses of this
// message when a few octets are changed is what its doc comment says.
func TestHandSame(t *testing.T) {
	s, err := newStacks()
	if err != nil {
		t.Fatal(err)
	}
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		b := clone(s.wire)
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "octet")
		}
		if rapid.Bool().Draw(t, "cut") {
			b = b[:rapid.IntRange(0, len(b)).Draw(t, "octets")]
		}
		if !s.same.decode(b) {
			return
		}
		taken++
		if err := s.ours.decode(b); err != nil {
			t.Fatalf("by hand %x is taken: %v", b, err)
		}
		o, h := &s.ours, &s.same
		for _, p := range [][2]any{{o.data, h.data}, {o.udt, h.udt}, {o.query, h.query}, {o.smdpp, h.smdpp}} {
			if diff := cmp.Diff(p[0], p[1], cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%x\n%s", b, diff)
			}
		}
		want, err := o.append(nil)
		if got, ok := h.append(nil); err != nil || !ok || !bytes.Equal(got, want) {
			t.Fatalf("by hand %x, ours %x (%v)", got, want, err)
		}
	})
	if taken == 0 {
		t.Error("the reference takes nothing")
	}
}

// TestHandSameParameters: the reference takes all parameters in any order,
// those that it does not know included, and lengths of all forms.
func TestHandSameParameters(t *testing.T) {
	all := []string{"9f6981c8" + strings.Repeat("07", 200), "9f74021002", "9f81000104", "890481234567", "9f830607a1000012345678",
		"88051629230010", "9f81720821436587092143f5", "9f813b051629230011", "9f821f0821436587092143f6", "9f824803010203",
		"9f81410101", "9f8143059999999999", "9503123407", "9f82450105", "9f825b020102", "9f6a0101", "9f6c0102", "9f6d0101",
		"9f6f020304", "9f71020506", "9f82220101", "9f876801ee"}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.Permutation(all).Draw(t, "order")[:rapid.IntRange(0, len(all)).Draw(t, "number")]
		b, err := hex.DecodeString(strings.Join(some, ""))
		if err != nil {
			t.Fatal(err)
		}
		var h handSame
		var ours ansi41.SMDPPInvoke
		err = ours.Decode(b)
		if ok := h.decodeSMDPP(b); ok != (err == nil) {
			t.Fatalf("by hand %t, ours %v", ok, err)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(ours, h.smdpp, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		want, err := ours.Append(nil)
		if got, ok := h.appendSMDPP(nil); err != nil || !ok || !bytes.Equal(got, want) {
			t.Fatalf("by hand %x, ours %x (%v)", got, want, err)
		}
		s, err := newStack()
		if err != nil {
			t.Fatal(err)
		}
		s.query.Components[0].Parameters = want
		h.query = s.query
		want, err = s.query.Append(nil)
		if got, ok := h.appendQuery(nil); err != nil || !ok || !bytes.Equal(got, want) {
			t.Fatalf("by hand %x, ours %x (%v)", got, want, err)
		}
	})
}

// TestProgrammed: a handset that was not programmed is found.
func TestProgrammed(t *testing.T) {
	list, err := roamingList()
	if err != nil {
		t.Fatal(err)
	}
	if err := subscriber(7).programmed(subscriber(7).handset(), list); err == nil {
		t.Error("a new handset passes for a programmed one")
	}
}
