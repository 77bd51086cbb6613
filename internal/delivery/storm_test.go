package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/delivery"
)

// storm has words of random events: those of the table, and time.
var storm = append([]string{
	"taken a", "taken", "doubt", "failed temporary 1s", "failed temporary 2h", "not-here temporary 2h", "cancel 1", "cancel 2", "recall 1", "recall 2", "recall 2 90m", "withdrawn 1 again", "withdrawn 1", "kept 1",
	"withdrawn 2", "after 10s", "after 5m", "after 2h", "after -1h", "expired", "expired", "located msc1",
}, table...)

// drawMessage is any message.
func drawMessage(t *rapid.T, p *player) {
	for _, w := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{
		"msc", "no-receipts", "resend", "doubt=0s", "attempts=0", "attempts=1", "attempts=2", "pause=0s", "pause=1h", "max-pause=0s", "ask-again=1m",
		"not-before=1m", "not-before=3h", "validity=0s", "validity=1000h", "parts=1", "parts=3", "gather=0s", "gather=1m", "gather=2h",
	}), rapid.ID).Draw(t, "message") {
		edit(p.t, &p.s, w)
	}
}

// watcher holds the promises of the machine against what it does.
type watcher struct {
	reports int
	out     uint16         // the sending that the outbox or a sender has, 0 for none
	doubt   map[uint8]bool // parts of which a sending had no answer, and nothing since
	timer   bool           // a timer is set, and has not run out
}

func newWatcher() *watcher { return &watcher{doubt: map[uint8]bool{}} }

// see looks at the last step of p and says what is wrong with it.
func (w *watcher) see(p *player) error {
	w.hear(p)
	for i := range p.out {
		if err := w.effect(p, &p.out[i]); err != nil {
			return err
		}
	}
	switch {
	case p.ev.Row != 0 && !slices.ContainsFunc(p.out, func(e delivery.Effect) bool { return e.Kind == delivery.Settle && e.Row == p.ev.Row }):
		return fmt.Errorf("row %d is not settled", p.ev.Row)
	case answers(p) != due(p):
		return fmt.Errorf("%d answers to a cancellation, want %d", answers(p), due(p))
	case w.reports > 1 || (p.s.Phase == delivery.Ended) != (w.reports == 1):
		return fmt.Errorf("%d reports in phase %s", w.reports, p.s.Phase)
	case p.s.Phase == delivery.Ended && w.out != 0:
		return fmt.Errorf("it has ended, and sending %d is on its way", w.out)
	case (p.s.Phase == delivery.Sending || p.s.Phase == delivery.Ending) != (w.out != 0):
		return fmt.Errorf("sending %d is on its way in phase %s", w.out, p.s.Phase)
	case !w.timer && p.s.Phase != delivery.Idle && p.s.Phase != delivery.Ended:
		return fmt.Errorf("no timer in phase %s", p.s.Phase)
	case p.before.Phase == delivery.Ended && !cmp.Equal(p.before.Result, p.s.Result):
		return fmt.Errorf("the result has changed")
	}
	return w.parts(p)
}

// answers counts those to a cancellation; one that asks for a part back is one, too.
func answers(p *player) (n int) {
	for i := range p.out {
		e := &p.out[i]
		if e.Kind == delivery.Answer || e.Kind == delivery.Withdraw && e.Ask != 0 {
			n++
			if e.Ask != p.ev.Ask {
				n += 100
			}
		}
	}
	return n
}

// due is how many there should be.
func due(p *player) int {
	if p.ev.Ask == 0 {
		return 0
	}
	return 1
}

// hear takes over what the event itself changes.
func (w *watcher) hear(p *player) {
	ev := &p.ev
	mine := w.out != 0 && ev.Sending == w.out && ev.Part == p.before.Part
	switch ev.Kind {
	case delivery.Taken, delivery.Failed, delivery.InDoubt:
		if !mine {
			return
		}
		w.out = 0
		unknown := p.before.Parts[ev.Part].State == delivery.Sent // no receipt was faster
		if ev.Kind == delivery.InDoubt && unknown {
			w.doubt[ev.Part] = true
		} else if ev.Kind == delivery.Taken {
			delete(w.doubt, ev.Part)
		}
	case delivery.Withdrawn:
		if w.out != 0 && ev.OK && ev.Sending == w.out {
			w.out = 0
		}
	case delivery.Receipt:
		if ev.Outcome != delivery.Accepted {
			delete(w.doubt, ev.Part)
		}
	case delivery.Expired:
		w.timer = false
	}
}

func (w *watcher) effect(p *player, e *delivery.Effect) error {
	if p.before.Phase == delivery.Ended && e.Kind != delivery.Settle && e.Kind != delivery.Anomaly && (e.Kind != delivery.Answer || e.OK) {
		return fmt.Errorf("an ended delivery did something: %s", effectLine(e))
	}
	switch e.Kind {
	case delivery.Report, delivery.Leave:
		w.reports++
	case delivery.SetTimer:
		w.timer = true
		if !e.At.Equal(p.s.Wake) && (p.s.Phase != delivery.Gathering || p.ev.Kind != delivery.Expired) {
			return fmt.Errorf("a timer that is not the one of the state")
		}
	case delivery.Withdraw:
		if e.Sending != w.out || e.Part != p.s.Part {
			return fmt.Errorf("%s, and on its way is #%d", effectLine(e), w.out)
		}
	case delivery.Hand:
		return w.hand(p, e)
	}
	return nil
}

