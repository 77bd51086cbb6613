package sctp

import (
	"context"
	"errors"
	"net"
	"sync"
)

// PipeListener accepts in-memory associations.
type PipeListener struct {
	offered chan *PipeEnd
	done    chan struct{}
	once    sync.Once
}

// ErrPipeRefused says that nobody listens any more.
var ErrPipeRefused = errors.New("connect to pipe: nobody listens")

// ListenPipe returns a listener that Dial connects to.
func ListenPipe() *PipeListener {
	return &PipeListener{offered: make(chan *PipeEnd), done: make(chan struct{})}
}

// Dial waits until the listener accepts.
func (l *PipeListener) Dial(ctx context.Context) (*PipeEnd, error) {
	near, far := Pipe()
	select {
	case l.offered <- far:
		return near, nil
	case <-l.done:
		return nil, ErrPipeRefused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for the next association.
func (l *PipeListener) Accept() (*PipeEnd, error) {
	select {
	case p := <-l.offered:
		return p, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close stops listening; associations that were accepted stay.
func (l *PipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is a name.
func (l *PipeListener) Addr() net.Addr { return pipeAddr("pipe") }
