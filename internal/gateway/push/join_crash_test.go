package push_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// mortal is a store whose process dies at its nth change: before that is committed, or (late)
// after it, and nobody hears of it. Then nothing reaches the disk any more.
type mortal struct {
	keeper
	late bool
	died chan struct{}

	mu   sync.Mutex
	n    int
	seen int
	dead bool
}

func newMortal(s keeper, n int, late bool) *mortal {
	return &mortal{keeper: s, n: n, late: late, died: make(chan struct{})}
}

var errGone = fmt.Errorf("%w: %w", sessions.ErrStore, errDead)

func (m *mortal) Apply(c *sessions.Change, done func(sessions.Result)) {
	m.mu.Lock()
	was := m.dead
	if !was {
		m.seen++
		m.dead = m.seen == m.n
	}
	now := m.dead && !was
	m.mu.Unlock()
	switch {
	case was:
		done(sessions.Result{Err: errGone})
	case now && m.late:
		m.keeper.Apply(c, func(sessions.Result) {
			close(m.died)
			done(sessions.Result{Err: errGone})
		})
	case now:
		close(m.died)
		done(sessions.Result{Err: errGone})
	default:
		m.keeper.Apply(c, done)
	}
}

func (m *mortal) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

func (m *mortal) changes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seen
}

func (m *mortal) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if m.isDead() {
		return nil, errGone
	}
	return m.keeper.Claim(ctx, dest, now, n, lease)
}

func (m *mortal) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if m.isDead() {
		return nil, errGone
	}
	return m.keeper.Orphans(ctx, dest, now, lease)
}

func (m *mortal) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	if m.isDead() {
		return errGone
	}
	return m.keeper.Settle(ctx, rows...)
}

func (m *mortal) Withdraw(ctx context.Context, dedup string) (bool, error) {
	if m.isDead() {
		return false, errGone
	}
	return m.keeper.Withdraw(ctx, dedup)
}

// try submits a segment as a client does that says by a key which it is; it tells whether
// it was taken.
func (l *lab) try(p *smpp.SubmitSM, key string) (sessions.ID, bool) {
	l.t.Helper()
	seen := func(m *push.Message) { m.Seen = sessions.Seen{Key: key, Until: time.Now().Add(time.Hour)} }
	got := make(chan sessions.ID, 1)
	m := push.Message{Origin: push.Origin{Door: "test", Account: "acme"}}
	one := *p
	asSegment(&one)(&m)
	seen(&m)
	err := l.svc.Accept(&m, func(id sessions.ID, err error) {
		if err != nil && !errors.Is(err, sessions.ErrDuplicate) {
			id = 0
		}
		got <- id
	})
	if err != nil {
		return 0, false
	}
	id := <-got
	return id, id != 0
}

// crashing is a lab in which what is in doubt is sent again, and soon.
func crashing(t *testing.T, wait time.Duration) *lab {
	l := joining(t, wait)
	l.links[0].Resend, l.links[0].Receipts = true, false
	return l
}

// joinStory is what a client does, and what must have come of it whenever the gateway dies.
type joinStory struct {
	name  string
	wait  time.Duration
	order []int    // of the three segments
	want  []string // what the centre gets: once, or twice where it was in doubt
}

func joinStories() []joinStory {
	parts := segments("udh8", 9, 0, "a", "b", "c")
	raw := func(i int) string { return string(parts[i].ShortMessage) }
	return []joinStory{
		{"all", time.Hour, []int{0, 1, 2}, []string{"abc"}},
		{"the last one first", time.Hour, []int{2, 1, 0}, []string{"abc"}},
		{"one twice", time.Hour, []int{0, 1, 1, 2}, []string{"abc"}},
		{"one missing", 50 * time.Millisecond, []int{0, 2}, []string{raw(0), raw(2)}},
	}
}

// play has the first gateway die at its nth change, and tells how many it made.
func (s *joinStory) play(t *testing.T, n int, late bool) int {
	l := crashing(t, s.wait)
	store := newMortal(l.openStore(), n, late)
	l.run(store)
	parts := segments("udh8", 9, 0, "a", "b", "c")
	ids := make([]sessions.ID, len(s.order))
	again := false
	for i, k := range s.order {
		var ok bool
		if ids[i], ok = l.try(parts[k], fmt.Sprint("segment ", i)); !ok {
			again = true
			break
		}
	}
	if n < never {
		// With a timer in it the story may have been shorter this time.
		l.until("it to die", func() bool { return store.isDead() || !again && l.svc.Live() == 0 })
		l.stop()
		l.start()
		for i, k := range s.order { // what was not answered is sent again
			if again && ids[i] == 0 {
				var ok bool
				if ids[i], ok = l.try(parts[k], fmt.Sprint("segment ", i)); !ok {
					t.Fatal("not taken")
				}
			}
		}
	}
	for i, id := range ids {
		rec := l.record(id) // which fails when there are two
		joined := len(rec.Steps) == 2 && rec.Steps[1] == fmt.Sprintf("joined:%d/3", s.order[i]+1)
		if rec.Outcome != cdr.Done || joined != (len(s.want) == 1) {
			t.Errorf("%+v", rec)
		}
	}
	l.settled()
	if got := len(l.records()); got != len(ids) {
		t.Errorf("%d records of %d segments", got, len(ids))
	}
	got := l.texts()
	slices.Sort(got)
	most := len(s.want)
	if n < never {
		most *= 2
	}
	if len(got) > most {
		t.Errorf("sent %d times: %q", len(got), got)
	}
	if got = slices.Compact(got); !slices.Equal(got, s.want) {
		t.Errorf("%q\nwant %q", got, s.want)
	}
	if n := l.svc.Stats().Anomalies; n != 0 {
		t.Errorf("%d anomalies", n)
	}
	return store.changes()
}

