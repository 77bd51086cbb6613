package m3ua

import (
	"sync"
	"time"
)

// timer calls its owner when it expires. What it calls has the generation that
// it was started with, by which the machine knows an expiry that comes too
// late. start and stop are for one goroutine at a time, wait for the owner
// after the last of them.
type timer struct {
	running *time.Timer
	calls   sync.WaitGroup // a timer that runs, and calls that have not returned
}

func (t *timer) start(d time.Duration, expired func()) {
	t.stop()
	t.calls.Add(1)
	t.running = time.AfterFunc(d, func() {
		defer t.calls.Done()
		expired()
	})
}

func (t *timer) stop() {
	if t.running != nil && t.running.Stop() {
		t.calls.Done()
	}
	t.running = nil
}

// wait returns when no call is left.
func (t *timer) wait() { t.calls.Wait() }
