package m3ua

import (
	"io"
	"net"
)

// Association is a transport that keeps messages apart; package sctp has
// three. One goroutine reads while another writes, and Close ends both.
//
// ReadMessage may return octets together with an error: a message so broken
// that the association cannot go on, for the peer to be told.
type Association interface {
	ReadMessage(buf []byte) (n int, stream uint16, err error)
	WriteMessage(b []byte, stream uint16) error
	Close() error
	LocalAddr() net.Addr
	RemoteAddr() net.Addr
}

// batchWriter is an Association that takes several whole messages, laid end to
// end, in one write.
type batchWriter interface {
	WriteBatch(b []byte) error
}

// streamCounter is an Association with several outgoing streams.
type streamCounter interface {
	Streams() uint16
}

// aborter is an Association that can end without the peer. Closing one whose
// peer is deaf could keep our port in use for minutes, and a peer that knows us
// by it would have to do without us.
type aborter interface {
	Abort() error
}

// Listener accepts associations. Close makes Accept return.
type Listener interface {
	Accept() (Association, error)
	Close() error
}

// Listen makes a Listener of one that returns a concrete type, such as
// *sctp.TCPListener.
func Listen[A Association](ln interface {
	Accept() (A, error)
	io.Closer
}) Listener {
	return listener[A]{ln}
}

type listener[A Association] struct {
	ln interface {
		Accept() (A, error)
		io.Closer
	}
}

func (l listener[A]) Accept() (Association, error) {
	a, err := l.ln.Accept()
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (l listener[A]) Close() error { return l.ln.Close() }

// Direction is which way a message went.
type Direction uint8

// The directions, as the one who taps sees them.
const (
	Received Direction = iota
	Sent
)

func (d Direction) String() string {
	if d == Sent {
		return "sent"
	}
	return "received"
}

// Tap sees each whole message. It must not keep or change message, and it runs
// on the reader or writer of the association, so it should be quick.
type Tap func(dir Direction, association string, message []byte)
