package gateway

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// reasons are all constants of type otasp.Reason, read from their source.
func reasons(t *testing.T) []otasp.Reason {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../otasp/effect.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []otasp.Reason
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Reason" {
			for _, v := range spec.Values {
				word, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, otasp.Reason(word))
			}
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("only %d reasons found", len(all))
	}
	return all
}

// pushReasons are those of messages that programming a handset does not have.
var pushReasons = []otasp.Reason{
	otasp.Reason(delivery.ReasonAccepted), otasp.Reason(delivery.ReasonExpired), otasp.Reason(delivery.ReasonUndeliverable),
	otasp.Reason(delivery.ReasonAttempts), otasp.Reason(delivery.ReasonCancelled), otasp.Reason(delivery.ReasonInDoubt),
	otasp.Reason(delivery.ReasonNoReceipt), pushRefusal(push.ErrNoRoute).reason, pushRefusal(&sms.TooLongError{}).reason, pushRefusal(push.ErrNoMIN).reason,
}

// TestEveryReasonHasACode fails when a reason is added and the err field of
// receipts has no number for it.
func TestEveryReasonHasACode(t *testing.T) {
	all := append(reasons(t), pushReasons...)
	all = append(all, refusalNoMIN.reason, refusalOverload.reason, refusalStore.reason, refusalText("").reason)
	seen := map[uint16]otasp.Reason{}
	for _, r := range all {
		code := codeOf(r)
		if code == codeOther {
			t.Errorf("%s has no code", r)
		}
		if other, twice := seen[code]; twice {
			t.Errorf("%s and %s share code %d", r, other, code)
		}
		if code > 999 {
			t.Errorf("%s: %d has more than three digits", r, code)
		}
		seen[code] = r
	}
	if len(receiptCodes) != len(all) {
		t.Errorf("%d codes for %d reasons", len(receiptCodes), len(all))
	}
	if got := codeOf("something new"); got != codeOther {
		t.Errorf("an unknown reason has code %d", got)
	}
}

func TestRefusalOf(t *testing.T) {
	for _, c := range []struct {
		err    error
		status smpp.Status
		reason otasp.Reason
	}{
		{sessions.ErrKeyTaken, smpp.StatusSubmitFailed, otasp.ReasonBusy},
		{sessions.ErrCorrTaken, smpp.StatusSubmitFailed, otasp.ReasonBusy},
		{sessions.ErrBusy, smpp.StatusThrottled, "overload"},
		{sessions.ErrStore, smpp.StatusSystemError, "store-unavailable"},
		{sessions.ErrStopped, smpp.StatusSystemError, "store-unavailable"},
		{errors.New("anything else"), smpp.StatusSystemError, "store-unavailable"},
	} {
		got := refusalOf(fmt.Errorf("wrapped: %w", c.err))
		if got.status != c.status || got.reason != c.reason || got.detail == "" {
			t.Errorf("%v: %+v", c.err, got)
		}
	}
	for _, r := range []refusal{refusalUnknownTRN, refusalNoOrder, *refusalText("x")} {
		if r.status == smpp.StatusOK || r.verdict().state != smpp.MessageRejected {
			t.Errorf("%+v", r)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		result otasp.Result
		state  smpp.MessageState
		code   uint16
		record cdr.Outcome
	}{
		{otasp.Result{Outcome: otasp.Done, Reason: otasp.ReasonNone}, smpp.MessageDelivered, 0, cdr.Done},
		{otasp.Result{Outcome: otasp.Partial, Reason: otasp.ReasonSkipped}, smpp.MessageDelivered, 1, cdr.Partial},
		{otasp.Result{Outcome: otasp.Partial, Reason: otasp.ReasonAfterCommit}, smpp.MessageDelivered, 2, cdr.Partial},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonUnknownTRN}, smpp.MessageUndeliverable, 10, cdr.Failed},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonNoOrder}, smpp.MessageRejected, 11, cdr.Refused},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonBusy}, smpp.MessageRejected, 12, cdr.Refused},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonTimeout}, smpp.MessageExpired, 23, cdr.Failed},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonCommitInDoubt}, smpp.MessageUnknown, 51, cdr.Unknown},
		{otasp.Result{Outcome: otasp.Unsuccessful, Reason: "new"}, smpp.MessageUndeliverable, 99, cdr.Failed},
	} {
		v := verdictOf(c.result)
		if v.state != c.state || v.code != c.code || v.text != string(c.result.Reason) {
			t.Errorf("%+v: %+v", c.result, v)
		}
		if r := record(sessionCall(), c.result, time.Now()); r.Outcome != c.record {
			t.Errorf("%+v: the record says %s", c.result, r.Outcome)
		}
	}
}
