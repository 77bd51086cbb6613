package ppg

import (
	"net"
	"sync"
)

// bound lets at most n connections be open; more are closed at once. Without it
// slow senders could use up the files of the process.
func bound(l net.Listener, n int, c *counters) net.Listener {
	return &boundListener{Listener: l, room: make(chan struct{}, n), counts: c}
}

type boundListener struct {
	net.Listener
	room   chan struct{}
	counts *counters
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
			return &boundConn{Conn: c, leave: sync.OnceFunc(func() { <-b.room })}, nil
		default:
			b.counts.connections.Add(1)
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
