//go:build interop

package smpp_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/linxGnu/gosmpp"
	"github.com/linxGnu/gosmpp/data"
	gpdu "github.com/linxGnu/gosmpp/pdu"

	"github.com/otagate/otagate/smpp"
)

const gosmppName = "gosmpp"

func TestGosmppClient(t *testing.T) {
	play(t, gosmppName, func(t *testing.T, _ *wire) esme {
		return &gosmppClient{inbox: newInbox(), answers: make(chan gpdu.PDU, 1000)}
	})
}

type gosmppClient struct {
	*inbox
	session *gosmpp.Session
	answers chan gpdu.PDU
}

func (c *gosmppClient) Bind(b bind) error {
	dial := gosmpp.NonTLSDialer
	if b.tls != nil {
		dial = func(addr string) (net.Conn, error) {
			return tls.Dial("tcp", addr, &tls.Config{RootCAs: b.tls.pool})
		}
	}
	auth := gosmpp.Auth{SMSC: b.addr, SystemID: b.system, Password: b.password}
	with := gosmpp.TRXConnector(dial, auth)
	switch b.mode {
	case smpp.CommandBindTransmitter:
		with = gosmpp.TXConnector(dial, auth)
	case smpp.CommandBindReceiver:
		with = gosmpp.RXConnector(dial, auth)
	}
	var err error
	c.session, err = gosmpp.NewSession(with, gosmpp.Settings{ReadTimeout: 2 * patience, OnPDU: c.take}, -1)
	return err
}

// take sorts what comes: messages, and answers.
func (c *gosmppClient) take(p gpdu.PDU, _ bool) {
	switch m := p.(type) {
	case *gpdu.DeliverSM:
		text, _ := m.Message.GetMessage()
		c.put(text)
	case *gpdu.DataSM:
		c.put(string(m.OptionalParameters[gpdu.TagMessagePayload].Data))
	default:
		c.answers <- p
	}
}

// ask sends a request and waits for its answer.
func (c *gosmppClient) ask(p gpdu.PDU) error {
	if err := c.session.Transceiver().Submit(p); err != nil {
		return err
	}
	end := time.After(patience)
	for {
		select {
		case a := <-c.answers:
			if a.GetSequenceNumber() != p.GetSequenceNumber() {
				continue
			}
			switch s := a.GetHeader().CommandStatus; s {
			case data.ESME_ROK:
				return nil
			case data.ESME_RTHROTTLED:
				return errThrottled
			default:
				return fmt.Errorf("%T says %s", a, s)
			}
		case <-end:
			return errors.New("it does not show an answer")
		}
	}
}

func (c *gosmppClient) submit(text string) (*gpdu.SubmitSM, error) {
	m := gpdu.NewSubmitSM().(*gpdu.SubmitSM)
	var err1, err2 error
	m.SourceAddr, err1 = gpdu.NewAddressWithAddr("2280")
	m.DestAddr, err2 = gpdu.NewAddressWithAddr(handset)
	return m, errors.Join(err1, err2, m.Message.SetMessageWithEncoding(text, data.GSM7BIT))
}

func (c *gosmppClient) Submit(m message) error {
	text := m.text
	if m.payload {
		text = ""
	}
	p, err := c.submit(text)
	if err != nil {
		return err
	}
	if m.receipt {
		p.RegisteredDelivery = 1
	}
	if m.payload {
		p.RegisterOptionalParam(gpdu.Field{Tag: gpdu.TagMessagePayload, Data: []byte(m.text)})
	}
	if m.sar[1] > 0 {
		p.RegisterOptionalParam(gpdu.Field{Tag: gpdu.TagSarMsgRefNum, Data: []byte{byte(m.sar[0] >> 8), byte(m.sar[0])}})
		p.RegisterOptionalParam(gpdu.Field{Tag: gpdu.TagSarTotalSegments, Data: []byte{byte(m.sar[1])}})
		p.RegisterOptionalParam(gpdu.Field{Tag: gpdu.TagSarSegmentSeqnum, Data: []byte{byte(m.sar[2])}})
	}
	return c.ask(p)
}

func (c *gosmppClient) Long(text string) error {
	p, err := c.submit("")
	if err != nil {
		return err
	}
	if err := p.Message.SetLongMessageWithEnc(text, data.GSM7BIT); err != nil {
		return err
	}
	parts, err := p.Split()
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := c.ask(part); err != nil {
			return err
		}
	}
	return nil
}

func (c *gosmppClient) DataSM(text string) error {
	p := gpdu.NewDataSM().(*gpdu.DataSM)
	var err1, err2 error
	p.SourceAddr, err1 = gpdu.NewAddressWithAddr("2280")
	p.DestAddr, err2 = gpdu.NewAddressWithAddr(handset)
	p.RegisterOptionalParam(gpdu.Field{Tag: gpdu.TagMessagePayload, Data: []byte(text)})
	return errors.Join(err1, err2, c.ask(p))
}

func (c *gosmppClient) QuerySM(id string) error {
	p := gpdu.NewQuerySM().(*gpdu.QuerySM)
	p.MessageID = id
	var err error
	p.SourceAddr, err = gpdu.NewAddressWithAddr("2280")
	return errors.Join(err, c.ask(p))
}

func (c *gosmppClient) Enquire() error {
	return c.session.Transceiver().Submit(gpdu.NewEnquireLink())
}

func (c *gosmppClient) Unbind() error { return c.session.Close() }

func (c *gosmppClient) Close() {
	if c.session != nil {
		_ = c.session.Close() // its error says which side was first
	}
}
