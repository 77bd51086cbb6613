// Package webtest is a network in memory, for tests of what speaks HTTP. It is
// imported by tests only.
//
//	l := webtest.Listen()
//	go server.Serve(ctx, l)
//	conn := l.Dial("192.0.2.1")
package webtest

import "net"

// Listener takes connections from any address.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
}

// Listen makes a listener of its own network.
func Listen() *Listener { return &Listener{make(chan net.Conn), make(chan struct{})} }

// Dial connects from an address, when somebody accepts.
func (l *Listener) Dial(from string) net.Conn {
	ours, theirs := net.Pipe()
	l.conns <- conn{theirs, Addr(net.JoinHostPort(from, "1"))}
	return ours
}

// Accept waits for a connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept, and is called once.
func (l *Listener) Close() error {
	close(l.done)
	return nil
}

// Addr is on this machine.
func (l *Listener) Addr() net.Addr { return Addr("127.0.0.1:80") }

// Addr is host:port.
type Addr string

// Network is that of TCP.
func (Addr) Network() string  { return "tcp" }
func (a Addr) String() string { return string(a) }

type conn struct {
	net.Conn
	from Addr
}

func (c conn) RemoteAddr() net.Addr { return c.from }
