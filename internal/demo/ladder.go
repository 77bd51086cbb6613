package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sim"
)

// ladder prints each message as it passes, one line each.
type ladder struct {
	out   io.Writer
	gist  func(proto string, b []byte) string
	mu    sync.Mutex
	start time.Time
	steps []FlowStep
	seen  []bool // of steps
}

// FlowStep is a numbered step of a flow, and a message that is it.
type FlowStep struct{ Name, From, Gist string }

// of tells whether a message is the step.
func (s *FlowStep) of(m *sim.Sight, gist string) bool {
	return m.From == s.From && strings.Contains(gist, s.Gist)
}

func newLadder(out io.Writer, steps ...FlowStep) *ladder {
	return &ladder{out: out, steps: steps, seen: make([]bool, len(steps)), gist: dissect.Gister{Reveal: true, Queries: &dissect.Queries{}}.Gist}
}

func (l *ladder) see(m sim.Sight) {
	if m.Proto == "is683-fwd" || m.Proto == "is683-rev" {
		return // the SMDPP around it tells the same
	}
	gist := ""
	switch m.Proto {
	case "http":
		gist = gistHTTP(m.Octets, l.gist)
	case "report":
		gist = gistReport(m.Octets)
	default:
		gist = l.gist(m.Proto, m.Octets)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.start.IsZero() {
		l.start = m.At
	}
	fault := ""
	if m.Fault != "" {
		fault = "  [" + m.Fault + "]"
	}
	if n := l.step(&m, gist); n > 0 {
		fault += fmt.Sprintf("  ‹%d %s›", n, l.steps[n-1].Name)
	}
	// Two that pass at once on different connections may come here the other way round.
	after := max(m.At.Sub(l.start), 0)
	fmt.Fprintf(l.out, "%9.3f ms  %-8s → %-8s  %s%s\n", float64(after.Microseconds())/1000, m.From, m.To, gist, fault)
}

// step is the number of the step that a message is, 0 for none: the next one that
// has not come, or the one behind it, as two parties may speak at once.
func (l *ladder) step(m *sim.Sight, gist string) int {
	next := slices.Index(l.seen, false)
	for i := max(next, 0); next >= 0 && i < min(next+2, len(l.steps)); i++ {
		if !l.seen[i] && l.steps[i].of(m, gist) {
			l.seen[i] = true
			return i + 1
		}
	}
	return 0
}

// missing is the first step of the flow that has not come.
func (l *ladder) missing() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.seen, false); i >= 0 {
		return fmt.Errorf("step %d of the flow, %s, has not come", i+1, l.steps[i].Name)
	}
	return nil
}

// Ladder prints what it is told of, as the demo does.
func Ladder(out io.Writer) func(sim.Sight) { return newLadder(out).see }
