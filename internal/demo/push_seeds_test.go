package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/wappush/pap"
)

// seeds is how many lines that lose, repeat and reorder are tried, atOnce how
// many of them at a time: much of a run is waiting for what was lost.
const (
	seeds  = 60
	atOnce = 10
)

// TestPushSeeds: over a line that loses, repeats and reorders, a message of four
// short messages arrives once, by either bearer, one record says how, and the
// initiator hears of it once.
func TestPushSeeds(t *testing.T) {
	free := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	var total trouble
	for seed := range uint64(seeds) {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			t.Run(fmt.Sprintf("seed-%d", seed), func(t *testing.T) { total.add(pushSeed(t, seed)) })
		})
	}
	running.Wait()
	t.Logf("%+v", total.counts)
	for _, what := range []string{
		"submit_sm lost", "submit_sm_resp lost", "SMDPP lost", "smdpp lost", "SMSREQ lost", "sent again by the centre", "sent again by the MSC",
		"repeated", "held back", "dropped", "acknowledgement lost", "sccp lost", "sccp repeated",
	} {
		if total.counts[what] == 0 {
			t.Errorf("%s: never met, so that it proves nothing", what)
		}
	}
}

// trouble counts what went wrong.
type trouble struct {
	mu     sync.Mutex
	counts map[string]int
}

func (x *trouble) add(more map[string]int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.counts == nil {
		x.counts = map[string]int{}
	}
	for what, n := range more {
		x.counts[what] += n
	}
}

// losses orders requests and answers to be lost.
func (x *trouble) losses(seed uint64) func(step string) sim.Do {
	names := map[string][2]string{"submit_sm": {"submit_sm lost", "submit_sm_resp lost"}, "SMDPP 4100": {"SMDPP lost", "smdpp lost"}, "SMSREQ": {"SMSREQ lost", "smsreq lost"}}
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 3))
	return func(step string) sim.Do {
		mu.Lock()
		p := random.Float64()
		mu.Unlock()
		switch {
		case p < 0.08:
			x.add(map[string]int{names[step][0]: 1})
			return sim.LoseRequest
		case p < 0.16:
			x.add(map[string]int{names[step][1]: 1})
			return sim.LoseAnswer
		}
		return sim.Nothing
	}
}

func pushSeed(t *testing.T, seed uint64) map[string]int {
	var met trouble
	o := &Options{Log: zerolog.Nop(), push: &Push{
		Centre: sim.Air{Duplicate: 0.2, Reorder: 0.2, Seed: seed}, // what it drops it reports as lost for good
		Radio:  sim.Air{Drop: 0.1, LoseAck: 0.1, Duplicate: 0.15, Reorder: 0.15, Seed: seed},
	}}
	o.Noise = sim.Noise{Drop: 0.03, Duplicate: 0.15, Delay: 20 * time.Millisecond, Seed: seed}
	o.watch = func(m sim.Sight) {
		if m.Proto == "sccp" && m.Fault != "" {
			met.add(map[string]int{"sccp " + m.Fault: 1})
		}
	}
	l, err := newLab(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	}()
	l.script.Every = met.losses(seed)
	l.config.SS7.Timers.SMDPP, l.config.Push.SS7.SMSREQ = 400*time.Millisecond, 400*time.Millisecond
	l.config.Push.SS7.Octets = 140 // four segments by either bearer
	if err := l.open(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{byCentre: "by the centre: " + news, byMSC: "by the MSC: " + news}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := l.pushBoth(ctx, texts); err != nil {
		t.Fatal(err)
	}
	l.checkOnce(t, texts)
	if err := l.stop(); err != nil {
		t.Error(err)
	}
	for to := range texts {
		if got := l.told(to); got != (result{pap.StateDelivered, pap.CodeOK, 1}) {
			t.Errorf("the initiator hears %+v of %s", got, to)
		}
	}
	met.add(l.checkRecords(t))
	return met.counts
}

// pushBoth pushes a text to each number and waits until all is quiet.
func (l *Lab) pushBoth(ctx context.Context, texts map[string]string) error {
	var all sync.WaitGroup
	problems := make(chan error, len(texts))
	for to, text := range texts {
		all.Go(func() { problems <- l.pushTo(ctx, to, to, textSI(startPage+"/"+to, text)) })
	}
	all.Wait()
	for range texts {
		if err := <-problems; err != nil {
			return err
		}
	}
	if err := l.initiator.Wait(ctx, func() bool { return len(l.initiator.Results()) >= len(texts) }); err != nil {
		return errors.Join(errors.New("no result"), err)
	}
	return l.settled(ctx)
}

// checkOnce holds what the handset has against what was pushed.
func (l *Lab) checkOnce(t *testing.T, texts map[string]string) {
	t.Helper()
	var got, want []string
	for _, i := range l.agent.Indications() {
		got = append(got, i.Text)
	}
	for _, text := range texts {
		want = append(want, text)
	}
	slices.Sort(got)
	slices.Sort(want)
	n := l.agent.Counts()
	if !slices.Equal(got, want) || n.Datagrams != 2 || n.Malformed != 0 || n.Incomplete != 0 || n.Messages-n.Duplicates != 8 {
		t.Errorf("the handset has %d texts of %d, %+v", len(got), len(want), n)
	}
}

// checkRecords: one record for each, that says of each part how often it was
// sent. It gives back what the records and the air tell of trouble.
func (l *Lab) checkRecords(t *testing.T) map[string]int {
	t.Helper()
	met := map[string]int{}
	recs := records(t, l)
	if len(recs) != 2 || recs[0].Link == recs[1].Link {
		t.Errorf("%d records, want one for each bearer", len(recs))
	}
	for i := range recs {
		c := &recs[i]
		sendings := 0
		for k, step := range c.Steps {
			head := fmt.Sprintf("%d/4:delivered", k+1)
			if !strings.HasPrefix(step, head) {
				t.Errorf("step %q, want %s", step, head)
			}
			times := 1
			if again := strings.TrimPrefix(step, head+":"); again != step {
				fmt.Sscan(again, &times)
				met[map[string]string{"smsc": "sent again by the centre", "ss7": "sent again by the MSC"}[c.Link]]++
			}
			sendings += times
		}
		if c.Outcome != cdr.Done || c.Reason != "ok" || len(c.Steps) != 4 || c.Attempts != sendings || c.Recovered != 0 {
			t.Errorf("%s: %s, %s, %s, %q, %d attempts", c.Link, c.Outcome, c.Reason, c.Detail, c.Steps, c.Attempts)
		}
		if n := len(l.smsc.Submits()); c.Link == "smsc" && n != c.Attempts {
			t.Errorf("the record says %d sendings, the centre has seen %d", c.Attempts, n)
		}
	}
	for _, list := range [...][]sim.HandOver{l.smsc.HandOvers(), l.Net.MSC.HandOvers()} {
		for i := range list {
			met[list[i].Fault]++
		}
	}
	return met
}
