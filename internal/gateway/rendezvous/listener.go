package rendezvous

import (
	"net"
	"sync"
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
}

// Close makes room for another connection.
func (c *boundConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
