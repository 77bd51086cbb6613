package gateway

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// TestUnanswered: each way in which an invoke can go wrong, for each kind of
// request.
func TestUnanswered(t *testing.T) {
	for _, c := range []struct {
		outcome tcap.Outcome
		class   otasp.FailureClass
		detail  string
	}{
		{tcap.Outcome{Kind: tcap.OutcomeTimeout}, otasp.NoAnswer, "no answer in time"},
		{tcap.Outcome{Kind: tcap.OutcomeShutdown}, otasp.NoAnswer, "no answer in time"},
		{tcap.Outcome{Kind: tcap.OutcomeNotice, ReturnCause: sccp.MTPFailure}, otasp.NotReached, "returned by the network: MTP failure"},
		{tcap.Outcome{Kind: tcap.OutcomeNotice, ReturnCause: sccp.UnequippedUser}, otasp.NotReached, "returned by the network: unequipped user"},
		{tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(0x85)}, otasp.PeerRefused, "RETURN ERROR ResourceShortage"},
		{tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(0x20)}, otasp.PeerRefused, "RETURN ERROR 32"},
		{tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.ErrorCode{National: true, Wide: true, Code: 0x181}}, otasp.PeerRefused, "RETURN ERROR national error 385"},
		{tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.ErrorCode{National: true, Code: 0x81}}, otasp.PeerRefused, "RETURN ERROR national error 129"},
		{tcap.Outcome{Kind: tcap.OutcomeReject, Problem: ansi.UnrecognizedOperation}, otasp.PeerRefused, "REJECT invoke: unrecognized operation code"},
		{tcap.Outcome{Kind: tcap.OutcomeAbort, PAbort: ansi.AbortUnassignedTransactionID}, otasp.PeerRefused, "ABORT unassigned responding transaction id"},
		{tcap.Outcome{}, otasp.PeerRefused, "ABORT user abort"},
	} {
		for _, w := range []wanted{wantAttach, wantReverse, wantDone, wantAC} {
			got := (&question{wants: w, req: 7}).answer(c.outcome, began)
			got.Failure.Detail = trimAbort(c.outcome, got.Failure.Detail)
			want := otasp.Event{Kind: otasp.Failed, Req: 7, At: began, Failure: otasp.Failure{Class: c.class, Detail: trimAbort(c.outcome, c.detail)}}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s for %d: %s", c.outcome.Kind, w, d)
			}
		}
	}
	for _, code := range []ansi41.ErrorCode{ansi41.UnrecognizedMIN, ansi41.UnrecognizedParameterValue} {
		o := tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(uint8(code))}
		if got := (&question{wants: wantAttach, req: 1}).answer(o, began); got.Failure.Class != otasp.UnknownTRN {
			t.Errorf("attach, %s: %+v", code, got.Failure)
		}
		if got := (&question{wants: wantReverse, req: 1}).answer(o, began); got.Failure.Class != otasp.PeerRefused {
			t.Errorf("relay, %s: %+v", code, got.Failure)
		}
	}
}

// trimAbort: the names of P-Abort causes are TCAP's business.
func trimAbort(o tcap.Outcome, s string) string {
	if o.Kind == tcap.OutcomeAbort || o.Kind == 0 {
		return s[:len("ABORT")]
	}
	return s
}

// TestCauses: an MSC tells by SMS_CauseCode that it could not do it.
func TestCauses(t *testing.T) {
	for _, c := range []struct {
		cause ansi41.SMSCauseCode
		w     wanted
		class otasp.FailureClass
	}{
		{1, wantAttach, otasp.UnknownTRN}, {107, wantAttach, otasp.UnknownTRN}, {110, wantAttach, otasp.HandsetGone},
		{2, wantAttach, otasp.HandsetMute}, {102, wantAttach, otasp.PeerRefused},
		{1, wantReverse, otasp.PeerRefused}, {107, wantReverse, otasp.PeerRefused},
		{108, wantReverse, otasp.HandsetGone}, {110, wantReverse, otasp.HandsetGone},
		{32, wantReverse, otasp.HandsetMute}, {34, wantReverse, otasp.HandsetMute}, {39, wantReverse, otasp.HandsetMute},
		{36, wantReverse, otasp.HandsetMute}, {64, wantReverse, otasp.HandsetMute},
		{0, wantReverse, otasp.PeerRefused}, {96, wantReverse, otasp.PeerRefused}, {200, wantReverse, otasp.PeerRefused},
		{108, wantDone, otasp.HandsetGone}, {3, wantDone, otasp.HandsetMute},
	} {
		res := ansi41.SMDPPResult{SMSCauseCode: ansi41.Some(c.cause), SMSBearerData: ansi41.Some(wire.Hex{5, 0}), ESN: ansi41.Some(ansi41.ESN(1))}
		got := resultOf(t, c.w, &res)
		if got.Kind != otasp.Failed || got.Failure.Class != c.class || got.Failure.Detail != "SMS_CauseCode "+c.cause.String() {
			t.Errorf("%s for %d: %+v", c.cause, c.w, got)
		}
	}
}

type parameters interface{ Append([]byte) ([]byte, error) }

func resultOf(t *testing.T, w wanted, res parameters) otasp.Event {
	t.Helper()
	b, err := res.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return (&question{wants: w, req: 7}).answer(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: b}, began)
}

