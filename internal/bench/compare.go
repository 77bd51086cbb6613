package bench

import (
	"context"
	"math"
	"runtime"
	"slices"
	"time"
)

// series are the rounds of ours and of its ceiling, in pairs.
type series struct{ ours, ceiling []float64 }

func (s *series) add(ours, ceiling float64) {
	s.ours, s.ceiling = append(s.ours, ours), append(s.ceiling, ceiling)
}

// result makes the figure of a series.
func (s *series) result(bench, name, unit string) Result {
	r := Result{Bench: bench, Case: name, Unit: unit, Value: significant(median(s.ours)), Ceiling: significant(median(s.ceiling))}
	if r.Ceiling > 0 {
		r.Ratio = significant(r.Value / r.Ceiling)
	}
	r.Noise = significant(s.noise())
	return r
}

// noise is half of the distance between the quartiles of the pairs' ratios,
// relative to their median. A pair is two neighbours in time.
func (s *series) noise() float64 {
	var ratios []float64
	for i, c := range s.ceiling {
		if c > 0 {
			ratios = append(ratios, s.ours[i]/c)
		}
	}
	m := median(ratios)
	if m == 0 {
		return 0
	}
	slices.Sort(ratios)
	n := len(ratios)
	return (ratios[min(n*3/4, n-1)] - ratios[n/4]) / 2 / m
}

// median leaves v as it is; 0 when v is empty.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}

// work does one operation n times.
type work func(n int) error

// How long one round of operations that take nanoseconds is: long against the
// clock's grain, short against what else the machine does.
const (
	shortRound = 200 * time.Microsecond
	fewest     = 5 // rounds at least, however small the budget
)

// nanoseconds runs ours and the ceiling in turn for about d. It also returns
// the allocations of one operation of ours.
func nanoseconds(ctx context.Context, d time.Duration, ours, ceiling work) (s series, allocs float64, err error) {
	n, err := calibrate(ceiling)
	if err != nil {
		return s, 0, err
	}
	if allocs, err = allocations(ours); err != nil {
		return s, 0, err
	}
	end := time.Now().Add(d)
	for round := 0; round < fewest || time.Now().Before(end); round++ {
		if err := ctx.Err(); err != nil {
			return s, 0, err
		}
		// Who comes first changes, so that neither always has the other's
		// leavings in the caches.
		first, second := ours, ceiling
		if round&1 == 1 {
			first, second = ceiling, ours
		}
		a, err := timed(first, n)
		if err != nil {
			return s, 0, err
		}
		b, err := timed(second, n)
		if err != nil {
			return s, 0, err
		}
		if round&1 == 1 {
			a, b = b, a
		}
		s.add(a, b)
	}
	return s, allocs, nil
}

func timed(w work, n int) (float64, error) {
	began := time.Now()
	err := w(n)
	return float64(time.Since(began).Nanoseconds()) / float64(n), err
}

// calibrate finds how many operations fill a round.
func calibrate(w work) (int, error) {
	for n := 64; ; n *= 2 {
		ns, err := timed(w, n)
		if err != nil || ns*float64(n) >= float64(shortRound)/2 || n >= 1<<24 {
			return n, err
		}
	}
}

// allocations counts what one operation allocates. Other goroutines of the
// process would count too, so the least of a few runs is taken; a fraction is
// theirs.
func allocations(w work) (float64, error) {
	const runs, ops = 5, 100
	least := math.Inf(1)
	if err := w(1); err != nil { // buffers that are kept grow here
		return 0, err
	}
	for range runs {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := w(ops); err != nil {
			return 0, err
		}
		runtime.ReadMemStats(&after)
		least = min(least, float64(after.Mallocs-before.Mallocs)/ops)
	}
	return math.Floor(least), nil
}
