package sim_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
)

// TestRules plays each rule on a Commit: what the asking side hears, when, and
// whether the handset has acted.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		do     sim.Do
		nth    int
		kind   tcap.OutcomeKind
		after  time.Duration
		acted  bool
		ran    bool
		hungUp bool
	}{
		{name: "nothing", do: sim.Nothing, kind: tcap.OutcomeResult, acted: true},
		{name: "request lost", do: sim.LoseRequest, kind: tcap.OutcomeTimeout, after: time.Second},
		{name: "answer lost", do: sim.LoseAnswer, kind: tcap.OutcomeTimeout, after: time.Second, acted: true},
		{name: "late", do: sim.Delay, kind: tcap.OutcomeResult, after: 300 * time.Millisecond, acted: true},
		{name: "hung up", do: sim.HangUp, kind: tcap.OutcomeResult, hungUp: true},
		{name: "run", do: sim.Run, kind: tcap.OutcomeResult, acted: true, ran: true},
		{name: "run after", do: sim.RunAfter, kind: tcap.OutcomeTimeout, after: time.Second, acted: true, ran: true},
		{name: "run and lose", do: sim.RunAndLose, kind: tcap.OutcomeTimeout, after: time.Second, ran: true},
		{name: "the second only", do: sim.LoseRequest, nth: 2, kind: tcap.OutcomeResult, acted: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ran := false
				script := &sim.Script{Rules: []sim.Rule{{Step: "Commit Request", Nth: c.nth, Do: c.do, For: 300 * time.Millisecond, Func: func() { ran = true }}}}
				b := newBench(t, script)
				_, h := b.attached()
				b.smdpp(b.relay(unhex(t, "01010106a5551234567000")...))
				began := time.Now()
				o := b.ask(b.msc, b.cfg.MSC, b.relay(5))
				synctest.Wait()
				var r ansi41.SMDPPResult
				if o.Kind == tcap.OutcomeResult {
					if err := r.Decode(o.Parameters); err != nil {
						t.Fatal(err)
					}
				}
				if o.Kind != c.kind || time.Since(began) != c.after || ran != c.ran || r.SMSCauseCode.OK != c.hungUp {
					t.Errorf("%s after %v, ran: %v, %+v", o.Kind, time.Since(began), ran, r)
				}
				if acted := h.Commits() == 1; acted != c.acted {
					t.Errorf("the handset has committed: %v", acted)
				}
				if script.Count("Commit Request") != 1 || script.Count("attach MSC to OTAF") != 1 {
					t.Error("not counted")
				}
				if o := b.ask(b.msc, b.cfg.MSC, b.relay(5)); (o.Kind == tcap.OutcomeResult) == (c.nth == 2) {
					t.Errorf("the next one: %s", o.Kind)
				}
				if c.nth == 2 {
					if o := b.ask(b.msc, b.cfg.MSC, b.relay(5)); o.Kind != tcap.OutcomeResult {
						t.Errorf("the third: %s", o.Kind)
					}
				}
			})
		})
	}
}
