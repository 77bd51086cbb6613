package soak

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"

	"github.com/otagate/otagate/smpp"
)

// conn is a connection to the gateway. All PDUs of one read are answered with one
// write: both ends of the test have to be cheap.
type conn struct {
	nc  *net.TCPConn
	buf []byte
	w   int

	writing sync.Mutex
}

const readSize = 64 << 10

func newConn(nc net.Conn) *conn { return &conn{nc: nc.(*net.TCPConn), buf: make([]byte, readSize)} }

// fill reads once.
func (c *conn) fill() error {
	n, err := c.nc.Read(c.buf[c.w:])
	c.w += n
	return err
}

var errFrame = errors.New("a PDU of a length that cannot be")

// each gives the PDUs that are whole, which must not be kept.
func (c *conn) each(do func(h smpp.Header, body []byte) error) error {
	r := 0
	for c.w-r >= smpp.HeaderLen {
		b := c.buf[r:]
		size := int(binary.BigEndian.Uint32(b))
		if size < smpp.HeaderLen || size > len(c.buf) {
			return errFrame
		}
		if c.w-r < size {
			break
		}
		h := smpp.Header{
			CommandID: smpp.CommandID(binary.BigEndian.Uint32(b[4:])),
			Status:    smpp.Status(binary.BigEndian.Uint32(b[8:])), Sequence: binary.BigEndian.Uint32(b[12:]),
		}
		if err := do(h, b[smpp.HeaderLen:size]); err != nil {
			return err
		}
		r += size
	}
	c.w = copy(c.buf, c.buf[r:c.w])
	return nil
}

func (c *conn) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.nc.Write(b)
	return err
}

// reset ends the connection with RST. What was written before may arrive or not.
func (c *conn) reset() {
	_ = c.nc.SetLinger(0) // it may have ended already
	_ = c.nc.Close()
}

// answer appends a response with this body.
func answer(dst []byte, h smpp.Header, status smpp.Status, body string) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(smpp.HeaderLen+len(body)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.CommandID)|1<<31)
	dst = binary.BigEndian.AppendUint32(dst, uint32(status))
	dst = binary.BigEndian.AppendUint32(dst, h.Sequence)
	return append(dst, body...)
}

const response smpp.CommandID = 1 << 31

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
