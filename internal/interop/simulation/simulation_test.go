package simulation

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seeds  = flag.Uint64("seeds", 60, "how many seeds are run")
	first  = flag.Uint64("first", 1, "the first of them")
	replay = flag.Uint64("seed", 0, "replay this seed and print its trace")

	writeDocs = flag.Bool("write-docs", false, "put the table into docs/interop.md")
)

// longest is how long a run may take until all is over, on its own clock.
const longest = 6 * time.Hour

// run plays one seed; only limits the faults that may happen.
func run(t *testing.T, seed uint64, only map[string]bool, verbose io.Writer) (w *world) {
	synctest.Test(t, func(*testing.T) {
		w = newWorld(seed, only)
		w.verbose = verbose
		w.play()
	})
	return w
}

func newWorld(seed uint64, only map[string]bool) *world {
	w := &world{
		seed: seed, only: only, began: time.Now(),
		taken: map[int64]bool{}, used: map[string]int{}, counts: map[string]int{},
	}
	w.plan = newPlan(w)
	w.ledger = newLedger(w)
	w.store = newMemory(w.wall)
	w.store.watch = w.ledger.change
	w.net = newSignalling(w)
	w.ivr = newIVR(w)
	w.centre = newSMSC(w)
	for n := range w.plan.post.phones {
		w.phones = append(w.phones, newPhone(w, n))
	}
	for n := range 4 + w.dice("people").IntN(10) {
		w.people = append(w.people, newSubscriber(w, n))
	}
	w.importOrders()
	return w
}

func (w *world) play() {
	w.start()
	w.ivr.bind()
	w.centre.bind()
	w.openWindows()
	for _, s := range w.people {
		s.live()
	}
	for _, p := range w.phones {
		p.live()
	}
	w.wait(w.plan.chaos)
	w.say("nothing goes wrong any more")
	w.mu.Lock()
	w.calm = true
	w.mu.Unlock()
	for _, p := range w.phones {
		p.reach(true)
	}
	for !w.quiet() && time.Since(w.began) < longest {
		w.wait(10 * time.Second)
	}
	w.wait(3 * time.Minute) // what is late may still arrive
	for !w.quiet() && time.Since(w.began) < longest {
		w.wait(10 * time.Second)
	}
	w.balance()
	w.ledger.tally()
	w.mu.Lock()
	w.over = true
	w.mu.Unlock()
	w.say("the end")
	w.end()
}

// end ends everybody in the world.
func (w *world) end() {
	w.ivr.cut()
	w.centre.cut()
	if p := w.running(); p != nil {
		p.cancel()
		<-p.ended
	}
	synctest.Wait()
}

// TestSeeds plays one seed after the other, on as many processors as there are.
func TestSeeds(t *testing.T) {
	if *replay != 0 {
		w := run(t, *replay, nil, os.Stdout)
		for _, b := range w.wrong {
			t.Error(b)
		}
		return
	}
	sum := newTotal()
	var next atomic.Uint64
	t.Run("all", func(t *testing.T) {
		for i := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprintf("worker %d", i), func(t *testing.T) {
				t.Parallel()
				for {
					n := next.Add(1) - 1
					if n >= *seeds {
						return
					}
					w := run(t, *first+n, nil, nil)
					if found := sum.add(w); found > 0 {
						t.Error(w.report(t, found <= shrunk))
					}
				}
			})
		}
	})
	fmt.Print(sum.table(*first), "took ", time.Since(sum.began).Round(time.Second), "\n")
	sum.want(t)
	if *writeDocs {
		sum.write(t, *first)
	}
}

// shrunk is how many findings are shrunk, and have their trace shown.
const shrunk = 3

// report says what broke, by which faults, and how to see it again.
func (w *world) report(t *testing.T, small bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d; replay it with -seed %d\n", w.seed, w.seed)
	for _, what := range w.wrong {
		fmt.Fprintf(&b, "  %s\n", what)
	}
	if !small {
		return b.String()
	}
	few := shrink(w.injected, 150, func(f []string) bool { return len(run(t, w.seed, set(f), nil).wrong) > 0 })
	fmt.Fprintf(&b, "  %d of %d faults are enough:\n", len(few), len(w.injected))
	for _, f := range few {
		fmt.Fprintf(&b, "    %s\n", f)
	}
	fmt.Fprintf(&b, "  the last of the trace:\n%s\n", w.trace())
	return b.String()
}
