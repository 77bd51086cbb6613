package smppbench

import (
	"net"
	"time"

	"github.com/otagate/otagate/internal/bare"
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
	c, out := bare.NewConn(nc, bufferSize), make([]byte, 0, bufferSize)
	for {
		out = out[:0]
		err := c.Take(func(p bare.PDU) error {
			out = p.AppendResponse(out, smpp.StatusOK, "bare-123\x00")
			return nil
		})
		if err == nil && len(out) > 0 {
			_, err = c.Write(out)
		}
		if err != nil {
			return
		}
	}
}

// bareClient keeps its window full with one goroutine.
type bareClient struct {
	*bare.Conn
	pdu []byte
	seq uint32
	out []byte
}

func dialBare(addr string) (*bareClient, error) {
	pdu, err := smpp.AppendPDU(nil, smpp.Header{}, message())
	if err != nil {
		return nil, err
	}
	c, err := bare.Dial(addr, systemID, password, bufferSize)
	if err != nil {
		return nil, err
	}
	return &bareClient{Conn: c, pdu: pdu, seq: 1, out: make([]byte, 0, bufferSize)}, nil
}

// run sends for d and returns the number of messages answered.
func (c *bareClient) run(window int, d time.Duration) (int, error) {
	end := time.Now().Add(d)
	answered, owed := 0, 0
	for send := window; ; {
		c.out = c.out[:0]
		for range send {
			at := len(c.out)
			c.out = append(c.out, c.pdu...)
			c.seq++
			bare.PDU(c.out[at:]).SetSequence(c.seq)
		}
		owed += send
		if len(c.out) > 0 {
			if _, err := c.Write(c.out); err != nil {
				return answered, err
			}
		}
		if owed == 0 {
			return answered, nil
		}
		got := 0
		if err := c.Take(func(bare.PDU) error { got++; return nil }); err != nil {
			return answered, err
		}
		answered += got
		owed -= got
		if send = got; time.Now().After(end) {
			send = 0
		}
	}
}

func (c *bareClient) close() { c.Close() }
