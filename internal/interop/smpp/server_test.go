//go:build interop

package smpp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

const byClient = "`smpp.Client`"

// smsc is a message centre of somebody else.
type smsc interface {
	Listen(cert *certificate) (addr string, err error) // with cert over TLS
	Throttle(times int) error                          // so many messages are refused
	Deliver(text string) error                         // deliver_sm to a bind, until it is answered
	Data(text string) error                            // data_sm to a bind
	Enquire() error
	Unbind() error
	Heard(part string) bool
	Close()
}

// serverScene is a gateway before a centre, and an account of the gateway:
//
//	our ESME ── otagate serve ── wire ── centre
type serverScene struct {
	t    *testing.T
	make func(t *testing.T) smsc
	smsc
	wire     *wire
	addr     string // of the centre
	gw       *gateway
	esme     *smpp.Client
	receipts chan *smpp.DeliverSM
	data     chan []byte // message_payload of data_sm
}

type serverExchange struct {
	name, by string
	do       func(s *serverScene) error
}

// serverExchanges are in the order of the table. Those that need a link of their own
// begin with fresh; the others share one, and the last ends it.
var serverExchanges = []serverExchange{
	{"bind as transceiver", byServe, serverBound},
	{"bind as transmitter and as receiver", byServe, serverPair},
	{"wrong password", byServe, serverWrongPassword},
	{"submit_sm with receipt", byServe, serverSubmit},
	{"long message, user data header", byServe, serverUDH},
	{"long message, SAR", byServe, serverSAR},
	{"long message, message_payload", byServe, serverPayload},
	{"deliver_sm from a handset", byServe, serverDeliver},
	{"data_sm from us", byServe, serverData},
	{"data_sm from the peer", byServe, serverDataFromPeer},
	{"query_sm", byClient, serverQuery},
	{"throttling", byServe, serverThrottling},
	{"enquire_link by the peer", byServe, serverEnquireByPeer},
	{"enquire_link by us", byServe, serverEnquireByUs},
	{"TLS", byServe, serverTLS},
	{"unbind by the peer", byServe, serverUnbindByPeer},
	{"unbind by us", byServe, serverUnbindByUs},
}

// playServer runs all exchanges with a server.
func playServer(t *testing.T, peer string, make func(t *testing.T) smsc) {
	s := &serverScene{t: t, make: make}
	s.fresh(setting{password: password, link: "kind: transceiver, enquire_link: 1s"}, nil)
	s.bindESME()
	for _, x := range serverExchanges {
		t.Run(x.name, func(t *testing.T) {
			here := *s
			here.t = t
			judge(t, asServer, peer, &exchange{name: x.name, by: x.by}, x.do(&here))
			s.wire.forget()
		})
	}
}

// fresh starts a centre and a gateway whose link goes to it.
func (s *serverScene) fresh(set setting, cert *certificate) {
	s.t.Helper()
	s.smsc = s.make(s.t)
	s.t.Cleanup(s.smsc.Close)
	var err error
	if s.addr, err = s.Listen(cert); err != nil {
		s.t.Fatal(err)
	}
	s.wire = newWire(s.t).relay(s.addr, true)
	set.centre = "smpp://" + s.wire.addr
	if cert != nil {
		set.centre = "ssmpp://" + s.addr // nothing can be read on the way
	}
	s.gw = serveGateway(s.t, set)
}

