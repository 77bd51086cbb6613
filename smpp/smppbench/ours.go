package smppbench

import (
	"context"
	"sync"
	"time"

	"github.com/otagate/otagate/smpp"
)

// ourClient keeps the window of a smpp.Client full: every answer submits the
// next message.
type ourClient struct {
	cl  *smpp.Client
	msg *smpp.SubmitSM

	mu       sync.Mutex
	end      time.Time
	answered int
	owed     int
	idle     chan struct{}
	err      error
	done     func(smpp.Status, *smpp.SubmitSMResp, error)
}

func dialOurs(ctx context.Context, addr string, window int) (*ourClient, error) {
	cl, err := smpp.Dial(ctx, smpp.ClientConfig{Address: addr, SystemID: systemID, Password: password, Window: window, ReadBuffer: bufferSize})
	if err != nil {
		return nil, err
	}
	c := &ourClient{cl: cl, msg: message(), idle: make(chan struct{}, 1)}
	c.done = c.next
	return c, nil
}

// next takes an answer and sends the next message. It runs on the client's
// reading goroutine; the clock is looked at as often as the bare client does.
func (c *ourClient) next(status smpp.Status, _ *smpp.SubmitSMResp, err error) {
	c.mu.Lock()
	c.owed--
	if err == nil && status == smpp.StatusOK {
		c.answered++
	}
	if err != nil {
		c.err = err
	}
	if err == nil && (c.answered%64 != 0 || time.Now().Before(c.end)) && !c.end.IsZero() {
		c.send()
	} else {
		c.end = time.Time{}
	}
	if c.owed == 0 {
		c.idle <- struct{}{}
	}
	c.mu.Unlock()
}

func (c *ourClient) send() {
	if err := c.cl.SubmitAsync(c.msg, c.done); err != nil {
		c.err = err
		return
	}
	c.owed++
}

func (c *ourClient) run(window int, d time.Duration) (int, error) {
	c.mu.Lock()
	c.end, c.answered = time.Now().Add(d), 0
	for range window {
		c.send()
	}
	c.mu.Unlock()
	<-c.idle
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered, c.err
}

func (c *ourClient) close() { c.cl.Close() }

// answerer is the handler of our server: it accepts at once.
type answerer struct{}

func (answerer) SubmitSM(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) {
	r.Respond(smpp.StatusOK, "ours-123")
}
