package simulation

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/interop/doctable"
)

// total is what all runs together were.
type total struct {
	mu     sync.Mutex
	began  time.Time
	runs   int
	counts map[string]int
	failed []uint64
}

func newTotal() *total { return &total{began: time.Now(), counts: map[string]int{}} }

func (a *total) add(w *world) (found int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.runs++
	for what, n := range w.counts {
		a.counts[what] += n
	}
	if len(w.wrong) == 0 {
		return 0
	}
	a.failed = append(a.failed, w.seed)
	return len(a.failed)
}

// table is the result for people, in Markdown.
func (a *total) table(first uint64) string {
	var b strings.Builder
	row := func(what string, n int) { fmt.Fprintf(&b, "| %s | %d |\n", what, n) }
	b.WriteString("| what | how many |\n|---|---|\n")
	row(fmt.Sprintf("seeds (%d to %d)", first, first+uint64(a.runs)-1), a.runs)
	row("seeds with a finding", len(a.failed))
	for _, what := range []string{"triggers submitted", "answers OK", "answers refused", "answers try later", "triggers without answer", "sessions, refused triggers among them", "deaths"} {
		row(what, a.counts[what])
	}
	for _, group := range []string{"outcome ", "fault "} {
		for _, what := range slices.Sorted(maps.Keys(a.counts)) {
			if strings.HasPrefix(what, group) {
				row(what, a.counts[what])
			}
		}
	}
	for _, what := range []string{
		"parts sent", "parts sent again in doubt", "notifications answered", "messages of which the record says unknown, at the handset",
		"messages of which the record says unknown, not at the handset", "receipts that came again", "TRNs not released, as recorded", "A-keys not released, as recorded", "A-keys made by a late request",
	} {
		row(what, a.counts[what])
	}
	return b.String()
}

// want holds the run itself to account: a simulation in which nothing happens
// finds nothing.
func (a *total) want(t *testing.T) {
	if a.runs < 500 {
		return
	}
	for _, what := range []string{
		"outcome done, ok", "outcome partial, parts-skipped", "outcome partial, after-commit", "outcome refused, busy-mdn", "outcome refused, no-order",
		"outcome failed, hang-up", "outcome failed, wrong-spc", "outcome failed, spc-in-doubt", "outcome failed, gateway-restarted",
		"outcome unknown, commit-in-doubt", "outcome failed, handset-refused", "outcome failed, msc-unreachable",
		"fault lost", "fault twice", "fault late", "fault returned", "fault crash before commit", "fault crash after commit", "fault crash at message",
		"fault crash behind message", "fault store fails", "fault store busy", "fault receipt answer lost",
		"outcome done, accepted", "outcome failed, expired", "outcome failed, attempts", "outcome failed, undeliverable",
		"outcome unknown, in-doubt", "outcome unknown, no-receipt", "outcome unknown, undeliverable", "outcome refused, no-route",
		"fault centre refuses", "fault centre silent", "fault centre late", "fault no receipt", "fault receipt twice", "fault receipt late",
		"fault receipt response lost", "fault HLR wrong", "fault HLR silent", "fault HLR denies", "fault HLR forgets", "fault SMSNOT for nobody",
		"fault MSC refuses", "fault MSC silent", "fault MSC vague", "fault crash at submit_sm", "fault crash behind submit_sm", "fault crash behind receipt",
		"fault handset away", "fault " + centreDown, "fault " + centreLost, "parts sent again in doubt", "notifications answered",
		"fault " + clockJump, "fault " + cutAll, "fault " + linkDown, "fault " + storeDown, "fault " + storeSlow, "receipts that came again",
	} {
		if a.counts[what] == 0 {
			t.Errorf("%d runs, and never: %s", a.runs, what)
		}
	}
	if what := "outcome failed, session-timeout"; a.runs >= 2000 && a.counts[what] == 0 { // a few in a thousand runs
		t.Errorf("%d runs, and never: %s", a.runs, what)
	}
}

// write puts the table into the document.
func (a *total) write(t *testing.T, first uint64) {
	text := fmt.Sprintf("%s, %s, %s\n\n%s", a.began.Format(time.DateOnly), runtime.Version(), time.Since(a.began).Round(time.Second), a.table(first))
	if err := doctable.Put(doctable.Docs, "simulation", text); err != nil {
		t.Fatal(err)
	}
}
