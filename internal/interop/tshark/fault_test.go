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
