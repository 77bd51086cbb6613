package sim

import (
	"sync"
	"time"
)

// timers is what is to happen later. It owns the goroutines that do it.
type timers struct {
	mu      sync.Mutex
	set     map[*time.Timer]struct{}
	running sync.WaitGroup
	stopped bool
}

// after runs do later, unless stop comes first.
func (t *timers) after(d time.Duration, do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	if t.set == nil {
		t.set = map[*time.Timer]struct{}{}
	}
	t.running.Add(1)
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		defer t.running.Done()
		t.mu.Lock()
		delete(t.set, timer)
		stopped := t.stopped
		t.mu.Unlock()
		if !stopped {
			do()
		}
	})
	t.set[timer] = struct{}{}
}

// stop forgets what has not begun and waits for the rest.
func (t *timers) stop() {
	t.mu.Lock()
	t.stopped = true
	for timer := range t.set {
		if timer.Stop() {
			t.running.Done()
		}
	}
	clear(t.set)
	t.mu.Unlock()
	t.running.Wait()
}

// start takes timers again after a stop.
func (t *timers) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = false
}
