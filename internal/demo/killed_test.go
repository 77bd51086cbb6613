package demo

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/otagate/otagate/sessions/cdr"
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
	again  bool
}

func (a *attempt) String() string {
	s := killedStories[a.story].name
	if a.moment.n != 0 {
		s += " killed " + a.moment.String()
	}
	if a.again {
		s += ", the handset repeats"
	}
	return s
}

// TestKilledAtEveryMessage kills the gateway at each message that it exchanges with
// anybody in each story, once before and once after it takes effect, and starts it
// again. One outcome and one record are left then, which says what the handset holds,
// and nothing stays taken. All but the gateway go on as they do; a handset whose
// request is not answered gives up, or repeats it once.
func TestKilledAtEveryMessage(t *testing.T) {
	var plain, all []attempt
	for i := range killedStories {
		plain = append(plain, attempt{story: i})
	}
	for i, e := range playAll(t, plain) {
		if e == nil {
			return // it has been said why
		}
		all = append(all, attemptsAt(i, e)...)
	}
	tried := chosen(all)
	if len(tried) < len(all) {
		t.Logf("ATTENTION: only %d of %d kills are tried (every %d, race detector: %t, those with %q)", len(tried), len(all), *killedNth, raceIsOn, *killedOnly)
	}
	summary(t, tried, playAll(t, tried), len(tried) == len(all))
}

// attemptsAt are the kills of a story, at each message that it has without one.
func attemptsAt(story int, e *killedEnd) (all []attempt) {
	for s, n := range e.messages {
		for i := 1; i <= n; i++ {
			for _, late := range []bool{false, true} {
				all = append(all, attempt{story, moment{s, i, late}, false})
				if s.door == doorHTTP {
					all = append(all, attempt{story, moment{s, i, late}, true})
				}
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

// playAll plays all, several at once; the end of what went wrong is nil.
func playAll(t *testing.T, all []attempt) []*killedEnd {
	ends := make([]*killedEnd, len(all))
	next := make(chan int)
	var wg sync.WaitGroup
	for range killedAtOnce {
		wg.Go(func() {
			for i := range next {
				a, s := &all[i], &killedStories[all[i].story]
				e, err := killedAt(t.Context(), s.name, s.course, a.moment, a.again)
				if err != nil {
					t.Errorf("%s: %v", a, err)
					continue
				}
				ends[i] = e
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

// summary says what came of all kills; of whole ones each outcome that must occur has
// to have occurred.
func summary(t *testing.T, tried []attempt, ends []*killedEnd, whole bool) {
	byStory, all := make([]map[string]int, len(killedStories)), map[cdr.Outcome]int{}
	missed, through, repeats, vain, ordered := 0, 0, 0, 0, 0
	for i, e := range ends {
		story := tried[i].story
		switch {
		case e == nil:
			continue
		case !e.killed: // the message did not come this time
			missed++
			continue
		case e.recovered > 0:
			through++
		}
		if byStory[story] == nil {
			byStory[story] = map[string]int{}
		}
		byStory[story][e.class]++
		all[e.outcome]++
		if strings.HasSuffix(e.class, asItIs) {
			ordered++
		}
		if tried[i].again {
			repeats++
			if tried[i].inVain(e) {
				vain++
				t.Logf("in vain: %s: %s", &tried[i], e.class)
			}
		}
	}
	for i, s := range killedStories {
		t.Logf("%-22s %s", s.name, counted(byStory[i]))
		if want := either(s.name == "iota-expired", "failed, no-callback", "done, ok"); whole && byStory[i][want] == 0 {
			t.Errorf("%s has never ended as %s", s.name, want)
		}
	}
	t.Logf("%d kills, %d of them with a session in work; %d done, %d failed, %d in doubt, %d before anything began; %d moments did not come",
		len(tried)-missed, through, all[cdr.Done], all[cdr.Failed], all[cdr.Unknown], all[""], missed)
	for _, o := range []cdr.Outcome{cdr.Done, cdr.Failed, cdr.Unknown, ""} {
		if whole && all[o] == 0 {
			t.Errorf("no kill has led to the outcome %q", o)
		}
	}
	if whole && (ordered == 0 || ordered == all[cdr.Unknown]) {
		t.Errorf("of %d handsets in doubt, %d hold what was ordered", all[cdr.Unknown], ordered)
	}
	if vain > repeats/20 { // on a busy machine a gateway may start too slowly for one
		t.Errorf("%d of %d handsets have repeated their request in vain", vain, repeats)
	}
	if missed > len(tried)/20 {
		t.Errorf("%d of %d moments did not come", missed, len(tried))
	}
}

// inVain tells whether a handset should have been programmed that has repeated its
// request. One cannot repeat the first, since a call-back is good once; and an SPC
// is not sent twice.
func (a *attempt) inVain(e *killedEnd) bool {
	return e.outcome != cdr.Done && a.moment.n != 1 && e.class != "failed, gateway-restarted"
}

func counted(n map[string]int) string {
	var all []string
	for _, class := range slices.Sorted(maps.Keys(n)) {
		all = append(all, fmt.Sprintf("%d %s", n[class], class))
	}
	return strings.Join(all, "; ")
}
