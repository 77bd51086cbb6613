package simulation

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shrink looks for few faults that still break something: it leaves out ever
// smaller parts of them. It gives up after so many tries.
func shrink(faults []string, tries int, breaks func([]string) bool) []string {
	faults = slices.Sorted(slices.Values(faults))
	for part := (len(faults) + 1) / 2; part > 0 && tries > 0; {
		smaller := false
		for at := 0; at < len(faults) && tries > 0; tries-- {
			rest := slices.Concat(faults[:at], faults[min(at+part, len(faults)):])
			if breaks(rest) {
				faults, smaller = rest, true
			} else {
				at += part
			}
		}
		if !smaller || part > 1 {
			part /= 2
		}
	}
	return faults
}

func set(names []string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

func TestShrink(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}
	got := shrink(all, 1000, func(f []string) bool { return slices.Contains(f, "c") && slices.Contains(f, "h") })
	if d := cmp.Diff([]string{"c", "h"}, got); d != "" {
		t.Error(d)
	}
	if got := shrink(all, 1000, func([]string) bool { return true }); len(got) != 0 {
		t.Errorf("%q", got)
	}
	if got := shrink(all, 3, func([]string) bool { return false }); len(got) != len(all) {
		t.Errorf("%q", got)
	}
}

// TestOnly: what is not among the faults that may happen does not, and the run
// is the same when all that happened may happen.
func TestOnly(t *testing.T) {
	tested := 0
	for seed := uint64(1); tested < 5; seed++ {
		w := run(t, seed, nil, nil)
		if len(w.injected) < 8 {
			continue
		}
		tested++
		if again := run(t, seed, set(w.injected), nil); again.digest != w.digest {
			t.Errorf("seed %d: with all of its faults allowed it takes another course", seed)
		}
		if none := run(t, seed, map[string]bool{}, nil); len(none.injected) > 0 {
			t.Errorf("seed %d: no fault is allowed, and there are %q", seed, none.injected)
		}
		if one := run(t, seed, set(w.injected[:1]), nil); len(one.injected) != 1 {
			t.Errorf("seed %d: %q is allowed, and there are %q", seed, w.injected[0], one.injected)
		}
	}
}

// TestReplay: a seed takes the same course each time, to the last line of its trace.
func TestReplay(t *testing.T) {
	for seed := uint64(1); seed <= 40; seed++ {
		a, b := run(t, seed, nil, nil), run(t, seed, nil, nil)
		if a.digest != b.digest || !maps.Equal(a.counts, b.counts) {
			t.Errorf("seed %d takes another course the second time", seed)
		}
	}
}
