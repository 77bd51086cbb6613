package binds

import (
	"slices"
	"sync"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/spread"
)

// Account is the binds of an account that receive.
type Account struct {
	find  func() []Receiver
	clock clock.Clock

	mu     sync.Mutex
	binds  []*Bind
	turn   uint64
	given  uint64 // names for binds
	onRoom []func()
}

// OnRoom has f called when there may be room. It must not block.
func (a *Account) OnRoom(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.onRoom = append(a.onRoom[:len(a.onRoom):len(a.onRoom)], f)
}

// Wake is told when a bind has come.
func (a *Account) Wake() {
	a.mu.Lock()
	all := a.onRoom
	a.mu.Unlock()
	for _, f := range all {
		f()
	}
}

// look finds out which binds there are. It is under the lock.
func (a *Account) look() {
	now := a.find()
	if slices.EqualFunc(a.binds, now, (*Bind).is) {
		return
	}
	was := a.binds
	a.binds = make([]*Bind, len(now))
	for i, r := range now {
		if k := slices.IndexFunc(was, func(b *Bind) bool { return b.is(r) }); k >= 0 {
			a.binds[i] = was[k]
			continue
		}
		a.given++
		a.binds[i] = &Bind{Receiver: r, of: a, name: spread.Number(spread.Seed, a.given)}
	}
}

// Up tells whether there is a bind.
func (a *Account) Up() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.look()
	return len(a.binds) > 0
}

// Room is how many of a load may be sent now. It is the time to see which binds there are:
// Take knows those of the last look.
func (a *Account) Room(of Load) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.look()
	now := a.clock.Now()
	for _, b := range a.binds {
		n += b.room(of, now)
	}
	return n
}

// Under is how many of a load are under way.
func (a *Account) Under(load Load) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range a.binds {
		n += b.flying[load]
	}
	return n
}

// Take takes a place on the bind with the least under way; nil when none has room.
func (a *Account) Take(load Load) (best *Bind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	now := a.clock.Now()
	for i := range a.binds {
		b := a.binds[(int(a.turn)+i)%len(a.binds)]
		if (best == nil || b.under() < best.under()) && b.room(load, now) > 0 {
			best = b
		}
	}
	if best != nil {
		best.flying[load]++
	}
	return best
}

// TakeFor takes a place on the bind that belongs to a key as long as it is there; nil when
// it has no room.
func (a *Account) TakeFor(key uint64, load Load) (best *Bind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var greatest uint64
	for _, b := range a.binds {
		if n := spread.Mix(b.name ^ key); best == nil || n > greatest {
			best, greatest = b, n
		}
	}
	if best == nil || best.room(load, a.clock.Now()) == 0 {
		return nil
	}
	best.flying[load]++
	return best
}
