package delivery_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/delivery"
)

// leads has, for each phase and bearer, the way into it.
var leads = []struct {
	bearer string
	phase  delivery.Phase
	events []string
}{
	{"centre", delivery.Idle, nil},
	{"centre", delivery.Scheduled, []string{"message not-before=10m", "start"}},
	{"centre", delivery.Sending, []string{"start", "taken a", "after 1s"}},
	{"centre", delivery.Doubtful, []string{"start", "taken a", "doubt"}},
	{"centre", delivery.Pausing, []string{"start", "taken a", "failed temporary"}},
	{"centre", delivery.Away, []string{"message ask-again=5m", "start", "taken a", "failed postponed"}},
	{"centre", delivery.Settling, []string{"start", "taken a", "taken b"}},
	{"centre", delivery.Ending, []string{"start", "taken a", "receipt 0 undelivered"}},
	{"centre", delivery.Ended, []string{"start", "failed permanent"}},
	{"centre", delivery.Gathering, []string{"message gather=2m", "start"}},
	{"centre", delivery.Joining, []string{"message gather=2m", "start", "join"}},
	{"msc", delivery.Scheduled, []string{"message not-before=10m", "start"}},
	{"msc", delivery.Locating, []string{"start"}},
	{"msc", delivery.Away, []string{"message ask-again=5m", "start", "not-here postponed"}},
	{"msc", delivery.Sending, []string{"start", "located msc1", "taken"}},
	{"msc", delivery.Pausing, []string{"start", "located msc1", "taken", "failed temporary"}},
	{"msc", delivery.Ended, []string{"start", "not-here permanent"}},
}

// table names every event, answers in each form.
var table = []string{
	"start", "taken b", "failed temporary", "failed postponed", "failed permanent", "failed late", "doubt", "stale taken b", "stale doubt",
	"receipt 0 delivered", "receipt 0 undelivered", "receipt 0 unknown", "receipt 0 accepted", "receipt 1 delivered", "receipt 1 undelivered", "receipt 2 delivered",
	"located msc2", "not-here temporary", "not-here postponed", "not-here permanent", "stale located msc2",
	"notified", "notified msc2", "withdrawn", "withdrawn 7", "kept", "kept 7", "expired", "expired early", "recovered", "cancel 7", "recall 7", "withdrawn 7 again", "kept 7 again",
	"alone", "join", "join 90m", "joined", "absorb",
}

// TestTable prints what every event does in every phase. The golden file is
// the transition table of the machine.
func TestTable(t *testing.T) {
	const name = "../../testdata/scenario/delivery.table"
	var b strings.Builder
	reached := map[delivery.Phase]bool{}
	for _, lead := range leads {
		for _, word := range table {
			p := newPlayer(t)
			if lead.bearer == "msc" {
				p.event("message msc")
			}
			for _, ev := range lead.events {
				p.event(ev)
			}
			if p.s.Phase != lead.phase {
				t.Fatalf("wanted to reach %s, got %s", lead.phase, p.s.Phase)
			}
			p.b.Reset()
			p.event(word)
			fmt.Fprintf(&b, "%-6s %-9s %-21s %s\n", lead.bearer, lead.phase, word, squeeze(p.b.String()))
		}
		reached[lead.phase] = true
	}
	for ph := delivery.Idle; ph <= delivery.Joining; ph++ {
		if !reached[ph] {
			t.Errorf("the table has no row of %s", ph)
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("transition table differs (-want +got):\n%s", d)
	}
}

func squeeze(s string) string {
	var parts []string
	for line := range strings.Lines(s) {
		parts = append(parts, strings.TrimSpace(line))
	}
	return strings.Join(parts, " | ")
}

// TestWords: each kind, class, phase and state has a word of its own, and a
// number that is none of them prints as such.
func TestWords(t *testing.T) {
	seen := map[string]bool{}
	for k := delivery.Start; k <= delivery.Absorb; k++ {
		seen["event "+k.String()] = true
	}
	for k := delivery.Hand; k <= delivery.Leave; k++ {
		seen["effect "+k.String()] = true
	}
	for p := delivery.Idle; p <= delivery.Joining; p++ {
		seen["phase "+p.String()] = true
	}
	for s := delivery.Unsent; s <= delivery.Unknown; s++ {
		seen["part "+s.String()] = true
	}
	for c := delivery.Temporary; c <= delivery.Late; c++ {
		seen["class "+c.String()] = true
	}
	for o := delivery.Done; o <= delivery.Uncertain; o++ {
		seen["outcome "+o.String()] = true
	}
	for _, v := range []fmt.Stringer{
		delivery.EventKind(99), delivery.EffectKind(99), delivery.Phase(99), delivery.PartState(99), delivery.Class(99), delivery.Outcome(99),
	} {
		seen[v.String()] = true
		if !strings.HasSuffix(v.String(), "?") {
			t.Errorf("%T 99 prints as %q", v, v)
		}
	}
	if want := 17 + 14 + 12 + 6 + 4 + 3 + 6; len(seen) != want {
		t.Errorf("%d words, want %d: %v", len(seen), want, seen)
	}
}