// bindESME binds our ESME to the gateway.
func (s *serverScene) bindESME() {
	s.t.Helper()
	s.receipts, s.data = make(chan *smpp.DeliverSM, 1000), make(chan []byte, 1000)
	c, err := smpp.Dial(s.t.Context(), smpp.ClientConfig{
		Address: s.gw.addr, SystemID: account, Password: password, Logger: zerolog.Nop(),
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status {
			s.receipts <- p.Clone()
			return smpp.StatusOK
		},
		OnData: func(p *smpp.DataSM, r *smpp.Reply) {
			text, _ := p.TLVs.Find(smpp.TagMessagePayload)
			s.data <- bytes.Clone(text)
			r.Respond(smpp.StatusOK, "")
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.esme = c
	s.t.Cleanup(func() { _ = c.Close() }) // the gateway may have closed it
}

func serverBound(s *serverScene) error {
	return s.wire.had(false, smpp.CommandBindTransceiver, 1, smpp.StatusOK)
}

func serverPair(s *serverScene) error {
	s.fresh(setting{password: password, link: "kind: transmitter+receiver"}, nil)
	_, _, err1 := s.wire.exchanged(false, smpp.CommandBindTransmitter, 1, smpp.StatusOK)
	_, _, err2 := s.wire.exchanged(false, smpp.CommandBindReceiver, 1, smpp.StatusOK)
	return errors.Join(err1, err2)
}

// wrong password: the link tries again and again, and is refused each time.
func serverWrongPassword(s *serverScene) error {
	s.fresh(setting{password: "wrong"}, nil)
	return s.wire.had(false, smpp.CommandBindTransceiver, 2, smpp.StatusInvalidPassword)
}

// give submits to the gateway.
func (s *serverScene) give(p smpp.SubmitSM) (id string, err error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	p.SourceAddr, p.DestinationAddr = []byte("2280"), []byte(handset)
	res, err := s.esme.Submit(ctx, &p)
	if err != nil || res.Status != smpp.StatusOK {
		return "", fmt.Errorf("the gateway says %s: %w", res.Status, err)
	}
	return res.MessageID, nil
}

// submit submits through the gateway, and waits until the centre has answered.
func (s *serverScene) submit(n int, p smpp.SubmitSM) (id string, at *smpp.SubmitSM, err error) {
	if id, err = s.give(p); err != nil {
		return "", nil, err
	}
	q, _, err := s.wire.exchanged(false, smpp.CommandSubmitSM, n, smpp.StatusOK)
	if err != nil {
		return "", nil, err
	}
	return id, q.Body.(*smpp.SubmitSM), nil
}

func serverSubmit(s *serverScene) error {
	id, _, err := s.submit(1, smpp.SubmitSM{RegisteredDelivery: 1, ShortMessage: []byte("hello")})
	if err != nil {
		return err
	}
	if err := heard(s, "hello"); err != nil {
		return err
	}
	if err := s.wire.had(true, smpp.CommandDeliverSM, 1, smpp.StatusOK); err != nil {
		return err
	}
	var d *smpp.DeliverSM
	if !eventually(func() bool {
		select {
		case d = <-s.receipts:
		default:
		}
		return d != nil
	}) {
		return errors.New("no receipt reaches the ESME")
	}
	r, err := smpp.ParseReceipt(d.ShortMessage, nil)
	if err != nil || r.ID != id || r.Stat != smpp.MessageDelivered {
		return fmt.Errorf("the receipt of %s is %q: %v", id, d.ShortMessage, err)
	}
	return nil
}

func serverUDH(s *serverScene) error {
	for i, text := range []string{"the first part", "the second part"} {
		body := append([]byte{5, 0, 3, 7, 2, byte(i + 1)}, text...)
		_, at, err := s.submit(i+1, smpp.SubmitSM{ESMClass: 0x40, ShortMessage: body})
		if err != nil {
			return err
		}
		if at.ESMClass != 0x40 || !bytes.Equal(at.ShortMessage, body) {
			return fmt.Errorf("%x has become %x", body, at.ShortMessage)
		}
		if err := heard(s, text); err != nil {
			return err
		}
	}
	return nil
}

func serverSAR(s *serverScene) error {
	for i, text := range []string{"the first part", "the second part"} {
		var t smpp.TLVs
		t = t.AppendU16(smpp.TagSARMsgRefNum, 7).AppendU8(smpp.TagSARTotalSegments, 2).AppendU8(smpp.TagSARSegmentSeqnum, uint8(i+1))
		if _, _, err := s.submit(i+1, smpp.SubmitSM{ShortMessage: []byte(text), TLVs: t}); err != nil {
			return err
		}
		if err := heard(s, text); err != nil {
			return err
		}
	}
	return nil
}

func serverPayload(s *serverScene) error {
	_, _, err := s.submit(1, smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(longText)}}})
	if err != nil {
		return err
	}
	return heard(s, longText)
}

func serverDeliver(s *serverScene) error {
	const text = "hello from a handset"
	return s.fromPeer(text, func() error { return s.Deliver(text) }, smpp.CommandDeliverSM)
}

