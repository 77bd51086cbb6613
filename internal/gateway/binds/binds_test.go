package binds_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/smpp"
)

const (
	messages = binds.Messages
	receipts = binds.Receipts
	plenty   = 10_000
)

// TestShare: messages and receipts have the room of a bind together.
func TestShare(t *testing.T) {
	l, all := newLab(10)
	if n := l.fill(messages, 6); n != 6 {
		t.Fatalf("%d messages sent", n)
	}
	l.rooms(t, 4, 4)
	if n := l.fill(receipts, plenty); n != 4 || l.Take(messages) != nil {
		t.Errorf("%d receipts sent beside 6 messages", n)
	}
	l.rooms(t, 0, 0)
	if m, r := l.Under(messages), l.Under(receipts); m != 6 || r != 4 {
		t.Errorf("%d messages and %d receipts under way", m, r)
	}
	l.woken = 0
	all[0].good(1) // a message
	if l.woken == 0 || l.Under(messages) != 5 {
		t.Errorf("nobody is told of room, %d messages under way", l.Under(messages))
	}
	l.rooms(t, 1, 1)
	if l.fill(receipts, plenty) != 1 {
		t.Error("no receipt in the place of a message")
	}
}

// TestMessageWindow: receipts go beside as many messages as may be under way on a bind.
func TestMessageWindow(t *testing.T) {
	const most = 32
	l, all := newLab(100, 100, 20)
	l.rooms(t, 2*most+20, 220)
	if n := l.fill(messages, plenty); n != 2*most+20 {
		t.Errorf("%d messages sent", n)
	}
	for i, want := range []int{most, most, 20} {
		if got := all[i].waiting(); got != want {
			t.Errorf("bind %d has %d messages, want %d", i, got, want)
		}
	}
	l.rooms(t, 0, 2*(100-most))
	if n := l.fill(receipts, plenty); n != 2*(100-most) {
		t.Errorf("%d receipts sent", n)
	}
	all[0].good(most)
	l.rooms(t, most, most)
}

// TestTurns: the bind with the least under way is next, and equal ones take turns.
func TestTurns(t *testing.T) {
	l, all := newLab(10, 10, 10)
	for range 30 { // nothing is under way on any of them
		l.send(messages).good(1)
	}
	for i, e := range all {
		if e.sent != 10 {
			t.Errorf("bind %d had %d of 30", i, e.sent)
		}
	}
	l.fill(messages, 7)
	l.fill(receipts, 5) // which count as well
	for i, e := range all {
		if e.waiting() != 4 {
			t.Errorf("bind %d has %d of 12", i, e.waiting())
		}
	}
	for i, e := range all {
		e.good(2)
		for range 2 {
			if l.send(receipts) != e {
				t.Errorf("bind %d has less under way, and another one is taken", i)
			}
		}
	}
	all[1].window = 4 // which it has
	all[0].good(1)
	all[2].good(1)
	all[1].good(0)
	l.fill(messages, 2)
	if l.fill(messages, plenty) != 12 || all[1].waiting() != 4 {
		t.Errorf("%d over the bind without room", all[1].waiting())
	}
}

