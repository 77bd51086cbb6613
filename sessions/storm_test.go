package sessions_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/sessions"
)

// gust is one thing that happens in a storm.
type gust struct {
	After time.Duration
	Slot  int // one of few places for sessions
	Do    string
	Num   int // of a key or in seconds
}

func drawGusts(t *rapid.T) []gust {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) gust {
		return gust{
			After: time.Duration(rapid.IntRange(0, 50).Draw(t, "ms")) * time.Millisecond,
			Slot:  rapid.IntRange(0, 3).Draw(t, "slot"),
			Do:    rapid.SampledFrom([]string{"create", "go", "go", "send", "timer", "timers", "stop", "move", "corr", "noop", "end"}).Draw(t, "do"),
			Num:   rapid.IntRange(1, 5).Draw(t, "number"),
		}
	}), 1, 120).Draw(t, "gusts")
}

// TestStorm lets random events fall on a few sessions while the store is slow
// and fails now and then, and checks what must hold whatever happens. The same
// storm falls on sessions that never rest, on some that rest at random, which
// must do the same at the same time, and on some that always rest and cannot be
// decoded now and then.
func TestStorm(t *testing.T) {
	var rested int64
	var failed atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		c := climate{
			gusts: drawGusts(rt), seed: rapid.Uint64().Draw(rt, "seed"),
			failing: rapid.IntRange(0, 3).Draw(rt, "failures in ten"), lie: rapid.Bool().Draw(rt, "lie"),
		}
		never := c.storm(t, rt, func(*toyFlow) {})
		random := c.storm(t, rt, func(f *toyFlow) {
			f.rests = func(s toy, ev toyEvent) bool { return c.random(uint64(s.N), uint64(ev.seq)).IntN(2) == 0 }
		})
		if diff := cmp.Diff(never.performed, random.performed, cmp.AllowUnexported(toyEffect{})); diff != "" {
			rt.Fatalf("resting makes a difference (-never +at random):\n%s", diff)
		}
		c.storm(t, rt, func(f *toyFlow) {
			var n atomic.Uint64
			f.rests = func(toy, toyEvent) bool { return true }
			f.decoding = func() error {
				if n.Add(1)%3 == 0 {
					failed.Add(1)
					return sessions.ErrBusy
				}
				return nil
			}
		})
		if n := never.flow.decoded.Load(); n > 0 {
			rt.Fatalf("%d states decoded of sessions that never rest", n)
		}
		rested += random.flow.decoded.Load()
	})
	if rested == 0 || failed.Load() == 0 {
		t.Errorf("%d states of resting sessions were decoded, %d could not be at once", rested, failed.Load())
	}
}

// climate is what a storm is made of. Storms of the same climate do not differ
// by chance: what a change meets depends on its session, not on others.
type climate struct {
	gusts   []gust
	seed    uint64
	failing int // of ten changes
	lie     bool
}

func (c *climate) random(a, b uint64) *rand.Rand { return rand.New(rand.NewPCG(c.seed, a<<32^b)) }

// storm lets it fall on a flow.
func (c *climate) storm(t *testing.T, rt *rapid.T, prepare func(*toyFlow)) *weather {
	w := &weather{gusts: c.gusts, prepare: prepare, slots: make(map[int]sessions.ID)}
	store := newMemStore()
	tries := make(map[sessions.ID]uint64)
	store.latency = func(ch *sessions.Change) time.Duration {
		tries[ch.ID]++
		return time.Duration(c.random(uint64(ch.ID), tries[ch.ID]).Int64N(int64(40 * time.Millisecond)))
	}
	store.fail = func(ch *sessions.Change) error {
		if c.random(uint64(ch.ID), 1<<20+tries[ch.ID]).IntN(10) < c.failing {
			return sessions.ErrStore
		}
		return nil
	}
	store.lie = c.lie
	run(t, store, sessions.Options{Shards: 2}, w.blow)
	if len(w.wrong) > 0 {
		rt.Fatalf("%s", w.wrong[0])
	}
	return w
}

// weather is one storm.
type weather struct {
	gusts   []gust
	prepare func(*toyFlow)
	slots   map[int]sessions.ID
	ids     sessions.ID
	posted  int
	seq     int
	refused int // creates

	flow      *toyFlow
	performed map[sessions.ID][]toyEffect

	mu    sync.Mutex
	wrong []string
}

