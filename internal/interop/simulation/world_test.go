package simulation

import (
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// world is one run: time, chance, what was seen, and everybody in it. What it
// holds is guarded by mu; parts of the gateway are never called with it locked.
type world struct {
	seed  uint64
	only  map[string]bool // the faults that may happen; nil is all
	plan  *plan
	began time.Time

	mu       sync.Mutex
	taken    map[int64]bool // instants that have an event
	used     map[string]int // how often a decision was drawn
	offset   time.Duration  // of the wall clock
	calm     bool           // nothing goes wrong any more
	troubled time.Duration  // answers may be late until then
	injected []string       // faults, by name
	counts   map[string]int // of all sorts, for the table
	wrong    []string       // invariants that did not hold
	lines    []string       // the last of the trace
	digest   uint64         // of the whole trace
	verbose  io.Writer      // where the whole trace goes, when somebody watches

	store    *memory
	net      *signalling
	ivr      *ivr
	people   []*subscriber
	phones   []*phone
	centre   *smsc
	register *register
	ledger   *ledger
	proc     *process // the gateway that runs, or nil
	births   int      // how many there were
	over     bool     // no further one is started
}

// dice is a source of chance for the decision of this name.
func (w *world) dice(name string) *rand.Rand {
	h := fnv.New64a()
	io.WriteString(h, name) // never fails
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// nth makes the name of a decision that is taken more than once. It is called
// locked.
func (w *world) nth(name string) string {
	w.used[name]++
	return fmt.Sprintf("%s #%d", name, w.used[name])
}

// between draws a duration for the decision of this name.
func (w *world) between(name string, least, most time.Duration) time.Duration {
	w.mu.Lock()
	name = w.nth(name)
	w.mu.Unlock()
	return least + time.Duration(w.dice(name).Int64N(int64(most-least)))
}

// fault tells whether something goes wrong: with this probability, and only
// while things may.
func (w *world) fault(kind, where string, p float64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := w.nth(kind + ": " + where)
	switch {
	case w.calm || w.dice(name).Float64() >= p:
		return false
	case w.only != nil && !w.only[name]:
		return false
	}
	w.injected = append(w.injected, name)
	w.counts["fault "+kind]++
	return true
}

// after has do happen at an instant of its own.
func (w *world) after(d time.Duration, do func()) {
	w.mu.Lock()
	at := time.Since(w.began) + max(d, 1)
	for w.taken[int64(at)] {
		at++
	}
	w.taken[int64(at)] = true
	w.mu.Unlock()
	time.AfterFunc(at-time.Since(w.began), func() {
		w.mu.Lock()
		delete(w.taken, int64(at))
		w.mu.Unlock()
		do()
	})
}

// wall is what the wall clock shows: it has no monotonic part and may be set.
func (w *world) wall() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Round(0).Add(w.offset)
}

// lastLines is how much of a trace is kept.
const lastLines = 120

// say writes a line of the trace.
func (w *world) say(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.note(fmt.Sprintf(format, args...))
}

// note is say for those who have locked.
func (w *world) note(text string) {
	line := fmt.Sprintf("%12.6f %s", time.Since(w.began).Seconds(), text)
	h := fnv.New64a()
	fmt.Fprintf(h, "%x%s", w.digest, line)
	w.digest = h.Sum64()
	if len(w.lines) == lastLines {
		w.lines = append(w.lines[:0], w.lines[1:]...)
	}
	w.lines = append(w.lines, line)
	if w.verbose != nil {
		fmt.Fprintln(w.verbose, line)
	}
}

// breach records an invariant that does not hold.
func (w *world) breach(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	w.wrong = append(w.wrong, text)
	w.note("BREACH " + text)
}

func (w *world) count(what string) {
	w.mu.Lock()
	w.counts[what]++
	w.mu.Unlock()
}

func (w *world) isCalm() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calm
}

// trouble is in the way of answers, for so long.
func (w *world) trouble(last time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.troubled = max(w.troubled, time.Since(w.began)+last)
}

// due has a question to a process looked at when it should have been answered: by a
// process that lives and had no trouble meanwhile, or a little before.
func (w *world) due(p *process, within time.Duration, open func() bool, what string) {
	asked := time.Since(w.began)
	w.after(within, func() {
		w.mu.Lock()
		trouble := w.troubled
		w.mu.Unlock()
		if open() && w.running() == p && trouble < asked-lastRetry {
			w.breach("%s is not answered", what)
		}
	})
}

// lastRetry is more than the longest pause before a change is tried again.
const lastRetry = 10 * time.Second

// trace is the last of what happened.
func (w *world) trace() string { return strings.Join(w.lines, "\n") }