// TestTakeFor: a key keeps its bind, waits for it, and leaves it when it is gone. The keys
// of the other binds stay where they are.
func TestTakeFor(t *testing.T) {
	const keys = 300
	l, all := newLab(10, 10, 10)
	first := l.takenFor(t, keys)
	for i, e := range all {
		if e.sent < keys/6 || e.sent > keys/2 {
			t.Errorf("bind %d has %d of %d keys", i, e.sent, keys)
		}
	}
	for key, e := range l.takenFor(t, keys) {
		if first[key] != e {
			t.Errorf("key %d has another bind the second time", key)
		}
	}

	full := first[0]
	for full.Room() > 0 {
		over(l.TakeFor(0, receipts), receipts)
	}
	for key, e := range first {
		if b := l.TakeFor(key, messages); (b == nil) != (e == full) {
			t.Errorf("key %d: bind taken: %v, and its bind has room: %v", key, b != nil, e != full)
		} else if b != nil {
			b.Land(messages, 0, smpp.ErrWindowFull)
		}
	}
	full.good(full.waiting())

	l.unbind(full)
	l.Up()
	for key, e := range l.takenFor(t, keys) {
		if e == full || first[key] != full && first[key] != e {
			t.Errorf("key %d has moved, or has the bind that is gone", key)
		}
	}
	fourth := l.bind(10)
	l.Up()
	moved := 0
	for key, e := range l.takenFor(t, keys) {
		switch {
		case e == fourth:
			moved++
		case first[key] != full && first[key] != e:
			t.Errorf("key %d has moved, and not to the bind that has come", key)
		}
	}
	if moved < keys/6 {
		t.Errorf("%d keys for the bind that has come", moved)
	}

	for _, r := range l.list {
		l.unbind(r.(*esme))
	}
	l.Up()
	if l.TakeFor(1, messages) != nil || l.Take(messages) != nil {
		t.Error("a bind is taken, and there is none")
	}
}

// TestUnsent: a place is given back when nothing was sent, and nothing is learned.
func TestUnsent(t *testing.T) {
	for _, err := range []error{smpp.ErrWindowFull, smpp.ErrClosed, smpp.ErrNotBound, errors.New("cannot be encoded")} {
		l, all := newLab(10)
		all[0].refuse = err
		for range 50 {
			if l.send(messages) != nil || l.send(receipts) != nil {
				t.Fatal("sent")
			}
		}
		l.rooms(t, 10, 10)
		if l.Under(messages) != 0 || l.Under(receipts) != 0 {
			t.Errorf("%v: %d messages and %d receipts under way", err, l.Under(messages), l.Under(receipts))
		}
		all[0].refuse = nil
		if l.fill(messages, plenty) != 10 {
			t.Errorf("%v: the bind has not its whole room", err)
		}
	}
}

// TestNotRead: a bind that does not read what waits to be written is left alone for a
// moment, and the others have the rest.
func TestNotRead(t *testing.T) {
	l, all := newLab(10, 10)
	all[0].refuse = smpp.ErrQueueFull
	for l.send(messages) != nil { // until the first is asked
	}
	l.rooms(t, 10-all[1].waiting(), 10-all[1].waiting())
	l.fill(messages, plenty)
	if all[1].waiting() != 10 {
		t.Errorf("%d over the other one", all[1].waiting())
	}
	all[0].refuse, l.woken = nil, 0
	l.Pass(100 * time.Millisecond)
	if l.woken == 0 {
		t.Error("nobody is told that the bind is asked again")
	}
	l.rooms(t, 10, 10)
}

// TestComeAndGo: an account has the binds that are there now. One that has come is new, also
// when an earlier one was told that it takes little.
func TestComeAndGo(t *testing.T) {
	l, _ := newLab()
	if l.Up() || l.Room(messages) != 0 || l.Take(messages) != nil || l.TakeFor(1, receipts) != nil {
		t.Error("an account without a bind has room")
	}
	e := l.bind(10)
	if l.woken != 1 {
		t.Errorf("told %d times of a bind", l.woken)
	}
	if !l.Up() {
		t.Error("an account with a bind is down")
	}
	l.fill(messages, 3)
	e.refuses()
	l.rooms(t, 0, 0)

	l.unbind(e)
	if l.Up() || l.Room(receipts) != 0 || l.Under(messages) != 0 {
		t.Errorf("%d under way, and the bind is gone", l.Under(messages))
	}
	again := l.bind(10)
	l.rooms(t, 10, 10)
	e.respond(2, 0, smpp.ErrClosed)
	l.rooms(t, 10, 10)
	if l.send(receipts) != again || l.Under(receipts) != 1 {
		t.Error("the bind that has come is not taken")
	}

	other := l.bind(5) // while the first stays
	l.rooms(t, 14, 14)
	l.list = []binds.Receiver{other, again} // in whatever order they are found
	l.rooms(t, 14, 14)
	if l.Under(receipts) != 1 {
		t.Errorf("%d under way", l.Under(receipts))
	}
}