func TestResults(t *testing.T) {
	esn := ansi41.Some(ansi41.ESN(0x81234567))
	denied := ansi41.Some(ansi41.AuthorizationDenied(1))
	deny := ansi41.Some(ansi41.DenyAccess(5))
	meid, err := ansi41.ParseMEID("A1000000001234")
	if err != nil {
		t.Fatal(err)
	}
	failed := func(class otasp.FailureClass, detail string) otasp.Event {
		return otasp.Event{Kind: otasp.Failed, Req: 7, At: began, Failure: otasp.Failure{Class: class, Detail: detail}}
	}
	for _, c := range []struct {
		name string
		w    wanted
		res  parameters
		want otasp.Event
	}{
		{"reverse message", wantReverse, &ansi41.SMDPPResult{SMSBearerData: ansi41.Some(wire.Hex{5, 0})}, otasp.Event{Kind: otasp.Reverse, Req: 7, At: began, Message: []byte{5, 0}}},
		{"no reverse message", wantReverse, &ansi41.SMDPPResult{}, failed(otasp.HandsetMute, "the MSC returned no message of the handset")},
		{"empty reverse message", wantReverse, &ansi41.SMDPPResult{SMSBearerData: ansi41.Some(wire.Hex{})}, failed(otasp.HandsetMute, "the MSC returned no message of the handset")},
		{"done", wantDone, &ansi41.SMDPPResult{}, otasp.Event{Kind: otasp.MSCDone, Req: 7, At: began}},
		{"attached to nobody", wantAttach, &ansi41.SMDPPResult{}, failed(otasp.PeerRefused, "the attach result names no handset")},
		{"not authorized", wantAttach, &ansi41.SMDPPResult{ESN: esn, AuthorizationDenied: denied}, failed(otasp.PeerRefused, "AuthorizationDenied "+denied.V.String())},
		{"access denied", wantDone, &ansi41.SMDPPResult{DenyAccess: deny}, failed(otasp.PeerRefused, "DenyAccess "+deny.V.String())},
		{"attached by ESN", wantAttach, &ansi41.SMDPPResult{ESN: esn}, otasp.Event{Kind: otasp.Attached, Req: 7, At: began, Terminal: &otasp.Terminal{ESN: 0x81234567}}},
		{"attached by MEID", wantAttach, &ansi41.SMDPPResult{MEID: ansi41.Some(meid)}, otasp.Event{Kind: otasp.Attached, Req: 7, At: began, Terminal: &otasp.Terminal{ESN: 0x80706892, MEID: "A1000000001234"}}},
		{"AC accepts", wantAC, &ansi41.OTASPREQResult{OTASPResultCode: ansi41.Some(ansi41.ResultAccepted)}, otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{HasResult: true}}},
		{"AC cannot commit", wantAC, &ansi41.OTASPREQResult{OTASPResultCode: ansi41.Some(ansi41.ResultUnableToCommit)}, otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{HasResult: true, Result: 6}}},
		{"AC denies", wantAC, &ansi41.OTASPREQResult{DenyAccess: deny}, otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{DenyAccess: 5}}},
		{"AC says nothing", wantAC, &ansi41.OTASPREQResult{}, otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{}}},
	} {
		if d := cmp.Diff(c.want, resultOf(t, c.w, c.res)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	for _, w := range []wanted{wantAttach, wantReverse, wantDone, wantAC} {
		got := (&question{wants: w, req: 7}).answer(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: []byte{0x9f}}, began)
		if got.Kind != otasp.Failed || got.Failure.Class != otasp.NoAnswer {
			t.Errorf("unreadable for %d: %+v", w, got)
		}
	}
}

// vector is the parameter set of one vector of testdata/ansi41.
func vector(t *testing.T, file string, n int) []byte {
	t.Helper()
	vs, err := testvec.LoadFile("../../testdata/ansi41/" + file + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	if n > len(vs) {
		t.Fatalf("%s has %d vectors", file, len(vs))
	}
	if vs[n-1].Proto == "ansi41-set" {
		return vs[n-1].Octets
	}
	var p ansi.Package
	if err := p.Decode(vs[n-1].Octets); err != nil {
		t.Fatal(err)
	}
	return p.Components[0].Parameters
}

// TestAnswersFromOutside reads answers that others have written.
func TestAnswersFromOutside(t *testing.T) {
	read := func(w wanted, b []byte) otasp.Event {
		return (&question{wants: w, req: 7}).answer(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: b}, began)
	}
	got := read(wantAttach, vector(t, "package-session", 2))
	want := otasp.Event{Kind: otasp.Attached, Req: 7, At: began, Terminal: &otasp.Terminal{ESN: 0x81234567, MIN: "0000001234", SystemID: 12, Switch: 6}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = read(wantReverse, vector(t, "package-session", 4))
	want = otasp.Event{Kind: otasp.Reverse, Req: 7, At: began, Message: []byte{0x06, 0x01, 0x02, 0x42, 0x03, 0, 2, 1, 2, 2, 1, 1, 0x60}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = read(wantAC, vector(t, "set-otaspreq", 3))
	key := func(o byte) []byte { return []byte{o, o, o, o, o, o, o, o, o, o, o, o} }
	want = otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{
		HasResult: true, AKeyVersion: 2, BSKey: key(0x22), Modulus: key(0x33), Primitive: []byte{2},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = read(wantAC, vector(t, "set-otaspreq", 4))
	want = otasp.Event{Kind: otasp.ACAnswer, Req: 7, At: began, AC: &otasp.ACResult{HasResult: true, SSDUpdate: 3, UniqueChall: 3}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