func (l *lab) records() (all []cdr.Record) {
	l.t.Helper()
	if err := l.store.CDRs(context.Background(), cdr.Filter{}, func(r cdr.Record) error {
		all = append(all, r)
		return nil
	}); err != nil {
		l.t.Fatal(err)
	}
	return all
}

const never = 1 << 30

// TestJoinCrash: the gateway dies at each of its commits, before it and after it. Nothing is lost,
// nothing is sent both joined and by itself, and each segment has one record.
func TestJoinCrash(t *testing.T) {
	for _, s := range joinStories() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			all := s.play(t, never, false)
			if all < 2*len(s.order) {
				t.Fatalf("%d changes", all)
			}
			for n := 1; n <= all; n++ {
				for _, late := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d-late=%v", n, late), func(t *testing.T) { s.play(t, n, late) })
				}
			}
		})
	}
}

// TestJoinStorm: segments of many messages in any order, some of them missing, twice, wrong or
// cancelled, and the gateway dies again and again. Each that was answered has one record, and
// its text has reached the centre in that way and no other, unless it was cancelled.
func TestJoinStorm(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			stormOf(t, rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

// gust is a segment of the storm.
type gust struct {
	pdu  *smpp.SubmitSM
	text string
	id   sessions.ID
}

func stormOf(t *testing.T, r *rand.Rand) {
	l := crashing(t, 300*time.Millisecond)
	l.run(l.openStore())
	var all []*gust
	for ref := range uint16(12) {
		var texts []string
		for i := range 2 + r.IntN(4) {
			texts = append(texts, fmt.Sprintf("<%d.%d>", ref, i))
		}
		for i, p := range segments(placings[r.IntN(3)], ref, 0, texts...) {
			switch one := (&gust{pdu: p, text: texts[i]}); r.IntN(12) {
			case 0: // missing
			case 1: // twice
				again := *one
				all = append(all, one, &again)
			case 2: // and another text
				wrong := *p
				wrong.ShortMessage = bytes.Replace(p.ShortMessage, []byte("<"), []byte("{"), 1)
				all = append(all, one, &gust{pdu: &wrong, text: "{" + texts[i][1:]})
			default:
				all = append(all, one)
			}
		}
	}
	r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	die := func() *mortal {
		m := newMortal(l.openStore(), 1+r.IntN(30), r.IntN(2) == 0)
		l.run(m)
		return m
	}
	l.stop()
	store := die()
	for i := 0; i < len(all); {
		g := all[i]
		var ok bool
		if g.id, ok = l.try(g.pdu, fmt.Sprint("gust ", i)); !ok {
			select {
			case <-store.died:
			case <-time.After(time.Minute):
				t.Fatal("not taken, and it lives")
			}
			l.stop()
			store = die()
			continue
		}
		if i++; r.IntN(10) == 0 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // the store may be dead
			_, _ = l.svc.Cancel(ctx, all[r.IntN(i)].id)
			cancel()
		}
	}
	l.stop()
	l.start()
	by := map[sessions.ID]cdr.Record{}
	for _, g := range all {
		by[g.id] = l.record(g.id)
	}
	l.settled()
	if n := len(l.records()); n != len(all) {
		t.Errorf("%d records of %d segments", n, len(all))
	}
	list := l.texts()
	sent := strings.Join(list, "|")
	alone, whole := map[string]bool{}, map[string]bool{} // texts of segments that went by themselves, and in a whole
	for _, g := range all {
		if rec := by[g.id]; rec.Reason != "cancelled" {
			alone[g.text] = alone[g.text] || len(rec.Steps) == 1
			whole[g.text] = whole[g.text] || len(rec.Steps) == 2
		}
	}
	for _, g := range all {
		rec := by[g.id]
		joined := len(rec.Steps) == 2
		switch {
		case !alone[g.text] && slices.Contains(list, string(g.pdu.ShortMessage)):
			t.Errorf("%s was sent by itself: %+v in %q", g.text, rec, sent)
		case !alone[g.text] && !whole[g.text] && strings.Contains(sent, g.text):
			t.Errorf("%s was sent: %+v in %q", g.text, rec, sent)
		case rec.Reason == "cancelled":
		case rec.Outcome != cdr.Done:
			t.Errorf("%s: %+v", g.text, rec)
		case joined && !strings.Contains(sent, g.text), !joined && !strings.Contains(sent, string(g.pdu.ShortMessage)):
			t.Errorf("%s is done and was not sent: %+v in %q", g.text, rec, sent)
		}
	}
	if n := l.svc.Stats().Anomalies; n != 0 {
		t.Errorf("%d anomalies", n)
	}
}
