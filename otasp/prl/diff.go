package prl

import (
	"fmt"
	"slices"
	"strings"
)

// ChangeKind says what happened to a part of a list.
type ChangeKind string

// Kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // stands in another order among its neighbours
)

// Change is one difference between two lists, in words.
type Change struct {
	Kind     ChangeKind
	What     string // "PR_LIST_ID", "SID 22 NID any"
	From, To string
}

func (c Change) String() string {
	switch c.Kind {
	case Added:
		return fmt.Sprintf("added %s: %s", c.What, c.To)
	case Removed:
		return fmt.Sprintf("removed %s: %s", c.What, c.From)
	}
	return fmt.Sprintf("%s %s: %s, was %s", c.Kind, c.What, c.To, c.From)
}

// Diff says what a handset would notice going from a to b. Systems are matched
// by identity and compared with the acquisition record they use, not with its
// number, so renumbering the acquisition table is no change. A system that is
// listed more than once is matched in order.
func Diff(a, b *List) []Change {
	d := differ{}
	d.value("PR_LIST_ID", fmt.Sprint(a.ID), fmt.Sprint(b.ID))
	d.value("SSPR_P_REV", fmt.Sprint(a.PRev), fmt.Sprint(b.PRev))
	d.value("PREF_ONLY", fmt.Sprint(a.PrefOnly), fmt.Sprint(b.PrefOnly))
	d.value("DEF_ROAM_IND", roamInd(a.DefRoamInd), roamInd(b.DefRoamInd))
	d.systems(uses(a), uses(b))
	return d.out
}

type differ struct{ out []Change }

func (d *differ) add(kind ChangeKind, what, from, to string) {
	d.out = append(d.out, Change{kind, what, from, to})
}

func (d *differ) value(what, from, to string) {
	if from != to {
		d.add(Changed, what, from, to)
	}
}

// use is a system record without numbers that depend on the rest of the list.
type use struct{ key, text string }

func uses(l *List) []use {
	seen := make(map[string]int)
	out := make([]use, len(l.System))
	for i := range l.System {
		s := &l.System[i]
		id := l.resolved(s)
		seen[id]++
		if n := seen[id]; n > 1 {
			id = fmt.Sprintf("%s (%d)", id, n)
		}
		out[i] = use{id, l.describeUse(s)}
	}
	return out
}

// resolved is the identity with the common front of a subnet put in, so that
// moving a record of the common subnet table is no change either.
func (l *List) resolved(s *SystemRecord) string {
	if s.Type != SystemHRPD || s.HRPD == nil || !s.HRPD.CommonIncluded {
		return s.Identity()
	}
	at := 0
	for i := range l.CommonSubnet {
		if at == int(s.HRPD.CommonOffset) {
			return fmt.Sprintf("HRPD subnet %v then %v", l.CommonSubnet[i].Subnet, &s.HRPD.SubnetLSB)
		}
		at += 1 + len(l.CommonSubnet[i].Subnet)
	}
	return s.Identity()
}

func (l *List) describeUse(s *SystemRecord) string {
	parts := []string{prefNeg(s.Preferred)}
	if s.Preferred {
		parts = append(parts, "roaming "+roamInd(s.RoamInd))
	}
	if s.Pri {
		parts = append(parts, "before the next")
	}
	if s.SameGeo {
		parts = append(parts, "same area as the one before")
	} else {
		parts = append(parts, "first of an area")
	}
	if int(s.AcqIndex) < len(l.Acquisition) {
		parts = append(parts, "look in "+l.Acquisition[s.AcqIndex].String())
	} else {
		parts = append(parts, fmt.Sprintf("look in acquisition record %d, which is not there", s.AcqIndex))
	}
	if s.Association != nil {
		parts = append(parts, "association "+s.Association.String())
	}
	if len(s.Extra) > 0 && s.Type.named() {
		parts = append(parts, "extra "+s.Extra.String())
	}
	return strings.Join(parts, ", ")
}

func (d *differ) systems(a, b []use) {
	was := make(map[string]int, len(a))
	for i, u := range a {
		was[u.key] = i
	}
	in := make(map[string]bool, len(b))
	for _, u := range b {
		in[u.key] = true
	}
	for _, u := range a {
		if !in[u.key] {
			d.add(Removed, u.key, u.text, "")
		}
	}
	kept := inOrder(b, was)
	for i, u := range b {
		at, known := was[u.key]
		switch {
		case !known:
			d.add(Added, u.key, "", u.text)
		case a[at].text != u.text:
			d.add(Changed, u.key, a[at].text, u.text)
		}
		if known && !kept[i] {
			d.add(Moved, u.key, before(a, at), before(b, i))
		}
	}
}

func before(l []use, i int) string {
	if i == 0 {
		return "at the front"
	}
	return "after " + l[i-1].key
}

// inOrder marks the records of b that keep their order: a longest increasing
// run of their places in a. The rest has moved.
func inOrder(b []use, was map[string]int) map[int]bool {
	var tails []int             // index in b of the last of the best run of each length
	prev := make([]int, len(b)) // the one before in that run
	place := func(i int) int { return was[b[i].key] }
	for i := range b {
		if _, known := was[b[i].key]; !known {
			continue
		}
		n, _ := slices.BinarySearchFunc(tails, place(i), func(t, p int) int { return place(t) - p })
		prev[i] = -1
		if n > 0 {
			prev[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	kept := make(map[int]bool, len(tails))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = prev[i] {
			kept[i] = true
		}
	}
	return kept
}