func (w *weather) fail(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// blow runs the storm, ends all sessions, and judges.
func (w *weather) blow(b *bench) {
	w.prepare(b.flow)
	w.flow, w.performed = b.flow, b.flow.performed
	b.flow.watch(func(ref sessions.Ref, effects []toyEffect) {
		steps, _ := b.store.state(ref.ID)
		for _, e := range effects {
			if e.n > steps {
				w.fail("session %s performed step %d when %d were committed", ref.ID, e.n, steps)
			}
		}
	})
	for _, g := range w.gusts {
		if g.After > 0 {
			b.sleep(g.After)
		}
		w.gust(b, g)
	}
	b.store.set(func(m *memStore) { m.fail = nil })
	b.sleep(time.Minute)
	for _, id := range b.store.ids() {
		w.post(b, id, toyEvent{do: "end"})
	}
	b.sleep(time.Minute)
	steps := b.rt.Stats().Steps
	b.sleep(24 * time.Hour)
	w.judge(b, steps)
}

func (w *weather) gust(b *bench, g gust) {
	if g.Do == "create" {
		w.ids++
		id := w.ids
		c := sessions.Create[toy, toyEvent]{ID: id, Key: sessions.TRNKey(sessions.TRN(g.Num)), Event: toyEvent{do: "go"}}
		err := b.rt.Create(c, func(r sessions.Result) {
			if errors.Is(r.Err, sessions.ErrKeyTaken) {
				w.mu.Lock()
				w.refused++
				w.mu.Unlock()
			}
		})
		if err != nil {
			w.fail("Create: %v", err)
		}
		w.slots[g.Slot] = id
		return
	}
	w.post(b, w.slots[g.Slot], toyEvent{
		do: g.Do, at: time.Now().Add(time.Duration(g.Num) * 7 * time.Millisecond), key: sessions.MDNKey(sessions.MDN(g.Num)),
		cor: sessions.Corr{Kind: sessions.CorrTRN, ID: fmt.Sprint(g.Num)},
	})
}

func (w *weather) post(b *bench, id sessions.ID, ev toyEvent) {
	w.seq++
	ev.seq = w.seq
	switch err := b.rt.Post(id, ev); {
	case err == nil && ev.do == "noop": // has no number in its effect
	case err == nil:
		w.posted++
	case !errors.Is(err, sessions.ErrNotFound):
		w.fail("Post: %v", err)
	}
	synctest.Wait()
}

// judge looks at everything once the storm is over.
func (w *weather) judge(b *bench, steps uint64) {
	s := b.rt.Stats()
	if s.Live != 0 || s.InFlight != 0 || s.Mailbox != 0 || s.Faults != 0 || len(b.store.live) > w.ghosts(b) {
		w.fail("left over: %+v, %d stored", s, len(b.store.live))
	}
	if s.Steps != steps {
		w.fail("%d steps after the end of all sessions: a timer was left", s.Steps-steps)
	}
	heard := 0
	for id := range w.ids {
		heard += w.judgeOne(b, id+1)
	}
	if lost := w.posted - heard - int(s.Refused) + w.refused - int(s.Dropped); lost > 0 {
		w.fail("%d of %d events were lost: %+v", lost, w.posted, s)
	}
}

// ghosts is the number of sessions whose create was answered with ErrStore
// although it was committed. They wait for the next start.
func (w *weather) ghosts(b *bench) int {
	n := 0
	for id := range b.store.live {
		if b.flow.did(id) == "" {
			n++
		}
	}
	return n
}

// judgeOne checks one session: its steps without a gap, its events in order,
// one outcome at the end. It returns the number of posted events performed.
func (w *weather) judgeOne(b *bench, id sessions.ID) (heard int) {
	last, seq := 0, 0
	var end string
	for _, e := range b.flow.performed[id] {
		if e.do == "noop" {
			continue
		}
		if e.n != last+1 || end != "" {
			w.fail("session %s: step %d after %d, ended by %q", id, e.n, last, end)
		}
		last = e.n
		if e.do == "end" {
			end = e.do
		}
		if e.seq > 0 {
			if e.seq <= seq {
				w.fail("session %s: event %d after %d", id, e.seq, seq)
			}
			seq = e.seq
			heard++
		}
	}
	if records := len(b.store.ended[id]); last > 0 && (end == "" || records != 1) {
		w.fail("session %s: %d records, ended %q: %s", id, records, end, b.flow.did(id))
	}
	return heard
}
