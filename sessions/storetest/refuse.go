package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// testRefused tries changes that carry everything and are refused for each
// cause in turn; nothing of them may be found afterwards.
func testRefused(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	taken := sessions.Corr{Kind: sessions.CorrTrigger, ID: "taken"}
	seen := sessions.Seen{Key: "seen", Until: time.Now().Add(time.Hour)}
	check(t, s.PutOrders(ctx, []sessions.Order{{Name: "o-1", MDN: 1}, {Name: "o-2", Done: true}}))
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), AddCorr: []sessions.Corr{taken}, Seen: seen})
	must(t, s, sessions.Change{ID: 2, Key: trn(2), Outbox: []sessions.Outbox{{Dest: "kept"}}})
	kept, err := s.Claim(ctx, "kept", time.Now(), 1, time.Hour)
	check(t, err)
	busy := mdn(1)

	for name, r := range map[string]struct {
		spoil func(*sessions.Change)
		want  error
		first sessions.ID
	}{
		"duplicate":      {func(c *sessions.Change) { c.Seen = seen }, sessions.ErrDuplicate, 1},
		"key":            {func(c *sessions.Change) { c.Key = mdn(1) }, sessions.ErrKeyTaken, 1},
		"correlation":    {func(c *sessions.Change) { c.AddCorr = append(c.AddCorr, taken) }, sessions.ErrCorrTaken, 1},
		"created before": {func(c *sessions.Change) { c.ID = 1 }, sessions.ErrConflict, 0},
		"version":        {func(c *sessions.Change) { c.ID, c.Key, c.Expect = 2, trn(2), 7 }, sessions.ErrConflict, 0},
		"finish":         {func(c *sessions.Change) { c.ID, c.Key, c.Expect, c.Finish = 2, trn(2), 7, true }, sessions.ErrConflict, 0},
		"no session":     {func(c *sessions.Change) { c.Expect = 1 }, sessions.ErrNotFound, 0},
		"move":           {func(c *sessions.Change) { c.ID, c.Key, c.Expect, c.NewKey = 2, trn(2), 1, &busy }, sessions.ErrKeyTaken, 1},
		"finish with taken correlation": {func(c *sessions.Change) {
			c.ID, c.Key, c.Expect, c.Finish, c.AddCorr = 2, trn(2), 1, true, append(c.AddCorr, taken)
		}, sessions.ErrCorrTaken, 1},
		"order done":     {func(c *sessions.Change) { c.OrderOpen.Name = "o-2" }, sessions.ErrOrderChanged, 0},
		"order replaced": {func(c *sessions.Change) { c.OrderOpen.Revision = 2 }, sessions.ErrOrderChanged, 0},
		"no order":       {func(c *sessions.Change) { c.OrderOpen.Name = "o-3" }, sessions.ErrOrderChanged, 0},
		"order and correlation": {func(c *sessions.Change) {
			c.OrderOpen.Name, c.AddCorr = "o-2", append(c.AddCorr, taken)
		}, sessions.ErrCorrTaken, 1},
		"order and move": {func(c *sessions.Change) {
			c.ID, c.Key, c.Expect, c.NewKey, c.OrderOpen.Name = 2, trn(2), 1, &busy, "o-2"
		}, sessions.ErrKeyTaken, 1},
	} {
		t.Run(name, func(t *testing.T) {
			before := live(t, s)
			own := sessions.Corr{Kind: sessions.CorrTransaction, ID: "own"}
			c := sessions.Change{
				ID: 3, Key: mdn(3), State: []byte("new"), Due: time.Now(),
				AddCorr:    []sessions.Corr{own},
				Outbox:     []sessions.Outbox{{Dest: "refused", Dedup: "refused"}},
				OutboxDone: []int64{kept[0].Row},
				CDR:        []cdr.Record{{Session: "refused"}},
				OrderOpen:  sessions.OrderRef{Name: "o-1", Revision: 1},
				OrderDone:  sessions.OrderRef{Name: "o-1", Revision: 1},
				Seen:       sessions.Seen{Key: "fresh", Until: time.Now().Add(time.Hour)},
			}
			r.spoil(&c)
			refuse(t, s, c, r.want, r.first)
			if diff := cmp.Diff(before, live(t, s), byLength); diff != "" {
				t.Errorf("sessions (-before +after):\n%s", diff)
			}
			correlated(t, s, map[sessions.Corr]sessions.ID{own: 0, taken: 1})
			noTrace(t, s)
		})
	}
	// The seen entry of the refused ones was not kept either, and the row is still there.
	must(t, s, sessions.Change{ID: 3, Key: mdn(3), Seen: sessions.Seen{Key: "fresh", Until: time.Now().Add(time.Hour)}})
	if at, err := s.NextDue(ctx, "kept"); err != nil || at.IsZero() {
		t.Errorf("the claimed row is gone: %v %v", at, err)
	}
}

func noTrace(t *testing.T, s sessions.Store) {
	t.Helper()
	ctx := context.Background()
	if at, err := s.NextDue(ctx, "refused"); err != nil || !at.IsZero() {
		t.Errorf("outbox: %v %v", at, err)
	}
	if got := records(t, s, cdr.Filter{}); len(got) != 0 {
		t.Errorf("records: %v", got)
	}
	o, err := s.FindOrder(ctx, sessions.OrderQuery{Name: "o-1"})
	check(t, err)
	if o.Done {
		t.Error("the order is done")
	}
}

// testBatchMates has many changes under way at once, every second one refused.
func testBatchMates(t *testing.T, open Open) {
	s := fresh(t, open)
	const n = 400
	must(t, s, sessions.Change{ID: 1, Key: mdn(0), AddCorr: []sessions.Corr{{Kind: sessions.CorrTrigger, ID: "t"}}})
	var wg sync.WaitGroup
	results := make([]sessions.Result, n)
	changes := make([]sessions.Change, n)
	for i := range n {
		c := &changes[i]
		*c = sessions.Change{ID: sessions.ID(100 + i), Key: mdn(uint64(100 + i)), State: fmt.Append(nil, i)}
		switch i % 4 {
		case 1:
			c.Key = mdn(0)
		case 3:
			c.AddCorr = []sessions.Corr{{Kind: sessions.CorrTransaction, ID: fmt.Sprint(i)}, {Kind: sessions.CorrTrigger, ID: "t"}}
		}
		wg.Add(1)
		s.Apply(c, func(r sessions.Result) {
			results[i] = r
			wg.Done()
		})
	}
	wg.Wait()
	all := live(t, s)
	for i, r := range results {
		rec, there := all[sessions.ID(100+i)]
		want := [...]error{nil, sessions.ErrKeyTaken, nil, sessions.ErrCorrTaken}[i%4]
		if !errors.Is(r.Err, want) || there != (want == nil) || string(rec.State) != stateOf(i, there) {
			t.Fatalf("change %d: %+v, live %v %q, want %v", i, r, there, rec.State, want)
		}
	}
}

func stateOf(i int, there bool) string {
	if !there {
		return ""
	}
	return fmt.Sprint(i)
}
