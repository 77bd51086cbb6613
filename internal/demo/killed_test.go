package demo

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	killedNth  = flag.Int("killed-every", killedEvery, "of the moments at which a gateway is killed, every how many-th is tried")
	killedOnly = flag.String("killed-only", "", "kills whose description has this in it, empty for all")
)

// killedAtOnce is how many gateways are being killed at once. Most of the time they wait.
const killedAtOnce = 24

// attempt is one kill.
type attempt struct {
	story  int // index of killedStories
	moment moment
	what   string // the message
	again  bool   // the handset repeats a request once of which it hears nothing
	store  []byte // before the gateway is started for the first time; nil makes one
}

func (a *attempt) String() string {
	s := killedStories[a.story].name
	if a.moment.n != 0 {
		s += " killed " + a.moment.String() + " (" + a.what + ")"
	}
	if a.again {
		s += ", the handset repeats"
	}
	return s
}

// played is what has come of an attempt.
type played struct {
	*killedEnd // nil when it went wrong
	err        error
}

// TestKilledAtEveryMessage kills the gateway at each message that it exchanges with
// anybody in each story, once before and once after it takes effect, and starts it
// again. One outcome, one record and one report are left then, which say what the
// handset holds, and nothing stays taken. All but the gateway go on as they do; a
// handset whose request is not answered gives up, or repeats it once.
//
// Nothing depends on how fast the machine is: what is too slow when many gateways
// are killed at once is tried again alone.
func TestKilledAtEveryMessage(t *testing.T) {
	for _, s := range Stories() {
		if (strings.HasPrefix(s.Name, "otapa-") || strings.HasPrefix(s.Name, "iota-")) && !slices.ContainsFunc(killedStories, func(k killedStory) bool { return k.name == s.Name }) {
			t.Errorf("in %s nobody is killed", s.Name)
		}
	}
	inMemory(t)
	var plain, all []attempt
	for i := range killedStories {
		plain = append(plain, attempt{story: i})
	}
	for i, e := range playAll(t, plain) {
		if e.err != nil {
			return // it has been said why
		}
		all = append(all, attemptsAt(i, e.killedEnd)...)
	}
	tried := chosen(all)
	if len(tried) < len(all) {
		t.Logf("ATTENTION: only %d of %d kills are tried (every %d, race detector: %t, those with %q)", len(tried), len(all), *killedNth, raceIsOn, *killedOnly)
	}
	sum := newSummary(tried, playAll(t, tried))
	sum.check(t, len(tried) == len(all))
}

// inMemory puts the stores where a disk is not waited for. A process that is killed
// loses nothing of what it has written, there as on a disk.
func inMemory(t *testing.T) {
	const memory = "/dev/shm"
	if dir, err := os.MkdirTemp(memory, "otagate-demo-"); err == nil {
		t.Cleanup(func() { os.RemoveAll(dir) })
		t.Setenv("TMPDIR", dir)
	}
}

// attemptsAt are the kills of a story, at each message that it has without one.
func attemptsAt(story int, e *killedEnd) (all []attempt) {
	for m, what := range e.names {
		for _, m.late = range []bool{false, true} {
			all = append(all, attempt{story, m, what, false, e.store})
			if m.door == doorHTTP {
				all = append(all, attempt{story, m, what, true, e.store})
			}
		}
	}
	slices.SortFunc(all, func(a, b attempt) int { return strings.Compare(a.String(), b.String()) })
	return all
}

func chosen(all []attempt) (some []attempt) {
	for i := range all {
		if i%*killedNth == 0 && strings.Contains(all[i].String(), *killedOnly) {
			some = append(some, all[i])
		}
	}
	return some
}

// playAll plays all, and those again alone that the others have held up.
func playAll(t *testing.T, all []attempt) []played {
	ends := playTogether(t.Context(), all)
	held, slow := 0, 0
	for i := range all {
		if !ends[i].heldUp(&all[i]) || slow == enough {
			continue
		}
		held++
		if ends[i] = play(t.Context(), &all[i]); ends[i].err != nil {
			slow++
		}
	}
	if held > 0 {
		t.Logf("%d of %d were held up by the others and have been tried again alone", held, len(all))
	}
	for i := range all {
		if err := ends[i].err; err != nil {
			t.Errorf("%s: %v", &all[i], err)
		}
	}
	return ends
}

// enough is how many attempts may go wrong alone, too, before the others that were
// too slow are believed to be as wrong.
const enough = 3

func play(ctx context.Context, a *attempt) played {
	e, err := killedAt(ctx, a)
	if err != nil {
		e = nil
	}
	return played{e, err}
}

func playTogether(ctx context.Context, all []attempt) []played {
	ends := make([]played, len(all))
	next := make(chan int)
	var wg sync.WaitGroup
	for range killedAtOnce {
		wg.Go(func() {
			for i := range next {
				ends[i] = play(ctx, &all[i])
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	wg.Wait()
	return ends
}

// heldUp tells whether the attempt may end in another way when nothing else runs:
// the gateway was too slow for somebody, or has sent other messages than it does
// when it is in time.
func (p *played) heldUp(a *attempt) bool {
	if p.err != nil {
		return errors.Is(p.err, errSlow)
	}
	return a.moment.n != 0 && !p.killed || a.inVain(p.killedEnd) && p.slow()
}
