package demo

import (
	"fmt"
	"io"
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
}

func newLadder(out io.Writer) *ladder {
	return &ladder{out: out, gist: dissect.Gister{Reveal: true, Queries: &dissect.Queries{}}.Gist}
}

func (l *ladder) see(m sim.Sight) {
	if m.Proto == "is683-fwd" || m.Proto == "is683-rev" {
		return // the SMDPP around it tells the same
	}
	gist := ""
	if m.Proto == "http" {
		gist = gistHTTP(m.Octets)
	} else {
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
	fmt.Fprintf(l.out, "%9.3f ms  %-8s → %-8s  %s%s\n", float64(m.At.Sub(l.start).Microseconds())/1000, m.From, m.To, gist, fault)
}

// Ladder prints what it is told of, as the demo does.
func Ladder(out io.Writer) func(sim.Sight) { return newLadder(out).see }
