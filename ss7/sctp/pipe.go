package sctp

import (
	"io"
	"net"
	"sync"
	"time"
)

// PipeEnd is one end of an in-memory association.
type PipeEnd struct {
	in, out    chan pipeMessage
	done, peer chan struct{} // closed by our Close and the peer's
	once       sync.Once
	name, far  pipeAddr
}

type pipeMessage struct {
	b      []byte
	stream uint16
}

type pipeAddr string

func (pipeAddr) Network() string  { return "pipe" }
func (a pipeAddr) String() string { return string(a) }

// pipeDepth is how many messages fit between the ends.
const pipeDepth = 64

// Pipe returns the two ends of an in-memory association.
func Pipe() (*PipeEnd, *PipeEnd) {
	ab, ba := make(chan pipeMessage, pipeDepth), make(chan pipeMessage, pipeDepth)
	da, db := make(chan struct{}), make(chan struct{})
	a := &PipeEnd{in: ba, out: ab, done: da, peer: db, name: "a", far: "b"}
	b := &PipeEnd{in: ab, out: ba, done: db, peer: da, name: "b", far: "a"}
	return a, b
}

// ReadMessage copies the next message into buf. What the peer wrote before it
// closed is still read, then io.EOF.
func (p *PipeEnd) ReadMessage(buf []byte) (n int, stream uint16, err error) {
	select {
	case <-p.done:
		return 0, 0, net.ErrClosed
	default:
	}
	select {
	case m := <-p.in:
		return m.into(buf)
	case <-p.done:
		return 0, 0, net.ErrClosed
	case <-p.peer:
		select {
		case m := <-p.in:
			return m.into(buf)
		default:
			return 0, 0, io.EOF
		}
	}
}

func (m pipeMessage) into(buf []byte) (int, uint16, error) {
	if len(m.b) > len(buf) {
		return 0, 0, ErrBufferTooSmall
	}
	return copy(buf, m.b), m.stream, nil
}

// WriteMessage hands a copy of b to the peer. It fails when the peer has not
// taken anything for ten seconds.
func (p *PipeEnd) WriteMessage(b []byte, stream uint16) error {
	m := pipeMessage{b: append([]byte(nil), b...), stream: stream}
	select {
	case <-p.done:
		return net.ErrClosed
	case <-p.peer:
		return io.ErrClosedPipe
	default:
	}
	select {
	case p.out <- m:
		return nil
	default:
	}
	t := time.NewTimer(writeTimeout)
	defer t.Stop()
	select {
	case p.out <- m:
		return nil
	case <-p.done:
		return net.ErrClosed
	case <-p.peer:
		return io.ErrClosedPipe
	case <-t.C:
		return errPipeTimeout{}
	}
}

type errPipeTimeout struct{}

func (errPipeTimeout) Error() string { return "write on pipe: the peer does not read" }
func (errPipeTimeout) Timeout() bool { return true }

// Streams is the number of streams that may be named in WriteMessage.
func (p *PipeEnd) Streams() uint16 { return streams }

// Close ends the association for both ends.
func (p *PipeEnd) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// LocalAddr is a name.
func (p *PipeEnd) LocalAddr() net.Addr { return p.name }

// RemoteAddr is the other name.
func (p *PipeEnd) RemoteAddr() net.Addr { return p.far }
