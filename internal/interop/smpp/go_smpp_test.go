//go:build interop

package smpp_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"
	"time"

	fiorix "github.com/fiorix/go-smpp/smpp"
	fpdu "github.com/fiorix/go-smpp/smpp/pdu"
	"github.com/fiorix/go-smpp/smpp/pdu/pdufield"
	"github.com/fiorix/go-smpp/smpp/pdu/pdutext"
	"github.com/fiorix/go-smpp/smpp/pdu/pdutlv"
	"github.com/fiorix/go-smpp/smpp/smpptest"

	"github.com/otagate/otagate/smpp"
)

const goSMPP = "go-smpp"

func TestGoSMPPClient(t *testing.T) {
	play(t, goSMPP, func(t *testing.T, _ *wire) esme { return &goSMPPClient{inbox: newInbox()} })
}

// goSMPPClient is one of its three types of client.
type goSMPPClient struct {
	*inbox
	tx    *fiorix.Transmitter // of the one that is bound, if it can submit
	close func() error
}

func (c *goSMPPClient) Bind(b bind) error {
	var secure *tls.Config
	if b.tls != nil {
		secure = &tls.Config{RootCAs: b.tls.pool, ServerName: "127.0.0.1"}
	}
	handle := func(p fpdu.Body) {
		if f := p.Fields()[pdufield.ShortMessage]; f != nil {
			c.put(f.String())
		}
	}
	var status <-chan fiorix.ConnStatus
	switch b.mode {
	case smpp.CommandBindTransmitter:
		x := &fiorix.Transmitter{Addr: b.addr, User: b.system, Passwd: b.password, RespTimeout: patience, TLS: secure}
		status, c.tx, c.close = x.Bind(), x, x.Close
	case smpp.CommandBindReceiver:
		x := &fiorix.Receiver{Addr: b.addr, User: b.system, Passwd: b.password, TLS: secure, Handler: handle}
		status, c.close = x.Bind(), x.Close
	default:
		x := &fiorix.Transceiver{Addr: b.addr, User: b.system, Passwd: b.password, RespTimeout: patience, TLS: secure, Handler: handle}
		status, c.tx, c.close = x.Bind(), &x.Transmitter, x.Close
	}
	select {
	case st := <-status:
		if st.Status() != fiorix.Connected {
			return fmt.Errorf("%s: %w", st.Status(), st.Error())
		}
		return nil
	case <-time.After(patience):
		return errors.New("it does not say whether it is bound")
	}
}

func (c *goSMPPClient) Submit(m message) error {
	s := &fiorix.ShortMessage{Src: "2280", Dst: handset, Text: pdutext.Raw(m.text), TLVFields: pdutlv.Fields{}}
	if m.receipt {
		s.Register = pdufield.FinalDeliveryReceipt
	}
	if m.payload {
		s.Text, s.TLVFields[pdutlv.TagMessagePayload] = pdutext.Raw(""), m.text
	}
	if m.sar[1] > 0 {
		s.TLVFields[pdutlv.TagSarMsgRefNum] = []byte{byte(m.sar[0] >> 8), byte(m.sar[0])}
		s.TLVFields[pdutlv.TagSarTotalSegments] = uint8(m.sar[1])
		s.TLVFields[pdutlv.TagSarSegmentSeqnum] = uint8(m.sar[2])
	}
	_, err := c.tx.Submit(s)
	var status fpdu.Status
	if errors.As(err, &status) && uint32(status) == uint32(smpp.StatusThrottled) {
		return errThrottled
	}
	return err
}

func (c *goSMPPClient) Long(text string) error {
	_, err := c.tx.SubmitLongMsg(&fiorix.ShortMessage{Src: "2280", Dst: handset, Text: pdutext.Raw(text)})
	return err
}

func (*goSMPPClient) DataSM(string) error { return absent("it has no data_sm") }

func (c *goSMPPClient) QuerySM(id string) error {
	_, err := c.tx.QuerySM("2280", id, 0, 0)
	return err
}

// Enquire is up to its timer, of 10 s at least.
func (*goSMPPClient) Enquire() error { return nil }

func (c *goSMPPClient) Unbind() error { return c.close() }

func (c *goSMPPClient) Close() {
	if c.close != nil {
		_ = c.close() // it may be closed
	}
}

// TestGoSMPPServer: its test server is all that it has of one. No bind of a link with
// it stands, so that nothing else can be exchanged.
func TestGoSMPPServer(t *testing.T) {
	s := &serverScene{t: t, make: func(t *testing.T) smsc { return &goSMPPServer{ended: make(chan struct{})} }}
	s.fresh(setting{password: password}, nil)
	for _, x := range serverExchanges {
		var err error = absent("no bind stands, so that nothing else is exchanged")
		switch x.name {
		case "bind as transceiver":
			err = serverBound(s)
		case "TLS":
			err = absent("its test server serves none")
		}
		judge(t, asServer, goSMPP, &exchange{name: x.name, by: x.by}, err)
	}
}

// goSMPPServer takes binds. What it is asked for beside is never reached.
type goSMPPServer struct {
	inbox
	server *smpptest.Server
	ended  chan struct{}
}

func (g *goSMPPServer) Listen(*certificate) (string, error) {
	g.server = smpptest.NewUnstartedServer()
	g.server.User, g.server.Passwd = account, password
	go func() {
		defer close(g.ended)
		g.server.Serve()
	}()
	return g.server.Addr(), nil
}

func (*goSMPPServer) Throttle(int) error   { return absent("") }
func (*goSMPPServer) Deliver(string) error { return absent("") }
func (*goSMPPServer) Data(string) error    { return absent("") }
func (*goSMPPServer) Enquire() error       { return absent("") }
func (*goSMPPServer) Unbind() error        { return absent("") }

func (g *goSMPPServer) Close() {
	g.server.Close()
	<-g.ended
}
