package ppg

import (
	"net"
	"sync"
)

// strangers is how many connections from nobody's network may be open: enough
// to tell them that they are forbidden.
const strangers = 8

// bound lets at most n connections be open; more are closed at once. Without it
// slow senders could use up the files of the process, and strangers the places
// of the others.
func (s *Server) bound(l net.Listener, n int) net.Listener {
	return &boundListener{Listener: l, server: s, room: make(chan struct{}, n), strangers: make(chan struct{}, strangers)}
}

type boundListener struct {
	net.Listener
	server          *Server
	room, strangers chan struct{}
}

// Accept waits for a connection that there is room for.
func (b *boundListener) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		room := b.room
		if !b.server.anybody(addrOf(c.RemoteAddr().String())) {
			room = b.strangers
		}
		select {
		case room <- struct{}{}:
			return &boundConn{Conn: c, leave: sync.OnceFunc(func() { <-room })}, nil
		default:
			b.server.counts.connections.Add(1)
			_ = c.Close()
		}
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
