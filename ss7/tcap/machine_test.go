package tcap_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/ss7/tcap"
)

var update = flag.Bool("update", false, "write the golden tables anew")

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = "../../testdata/tcap/" + file
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs; if that is meant, run go test with -update:\n%s", file, d)
	}
}

func join[T fmt.Stringer](xs []T) string {
	var s []string
	for _, x := range xs {
		s = append(s, x.String())
	}
	return strings.Join(s, " ")
}

func name(t tcap.Transaction) string {
	if t.MayRelease {
		return t.State.String() + "+release"
	}
	return t.State.String()
}

var transactions = []tcap.Transaction{
	{}, {State: tcap.InitiationSent},
	{State: tcap.InitiationReceived}, {State: tcap.InitiationReceived, MayRelease: true},
	{State: tcap.Active}, {State: tcap.Active, MayRelease: true},
}

func TestTransactionTable(t *testing.T) {
	var s strings.Builder
	for _, from := range transactions {
		for ev := tcap.SendQuery; ev <= tcap.Expire; ev++ {
			to, effects := from.Step(ev, nil)
			fmt.Fprintln(&s, strings.TrimRight(fmt.Sprintf("%-27s %-37s %-27s %s", name(from), ev, name(to), join(effects)), " "))
		}
	}
	golden(t, "transaction.table", s.String())
}

func TestInvokeTable(t *testing.T) {
	var s strings.Builder
	for from := tcap.InvokeIdle; from <= tcap.OperationSent; from++ {
		for ev := tcap.InvokeRequest; ev <= tcap.TransactionReleased; ev++ {
			to, effects := from.Step(ev, nil)
			fmt.Fprintln(&s, strings.TrimRight(fmt.Sprintf("%-14s %-20s %-14s %s", from, ev, to, join(effects)), " "))
		}
	}
	golden(t, "invoke.table", s.String())
}

// Whatever comes, a transaction is released exactly when it becomes idle, what
// is unexpected changes nothing, and nothing is sent to a peer that cannot
// know the transaction.
func TestTransactionStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tx tcap.Transaction
		for range rapid.IntRange(1, 40).Draw(t, "length") {
			ev := tcap.TransactionEvent(rapid.IntRange(0, int(tcap.Expire)).Draw(t, "event"))
			next, effects := tx.Step(ev, nil)
			released := slices.Contains(effects, tcap.Release)
			if released != (tx.State != tcap.Idle && next.State == tcap.Idle) {
				t.Fatalf("%v on %v: %v, released %v", ev, tx, next, released)
			}
			if slices.Contains(effects, tcap.Unexpected) && (next != tx || len(effects) != 1) {
				t.Fatalf("unexpected %v on %v: %v %v", ev, tx, next, effects)
			}
			if tx.State == tcap.InitiationSent && slices.Contains(effects, tcap.AbortPeer) {
				t.Fatalf("%v on %v aborts a peer whose id is not known", ev, tx)
			}
			if ev == tcap.SendResponse && slices.Contains(effects, tcap.Transmit) && !tx.MayRelease {
				t.Fatalf("%v ends %v without permission", ev, tx)
			}
			tx = next
		}
	})
}

// Whatever comes, the user hears exactly one outcome of an invoke, and the
// timer is balanced.
func TestInvokeStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s tcap.InvokeState
		outcomes, requests, timer := 0, 0, 0
		step := func(ev tcap.InvokeEvent) {
			var effects []tcap.InvokeEffect
			before := s
			if ev == tcap.InvokeTimerExpired {
				timer = 0
			}
			s, effects = s.Step(ev, nil)
			if slices.Contains(effects, tcap.InvokeUnexpected) && s != before {
				t.Fatalf("unexpected %v moves %v to %v", ev, before, s)
			}
			for _, f := range effects {
				switch f {
				case tcap.SendInvoke:
					requests++
				case tcap.StartInvokeTimer:
					timer++
				case tcap.StopInvokeTimer:
					timer--
				case tcap.DeliverResult, tcap.DeliverError, tcap.DeliverReject, tcap.DeliverTimeout, tcap.DeliverReleased:
					outcomes++
				}
			}
			if want := map[bool]int{true: 1}[s == tcap.OperationSent]; timer != want {
				t.Fatalf("after %v in %v: %d timers", ev, s, timer)
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "length") {
			ev := tcap.InvokeEvent(rapid.IntRange(0, int(tcap.TransactionReleased)).Draw(t, "event"))
			// A timer that does not run does not expire.
			if ev == tcap.InvokeTimerExpired && s != tcap.OperationSent {
				continue
			}
			step(ev)
		}
		step(tcap.TransactionReleased)
		if outcomes != requests {
			t.Fatalf("%d requests, %d outcomes", requests, outcomes)
		}
	})
}
