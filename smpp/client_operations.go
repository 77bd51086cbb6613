package smpp

import (
	"bytes"
	"context"
)

// DataSM sends p and waits for the response, and before that for room in the
// window. The error is not nil when there is no response. The other operations
// without a callback are like it; their responses are nil when the message
// centre left them out, as it may with an error status.
func (cl *Client) DataSM(ctx context.Context, p *DataSM) (Status, *DataSMResp, error) {
	return ask[DataSMResp](ctx, cl.c, p)
}

// DataSMAsync sends p and returns at once; without room in the window it fails
// with ErrWindowFull. Unless it fails, done is called once, on a goroutine of
// the client, must not block, and may send again. resp is nil when err is not
// or when there is no body; it may be kept. The other operations with a
// callback are like it.
func (cl *Client) DataSMAsync(p *DataSM, done func(status Status, resp *DataSMResp, err error)) error {
	return cl.c.enqueue(p, bodyDone[DataSMResp, *DataSMResp](done), false)
}

// SubmitMulti sends p and waits for the response, which names the destinations
// that failed.
func (cl *Client) SubmitMulti(ctx context.Context, p *SubmitMulti) (Status, *SubmitMultiResp, error) {
	return ask[SubmitMultiResp](ctx, cl.c, p)
}

// SubmitMultiAsync is SubmitMulti with a callback.
func (cl *Client) SubmitMultiAsync(p *SubmitMulti, done func(status Status, resp *SubmitMultiResp, err error)) error {
	return cl.c.enqueue(p, bodyDone[SubmitMultiResp, *SubmitMultiResp](done), false)
}

// QuerySM sends p and waits for the response.
func (cl *Client) QuerySM(ctx context.Context, p *QuerySM) (Status, *QuerySMResp, error) {
	return ask[QuerySMResp](ctx, cl.c, p)
}

// QuerySMAsync is QuerySM with a callback.
func (cl *Client) QuerySMAsync(p *QuerySM, done func(status Status, resp *QuerySMResp, err error)) error {
	return cl.c.enqueue(p, bodyDone[QuerySMResp, *QuerySMResp](done), false)
}

// CancelSM sends p and waits for the response, which is a status.
func (cl *Client) CancelSM(ctx context.Context, p *CancelSM) (Status, error) {
	status, _, err := ask[CancelSMResp](ctx, cl.c, p)
	return status, err
}

// CancelSMAsync is CancelSM with a callback.
func (cl *Client) CancelSMAsync(p *CancelSM, done func(Status, error)) error {
	return cl.c.enqueue(p, statusDone(done), false)
}

// ReplaceSM sends p and waits for the response, which is a status.
func (cl *Client) ReplaceSM(ctx context.Context, p *ReplaceSM) (Status, error) {
	status, _, err := ask[ReplaceSMResp](ctx, cl.c, p)
	return status, err
}

// ReplaceSMAsync is ReplaceSM with a callback.
func (cl *Client) ReplaceSMAsync(p *ReplaceSM, done func(Status, error)) error {
	return cl.c.enqueue(p, statusDone(done), false)
}

// bodyOf is a pointer to R that is a body.
type bodyOf[R any] interface {
	*R
	Body
}

// bodyDone is told the outcome of a request whose response has the body R. The
// body is decoded from a copy, so that it may be kept: these requests are few.
type bodyDone[R any, P bodyOf[R]] func(Status, P, error)

func (f bodyDone[R, P]) complete(_ *conn, status Status, body []byte, err error) {
	if err != nil || len(body) == 0 {
		f(status, nil, err)
		return
	}
	p := P(new(R))
	switch err := p.Decode(bytes.Clone(body)); {
	case err == nil:
		f(status, p, nil)
	case status != StatusOK: // stands whatever its body, which it need not have
		f(status, nil, nil)
	default:
		f(status, nil, err)
	}
}

// ask sends a request and waits for the response.
func ask[R any, P bodyOf[R]](ctx context.Context, c *conn, body Body) (Status, P, error) {
	type answer struct {
		status Status
		body   P
		err    error
	}
	ready := make(chan answer, 1)
	if err := c.await(ctx, body, bodyDone[R, P](func(s Status, p P, err error) { ready <- answer{s, p, err} })); err != nil {
		return 0, nil, err
	}
	select {
	case a := <-ready:
		return a.status, a.body, a.err
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
}