// TestTable: an account is the same for all who ask for it, and each has its own binds.
func TestTable(t *testing.T) {
	of := map[string][]binds.Receiver{"a": {&esme{window: 3}}, "b": {&esme{window: 5}, &esme{window: 2}}}
	table := binds.NewTable(func(account string) []binds.Receiver { return of[account] }, clock.Clock{})
	for name, room := range map[string]int{"a": 3, "b": 7, "c": 0} {
		one := table.Of(name)
		if got := one.Room(messages); got != room || table.Of(name) != one {
			t.Errorf("account %s has room for %d, want %d", name, got, room)
		}
	}
	told := 0
	for range 2 {
		table.Of("a").OnRoom(func() { told++ })
	}
	table.Of("b").Wake()
	if table.Of("a").Wake(); told != 2 {
		t.Errorf("told %d times", told)
	}
}

// TestTogether: senders and postmen at once, over binds that come and go. Nothing that
// is under way is lost, and no bind has more messages than it may have.
func TestTogether(t *testing.T) {
	const each, window, most = 500, 100, 32
	var mu sync.Mutex
	list := []binds.Receiver{&busy{window: window}, &busy{window: window}}
	account := binds.NewTable(func(string) []binds.Receiver {
		mu.Lock()
		defer mu.Unlock()
		return list
	}, clock.Clock{Alarm: func(time.Duration, func()) {}}).Of("ivr")
	var running, open sync.WaitGroup
	for n, load := range []binds.Load{messages, receipts, messages, receipts} {
		running.Go(func() {
			room := make(chan struct{}, 1)
			account.OnRoom(func() {
				select {
				case room <- struct{}{}:
				default:
				}
			})
			for i := 0; i < each; {
				account.Room(load)
				b := account.Take(load)
				if i%2 == 1 && b == nil {
					b = account.TakeFor(uint64(n), load)
				}
				if b == nil {
					<-room
					continue
				}
				open.Add(1)
				err := b.SendDeliverSM(nil, func(s smpp.Status, err error) {
					b.Land(load, s, err)
					open.Done()
				})
				if err != nil {
					b.Land(load, 0, err)
					open.Done()
					continue
				}
				i++
			}
		})
	}
	running.Go(func() {
		for i := range 50 {
			mu.Lock()
			list = []binds.Receiver{list[1], &busy{window: window}}
			mu.Unlock()
			account.Wake()
			if n := account.Under(messages); n > 2*most {
				t.Errorf("%d messages under way at the change %d", n, i)
			}
		}
	})
	running.Wait()
	open.Wait()
	account.Up()
	if m, r := account.Under(messages), account.Under(receipts); m != 0 || r != 0 {
		t.Errorf("%d messages and %d receipts under way in the end", m, r)
	}
}

// busy is a bind that answers each request on a goroutine of its own.
type busy struct {
	mu           sync.Mutex
	window, open int
}

func (b *busy) SendDeliverSM(_ *smpp.DeliverSM, done func(smpp.Status, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open >= b.window {
		return smpp.ErrWindowFull
	}
	b.open++
	go func() {
		b.mu.Lock()
		b.open--
		b.mu.Unlock()
		done(smpp.StatusOK, nil)
	}()
	return nil
}

func (b *busy) SendDataSM(_ *smpp.DataSM, done func(smpp.Status, error)) error {
	return b.SendDeliverSM(nil, done)
}

func (b *busy) Version() smpp.Version { return smpp.Version50 }

func (b *busy) Room() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.window - b.open
}
