package testwait_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/testwait"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for after, want := range map[time.Duration]bool{0: true, time.Second: true, time.Minute: true, time.Minute + 1: false} {
			began := time.Now()
			if got := testwait.For(time.Minute, func() bool { return time.Since(began) >= after }); got != want {
				t.Errorf("what is there after %s: %t", after, got)
			}
			if took := time.Since(began); took > min(after+10*time.Millisecond, time.Minute) {
				t.Errorf("what is there after %s took %s", after, took)
			}
		}
	})
}
