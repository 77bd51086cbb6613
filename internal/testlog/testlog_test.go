package testlog_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/testlog"
)

// TestWaits: who waits goes on with the write that it waits for, and not before.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log testlog.Log
		began := time.Now()
		go func() {
			for _, text := range []string{"one\n", "two at ", "half", " past\n", "one\n"} {
				time.Sleep(time.Second) // of virtual time
				fmt.Fprint(&log, text)
			}
		}()
		at := func(what string, want time.Duration) {
			t.Helper()
			if d := time.Since(began); d != want {
				t.Errorf("%s after %s, want %s", what, d, want)
			}
		}
		log.Wait(t, time.Minute, "one", 1)
		at("the first", time.Second)
		if line := log.After(t, time.Minute, "two at "); line != "half past" {
			t.Errorf("behind it is %q", line)
		}
		at("a whole line", 4*time.Second)
		log.Wait(t, time.Minute, "one", 2)
		at("the second", 5*time.Second)
		if log.String() != "one\ntwo at half past\none\n" {
			t.Errorf("all is %q", log.String())
		}
	})
}