func serverDataFromPeer(s *serverScene) error {
	const text = "data from a handset"
	return s.fromPeer(text, func() error { return s.Data(text) }, smpp.CommandDataSM)
}

// fromPeer has the centre send something, which our ESME has to get from the gateway.
func (s *serverScene) fromPeer(text string, send func() error, id smpp.CommandID) error {
	if err := send(); err != nil {
		return err
	}
	if err := s.wire.had(true, id, 1, smpp.StatusOK); err != nil {
		return err
	}
	got := ""
	if !eventually(func() bool {
		select {
		case d := <-s.receipts:
			got = string(d.ShortMessage)
		case d := <-s.data:
			got = string(d)
		default:
		}
		return got != ""
	}) || got != text {
		return fmt.Errorf("our ESME is told %q", got)
	}
	return nil
}

// dial binds our client to the centre, without a gateway.
func (s *serverScene) dial() (*smpp.Client, error) {
	return smpp.Dial(s.t.Context(), smpp.ClientConfig{Address: s.addr, SystemID: account, Password: password, Logger: zerolog.Nop()})
}

func serverQuery(s *serverScene) error {
	c, err := s.dial()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	status, resp, err := c.QuerySM(ctx, &smpp.QuerySM{MessageID: []byte("1"), SourceAddr: []byte("2280")})
	if err = errors.Join(err, c.Unbind(ctx)); err != nil {
		return err
	}
	if status != smpp.StatusOK || string(resp.MessageID) != "1" || resp.MessageState != smpp.MessageDelivered {
		return fmt.Errorf("query_sm_resp is %s %+v", status, resp)
	}
	return nil
}

func serverData(s *serverScene) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	p := &smpp.DataSM{SourceAddr: []byte("2280"), DestinationAddr: []byte(handset)}
	p.TLVs = smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("hello as data")}}
	status, _, err := s.esme.DataSM(ctx, p)
	if err != nil || status != smpp.StatusOK {
		return fmt.Errorf("the gateway says %s: %w", status, err)
	}
	if err := s.wire.had(false, smpp.CommandDataSM, 1, smpp.StatusOK); err != nil {
		return err
	}
	return heard(s, "hello as data")
}

// throttling: what the centre refuses the link sends again, after a pause.
func serverThrottling(s *serverScene) error {
	if err := s.Throttle(2); err != nil {
		return err
	}
	if _, err := s.give(smpp.SubmitSM{ShortMessage: []byte("hello after all")}); err != nil {
		return err
	}
	for n, want := range []smpp.Status{smpp.StatusThrottled, smpp.StatusThrottled, smpp.StatusOK} {
		if err := s.wire.had(false, smpp.CommandSubmitSM, n+1, want); err != nil {
			return err
		}
	}
	return nil
}

func serverEnquireByPeer(s *serverScene) error {
	if err := s.Enquire(); err != nil {
		return err
	}
	return s.wire.had(true, smpp.CommandEnquireLink, 1, smpp.StatusOK)
}

func serverEnquireByUs(s *serverScene) error {
	return s.wire.had(false, smpp.CommandEnquireLink, 1, smpp.StatusOK)
}

func serverTLS(s *serverScene) error {
	cert := newCertificate(s.t)
	s.fresh(setting{password: password, link: fmt.Sprintf("tls: {ca: %q}", cert.authority)}, cert)
	s.bindESME()
	if _, err := s.give(smpp.SubmitSM{ShortMessage: []byte("hello over TLS")}); err != nil {
		return err
	}
	return heard(s, "hello over TLS")
}

// unbind by the peer: the link answers, and binds again.
func serverUnbindByPeer(s *serverScene) error {
	if err := s.Unbind(); err != nil {
		return err
	}
	if err := s.wire.had(true, smpp.CommandUnbind, 1, smpp.StatusOK); err != nil {
		return err
	}
	return s.wire.had(false, smpp.CommandBindTransceiver, 1, smpp.StatusOK)
}

func serverUnbindByUs(s *serverScene) error {
	s.gw.stop()
	return s.wire.had(false, smpp.CommandUnbind, 1, smpp.StatusOK)
}
