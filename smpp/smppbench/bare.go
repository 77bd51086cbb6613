package smppbench

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/otagate/otagate/smpp"
)

const bufferSize = 64 << 10

// message is the submit_sm that is sent: 140 octets of text and three TLVs,
// 214 octets in all.
func message() *smpp.SubmitSM {
	p := &smpp.SubmitSM{
		ServiceType: []byte("CMT"), SourceAddrTON: 5, SourceAddr: []byte("otagate"),
		DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte("12025550123"),
		RegisteredDelivery: 1, DataCoding: 4, ShortMessage: make([]byte, 140),
	}
	for i := range p.ShortMessage {
		p.ShortMessage[i] = byte(i)
	}
	p.TLVs = p.TLVs.AppendU16(smpp.TagUserMessageReference, 7).
		AppendU8(smpp.TagMoreMessagesToSend, 1).AppendU8(smpp.TagPrivacyIndicator, 0)
	return p
}

// serveBare answers whatever it reads.
func serveBare(nc net.Conn) {
	defer nc.Close()
	buf, out := make([]byte, bufferSize), make([]byte, 0, bufferSize)
	for w := 0; ; {
		n, err := nc.Read(buf[w:])
		if err != nil {
			return
		}
		w += n
		r := 0
		out = out[:0]
		for w-r >= smpp.HeaderLen {
			size := int(binary.BigEndian.Uint32(buf[r:]))
			if size < smpp.HeaderLen || size > bufferSize {
				return
			}
			if w-r < size {
				break
			}
			out = appendBareResponse(out, buf[r:r+smpp.HeaderLen])
			r += size
		}
		w = copy(buf, buf[r:w])
		if len(out) == 0 {
			continue
		}
		if _, err := nc.Write(out); err != nil {
			return
		}
	}
}

func appendBareResponse(dst, request []byte) []byte {
	body := "bare-123\x00"
	dst = append(dst, 0, 0, 0, byte(smpp.HeaderLen+len(body)), 0x80)
	dst = append(dst, request[5:8]...)
	dst = append(dst, 0, 0, 0, 0)
	dst = append(dst, request[12:16]...)
	return append(dst, body...)
}

// bareClient keeps its window full with one goroutine.
type bareClient struct {
	nc       net.Conn
	pdu      []byte
	seq      uint32
	buf, out []byte
}

func dialBare(addr string) (*bareClient, error) {
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	c := &bareClient{nc: nc, buf: make([]byte, bufferSize), out: make([]byte, 0, bufferSize)}
	bind := &smpp.Bind{Kind: smpp.CommandBindTransceiver, SystemID: []byte(systemID), Password: []byte(password), InterfaceVersion: 0x34}
	b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, bind)
	if err != nil {
		return nil, err
	}
	if _, err := nc.Write(b); err != nil {
		return nil, err
	}
	n, err := io.ReadAtLeast(nc, c.buf, smpp.HeaderLen)
	if err != nil || n < smpp.HeaderLen || binary.BigEndian.Uint32(c.buf[8:]) != 0 {
		return nil, fmt.Errorf("smppbench: the bare client's bind failed: %v", err)
	}
	c.seq = 1
	c.pdu, err = smpp.AppendPDU(nil, smpp.Header{}, message())
	return c, err
}

// run sends for d and returns the number of messages answered.
func (c *bareClient) run(window int, d time.Duration) (int, error) {
	end := time.Now().Add(d)
	answered, owed, w := 0, 0, 0
	for send := window; ; {
		c.out = c.out[:0]
		for range send {
			at := len(c.out)
			c.out = append(c.out, c.pdu...)
			c.seq++
			binary.BigEndian.PutUint32(c.out[at+12:], c.seq)
		}
		owed += send
		if len(c.out) > 0 {
			if _, err := c.nc.Write(c.out); err != nil {
				return answered, err
			}
		}
		if owed == 0 {
			return answered, nil
		}
		n, err := c.nc.Read(c.buf[w:])
		if err != nil {
			return answered, err
		}
		w += n
		got := c.take(&w)
		answered += got
		owed -= got
		if send = got; time.Now().After(end) {
			send = 0
		}
	}
}

// take counts the whole PDUs at the front of the buffer and drops them.
func (c *bareClient) take(w *int) (n int) {
	r := 0
	for *w-r >= smpp.HeaderLen {
		size := int(binary.BigEndian.Uint32(c.buf[r:]))
		if *w-r < size {
			break
		}
		r += size
		n++
	}
	*w = copy(c.buf, c.buf[r:*w])
	return n
}

func (c *bareClient) close() { c.nc.Close() }
