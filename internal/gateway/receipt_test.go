package gateway

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/smpp"
)

var (
	began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ended = began.Add(2 * time.Minute)
)

// TestReceiptAsked: registered_delivery 0 asks for none, 1 for any, 2 for one
// of a failure. The other bits are about other things.
func TestReceiptAsked(t *testing.T) {
	done := verdict{state: smpp.MessageDelivered}
	accepted := pushVerdict(delivery.Result{Outcome: delivery.Done, Reason: delivery.ReasonAccepted})
	failed := verdict{state: smpp.MessageUndeliverable, code: 20}
	for _, c := range []struct {
		registered   uint8
		done, failed bool
	}{{0, false, false}, {1, true, true}, {2, false, true}, {3, false, false}, {0x10, false, false}, {0x11, true, true}, {0x0d, true, true}} {
		o := &origin{Account: "ivr", Receipt: c.registered}
		if _, got := receiptRow(1, o, done, ended, began); got != c.done {
			t.Errorf("registered_delivery %#x, done: %v", c.registered, got)
		}
		if _, got := receiptRow(1, o, accepted, ended, began); got != c.done {
			t.Errorf("registered_delivery %#x, accepted: %v", c.registered, got)
		}
		if _, got := receiptRow(1, o, failed, ended, began); got != c.failed {
			t.Errorf("registered_delivery %#x, failed: %v", c.registered, got)
		}
	}
}

// TestReceipt holds the deliver_sm of each kind of outcome against SMPP 3.4:
// appendix B for the text, and the three TLVs.
func TestReceipt(t *testing.T) {
	o := &origin{
		Account: "ivr", Receipt: 1, Corr: "c1",
		Source: address{1, 1, "18005551000"}, Destination: address{0, 1, "*228"},
	}
	for _, c := range []struct {
		name    string
		verdict verdict
		text    string
		state   byte
		network []byte
	}{
		{"done", verdictOf(otasp.Result{Outcome: otasp.Done, Reason: otasp.ReasonNone}),
			"id:00000000000000ab sub:001 dlvrd:001 submit date:2601020304 done date:2601020306 stat:DELIVRD err:000 text:ok", 2, []byte{2, 0, 0}},
		{"partial", verdictOf(otasp.Result{Outcome: otasp.Partial, Reason: otasp.ReasonSkipped}),
			"id:00000000000000ab sub:001 dlvrd:001 submit date:2601020304 done date:2601020306 stat:DELIVRD err:001 text:parts-skipped", 2, []byte{2, 0, 1}},
		{"hang-up", verdictOf(otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonHangUp}),
			"id:00000000000000ab sub:001 dlvrd:000 submit date:2601020304 done date:2601020306 stat:UNDELIV err:022 text:hang-up", 5, []byte{2, 0, 22}},
		{"timeout", verdictOf(otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonTimeout}),
			"id:00000000000000ab sub:001 dlvrd:000 submit date:2601020304 done date:2601020306 stat:EXPIRED err:023 text:session-timeout", 3, []byte{2, 0, 23}},
		{"in doubt", verdictOf(otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonCommitInDoubt}),
			"id:00000000000000ab sub:001 dlvrd:000 submit date:2601020304 done date:2601020306 stat:UNKNOWN err:051 text:commit-in-doubt", 7, []byte{2, 0, 51}},
		{"refused", refusalStore.verdict(),
			"id:00000000000000ab sub:001 dlvrd:000 submit date:2601020304 done date:2601020306 stat:REJECTD err:016 text:store-unavailable", 8, []byte{2, 0, 16}},
		{"a long reason is cut to 20 octets", verdictOf(otasp.Result{Outcome: otasp.Unsuccessful, Reason: otasp.ReasonReAuth}),
			"id:00000000000000ab sub:001 dlvrd:000 submit date:2601020304 done date:2601020306 stat:UNDELIV err:042 text:re-authentication-fa", 5, []byte{2, 0, 42}},
	} {
		t.Run(c.name, func(t *testing.T) {
			row, ok := receiptRow(0xab, o, c.verdict, ended, began)
			if !ok || row.Dest != "smpp/ivr" || !row.Due.IsZero() || !row.Validity.Equal(ended.Add(72*time.Hour)) || row.Dedup != "receipt/00000000000000ab" {
				t.Fatalf("%+v", row)
			}
			var l letter
			if err := json.Unmarshal(row.Body, &l); err != nil {
				t.Fatal(err)
			}
			got, err := l.deliverSM()
			if err != nil {
				t.Fatal(err)
			}
			want := smpp.DeliverSM{
				SourceAddrNPI: 1, SourceAddr: []byte("*228"),
				DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte("18005551000"),
				ESMClass: 4, ShortMessage: []byte(c.text),
				TLVs: smpp.TLVs{
					{Tag: 0x001e, Value: []byte("00000000000000ab\x00")}, {Tag: 0x0427, Value: []byte{c.state}}, {Tag: 0x0423, Value: c.network},
				},
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
