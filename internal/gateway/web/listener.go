package web

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Room is as many places as it has capacity.
type Room chan struct{}

// Enter takes a place, when there is one; leave gives it back, and is called once.
func (r Room) Enter() (leave func(), ok bool) {
	select {
	case r <- struct{}{}:
		return func() { <-r }, true
	default:
		return nil, false
	}
}

type listener struct {
	net.Listener
	admit func(netip.Addr) (leave func(), ok bool)
}

// Accept waits for a connection that may be open.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if leave, ok := l.admit(AddrOf(c.RemoteAddr().String())); ok {
			return &conn{Conn: c, leave: sync.OnceFunc(leave)}, nil
		}
		_ = c.Close()
	}
}

type conn struct {
	net.Conn
	leave func()
	head  atomic.Bool // octets of a request have come, and not yet all of its head
}

// Close makes room for another connection.
func (c *conn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// connKey is under what the context of a request has its connection.
type connKey struct{}

func connOf(c net.Conn) *conn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	return c.(*conn) // there is no other from our listener
}

// state notes heads that have begun, and those that do not end.
func (s *Server) state(c net.Conn, st http.ConnState) {
	switch head := &connOf(c).head; {
	case st == http.StateActive:
		head.Store(true)
	case st == http.StateClosed && head.Load() && s.Unheard != nil:
		s.Unheard()
	}
}
