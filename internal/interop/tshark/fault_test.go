//go:build interop

package tshark_test

import (
	"slices"
	"strings"
	"sync"
)

// fault is something that Wireshark is known to get wrong: a field, and the
// situation in which it does. It excuses nothing else.
type fault struct {
	batch  string // prefix of the batch's name
	field  string // Wireshark's name, or prefix* of names
	when   func(s *sample, d *difference) bool
	reason string
	met    int
}

// theSame is the reason of a fault that shows in several fields: it is the one
// of the fault before it in the table.
const theSame = "the same"

// shown is a known fault as the tables have it, with all its fields.
type shown struct {
	where, reason string
	fields        []string
	met           int
}

func shownFaults() (all []shown) {
	for _, f := range slices.Concat(faults, demoFaults) {
		field := strings.TrimSpace(f.field)
		if f.reason == theSame {
			last := &all[len(all)-1]
			last.fields = append(last.fields, field)
			continue
		}
		all = append(all, shown{f.batch, f.reason, []string{field}, f.met})
	}
	return all
}

var meeting sync.Mutex

// meet counts; the demo's stories run side by side.
func (f *fault) meet() {
	meeting.Lock()
	defer meeting.Unlock()
	f.met++
}

// excuse returns the differences that no known fault explains.
func excuse(s *sample, ds []difference, batch string) (unknown []difference) {
	if s.unreadable != nil && hasGivenUp(ds) {
		s.unreadable.meet()
		return nil
	}
	for _, d := range ds {
		if len(d.faults) > 0 {
			for _, f := range d.faults {
				f.meet()
			}
			continue
		}
		if f := findFault(batch, s, &d); f != nil {
			f.meet()
		} else {
			unknown = append(unknown, d)
		}
	}
	return unknown
}

func hasGivenUp(ds []difference) bool {
	return slices.ContainsFunc(ds, func(d difference) bool { return d.theirs == expert && slices.Contains(d.got, gaveUp) })
}

func findFault(name string, s *sample, d *difference) *fault {
	for _, f := range faults {
		if !strings.HasPrefix(name, f.batch) {
			continue
		}
		prefix, wild := strings.CutSuffix(f.field, "*")
		if d.theirs != f.field && (!wild || !strings.HasPrefix(d.theirs, prefix)) {
			continue
		}
		if f.when != nil && f.when(s, d) {
			return f
		}
	}
	return nil
}
