package sessions_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

func TestTx(t *testing.T) {
	var tx sessions.Tx
	at := time.Unix(1_800_000_000, 0)
	fill := func() {
		tx.Timer(1, at)
		tx.StopTimer(2)
		tx.Correlate(sessions.Corr{Kind: sessions.CorrTRN, ID: "1"})
		tx.Uncorrelate(sessions.Corr{Kind: sessions.CorrTRN, ID: "2"})
		tx.MoveTo(mdn(1))
		tx.Send(sessions.Outbox{Dest: "smsc"})
		tx.Done(7)
		tx.CDR(cdr.Record{Session: "s"})
		tx.OrderOpen(sessions.OrderRef{Name: "o", Revision: 1})
		tx.OrderDone(sessions.OrderRef{Name: "o", Revision: 2})
		tx.Finish()
	}
	fill()
	to := mdn(1)
	want := sessions.Change{
		NewKey:  &to,
		Finish:  true,
		AddCorr: []sessions.Corr{{Kind: sessions.CorrTRN, ID: "1"}},
		DelCorr: []sessions.Corr{{Kind: sessions.CorrTRN, ID: "2"}},
		Outbox:  []sessions.Outbox{{Dest: "smsc"}}, OutboxDone: []int64{7},
		CDR: []cdr.Record{{Session: "s"}}, OrderOpen: sessions.OrderRef{Name: "o", Revision: 1}, OrderDone: sessions.OrderRef{Name: "o", Revision: 2},
	}
	var got sessions.Change
	tx.Fill(&got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Fill (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]sessions.TimerSet{{Kind: 1, At: at}, {Kind: 2}}, tx.Timers()); diff != "" || !tx.Finished() {
		t.Errorf("timers (-want +got):\n%s", diff)
	}
	tx.Reset()
	got = sessions.Change{}
	tx.Fill(&got)
	if len(got.AddCorr)+len(got.DelCorr)+len(got.Outbox)+len(got.OutboxDone)+len(got.CDR)+len(tx.Timers()) != 0 ||
		got.NewKey != nil || got.Finish || got.OrderOpen != (sessions.OrderRef{}) || got.OrderDone != (sessions.OrderRef{}) {
		t.Errorf("after Reset: %+v", got)
	}
	if n := testing.AllocsPerRun(100, func() { tx.Reset(); fill() }); n != 0 {
		t.Errorf("%v allocations in a Tx that is used again", n)
	}
}

func TestOrderQueryField(t *testing.T) {
	for want, q := range map[[2]string]sessions.OrderQuery{
		{"mdn", "5551234567"}: {MDN: 5551234567},
		{"esn", "80ABCDEF"}:   {ESN: "80ABCDEF"},
	} {
		if name, text, err := q.Field(); err != nil || name != want[0] || text != want[1] {
			t.Errorf("%v: %s %s %v", want, name, text, err)
		}
	}
	for _, q := range []sessions.OrderQuery{{}, {MIN: "1", IMSI: "2"}, {MDN: 1, MEID: "3"}} {
		if _, _, err := q.Field(); !errors.Is(err, sessions.ErrInvalid) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
