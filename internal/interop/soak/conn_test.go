package soak

import (
	"net"
	"sync"

	"github.com/otagate/otagate/internal/bare"
)

// conn is a connection to the gateway.
type conn struct {
	*bare.Conn
	writing sync.Mutex
}

const readSize = 64 << 10

func newConn(nc net.Conn) *conn { return &conn{Conn: bare.NewConn(nc, readSize)} }

func (c *conn) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.Write(b)
	return err
}

// reset ends the connection with RST. What was written before may arrive or not.
func (c *conn) reset() {
	_ = c.Conn.Conn.(*net.TCPConn).SetLinger(0) // it may have ended already
	_ = c.Close()
}

// manner is how a connection is cut.
type manner int

const (
	atOnce      manner = iota // a reset
	halfAnswer                // a reset behind some octets of the next answers
	halfRequest               // a reset behind some octets of a request
	deaf                      // a reset when nobody has read for a while
	closed                    // a close
	manners
)

// recent are the last messages of a connection, as many as its window: the answer to
// any other has been read.
type recent struct {
	list []key
	at   int
}

func newRecent(window int) recent { return recent{list: make([]key, 0, window)} }

func (r *recent) add(k key) {
	if len(r.list) < cap(r.list) {
		r.list = append(r.list, k)
		return
	}
	r.list[r.at] = k
	r.at = (r.at + 1) % len(r.list)
}
