package binds

import (
	"sync"

	"github.com/otagate/otagate/internal/clock"
)

// Table has the binds of all accounts that were asked for.
type Table struct {
	find  func(account string) []Receiver
	clock clock.Clock

	mu sync.Mutex
	of map[string]*Account
}

// NewTable makes a table. find finds the binds of an account that receive now, each time
// the same for the same bind.
func NewTable(find func(account string) []Receiver, clock clock.Clock) *Table {
	return &Table{find: find, clock: clock, of: map[string]*Account{}}
}

// Of is the binds of an account.
func (t *Table) Of(name string) *Account {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.of[name]
	if a == nil {
		a = &Account{find: func() []Receiver { return t.find(name) }, clock: t.clock}
		t.of[name] = a
	}
	return a
}
