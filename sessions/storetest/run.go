package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
)

// Open opens the store that is kept in dir, and makes it when it is not there.
// A failure ends the test.
type Open func(t testing.TB, dir string) sessions.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, c := range [...]struct {
		name string
		test func(*testing.T, Open)
	}{
		{"Life", testLife},
		{"Move", testMove},
		{"Correlations", testCorrelations},
		{"Seen", testSeen},
		{"RefusedLeavesNoTrace", testRefused},
		{"RefusedKeepsBatch", testBatchMates},
		{"Invalid", testInvalid},
		{"FinishAtOnce", testFinishAtOnce},
		{"OneWinnerForKey", testKeyRace},
		{"OneWinnerForVersion", testVersionRace},
		{"ClaimRace", testClaimRace},
		{"OutboxOrder", testOutboxOrder},
		{"OutboxLease", testOutboxLease},
		{"OutboxSettle", testOutboxSettle},
		{"OutboxFront", testOutboxFront},
		{"OutboxDedup", testOutboxDedup},
		{"Orphans", testOrphans},
		{"OrphansReopen", testOrphansReopen},
		{"Withdraw", testWithdraw},
		{"WithdrawAgain", testWithdrawAgain},
		{"Messages", testMessages},
		{"Orders", testOrders},
		{"Blobs", testBlobs},
		{"CDRs", testCDRs},
		{"Reopen", testReopen},
		{"Closed", testClosed},
		{"Model", testModel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}

// fresh is an empty store that the test closes at its end.
func fresh(t *testing.T, open Open) sessions.Store {
	t.Helper()
	s := open(t, t.TempDir())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// patience ends a test whose store never answers.
const patience = 30 * time.Second

// failer is the part of testing.TB that both kinds of tests have.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// apply applies c and waits for the answer.
func apply(t failer, s sessions.Store, c sessions.Change) sessions.Result {
	t.Helper()
	got := make(chan sessions.Result, 2)
	s.Apply(&c, func(r sessions.Result) { got <- r })
	select {
	case r := <-got:
		return r
	case <-time.After(patience):
		t.Fatalf("no answer for session %s", c.ID)
		return sessions.Result{}
	}
}

// must applies a change that nothing refuses.
func must(t failer, s sessions.Store, c sessions.Change) {
	t.Helper()
	want := sessions.Result{Version: c.Expect + 1}
	if got := apply(t, s, c); got != want {
		t.Fatalf("change of session %s: %+v, want %+v", c.ID, got, want)
	}
}

// refuse applies a change that is refused with want because of first.
func refuse(t failer, s sessions.Store, c sessions.Change, want error, first sessions.ID) {
	t.Helper()
	got := apply(t, s, c)
	if !errors.Is(got.Err, want) || got.First != first {
		t.Fatalf("change of session %s: %+v, want %v because of %s", c.ID, got, want, first)
	}
}

func check(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// live reads all live sessions.
func live(t failer, s sessions.Store) map[sessions.ID]sessions.Record {
	t.Helper()
	all := make(map[sessions.ID]sessions.Record)
	check(t, s.Load(context.Background(), func(r sessions.Record) error {
		r.State = append([]byte(nil), r.State...)
		all[r.ID] = r
		return nil
	}))
	return all
}

func mdn(n uint64) sessions.Key { return sessions.MDNKey(sessions.MDN(5_550_000_000 + n)) }
func trn(n uint64) sessions.Key { return sessions.TRNKey(sessions.TRN(7_770_000_000 + n)) }
