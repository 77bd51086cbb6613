package route

import (
	"fmt"

	"github.com/otagate/otagate/configs"
)

// Table is a list of rules that is found through quickly. It does not change. A
// nil table has no rules.
type Table struct {
	rules              []Rule
	byTo, bySourceAddr trie
}

// New compiles rules.
func New(list []configs.MessageRoute, d *configs.Dictionary) (*Table, error) {
	t := &Table{rules: make([]Rule, 0, len(list))}
	for i := range list {
		r, err := newRule(&list[i], d)
		if err != nil {
			return nil, fmt.Errorf("routes[%s]: %w", list[i].Name, err)
		}
		t.rules = append(t.rules, r)
		t.file(&r, int32(i))
	}
	return t, nil
}

// file puts a rule where few messages come by: under the beginnings of the one
// address of which it asks more.
func (t *Table) file(r *Rule, i int32) {
	where, begins := &t.byTo, literals(r.to)
	if source := literals(r.source); shortest(source) > shortest(begins) {
		where, begins = &t.bySourceAddr, source
	}
	for _, b := range begins {
		where.add(b, i, r.from)
	}
}

// Len is the number of rules.
func (t *Table) Len() int {
	if t == nil {
		return 0
	}
	return len(t.rules)
}

// Find is the rule that takes m, nil when none does.
func (t *Table) Find(m *Message) *Rule {
	if t == nil {
		return nil
	}
	best := int32(len(t.rules))
	best = t.byTo.find(plain(m.Destination), m, t.rules, best)
	best = t.bySourceAddr.find(plain(m.Source), m, t.rules, best)
	if int(best) == len(t.rules) {
		return nil
	}
	return &t.rules[best]
}
