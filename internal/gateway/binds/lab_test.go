package binds_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/testclock"
	"github.com/otagate/otagate/smpp"
)

// esme is a bind that takes so many requests at a time, and answers when it is told to.
type esme struct {
	mu     sync.Mutex
	window int
	refuse error // for which nothing can be sent
	open   []func(smpp.Status, error)
	sent   int
}

func (e *esme) SendDeliverSM(_ *smpp.DeliverSM, done func(smpp.Status, error)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.refuse != nil:
		return e.refuse
	case len(e.open) >= e.window:
		return smpp.ErrWindowFull
	}
	e.sent++
	e.open = append(e.open, done)
	return nil
}

func (e *esme) SendDataSM(_ *smpp.DataSM, done func(smpp.Status, error)) error {
	return e.SendDeliverSM(nil, done)
}

func (e *esme) Version() smpp.Version { return smpp.Version34 }

func (e *esme) Room() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.window - len(e.open)
}

// respond answers the n requests that have waited longest.
func (e *esme) respond(n int, status smpp.Status, err error) {
	e.mu.Lock()
	all := slices.Clone(e.open[:n])
	e.open = slices.Delete(e.open, 0, n)
	e.mu.Unlock()
	for _, done := range all {
		done(status, err)
	}
}

func (e *esme) good(n int) { e.respond(n, smpp.StatusOK, nil) }
func (e *esme) refuses()   { e.respond(1, smpp.StatusThrottled, nil) }

// waiting is how many requests it has not answered.
func (e *esme) waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.open)
}

// lab is an account with its binds.
type lab struct {
	*testclock.Hands
	list []binds.Receiver
	*binds.Account
	woken int
}

// newLab makes an account with a bind for each window.
func newLab(windows ...int) (*lab, []*esme) {
	l := &lab{Hands: testclock.At(time.Unix(1_000_000, 0))}
	table := binds.NewTable(func(string) []binds.Receiver { return l.list }, l.Clock())
	l.Account = table.Of("ivr")
	l.OnRoom(func() { l.woken++ })
	var all []*esme
	for _, n := range windows {
		all = append(all, l.bind(n))
	}
	l.Up() // to see them
	return l, all
}

// bind has another bind come.
func (l *lab) bind(window int) *esme {
	e := &esme{window: window}
	l.list = append(slices.Clip(l.list), e)
	l.Wake()
	return e
}

// unbind has a bind go.
func (l *lab) unbind(e *esme) {
	l.list = slices.DeleteFunc(slices.Clone(l.list), func(r binds.Receiver) bool { return r == e })
}

// over sends something over a bind, and tells which one took it; nil for none.
func over(b *binds.Bind, load binds.Load) *esme {
	if b == nil {
		return nil
	}
	if err := b.SendDeliverSM(nil, func(s smpp.Status, err error) { b.Land(load, s, err) }); err != nil {
		b.Land(load, 0, err)
		return nil
	}
	return b.Receiver.(*esme)
}

func (l *lab) send(load binds.Load) *esme { return over(l.Take(load), load) }

// fill sends as much as there is room for, at most n.
func (l *lab) fill(load binds.Load, n int) (sent int) {
	for sent < n && l.send(load) != nil {
		sent++
	}
	return sent
}

// rooms checks how many messages, and how many receipts, may be sent.
func (l *lab) rooms(t *testing.T, messages, receipts int) {
	t.Helper()
	if m, r := l.Room(binds.Messages), l.Room(binds.Receipts); m != messages || r != receipts {
		t.Errorf("room for %d messages and %d receipts, want %d and %d", m, r, messages, receipts)
	}
}

// takenFor tells which bind each of some keys gets.
func (l *lab) takenFor(t *testing.T, keys int) map[uint64]*esme {
	t.Helper()
	of := map[uint64]*esme{}
	for key := range uint64(keys) {
		e := over(l.TakeFor(key, binds.Messages), binds.Messages)
		if e == nil {
			t.Fatalf("no bind for key %d", key)
		}
		e.good(1)
		of[key] = e
	}
	return of
}
