package smpp

import (
	"errors"
	"os"
	"time"
)

// flush writes what is queued as far as the socket takes it without waiting;
// the writer gets the rest. It is called under the lock, which it gives up
// while it writes. It reports whether anything was written.
func (c *conn) flush() (wrote bool) {
	if c.try.ready() && !c.writing && !c.dead && len(c.pending) == 0 && len(c.out) > 0 {
		b := c.out
		c.out, c.spare = c.spare[:0], nil
		c.writing = true
		c.mu.Unlock()
		n := c.try.write(b)
		c.mu.Lock()
		c.writing = false
		wrote = n > 0
		c.done(b, n)
	}
	if c.idle() {
		return wrote
	}
	c.signal()
	return wrote
}

// idle reports that the writer has nothing to do.
func (c *conn) idle() bool {
	return len(c.pending) == 0 && len(c.out) == 0 && !c.sealed && !c.dead && c.sess.State != StateUnbound
}

// done takes back a buffer of which n octets were written.
func (c *conn) done(b []byte, n int) {
	if n < len(b) {
		c.pending = b[n:]
		return
	}
	c.pending = nil
	if c.spare == nil && (cap(b) <= keepBuffer || len(b) > cap(b)/4) {
		c.spare = b[:0]
	}
	c.passOn()
	c.room.Broadcast()
}

// passOn wakes the oldest blocked sender when there is room for its request.
func (c *conn) passOn() {
	if len(c.waiters) == 0 || c.win.used >= c.win.max || len(c.out) > QueueLimit {
		return
	}
	close(c.waiters[0])
	c.waiters = c.waiters[1:]
}

// writeLoop writes what the reading goroutine does not write itself, and minds
// the timers. It ends when a sealed connection has nothing left to write.
func (c *conn) writeLoop() {
	defer close(c.written)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.dead {
		late := c.tick(time.Now())
		if len(late) > 0 {
			c.mu.Unlock()
			for _, d := range late {
				d.complete(c, 0, nil, ErrResponseTimeout)
			}
			c.mu.Lock()
			continue
		}
		switch {
		case c.writing:
		case len(c.pending)+len(c.out) > 0:
			c.write()
			continue
		case c.sess.State == StateUnbound:
			c.step(Event{Kind: EventFlushed, At: time.Now()}, nil)
			continue
		case c.sealed:
			// The reader may be waiting for the peer, who has nothing to say.
			c.nc.SetReadDeadline(time.Unix(1, 0))
			return
		}
		c.arm(timer)
		c.mu.Unlock()
		select {
		case <-c.wake:
		case <-timer.C:
		}
		c.mu.Lock()
	}
}

// write writes once, under the lock, which it gives up meanwhile.
func (c *conn) write() {
	b := c.pending
	if len(b) == 0 {
		b = c.out
		c.out, c.spare = c.spare[:0], nil
	}
	c.pending = nil
	c.writing = true
	c.mu.Unlock()
	c.nc.SetWriteDeadline(time.Now().Add(c.cfg.writeTimeout))
	n, err := c.nc.Write(b)
	c.mu.Lock()
	c.writing = false
	c.done(b, n)
	if err == nil {
		return
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && c.reason == ReasonNone {
		c.reason = ReasonWriteTimeout
	}
	c.dead = true
	c.step(Event{Kind: EventConnectionLost, At: time.Now()}, nil)
	c.room.Broadcast()
	c.nc.Close()
}

// arm sets the writer's timer to the first deadline.
func (c *conn) arm(timer *time.Timer) {
	first := c.scan
	for _, d := range c.deadline {
		if !d.IsZero() && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	c.armed = first
	if first.IsZero() {
		timer.Stop()
		return
	}
	timer.Reset(time.Until(first))
}

// tick posts the timers that have run out and returns who has waited too long
// for a response.
func (c *conn) tick(now time.Time) []completer {
	for t := range timers {
		if d := c.deadline[t]; !d.IsZero() && !now.Before(d) {
			c.deadline[t] = time.Time{}
			c.step(Event{Kind: EventTimer, Timer: t, Generation: c.genOf[t], At: now, Sequence: c.win.next()}, nil)
		}
	}
	if c.scan.IsZero() || now.Before(c.scan) {
		return nil
	}
	late, oldest := c.win.expired(now.Sub(c.epoch)-c.cfg.timers.Response, nil)
	c.scan = time.Time{}
	if c.win.used > 0 {
		c.scan = c.epoch.Add(oldest + c.cfg.timers.Response)
	}
	for range late {
		c.stats.count(ReasonResponseTimeout)
	}
	c.passOn()
	return late
}
