package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/clock"
)

// TestMachine: the zero clock is the machine's.
func TestMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock.Clock
		began, rang := time.Now(), make(chan time.Time)
		c.After(time.Minute, func() { rang <- c.Now() })
		if at := c.Now(); !at.Equal(began) {
			t.Errorf("it is %s, and shows %s", began, at)
		}
		if after := (<-rang).Sub(began); after != time.Minute {
			t.Errorf("woken after %s", after)
		}
	})
}

// TestOther: each half of a clock may be another's.
func TestOther(t *testing.T) {
	at, asked := time.Unix(1_000_000, 0), time.Duration(0)
	c := clock.Clock{Wall: func() time.Time { return at }, Alarm: func(d time.Duration, f func()) { asked = d; f() }}
	rang := false
	if c.After(time.Hour, func() { rang = true }); !rang || asked != time.Hour {
		t.Errorf("woken %t, after %s", rang, asked)
	}
	if !c.Now().Equal(at) {
		t.Errorf("it shows %s", c.Now())
	}
}

// TestAllocations: the time is read for each message.
func TestAllocations(t *testing.T) {
	var c clock.Clock
	var last time.Time
	if n := testing.AllocsPerRun(100, func() { last = c.Now() }); n != 0 || last.IsZero() {
		t.Errorf("%v allocations for %s", n, last)
	}
}
