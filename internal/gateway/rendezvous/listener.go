package rendezvous

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// bound lets at most n connections be open, and of each address as many as the
// limits say; more are closed at once. Without it slow senders could use up the
// files of the process.
func (s *Server) bound(l net.Listener, n int) net.Listener {
	return &boundListener{Listener: l, server: s, room: make(chan struct{}, n)}
}

type boundListener struct {
	net.Listener
	server *Server
	room   chan struct{}
}

// Accept waits for a connection that there is room for.
func (b *boundListener) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case b.room <- struct{}{}:
		default:
			b.server.counts.connections.Add(1)
			_ = c.Close()
			continue
		}
		leave, ok := func() {}, true
		if a := addrOf(c.RemoteAddr().String()); !b.server.isProxy(a) {
			leave, ok = b.server.limits.connection(a)
		}
		if !ok {
			<-b.room
			b.server.counts.addressFull.Add(1)
			_ = c.Close()
			continue
		}
		return &boundConn{Conn: c, leave: sync.OnceFunc(func() { leave(); <-b.room })}, nil
	}
}

type boundConn struct {
	net.Conn
	leave func()
	head  atomic.Bool // octets of a request have come, and not yet all of its head
}

// headKey is under what the context of a request has its connection.
type headKey struct{}

func boundOf(c net.Conn) *boundConn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	b, _ := c.(*boundConn)
	return b
}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, headKey{}, boundOf(c))
}

// state counts requests that nobody gets to see: net/http ends the connection
// when the head of one is too slow, too long or not of HTTP.
func (s *Server) state(c net.Conn, st http.ConnState) {
	b := boundOf(c)
	switch {
	case b == nil:
	case st == http.StateActive:
		b.head.Store(true)
	case st == http.StateClosed && b.head.Load():
		s.counts.heads.Add(1)
	}
}

// headed: the head of a request is here.
func headed(ctx context.Context) {
	if b, _ := ctx.Value(headKey{}).(*boundConn); b != nil {
		b.head.Store(false)
	}
}

// Close makes room for another connection.
func (c *boundConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
