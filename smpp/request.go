package smpp

import (
	"context"
	"runtime"
	"time"
)

// enqueue queues a request of ours and gives it a slot of the window. flush
// says that the caller waits for the answer, so that the request had better
// leave at once; without it the writer takes it with what else is queued.
func (c *conn) enqueue(body Body, done completer, flush bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.dead || c.sealed:
		return ErrClosed
	case !c.sess.Sends(body.CommandID()):
		return ErrNotBound
	case c.win.used >= c.win.max:
		return ErrWindowFull
	case len(c.out) > QueueLimit:
		return ErrQueueFull
	}
	return c.put(body, done, flush)
}

func (c *conn) put(body Body, done completer, flush bool) error {
	seq := c.win.next()
	out, err := c.fit(body, seq)
	if err != nil {
		c.passOn() // the sender may have been woken for this room
		return err
	}
	c.out = out
	now := c.batchAt
	if !c.corked {
		now = time.Now()
	}
	c.win.put(seq, body.CommandID(), now.Sub(c.epoch), done)
	if c.scan.IsZero() && c.cfg.timers.Response > 0 {
		c.scan = now.Add(c.cfg.timers.Response)
		c.rearm(c.scan)
	}
	c.passOn()
	switch {
	case c.corked:
	case flush:
		if c.win.used > 1 {
			// Other senders were probably woken by the same responses: let
			// them queue theirs, so that one write takes all.
			c.mu.Unlock()
			runtime.Gosched()
			c.mu.Lock()
		}
		c.flush()
	default:
		c.signal()
	}
	return nil
}

// fit appends a request to what is queued, in the peer's edition of SMPP.
func (c *conn) fit(body Body, seq uint32) ([]byte, error) {
	if c.version < Version34 {
		var err error
		if body, err = forVersion33(body); err != nil {
			return nil, err
		}
	}
	return AppendPDU(c.out, Header{Sequence: seq}, body)
}

// tell queues a request that has no response.
func (c *conn) tell(body Body) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.dead || c.sealed:
		return ErrClosed
	case !c.sess.Sends(body.CommandID()):
		return ErrNotBound
	case len(c.out) > QueueLimit:
		return ErrQueueFull
	}
	out, err := c.fit(body, c.win.next())
	if err != nil {
		return err
	}
	c.out = out
	if !c.corked {
		c.signal()
	}
	return nil
}

// await is enqueue that waits for room.
func (c *conn) await(ctx context.Context, body Body, done completer) error {
	for {
		err := c.enqueue(body, done, true)
		if err != ErrWindowFull && err != ErrQueueFull {
			return err
		}
		w := make(chan struct{})
		c.mu.Lock()
		c.waiters = append(c.waiters, w)
		c.passOn() // room may have come about in between
		c.mu.Unlock()
		select {
		case <-w:
		case <-c.closing:
			return ErrClosed
		case <-ctx.Done():
			c.withdraw(w)
			return ctx.Err()
		}
	}
}

// withdraw takes a blocked sender out of the line, or hands its turn on.
func (c *conn) withdraw(w chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.waiters {
		if c.waiters[i] == w {
			c.waiters = append(c.waiters[:i], c.waiters[i+1:]...)
			return
		}
	}
	c.passOn()
}

// call is a request whose sender waits. A sender that gives up leaves the slot
// taken until the response or its timer comes: the peer still counts it.
type call struct {
	ready  chan struct{} // holds one, so that nobody waits for a sender that gave up
	status Status
	id     string
	err    error
}

func (w *call) complete(c *conn, status Status, body []byte, err error) {
	w.status, w.id, w.err = status, "", err
	// The body of a deliver_sm_resp says nothing, so that a faulty one leaves
	// the status as good as it is.
	if err == nil && c.cfg.role == RoleClient {
		w.err = c.readResp(status, body)
		w.id = string(c.resp.MessageID)
	}
	w.ready <- struct{}{}
}

// readResp decodes into c.resp; a response without body is an empty one, and so
// is a refusal whose body is faulty: it need not have one, and its status stands.
func (c *conn) readResp(status Status, body []byte) error {
	var err error
	if body != nil {
		err = c.resp.Decode(body)
	}
	if body == nil || err != nil {
		c.resp.MessageID, c.resp.TLVs = nil, c.resp.TLVs[:0]
	}
	if status != StatusOK {
		return nil
	}
	return err
}

// roundTrip sends a request and waits for the response.
func (c *conn) roundTrip(ctx context.Context, body Body) (status Status, id string, err error) {
	w, ok := c.calls.Get().(*call)
	if !ok {
		w = &call{ready: make(chan struct{}, 1)}
	}
	if err := c.await(ctx, body, w); err != nil {
		c.calls.Put(w) // it has no slot
		return 0, "", err
	}
	select {
	case <-w.ready:
		status, id, err = w.status, w.id, w.err
		c.calls.Put(w)
		return status, id, err
	case <-ctx.Done():
		return 0, "", ctx.Err()
	}
}

type statusDone func(Status, error)

func (f statusDone) complete(_ *conn, status Status, _ []byte, err error) { f(status, err) }

type submitDone func(Status, *SubmitSMResp, error)

func (f submitDone) complete(c *conn, status Status, body []byte, err error) {
	if err == nil {
		err = c.readResp(status, body)
	}
	if err != nil {
		f(status, nil, err)
		return
	}
	f(status, &c.resp, nil)
}
