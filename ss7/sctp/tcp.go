package sctp

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// headerLen is the M3UA common header: version, reserved, class, type, length.
const headerLen = 8

// TCP is an association over TCP. One goroutine may read while another writes.
type TCP struct {
	conn net.Conn
	buf  []byte // octets received and not yet handed out: buf[r:w]
	r, w int
	pad  int // padding the last message may have left outside its length
}

// DialTCP connects to addr, host:port.
func DialTCP(ctx context.Context, addr string) (*TCP, error) {
	d := net.Dialer{Timeout: dialTimeout}
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return newTCP(conn), nil
}

func newTCP(conn net.Conn) *TCP {
	return &TCP{conn: conn, buf: make([]byte, 64<<10)}
}

// ReadMessage copies the next message into buf. On [ErrFraming] it gives the
// eight octets that are no header, so that the peer can be told what is wrong.
func (t *TCP) ReadMessage(buf []byte) (n int, stream uint16, err error) {
	if err := t.header(); err != nil {
		return 0, 0, err
	}
	h := t.buf[t.r : t.r+headerLen]
	length := binary.BigEndian.Uint32(h[4:])
	if h[0] != 1 || length < headerLen || length > maxMessage {
		return copy(buf, h), 0, fmt.Errorf("%w: version %d, length %d", ErrFraming, h[0], length)
	}
	n = int(length)
	if n > len(buf) {
		return 0, 0, ErrBufferTooSmall
	}
	got := copy(buf[:n], t.buf[t.r:t.w])
	t.r += got
	if got < n {
		if _, err := io.ReadFull(t.conn, buf[got:n]); err != nil {
			return 0, 0, unexpected(err)
		}
	}
	t.pad = -n & 3
	return n, 0, nil
}

// header makes sure that a whole common header is buffered. A peer that does
// not count the padding of the last parameter (RFC 4666 §3.1.4 lets it) leaves
// zero octets before the next header; a header never starts with zero.
func (t *TCP) header() error {
	for {
		for t.pad > 0 && t.r < t.w && t.buf[t.r] == 0 {
			t.r++
			t.pad--
		}
		if t.r < t.w {
			t.pad = 0
		}
		if t.w-t.r >= headerLen {
			return nil
		}
		if t.r > 0 {
			t.w = copy(t.buf, t.buf[t.r:t.w])
			t.r = 0
		}
		n, err := t.conn.Read(t.buf[t.w:])
		t.w += n
		if err != nil && n == 0 {
			if t.w > t.r {
				return unexpected(err)
			}
			return err
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// WriteMessage writes one whole message; stream has no meaning here.
func (t *TCP) WriteMessage(b []byte, stream uint16) error { return t.WriteBatch(b) }

// WriteBatch writes several whole messages, laid end to end in b, with one
// system call.
func (t *TCP) WriteBatch(b []byte) error {
	if err := t.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := t.conn.Write(b)
	return err
}

// Close ends the association; reads and writes in progress return.
func (t *TCP) Close() error { return t.conn.Close() }

// LocalAddr is our end.
func (t *TCP) LocalAddr() net.Addr { return t.conn.LocalAddr() }

// RemoteAddr is the peer's end.
func (t *TCP) RemoteAddr() net.Addr { return t.conn.RemoteAddr() }

// TCPListener accepts associations over TCP.
type TCPListener struct{ ln net.Listener }

// ListenTCP listens on addr, host:port.
func ListenTCP(addr string) (*TCPListener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &TCPListener{ln}, nil
}

// Accept waits for the next association.
func (l *TCPListener) Accept() (*TCP, error) {
	conn, err := l.ln.Accept()
	if err != nil {
		return nil, err
	}
	return newTCP(conn), nil
}

// Close stops listening; associations that were accepted stay.
func (l *TCPListener) Close() error { return l.ln.Close() }

// Addr is where it listens.
func (l *TCPListener) Addr() net.Addr { return l.ln.Addr() }
