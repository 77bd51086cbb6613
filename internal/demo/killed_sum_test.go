package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions/cdr"
)

// summary is what has come of all kills.
type summary struct {
	classes  []map[string]int // by the index of the story
	outcomes map[cdr.Outcome]int
	killed   map[moment]int // n is the index of the story, and late is not used
	tried    map[moment]int
	ordered  int // handsets in doubt that hold what was ordered
	through  int // kills that a session has outlived
	repeats  int // handsets that have repeated their request
	missed   []*attempt
	vain     []string // repeated in vain, and the gateway was fast enough
	slow     []string // or not
}

func newSummary(tried []attempt, ends []played) *summary {
	s := &summary{classes: make([]map[string]int, len(killedStories)), outcomes: map[cdr.Outcome]int{}, killed: map[moment]int{}, tried: map[moment]int{}}
	for i := range s.classes {
		s.classes[i] = map[string]int{}
	}
	for i := range tried {
		if ends[i].err == nil {
			s.count(&tried[i], ends[i].killedEnd)
		}
	}
	return s
}

func (s *summary) count(a *attempt, e *killedEnd) {
	at := moment{stream: a.moment.stream, n: a.story}
	s.tried[at]++
	if !e.killed {
		s.missed = append(s.missed, a)
		return
	}
	s.killed[at]++
	s.classes[a.story][e.class]++
	s.outcomes[e.outcome]++
	if e.recovered > 0 {
		s.through++
	}
	if strings.HasSuffix(e.class, asItIs) {
		s.ordered++
	}
	if a.again {
		s.repeats++
	}
	if a.inVain(e) {
		to := &s.vain
		if e.slow() {
			to = &s.slow
		}
		*to = append(*to, fmt.Sprintf("%s: %s, the gateway was mute for %s", a, e.class, e.mute))
	}
}

// inVain tells whether a handset should have been programmed that has repeated its
// request. One cannot repeat the first, since a call-back is good once; and an SPC
// is not sent twice.
func (a *attempt) inVain(e *killedEnd) bool {
	return a.again && e.killed && e.outcome != cdr.Done && a.moment.n != 1 && e.class != "failed, gateway-restarted"
}

// check says what has come of all; of whole ones each outcome that must occur has
// to have occurred.
func (s *summary) check(t *testing.T, whole bool) {
	for i, k := range killedStories {
		if len(s.classes[i]) > 0 {
			t.Logf("%-22s %s", k.name, counted(s.classes[i]))
		}
		if want := either(k.name == "iota-expired", "failed, no-callback", "done, "+k.reason()); whole && s.classes[i][want] == 0 {
			t.Errorf("%s has never ended as %s", k.name, want)
		}
	}
	kills, n := 0, s.outcomes
	for _, k := range s.killed {
		kills += k
	}
	t.Logf("%d kills, %d of them with a session in work; %d done, %d failed, %d in doubt, %d before anything began",
		kills, s.through, n[cdr.Done], n[cdr.Failed], n[cdr.Unknown], n[""])
	for _, o := range []cdr.Outcome{cdr.Done, cdr.Failed, cdr.Unknown, ""} {
		if whole && n[o] == 0 {
			t.Errorf("no kill has led to the outcome %q", o)
		}
	}
	if whole && (s.ordered == 0 || s.ordered == n[cdr.Unknown]) {
		t.Errorf("of %d handsets in doubt, %d hold what was ordered", n[cdr.Unknown], s.ordered)
	}
	s.checkRepeats(t)
	s.checkMissed(t)
}

func (s *summary) checkRepeats(t *testing.T) {
	for _, what := range s.vain {
		t.Errorf("in vain: %s", what)
	}
	for _, what := range s.slow {
		t.Logf("ATTENTION: this machine is too slow for %s", what)
	}
	if len(s.slow) > 0 && len(s.slow) == s.repeats {
		t.Errorf("this machine is too slow for any handset that repeats its request")
	}
}

// checkMissed: a message that came without a kill need not come in the same
// place when the machine is busy, since what is not answered in time is sent again;
// and at the last one the gateway may have ended before it was killed.
// It was a whole playing of the story then, which has been checked as such. But of
// each conversation something has to have been tried.
func (s *summary) checkMissed(t *testing.T) {
	for _, a := range s.missed {
		t.Logf("ATTENTION: the moment did not come: %s", a)
	}
	for m, n := range s.tried {
		if s.killed[m] == 0 {
			t.Errorf("%s: none of %d moments came at the door %s (%t)", killedStories[m.n].name, n, m.door, m.out)
		}
	}
}

func counted(n map[string]int) string {
	var all []string
	for _, class := range slices.Sorted(maps.Keys(n)) {
		all = append(all, fmt.Sprintf("%d %s", n[class], class))
	}
	return strings.Join(all, "; ")
}
