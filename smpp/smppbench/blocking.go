package smppbench

import (
	"context"
	"sync"
	"time"

	"github.com/otagate/otagate/smpp"
)

// blockingClient uses Submit, with one goroutine for each place of the window.
type blockingClient struct {
	cl  *smpp.Client
	msg *smpp.SubmitSM
}

func dialBlocking(ctx context.Context, addr string, window int) (*blockingClient, error) {
	c, err := dialOurs(ctx, addr, window)
	if err != nil {
		return nil, err
	}
	return &blockingClient{cl: c.cl, msg: c.msg}, nil
}

func (c *blockingClient) run(window int, d time.Duration) (int, error) {
	end := time.Now().Add(d)
	var all sync.WaitGroup
	var mu sync.Mutex
	var sent int
	var failed error
	for range window {
		all.Go(func() {
			n, err := c.submitUntil(end)
			mu.Lock()
			defer mu.Unlock()
			sent += n
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait()
	return sent, failed
}

// submitUntil submits once at least, however late it begins.
func (c *blockingClient) submitUntil(end time.Time) (n int, err error) {
	for {
		if _, err := c.cl.Submit(context.Background(), c.msg); err != nil {
			return n, err
		}
		if n++; !time.Now().Before(end) {
			return n, nil
		}
	}
}

func (c *blockingClient) close() { c.cl.Close() }