func (w *watcher) hand(p *player, e *delivery.Effect) error {
	if w.out != 0 && e.Sending != w.out {
		return fmt.Errorf("%s, and #%d is on its way", effectLine(e), w.out)
	}
	was := p.before.Parts[e.Part]
	settled := was.State == delivery.Accepted || was.State == delivery.Delivered || was.State == delivery.Undelivered
	switch {
	case settled || p.s.Parts[e.Part].State != delivery.Sent:
		return fmt.Errorf("%s, which is %s", effectLine(e), was.State)
	case w.doubt[e.Part] && !p.s.Policy.Resend:
		return fmt.Errorf("%s, which is in doubt", effectLine(e))
	case p.s.Policy.Attempts > 0 && p.s.Parts[e.Part].Sendings > p.s.Policy.Attempts:
		return fmt.Errorf("%s for the %d. time", effectLine(e), p.s.Parts[e.Part].Sendings)
	case w.out == 0 && !p.ev.At.Before(p.s.Validity):
		return fmt.Errorf("%s after its validity", effectLine(e))
	case w.out == 0 && p.ev.At.Before(p.s.NotBefore) && p.before.Phase == delivery.Scheduled:
		return fmt.Errorf("%s before its time", effectLine(e))
	}
	w.out = e.Sending
	return nil
}

// parts holds what is said of the parts against what was heard.
func (w *watcher) parts(p *player) error {
	for i, part := range p.s.Parts {
		was := p.before.Parts[i].State
		if was >= delivery.Delivered && part.State != was {
			return fmt.Errorf("part %d was %s and is %s", i, was, part.State)
		}
		if w.doubt[uint8(i)] && !part.Doubt {
			return fmt.Errorf("part %d is in doubt no more", i)
		}
	}
	r := &p.s.Result
	switch {
	case p.s.Phase != delivery.Ended || r.Outcome == 0: // it has left
	case r.Outcome == delivery.Done:
		if slices.ContainsFunc(p.s.Parts, func(p delivery.Part) bool { return p.State != delivery.Accepted && p.State != delivery.Delivered }) {
			return fmt.Errorf("done, and the parts are %s", stateLine(&p.s))
		}
	case r.Outcome == delivery.Unsuccessful && p.before.Phase != delivery.Ended:
		if slices.ContainsFunc(p.s.Parts, func(p delivery.Part) bool { return p.Doubt || p.State == delivery.Unknown }) {
			return fmt.Errorf("failed, and nobody can say: %s", stateLine(&p.s))
		}
	}
	return nil
}

// TestStorm throws random events at deliveries and checks what must always hold.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, w := newPlayer(t), newWatcher()
		drawMessage(rt, p)
		told := []string{}
		tell := func(word string) {
			told = append(told, word)
			p.out = nil
			p.event(word)
			if strings.HasPrefix(word, "after") {
				return
			}
			if err := w.see(p); err != nil {
				rt.Fatalf("%v\n%s\n%s", err, strings.Join(told, "\n"), p.b.String())
			}
		}
		tell("start")
		for range rapid.IntRange(5, 80).Draw(rt, "events") {
			tell(rapid.SampledFrom(storm).Draw(rt, "event"))
		}
		// Whatever came, the delivery can be ended.
		for range 600 {
			if p.s.Phase == delivery.Ended {
				break
			}
			if tell("expired"); p.s.Phase == delivery.Sending || p.s.Phase == delivery.Ending {
				tell(rapid.SampledFrom([]string{"withdrawn", "taken", "failed permanent", "doubt"}).Draw(rt, "end"))
			}
			switch p.s.Phase {
			case delivery.Gathering:
				tell(rapid.SampledFrom([]string{"alone", "join", "absorb"}).Draw(rt, "word"))
			case delivery.Joining:
				tell("joined")
			}
		}
		if p.s.Phase != delivery.Ended {
			rt.Fatalf("does not end: %s", stateLine(&p.s))
		}
	})
}

// TestStateRoundTrip: the stored form brings back the same behaviour.
func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlayer(t)
		drawMessage(rt, p)
		p.event("start")
		for range rapid.IntRange(0, 30).Draw(rt, "n") {
			p.event(rapid.SampledFrom(storm).Draw(rt, "event"))
		}
		back := &player{t: t, s: restored(t, p.s), now: p.now, rows: p.rows}
		for range 10 {
			word := rapid.SampledFrom(storm).Draw(rt, "event")
			p.b.Reset()
			back.b.Reset()
			p.event(word)
			back.event(word)
			if d := cmp.Diff(p.b.String(), back.b.String()); d != "" {
				rt.Fatalf("%s (-kept +restored):\n%s", word, d)
			}
		}
		if d := cmp.Diff(p.s, back.s); d != "" {
			rt.Fatalf("-kept +restored:\n%s", d)
		}
	})
}
