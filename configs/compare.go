package configs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Change is one thing that differs between two configurations. It shows no value:
// that may be a secret.
type Change struct {
	Key    string   // smpp.accounts[shop]
	What   string   // added, removed, changed, disabled, enabled
	Fields []string // that differ, of one that is changed
}

func (c Change) String() string {
	s := c.Key + ": " + c.What
	if len(c.Fields) > 0 {
		s += ": " + strings.Join(c.Fields, ", ")
	}
	return s
}

// Difference is what lies between two configurations.
type Difference struct {
	Changes []Change // that a running gateway follows
	Fixed   []string // keys that differ, which it does not: they need a restart
}

// Compare tells how next differs from c. Of passwords and certificates that are
// kept in files only the names of the files are compared.
func (c *Config) Compare(next *Config) Difference {
	d := Difference{Changes: compareAccounts(c.SMPP.Accounts, next.SMPP.Accounts)}
	if c.SMPP.TLS != next.SMPP.TLS && c.SMPP.ListenTLS == next.SMPP.ListenTLS {
		d.Changes = append(d.Changes, Change{Key: "smpp.tls", What: "changed"})
	}
	d.Changes = append(d.Changes, compareNamed("smpp.tlvs", c.SMPP.TLVs, next.SMPP.TLVs, func(t *NamedTLV) string { return t.Name })...)
	d.Changes = append(d.Changes, compareNamed("links", c.Links, next.Links, func(l *Link) string { return l.Name })...)
	d.Changes = append(d.Changes, compareNamed("routes", c.Routes, next.Routes, func(r *MessageRoute) string { return r.Name })...)
	if !reflect.DeepEqual(c.Push.Retries, next.Push.Retries) {
		d.Changes = append(d.Changes, Change{Key: "push.retries", What: "changed"})
	}
	d.Changes = append(d.Changes, compareNamed("triggers", c.Triggers, next.Triggers, func(t *Trigger) string { return t.Name })...)
	followed := c.Follow(next)
	d.Fixed = fieldsOf("", reflect.ValueOf(*followed), reflect.ValueOf(*next))
	return d
}

// Follow is c with all of next that a running gateway follows: accounts,
// certificates, links, routes, retries and triggers.
func (c *Config) Follow(next *Config) *Config {
	out := *c
	out.SMPP.Accounts, out.SMPP.TLVs = next.SMPP.Accounts, next.SMPP.TLVs
	if c.SMPP.ListenTLS == next.SMPP.ListenTLS {
		out.SMPP.TLS = next.SMPP.TLS
	}
	out.Links, out.Routes, out.Push.Retries, out.Triggers = next.Links, next.Routes, next.Push.Retries, next.Triggers
	out.File = next.File
	return &out
}

// compareAccounts says of an account that is switched off or on only that.
func compareAccounts(old, next []Account) []Change {
	all := compareNamed("smpp.accounts", old, next, func(a *Account) string { return a.Name })
	for i := range all {
		c := &all[i]
		if !slices.Equal(c.Fields, []string{"disabled"}) {
			continue
		}
		c.Fields, c.What = nil, "enabled"
		for j := range next {
			if next[j].Disabled && c.Key == entryKey("smpp.accounts", next[j].Name) {
				c.What = "disabled"
			}
		}
	}
	return all
}

func entryKey(list, name string) string { return fmt.Sprintf("%s[%s]", list, name) }

// compareNamed compares lists whose entries have names.
func compareNamed[T any](list string, old, next []T, name func(*T) string) (all []Change) {
	was, is := map[string]*T{}, map[string]*T{}
	for i := range old {
		was[name(&old[i])] = &old[i]
	}
	for i := range next {
		is[name(&next[i])] = &next[i]
	}
	var a, b []string // the names of those that stay, in both orders
	for i := range old {
		n := name(&old[i])
		other := is[n]
		if other == nil {
			all = append(all, Change{Key: entryKey(list, n), What: "removed"})
			continue
		}
		a = append(a, n)
		if f := fieldsOf("", reflect.ValueOf(old[i]), reflect.ValueOf(*other)); len(f) > 0 {
			all = append(all, Change{Key: entryKey(list, n), What: "changed", Fields: f})
		}
	}
	for i := range next {
		n := name(&next[i])
		if was[n] == nil {
			all = append(all, Change{Key: entryKey(list, n), What: "added"})
			continue
		}
		b = append(b, n)
	}
	if (list == "routes" || list == "triggers") && !slices.Equal(a, b) {
		all = append(all, Change{Key: list, What: "in another order"})
	}
	return all
}

// fieldsOf are the keys below prefix in which two structures differ.
func fieldsOf(prefix string, a, b reflect.Value) (keys []string) {
	for i := range a.NumField() {
		f := a.Type().Field(i)
		tag := f.Tag.Get("mapstructure")
		x, y := a.Field(i), b.Field(i)
		switch {
		case tag == "-" || same(x, y):
		case tag == ",squash":
			keys = append(keys, fieldsOf(prefix, x, y)...)
		case f.Type.Kind() == reflect.Struct:
			keys = append(keys, fieldsOf(prefix+tag+".", x, y)...)
		default:
			keys = append(keys, prefix+tag)
		}
	}
	return keys
}

// same takes a list that is empty for one that is not there.
func same(x, y reflect.Value) bool {
	if x.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(x.Interface(), y.Interface())
}
