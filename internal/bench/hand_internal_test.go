package bench

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/otagate/otagate/smpp"
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
