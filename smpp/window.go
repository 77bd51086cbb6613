package smpp

import "time"

// completer is told the outcome of a request of ours, once. Without an error it
// is called on the reading goroutine of c; body is the response's body and
// borrows the read buffer, nil when there is none.
type completer interface {
	complete(c *conn, status Status, body []byte, err error)
}

// slot holds one request that waits for its response; done is nil when free.
type slot struct {
	done    completer
	sent    time.Duration
	seq     uint32
	command CommandID
}

// window holds the requests of ours that wait for a response. A sequence
// number finds its slot by its low bits: next skips the numbers whose slot is
// still taken, so that numbers rise, and with twice as many slots as requests
// it seldom has to.
type window struct {
	slots []slot
	mask  uint32
	seq   uint32
	used  int
	max   int
}

const maxSequence = 0x7fffffff // SMPP 3.4 section 5.1.4

func newWindow(max int) window {
	n := 4
	for n < 2*max {
		n *= 2
	}
	return window{slots: make([]slot, n), mask: uint32(n - 1), max: max}
}

// next is the next sequence number that has a free slot.
func (w *window) next() uint32 {
	for {
		if w.seq++; w.seq > maxSequence {
			w.seq = 1
		}
		if w.slots[w.seq&w.mask].done == nil {
			return w.seq
		}
	}
}

func (w *window) put(seq uint32, command CommandID, sent time.Duration, done completer) {
	w.slots[seq&w.mask] = slot{done: done, sent: sent, seq: seq, command: command}
	w.used++
}

// take frees the slot of a sequence number and returns who waits for it. The
// response must be that of the request, or a generic_nack.
func (w *window) take(seq uint32, response CommandID) completer {
	s := &w.slots[seq&w.mask]
	if s.done == nil || s.seq != seq || response != s.command.Response() && response != CommandGenericNack {
		return nil
	}
	done := s.done
	s.done = nil
	w.used--
	return done
}

// expired frees the slots of what was sent at or before limit, appending who
// waits for them, and says when the oldest of the others was sent.
func (w *window) expired(limit time.Duration, out []completer) (_ []completer, oldest time.Duration) {
	for i := range w.slots {
		s := &w.slots[i]
		switch {
		case s.done == nil:
		case s.sent <= limit:
			out = append(out, s.done)
			s.done = nil
			w.used--
		case oldest == 0 || s.sent < oldest:
			oldest = s.sent
		}
	}
	return out, oldest
}
