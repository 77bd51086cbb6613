package ppg_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/wappush/pap"
)

// TestStatus has every state, with and without addresses.
func TestStatus(t *testing.T) {
	f := newFront(t)
	f.pushed(202, pushOf("1", "15551234561", "15551234562", "15551234563"))
	f.pushed(202, pushOf("2", "15551234569"))
	f.svc.end("15551234562", "done", delivery.ReasonDelivered)
	all := f.tell(202, ask(&pap.StatusQueryMessage{PushID: "1"})).(*pap.StatusQueryResponse)
	if len(all.Results) != 3 || all.PushID != "1" {
		t.Fatalf("got %+v", all)
	}
	for i, want := range []pap.MessageState{pap.StatePending, pap.StateDelivered, pap.StatePending} {
		x := all.Results[i]
		if x.State != want || len(x.Addresses) != 1 || x.Addresses[0] != pap.PLMNAddress(fmt.Sprint(15551234561+i), "") {
			t.Errorf("%d: %+v, want %v", i, x, want)
		}
	}
	if x := all.Results[1]; x.Code != pap.CodeOK || x.EventTime.Year() != 2026 {
		t.Errorf("delivered: %+v", x)
	}
	some := f.tell(202, ask(&pap.StatusQueryMessage{PushID: "1", Addresses: []pap.Address{
		"WAPPUSH=+1-5551234562/TYPE=PLMN@x", "WAPPUSH=15551234569/TYPE=PLMN", "WAPPUSH=x/TYPE=USER",
	}})).(*pap.StatusQueryResponse)
	for i, want := range []struct {
		state pap.MessageState
		code  pap.Code
	}{{pap.StateDelivered, pap.CodeOK}, {pap.StateUnknown, pap.CodeAddressNotFound}, {pap.StateUnknown, pap.CodeAddressError}} {
		if x := some.Results[i]; x.State != want.state || x.Code != want.code {
			t.Errorf("%d: %+v, want %+v", i, x, want)
		}
	}
	if x := f.tell(202, ask(&pap.StatusQueryMessage{PushID: "3"})).(*pap.StatusQueryResponse).Results[0]; x.Code != pap.CodePushIDNotFound || x.State != pap.StateUnknown {
		t.Errorf("of nothing: %+v", x)
	}
	as := func(r *http.Request) { r.SetBasicAuth("other", password) }
	if x := f.tell(202, ask(&pap.StatusQueryMessage{PushID: "1"}), as).(*pap.StatusQueryResponse).Results[0]; x.Code != pap.CodePushIDNotFound {
		t.Errorf("of another initiator: %+v", x)
	}
	f.svc.statuses = func(error) error { return errFull }
	if x := f.tell(503, ask(&pap.StatusQueryMessage{PushID: "1"})).(*pap.StatusQueryResponse).Results[0]; x.Code != pap.CodeServiceUnavailable {
		t.Errorf("of a store that fails: %+v", x)
	}
}

func TestEnds(t *testing.T) {
	f := newFront(t)
	f.pushed(202, pushOf("1", "15551234567"))
	for _, tt := range []struct {
		outcome string
		reason  delivery.Reason
		state   pap.MessageState
		code    pap.Code
	}{
		{"done", delivery.ReasonDelivered, pap.StateDelivered, pap.CodeOK},
		{"done", delivery.ReasonAccepted, pap.StateUnknown, pap.CodeAccepted},
		{"failed", delivery.ReasonExpired, pap.StateExpired, pap.CodeServiceFailure},
		{"failed", delivery.ReasonUndeliverable, pap.StateUndeliverable, pap.CodeServiceFailure},
		{"failed", delivery.ReasonAttempts, pap.StateUndeliverable, pap.CodeServiceFailure},
		{"failed", delivery.ReasonCancelled, pap.StateCancelled, pap.CodeOK},
		{"unknown", delivery.ReasonInDoubt, pap.StateUnknown, pap.CodeServiceFailure},
		{"unknown", delivery.ReasonExpired, pap.StateUnknown, pap.CodeServiceFailure},
	} {
		f.svc.end("15551234567", tt.outcome, tt.reason)
		x := f.tell(202, ask(&pap.StatusQueryMessage{PushID: "1"})).(*pap.StatusQueryResponse).Results[0]
		if x.State != tt.state || x.Code != tt.code || x.Desc != string(tt.reason) {
			t.Errorf("%s %s: %+v", tt.outcome, tt.reason, x)
		}
	}
}

func TestCancel(t *testing.T) {
	f := newFront(t)
	f.pushed(202, pushOf("1", "15551234561", "15551234562"))
	f.pushed(202, pushOf("2", "15551234563"))
	cancel := func(id string, to ...pap.Address) []pap.CancelResult {
		return f.tell(202, ask(&pap.CancelMessage{PushID: id, Addresses: to})).(*pap.CancelResponse).Results
	}
	for _, x := range cancel("1") {
		if x.Code != pap.CodeCancellationNotPossible {
			t.Errorf("on its way: %+v", x)
		}
	}
	f.svc.cancels = true
	if x := cancel("1", "WAPPUSH=15551234561/TYPE=PLMN"); len(x) != 1 || x[0].Code != pap.CodeOK {
		t.Errorf("the first: %+v", x)
	}
	if x := cancel("1", "WAPPUSH=15551234561/TYPE=PLMN"); x[0].Code != pap.CodeOK {
		t.Errorf("the first again: %+v", x)
	}
	f.svc.end("15551234562", "done", delivery.ReasonDelivered)
	if x := cancel("1"); len(x) != 2 || x[0].Code != pap.CodeOK || x[1].Code != pap.CodeCancellationNotPossible {
		t.Errorf("all: %+v", x)
	}
	if x := cancel("3"); x[0].Code != pap.CodePushIDNotFound {
		t.Errorf("of nothing: %+v", x)
	}
	if x := cancel("2", "WAPPUSH=15551234561/TYPE=PLMN"); x[0].Code != pap.CodeAddressNotFound {
		t.Errorf("of another number: %+v", x)
	}
	if x := cancel("2"); x[0].Code != pap.CodeOK {
		t.Errorf("single: %+v", x)
	}
}
