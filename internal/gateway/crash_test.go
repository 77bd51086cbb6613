package gateway

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// crashStory is an activation that is cut off at every commit in turn.
type crashStory struct {
	name    string
	order   func(*configs.Order)
	handset func(*sim.HandsetConfig)
	script  func() *sim.Script
}

var crashStories = []crashStory{
	{
		name:  "activate-akey",
		order: func(o *configs.Order) { o.AKey, o.ReAuth, o.NewSPC = true, true, "135790" },
	},
	{
		name:    "wrong-spc",
		order:   func(o *configs.Order) { o.SPC = "111111" },
		handset: func(h *sim.HandsetConfig) { h.Memory.SPC, _ = is683.ParseSPC("246802", is683.HighFirst) },
	},
	{
		name:  "hang-up-with-key",
		order: func(o *configs.Order) { o.AKey = true },
		script: func() *sim.Script {
			return &sim.Script{Rules: []sim.Rule{{Step: "SSPR Download Request", Nth: 2, Do: sim.HangUp}}}
		},
	},
}

const never = 1 << 20

// TestCrashAtEveryCommit kills the gateway before and after each commit of an
// activation, starts it again on the same store and looks at what is left: one
// record, a handset that is as it was or programmed once, nothing borrowed.
func TestCrashAtEveryCommit(t *testing.T) {
	for _, s := range crashStories {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			n := s.play(t, never, false, nil)
			if n < 5 {
				t.Fatalf("%d commits", n)
			}
			for at := 1; at <= n; at++ {
				for _, late := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d-late=%v", at, late), func(t *testing.T) {
						t.Parallel()
						s.play(t, at, late, nil)
					})
				}
			}
		})
	}
}

// TestCrashAtEveryMessage kills the gateway at each message that reaches the
// MSC or the AC, before it is acted upon and after: between two commits there
// may be several, which the second gateway sends again.
func TestCrashAtEveryMessage(t *testing.T) {
	for _, s := range crashStories {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			whole := &cut{n: never}
			s.play(t, never, false, whole)
			if whole.seen < 4 {
				t.Fatalf("%d messages", whole.seen)
			}
			for at := 1; at <= whole.seen; at++ {
				for _, late := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d-late=%v", at, late), func(t *testing.T) {
						t.Parallel()
						s.play(t, never, false, &cut{n: at, late: late})
					})
				}
			}
		})
	}
}

// cut takes the gateway out at the nth message: its store is dead from then
// on, and what it still sends reaches nobody.
type cut struct {
	n    int
	late bool // the nth message is acted upon, its answer is lost
	kill func()

	mu   sync.Mutex
	seen int
	dead bool
}

func (c *cut) every(string) sim.Do {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return sim.LoseRequest
	}
	c.seen++
	if c.seen != c.n {
		return sim.Nothing
	}
	c.dead = true
	c.kill()
	if c.late {
		return sim.LoseAnswer
	}
	return sim.LoseRequest
}

// mend: the second gateway is heard.
func (c *cut) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = false
	c.n = never
}

// play plays the story with a crash at the nth commit and returns how many
// commits the first gateway made.
func (s *crashStory) play(t *testing.T, n int, late bool, cut *cut) int {
	o, hc := testOrder(), sim.DefaultHandset()
	if s.order != nil {
		s.order(&o)
	}
	if s.handset != nil {
		s.handset(&hc)
	}
	var script *sim.Script
	if s.script != nil {
		script = s.script()
	}
	if cut != nil {
		if script == nil {
			script = &sim.Script{}
		}
		script.Every = cut.every
	}
	l := newLab(t, script, o)
	h := sim.NewHandset(hc)
	before := h.Memory()
	text := "TRN=" + l.dial(h).TRN + ";CORR=c1"

	store := newMortal(l.open(), n, late)
	if cut != nil {
		cut.kill = store.kill
	}
	g := l.start(store)
	v := g.ivr()
	status, id, err := v.Trigger(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	crashed := n < never || cut != nil && cut.n < never
	if crashed {
		select {
		case <-store.died:
		case <-time.After(time.Minute):
			t.Fatal("it lives")
		}
	} else {
		l.receipt(v, id)
	}
	g.stop()
	<-v.Done()
	if cut != nil {
		cut.mend()
	}
	if crashed {
		second := l.open()
		g = l.start(second)
		v = g.ivr()
		if status != smpp.StatusOK {
			// It was not promised anything, so the IVR asks again, and cannot
			// know whether the first asking was committed.
			id = l.submit(v, text, smpp.StatusOK)
		}
		l.receipt(v, id)
		g.stop() // the receipt may be faster than the effects of the last step
		<-v.Done()
		if used := g.mins.InUse(); used != 0 {
			t.Errorf("%d activation MINs are lent", used)
		}
	}
	s.check(t, l, &o, before, h)
	return store.changes(n)
}

func (s *crashStory) check(t *testing.T, l *lab, o *configs.Order, before sim.Memory, h *sim.Handset) {
	store := l.open()
	defer store.Close()
	if err := l.left(store); err != nil {
		t.Error(err)
	}
	recs := records(t, store)
	if len(recs) != 1 {
		t.Fatalf("%d records: %+v", len(recs), recs)
	}
	r := &recs[0]
	now := h.Memory()
	switch {
	case h.Commits() > 1:
		t.Errorf("programmed %d times", h.Commits())
	case h.Commits() == 0 && r.Outcome != cdr.Failed:
		t.Errorf("not programmed, and the record says %s, %s", r.Outcome, r.Reason)
	case h.Commits() == 0 && (now.MDN != before.MDN || now.SPC != before.SPC || now.AKey != before.AKey || len(now.PRL) != len(before.PRL)):
		t.Error("changed without a Commit")
	case h.Commits() == 1 && r.Outcome != cdr.Done:
		t.Errorf("programmed, and the record says %s, %s, %s", r.Outcome, r.Reason, r.Detail)
	case h.Commits() == 1:
		if err := programmed(o, now); err != nil {
			t.Error(err)
		}
		if key, ok := l.net.HLR.AKey(o.NAM.S); o.AKey && (!ok || key != now.AKey) {
			t.Error("handset and AC hold different A-keys")
		}
		if !l.net.HLR.Registered(o.NAM.S) {
			t.Error("not registered")
		}
	}
	if strings.Contains(s.name, "wrong-spc") && r.Reason != "wrong-spc" && r.Reason != "gateway-restarted" {
		t.Errorf("reason %s", r.Reason)
	}
}
