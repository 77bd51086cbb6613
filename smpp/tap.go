package smpp

import (
	"encoding/binary"
	"net"
	"sync"
)

// TapConn shows every PDU that passes over c, whole and in order, to sent or
// received. They must not keep or change it. It is for traces and captures: a
// tapped connection gives up TCP_QUICKACK.
func TapConn(c net.Conn, sent, received func(pdu []byte)) net.Conn {
	return &tapConn{Conn: c, out: splitter{see: sent}, in: splitter{see: received}}
}

type tapConn struct {
	net.Conn
	in, out splitter
}

func (c *tapConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.pass(b[:n])
	return n, err
}

func (c *tapConn) Write(b []byte) (int, error) {
	c.out.pass(b)
	return c.Conn.Write(b)
}

// TapListener taps every connection that ln accepts.
func TapListener(ln net.Listener, tap func(remote net.Addr) (sent, received func(pdu []byte))) net.Listener {
	return &tapListener{ln, tap}
}

type tapListener struct {
	net.Listener
	tap func(net.Addr) (sent, received func([]byte))
}

func (l *tapListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	sent, received := l.tap(c.RemoteAddr())
	return TapConn(c, sent, received), nil
}

// splitter cuts a stream into PDUs by their command_length. Once that makes no
// sense it shows nothing more.
type splitter struct {
	see  func([]byte)
	mu   sync.Mutex
	buf  []byte
	lost bool
}

func (s *splitter) pass(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost {
		return
	}
	s.buf = append(s.buf, b...)
	rest := s.buf
	for len(rest) >= 4 {
		n := int(binary.BigEndian.Uint32(rest))
		if n < HeaderLen || n > maxPDULimit {
			s.lost, s.buf = true, nil
			return
		}
		if n > len(rest) {
			break
		}
		s.see(rest[:n])
		rest = rest[n:]
	}
	s.buf = append(s.buf[:0], rest...)
}
