package otasp_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp"
)

// reach plays the good path of an order that uses every phase and returns the
// session as it stands in each phase.
func reach(t *testing.T, script string) map[otasp.Phase]otasp.Session {
	t.Helper()
	p := player{t: t, o: order()}
	seen := map[otasp.Phase]otasp.Session{otasp.Idle: {}}
	for _, words := range said(t, script) {
		p.event(words)
		if _, known := seen[p.s.Phase]; !known {
			seen[p.s.Phase] = p.s
		}
	}
	return seen
}

// said are the events of a script, in words.
func said(t *testing.T, script string) (events [][]string) {
	t.Helper()
	b, err := os.ReadFile("../testdata/scenario/otasp/" + script + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if words, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "> "); ok {
			events = append(events, strings.Fields(words))
		}
	}
	return events
}

// table names every event, answers in the form that fits most.
var table = []string{
	"start", "start network", "start callback", "start handset", "attached", "resolved", "located msc2", "postponed", "back", "back msc2", "reverse 0500", "reverse 0a0000", "ac ok", "done",
	"called-back", "called-back esn=81234567", "opened", "opened mdn=5550000000", "mmc-done", "mmc-done phone:homepage=WriteOnly",
	"fail no-answer", "fail not-reached", "fail refused", "fail unknown-trn", "fail gone", "fail mute", "fail store",
	"refused", "order-changed", "expired", "recovered", "stop", "stale",
}

// TestTable prints what every event does in every phase. The golden file is
// the transition table of the machine.
func TestTable(t *testing.T) {
	var b strings.Builder
	states, network, iota := reach(t, "every-phase"), reach(t, "otapa-every-phase"), reachIOTA(t)
	for ph := otasp.Idle; ph <= otasp.Ended; ph++ {
		s, ok := states[ph]
		if !ok {
			s, ok = network[ph]
		}
		if !ok {
			s, ok = iota[ph]
		}
		if !ok {
			// entered only after a failure
			s = forced(t, states, ph)
		}
		for _, word := range table {
			p := player{t: t, o: order(), s: s}
			p.event(strings.Fields(word))
			fmt.Fprintf(&b, "%-17s %-17s %s\n", ph, word, squeeze(p.b.String()))
		}
	}
	golden(t, "otasp.table", b.String())
}

// forced leads into the phases that the good path does not pass.
func forced(t *testing.T, states map[otasp.Phase]otasp.Session, ph otasp.Phase) otasp.Session {
	t.Helper()
	from, events := otasp.PhaseCommit, []string{"fail no-answer"}
	switch ph {
	case otasp.PhaseReadBackPRL:
		// the handset holds the new values both before and after
		s := states[otasp.PhaseCommit]
		s.Handset.MDN, s.Handset.MIN = s.Order.MDN, s.Order.MIN()
		states[otasp.PhaseCommit] = s
		events = append(events, "reverse 00020210200603471b78062390ee080240affffc0106a55512345670000000")
	case otasp.PhaseReleaseKey:
		from, events = otasp.PhaseMSKey, []string{"fail refused"}
	}
	p := player{t: t, o: order(), s: states[from]}
	for _, e := range events {
		p.event(strings.Fields(e))
	}
	if p.s.Phase != ph {
		t.Fatalf("wanted to reach %s, got %s", ph, p.s.Phase)
	}
	return p.s
}

func squeeze(s string) string {
	var parts []string
	for line := range strings.Lines(s) {
		parts = append(parts, strings.TrimSpace(line))
	}
	return strings.Join(parts, " | ")
}
