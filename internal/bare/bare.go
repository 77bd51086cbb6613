// Package bare has SMPP peers that cost next to nothing, for who measures the others: those
// of bench, smppbench and soak. A connection is cut into PDUs, of which nothing is decoded
// but the header, and all PDUs of one read are answered with one write.
//
//	c := bare.NewConn(nc, 64<<10)
//	for {
//		var out []byte
//		err := c.Take(func(p bare.PDU) error {
//			out = p.AppendResponse(out, smpp.StatusOK, "")
//			return nil
//		})
//		...
//		_, err = c.Write(out)
//	}
package bare

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"

	"github.com/otagate/otagate/smpp"
)

// PDU is a whole one. What is behind it may be the next.
type PDU []byte

func (p PDU) Command() smpp.CommandID { return smpp.CommandID(binary.BigEndian.Uint32(p[4:])) }
func (p PDU) Status() smpp.Status     { return smpp.Status(binary.BigEndian.Uint32(p[8:])) }
func (p PDU) Sequence() uint32        { return binary.BigEndian.Uint32(p[12:]) }
func (p PDU) SetSequence(n uint32)    { binary.BigEndian.PutUint32(p[12:], n) }
func (p PDU) Body() []byte            { return p[smpp.HeaderLen:] }

// AppendResponse appends the response with this body, which has its NUL.
func (p PDU) AppendResponse(dst []byte, status smpp.Status, body string) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(smpp.HeaderLen+len(body)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(p.Command().Response()))
	dst = binary.BigEndian.AppendUint32(dst, uint32(status))
	dst = append(dst, p[12:smpp.HeaderLen]...)
	return append(dst, body...)
}

// Conn is a connection that is cut into PDUs.
type Conn struct {
	net.Conn
	buf []byte
	w   int
}

// NewConn makes one whose PDUs have at most so many octets.
func NewConn(nc net.Conn, size int) *Conn { return &Conn{Conn: nc, buf: make([]byte, size)} }

// Dial makes one that is bound as a transceiver. Its next sequence_number is 2.
func Dial(addr, systemID, password string, size int) (*Conn, error) {
	b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &smpp.Bind{
		Kind: smpp.CommandBindTransceiver, SystemID: []byte(systemID), Password: []byte(password), InterfaceVersion: 0x34,
	})
	if err != nil {
		return nil, err
	}
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c := NewConn(nc, size)
	if _, err = c.Write(b); err == nil {
		err = c.answered()
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// answered waits for the first response, which must be a good one.
func (c *Conn) answered() (err error) {
	for is := false; !is && err == nil; {
		err = c.Take(func(p PDU) error {
			if is = true; p.Status() != smpp.StatusOK {
				return fmt.Errorf("bare: %s was answered with %s", p.Command(), p.Status())
			}
			return nil
		})
	}
	return err
}

// ErrLength is a PDU of a length that cannot be.
var ErrLength = errors.New("bare: a PDU of a length that cannot be")

// Fill reads once.
func (c *Conn) Fill() error {
	n, err := c.Read(c.buf[c.w:])
	c.w += n
	return err
}

// Each gives the PDUs that are whole, which must not be kept.
func (c *Conn) Each(do func(PDU) error) error {
	r := 0
	for c.w-r >= smpp.HeaderLen {
		size := int(binary.BigEndian.Uint32(c.buf[r:]))
		if size < smpp.HeaderLen || size > len(c.buf) {
			return ErrLength
		}
		if c.w-r < size {
			break
		}
		if err := do(c.buf[r : r+size]); err != nil {
			return err
		}
		r += size
	}
	c.w = copy(c.buf, c.buf[r:c.w])
	return nil
}

// Take is Fill, and then Each.
func (c *Conn) Take(do func(PDU) error) error {
	if err := c.Fill(); err != nil {
		return err
	}
	return c.Each(do)
}
