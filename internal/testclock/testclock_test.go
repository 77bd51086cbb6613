package testclock_test

import (
	"slices"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testclock"
)

func TestPass(t *testing.T) {
	start := time.Unix(1_000_000, 0)
	hands := testclock.At(start)
	c := hands.Clock()
	var rang []string
	ring := func(name string) func() {
		return func() { rang = append(rang, name+" "+c.Now().Sub(start).String()) }
	}
	c.After(3*time.Second, ring("late"))
	c.After(time.Second, func() {
		ring("first")()
		c.After(time.Second, ring("again")) // in what still passes
		c.After(time.Hour, ring("never"))
	})
	c.After(time.Second, ring("second"))
	c.After(-time.Second, ring("past"))
	for _, step := range []struct {
		pass time.Duration
		want []string
	}{
		{0, []string{"past 0s"}},
		{time.Second - 1, nil},
		{1, []string{"first 1s", "second 1s"}},
		{9 * time.Second, []string{"again 2s", "late 3s"}},
		{time.Minute, nil},
	} {
		rang = nil
		was := hands.Now()
		hands.Pass(step.pass)
		if !slices.Equal(rang, step.want) {
			t.Errorf("%s after the start, %s pass: %q, want %q", was.Sub(start), step.pass, rang, step.want)
		}
		if at := c.Now(); !at.Equal(was.Add(step.pass)) {
			t.Errorf("%s after the start, %s pass: then it shows %s after it", was.Sub(start), step.pass, at.Sub(start))
		}
	}
}
