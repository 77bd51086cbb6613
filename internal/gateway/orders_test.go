package gateway

import (
	"context"
	"sync"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// meddled is a store in which somebody else changes the order at the worst
// moment.
type meddled struct {
	sessions.Store
	found, marking sync.Once
	afterFind      func(sessions.Store)
	beforeMark     func(sessions.Store)
}

func (m *meddled) FindOrder(ctx context.Context, q sessions.OrderQuery) (sessions.Order, error) {
	o, err := m.Store.FindOrder(ctx, q)
	if err == nil && m.afterFind != nil {
		m.found.Do(func() { m.afterFind(m.Store) })
	}
	return o, err
}

func (m *meddled) Apply(c *sessions.Change, done func(sessions.Result)) {
	if c.OrderDone.Name == "" || m.beforeMark == nil {
		m.Store.Apply(c, done)
		return
	}
	go m.marking.Do(func() { // not on the shard's goroutine, which must not wait for the store
		m.beforeMark(m.Store)
		m.Store.Apply(c, done)
	})
}

// TestOrderChanges: only an order that is open when the session takes the MDN
// is carried out, and only the one that was carried out is done.
func TestOrderChanges(t *testing.T) {
	other := testOrder()
	other.NAM.S, other.IMSIT.S = "5551230000", "5551230000"
	replace := func(s sessions.Store) {
		if err := ImportOrders(context.Background(), s, []configs.Order{other}); err != nil {
			t.Error(err)
		}
	}
	carryOut := func(s sessions.Store) {
		done := make(chan sessions.Result, 1)
		s.Apply(&sessions.Change{ID: 1, Key: sessions.RefusalKey(1), Finish: true, OrderDone: sessions.OrderRef{Name: "A-1", Revision: 1}},
			func(r sessions.Result) { done <- r })
		if r := <-done; r.Err != nil {
			t.Error(r.Err)
		}
	}
	first := testOrder()
	for _, c := range []struct {
		name       string
		afterFind  func(sessions.Store)
		beforeMark func(sessions.Store)
		stat       smpp.MessageState
		outcome    cdr.Outcome
		programmed *configs.Order
		done       bool
	}{
		{"done after it was found", carryOut, nil, smpp.MessageRejected, cdr.Refused, nil, true},
		{"replaced after it was found", replace, nil, smpp.MessageDelivered, cdr.Done, &other, true},
		{"replaced while it is carried out", nil, replace, smpp.MessageDelivered, cdr.Done, &first, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t, nil, testOrder())
			h := sim.NewHandset(sim.DefaultHandset())
			before := h.Memory().MDN
			trn := l.dial(h).TRN
			g := l.start(&meddled{Store: l.open(), afterFind: c.afterFind, beforeMark: c.beforeMark})
			v := g.ivr()
			id := l.submit(v, "TRN="+trn, smpp.StatusOK)
			if r := l.receipt(v, id); r.Stat != c.stat {
				t.Errorf("receipt: %s %s", r.Stat, r.Text)
			}
			g.stop()
			if c.programmed == nil && h.Memory().MDN != before {
				t.Error("the handset was programmed")
			}
			if c.programmed != nil {
				if err := programmed(c.programmed, h.Memory()); err != nil {
					t.Error(err)
				}
			}
			l.with(func(s *sqlite.Store) {
				if err := l.left(s); err != nil {
					t.Error(err)
				}
				all := records(t, s)
				if len(all) != 1 || all[0].Outcome != c.outcome {
					t.Errorf("%+v", all)
				}
				o, err := s.FindOrder(t.Context(), sessions.OrderQuery{Name: "A-1"})
				if err != nil || o.Done != c.done {
					t.Errorf("order done %t, want %t: %v", o.Done, c.done, err)
				}
			})
		})
	}
}

// TestRefreshOrders: what is done stays done until its order is another one.
func TestRefreshOrders(t *testing.T) {
	same, changed := testOrder(), testOrder()
	changed.Name = "B-1"
	l := newLab(t, nil, same, changed)
	l.with(func(s *sqlite.Store) {
		for _, name := range []string{"A-1", "B-1"} {
			done := make(chan sessions.Result, 1)
			s.Apply(&sessions.Change{ID: 1, Key: sessions.RefusalKey(1), Finish: true, OrderDone: sessions.OrderRef{Name: name, Revision: 1}},
				func(r sessions.Result) { done <- r })
			if r := <-done; r.Err != nil {
				t.Fatal(r.Err)
			}
		}
		changed.NAM.ACCOLC++
		fresh := testOrder()
		fresh.Name = "C-1"
		open := func(name string) bool {
			o, err := s.FindOrder(t.Context(), sessions.OrderQuery{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			return !o.Done
		}
		all := []configs.Order{same, changed, fresh}
		if err := RefreshOrders(t.Context(), s, all); err != nil {
			t.Fatal(err)
		}
		if open("A-1") || !open("B-1") || !open("C-1") {
			t.Errorf("open: unchanged %t, changed %t, new %t", open("A-1"), open("B-1"), open("C-1"))
		}
		if err := ImportOrders(t.Context(), s, all); err != nil {
			t.Fatal(err)
		}
		if !open("A-1") {
			t.Error("an order imported again is done")
		}
	})
}
