//go:build interop

package smpp_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testcert"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

const (
	asClient = "The peer is the client"
	asServer = "The peer is the server"

	byServe   = "`otagate serve`"
	byLibrary = "`smpp.Server`"
)

// message is what a client is to send to the handset.
type message struct {
	text    string
	receipt bool
	udh     []byte
	sar     [3]uint16 // reference, segments, number of this one; all 0: none
	payload bool      // the text goes in message_payload
}

// bind is how a client is to bind.
type bind struct {
	addr             string
	mode             smpp.CommandID
	system, password string
	tls              *certificate // over TLS
}

// esme is a client of somebody else. What it cannot do is absent.
type esme interface {
	Bind(b bind) error
	Submit(m message) error // until it is answered; errThrottled has to be seen
	// Long sends a text that is too long for one message, as the peer does it.
	Long(text string) error
	DataSM(text string) error
	QuerySM(id string) error
	Enquire() error
	Unbind() error
	// Heard tells whether a message with this in it has reached the application.
	Heard(part string) bool
	Close()
}

var errThrottled = errors.New("ESME_RTHROTTLED")

// scene is where an exchange with a client takes place.
type scene struct {
	t *testing.T
	esme
	wire *wire
	sink *sink        // the centre behind the gateway, or our server itself
	gw   *gateway     // nil with smpp.Server
	cert *certificate // of smpp.Server
}

type exchange struct {
	name, by string
	do       func(s *scene) error
}

// clientExchanges are in the order of the table. The last ends the gateway.
var clientExchanges = []exchange{
	{"bind as transmitter", byServe, bindAs(smpp.CommandBindTransmitter)},
	{"bind as receiver", byServe, bindAs(smpp.CommandBindReceiver)},
	{"bind as transceiver", byServe, bindAs(smpp.CommandBindTransceiver)},
	{"wrong password", byServe, wrongPassword},
	{"submit_sm with receipt", byServe, submitWithReceipt},
	{"long message, user data header", byServe, longUDH},
	{"long message, SAR", byServe, longSAR},
	{"long message, message_payload", byServe, longPayload},
	{"deliver_sm from a handset", byServe, fromHandset},
	{"data_sm from the peer", byServe, dataSM},
	{"data_sm to the peer", byServe, dataToPeer},
	{"query_sm", byServe, querySM},
	{"throttling", byServe, throttling},
	{"enquire_link by the peer", byServe, enquireByPeer},
	{"enquire_link by us", byServe, enquireByUs},
	{"TLS", byLibrary, overTLS},
	{"unbind by the peer", byServe, unbindByPeer},
	{"unbind by us", byServe, unbindByUs},
}

// play runs all exchanges with a client.
func play(t *testing.T, peer string, make func(t *testing.T, w *wire) esme) {
	centre := &sink{keep: true}
	ln := listen(t)
	serveSink(t, centre, ln, smpp.ServerConfig{})
	gw := serveGateway(t, setting{centre: "smpp://" + ln.Addr().String(), password: password, enquireLink: "1s"})
	for _, x := range clientExchanges {
		t.Run(x.name, func(t *testing.T) {
			s := &scene{t: t, wire: newWire(t), sink: centre, gw: gw}
			if x.by == byServe {
				s.wire.relay(gw.addr, false)
				centre.forget()
			} else {
				s.serve(x.name == "TLS")
			}
			s.esme = make(t, s.wire)
			defer s.esme.Close()
			judge(t, asClient, peer, &x, x.do(s))
		})
	}
}

func (s *sink) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.submit, s.data = nil, nil
}

// serve has smpp.Server in the place of the gateway.
func (s *scene) serve(secure bool) {
	s.gw, s.sink = nil, &sink{keep: true}
	ln := listen(s.t)
	s.wire.addr = ln.Addr().String()
	if secure {
		s.cert = newCertificate(s.t)
		ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{s.cert.pair}})
	}
	serveSink(s.t, s.sink, smpp.TapListener(ln, s.wire.tap), smpp.ServerConfig{})
}

// bound binds the client as transceiver.
func (s *scene) bound() error { return s.boundAs(smpp.CommandBindTransceiver, account) }

func (s *scene) boundAs(mode smpp.CommandID, system string) error {
	b := bind{addr: s.wire.addr, mode: mode, system: system, password: password, tls: s.cert}
	if err := s.Bind(b); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	return s.wire.had(true, mode, 1, smpp.StatusOK)
}

func bindAs(mode smpp.CommandID) func(*scene) error {
	return func(s *scene) error { return s.boundAs(mode, account) }
}

func wrongPassword(s *scene) error {
	err := s.Bind(bind{addr: s.wire.addr, mode: smpp.CommandBindTransceiver, system: account, password: "wrong"})
	if err == nil {
		return errors.New("the peer says that it is bound")
	}
	if errors.As(err, new(absent)) {
		return err
	}
	return s.wire.had(true, smpp.CommandBindTransceiver, 1, smpp.StatusInvalidPassword)
}

// submitted is what the client's nth submit_sm was answered with.
func (s *scene) submitted(n int) (q *smpp.SubmitSM, id string, err error) {
	req, resp, err := s.wire.exchanged(true, smpp.CommandSubmitSM, n, smpp.StatusOK)
	if err != nil {
		return nil, "", err
	}
	return req.Body.(*smpp.SubmitSM), string(resp.Body.(*smpp.SubmitSMResp).MessageID), nil
}

func submitWithReceipt(s *scene) error {
	if err := errors.Join(s.bound(), s.Submit(message{text: "hello", receipt: true})); err != nil {
		return err
	}
	_, id, err := s.submitted(1)
	if err != nil {
		return err
	}
	d, _, err := s.wire.exchanged(false, smpp.CommandDeliverSM, 1, smpp.StatusOK)
	if err != nil {
		return err
	}
	body := d.Body.(*smpp.DeliverSM)
	r, err := smpp.ParseReceipt(body.ShortMessage, nil)
	if err != nil || r.ID != id || r.Stat != smpp.MessageDelivered {
		return fmt.Errorf("the receipt of %s is %q: %v", id, body.ShortMessage, err)
	}
	return heard(s, "id:"+id)
}

// atCentre waits for n messages behind the gateway.
func (s *scene) atCentre(n int) ([]*smpp.SubmitSM, error) {
	if !eventually(func() bool { return len(s.sink.submits()) >= n }) {
		return nil, fmt.Errorf("%d messages have reached the centre instead of %d", len(s.sink.submits()), n)
	}
	return s.sink.submits(), nil
}

const longText = "This is a text of more than one hundred and sixty characters, which no short message can hold as a whole, so that it goes in " +
	"several of them, each with a header that says which message it is a part of, and the how manieth."

func longUDH(s *scene) error {
	if err := errors.Join(s.bound(), s.Long(longText)); err != nil {
		return err
	}
	var whole []byte
	parts := 0
	for len(whole) < len(longText) {
		parts++
		sent, _, err := s.submitted(parts)
		if err != nil {
			return err
		}
		if sent.ESMClass&0x40 == 0 {
			return fmt.Errorf("part %d has esm_class %x", parts, sent.ESMClass)
		}
		// Those that are under way together may pass one another.
		if !eventually(func() bool {
			return slices.ContainsFunc(s.sink.submits(), func(got *smpp.SubmitSM) bool {
				return got.ESMClass == sent.ESMClass && bytes.Equal(got.ShortMessage, sent.ShortMessage)
			})
		}) {
			return fmt.Errorf("part %d, %x, is not at the centre", parts, sent.ShortMessage)
		}
		whole = append(whole, sent.ShortMessage[1+int(sent.ShortMessage[0]):]...)
	}
	if string(whole) != longText || parts < 2 {
		return fmt.Errorf("%d parts are %q", parts, whole)
	}
	return nil
}

func longSAR(s *scene) error {
	if err := s.bound(); err != nil {
		return err
	}
	for i := range uint16(2) {
		if err := s.Submit(message{text: fmt.Sprintf("part %d", i+1), sar: [3]uint16{0x1234, 2, i + 1}}); err != nil {
			return err
		}
		if _, _, err := s.submitted(int(i) + 1); err != nil {
			return err
		}
	}
	all, err := s.atCentre(2)
	if err != nil {
		return err
	}
	for i, sent := range []string{"part 1", "part 2"} {
		at := slices.IndexFunc(all, func(p *smpp.SubmitSM) bool { return string(p.ShortMessage) == sent })
		if at < 0 {
			return fmt.Errorf("%s is not at the centre", sent)
		}
		got := all[at]
		ref, _ := got.TLVs.Find(smpp.TagSARMsgRefNum)
		total, _ := got.TLVs.Find(smpp.TagSARTotalSegments)
		number, _ := got.TLVs.Find(smpp.TagSARSegmentSeqnum)
		if said := fmt.Sprintf("%x %x %x", ref, total, number); said != fmt.Sprintf("1234 02 %02x", i+1) {
			return fmt.Errorf("SAR of segment %d is %s", i+1, said)
		}
	}
	return nil
}

func longPayload(s *scene) error {
	if err := errors.Join(s.bound(), s.Submit(message{text: longText, payload: true})); err != nil {
		return err
	}
	if _, _, err := s.submitted(1); err != nil {
		return err
	}
	all, err := s.atCentre(1)
	if err != nil {
		return err
	}
	if got, _ := all[0].TLVs.Find(smpp.TagMessagePayload); string(got) != longText || len(all[0].ShortMessage) != 0 {
		return fmt.Errorf("message_payload is %q", got)
	}
	return nil
}

// fromCentre has the centre behind the gateway send something, which the client has to
// get from the gateway.
func (s *scene) fromCentre(system, text string, send func(context.Context, *smpp.BoundPeer) (smpp.Status, error), id smpp.CommandID) error {
	if err := s.boundAs(smpp.CommandBindTransceiver, system); err != nil {
		return err
	}
	if !eventually(func() bool { return s.sink.bound() != nil }) {
		return errors.New("the gateway does not bind to the centre")
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	if status, err := send(ctx, s.sink.bound()); err != nil || status != smpp.StatusOK {
		return fmt.Errorf("the gateway answers with %s: %w", status, err)
	}
	if err := s.wire.had(false, id, 1, smpp.StatusOK); err != nil {
		return err
	}
	return heard(s, text)
}

func fromHandset(s *scene) error {
	const text = "hello from a handset"
	p := &smpp.DeliverSM{SourceAddr: []byte(handset), DestinationAddr: []byte("2280"), ShortMessage: []byte(text)}
	return s.fromCentre(account, text, func(ctx context.Context, b *smpp.BoundPeer) (smpp.Status, error) { return b.DeliverSM(ctx, p) }, smpp.CommandDeliverSM)
}

// dataToPeer has an account of its own: a peer that such a message makes end its bind
// gets it again whenever it binds.
func dataToPeer(s *scene) error {
	const text = "data from a handset"
	p := &smpp.DataSM{SourceAddr: []byte(handset), DestinationAddr: []byte("99")}
	p.TLVs = smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(text)}}
	return s.fromCentre("data", text, func(ctx context.Context, b *smpp.BoundPeer) (smpp.Status, error) { return b.DataSM(ctx, p) }, smpp.CommandDataSM)
}

func dataSM(s *scene) error {
	if err := errors.Join(s.bound(), s.DataSM("hello as data")); err != nil {
		return err
	}
	if err := s.wire.had(true, smpp.CommandDataSM, 1, smpp.StatusOK); err != nil {
		return err
	}
	if !eventually(func() bool { return len(s.sink.datas()) == 1 }) {
		return errors.New("the data_sm does not reach the centre")
	}
	if got, _ := s.sink.datas()[0].TLVs.Find(smpp.TagMessagePayload); string(got) != "hello as data" {
		return fmt.Errorf("the centre has %q", got)
	}
	return nil
}

func querySM(s *scene) error {
	if err := errors.Join(s.bound(), s.Submit(message{text: "hello"})); err != nil {
		return err
	}
	_, id, err := s.submitted(1)
	if err != nil {
		return err
	}
	if err := s.QuerySM(id); err != nil {
		return err
	}
	_, a, err := s.wire.exchanged(true, smpp.CommandQuerySM, 1, smpp.StatusOK)
	if err != nil {
		return err
	}
	if got := a.Body.(*smpp.QuerySMResp); string(got.MessageID) != id || got.MessageState == 0 {
		return fmt.Errorf("query_sm_resp is %+v", got)
	}
	return nil
}

// throttling: over the rate of its account a client is refused, and what it sends again
// later is taken.
func throttling(s *scene) error {
	const n = 12
	if err := s.boundAs(smpp.CommandBindTransceiver, "slow"); err != nil {
		return err
	}
	for i := range n {
		m := message{text: fmt.Sprintf("message %d", i)}
		for err := s.Submit(m); err != nil; err = s.Submit(m) {
			if !errors.Is(err, errThrottled) {
				return err
			}
			<-time.After(100 * time.Millisecond) // a client that waits, and begins again
		}
	}
	// A client may take its time.
	if !testwait.For(3*patience, func() bool { return len(s.sink.submits()) >= n }) {
		return fmt.Errorf("of %d messages the centre has %d", n, len(s.sink.submits()))
	}
	all := s.sink.submits()
	have := map[string]int{}
	for _, p := range all {
		have[string(p.ShortMessage)]++
	}
	refused := 0
	for _, a := range s.wire.all(false, smpp.CommandSubmitSMResp) {
		if a.Status == smpp.StatusThrottled {
			refused++
		}
	}
	if len(have) != n || len(all) != n || refused == 0 {
		return fmt.Errorf("of %d messages the centre has %d, %d of them different, and %d were refused", n, len(all), len(have), refused)
	}
	return nil
}

func enquireByPeer(s *scene) error {
	if err := errors.Join(s.bound(), s.Enquire()); err != nil {
		return err
	}
	return s.wire.had(true, smpp.CommandEnquireLink, 1, smpp.StatusOK)
}

func enquireByUs(s *scene) error {
	if err := s.bound(); err != nil {
		return err
	}
	return s.wire.had(false, smpp.CommandEnquireLink, 1, smpp.StatusOK)
}

func overTLS(s *scene) error {
	if err := errors.Join(s.bound(), s.Submit(message{text: "hello"})); err != nil {
		return err
	}
	_, _, err := s.submitted(1)
	return err
}

func unbindByPeer(s *scene) error {
	if err := errors.Join(s.bound(), s.Unbind()); err != nil {
		return err
	}
	return s.wire.had(true, smpp.CommandUnbind, 1, smpp.StatusOK)
}

// unbindByUs looks for the answer at once: the gateway has ended.
func unbindByUs(s *scene) error {
	if err := s.bound(); err != nil {
		return err
	}
	s.gw.stop()
	q, err := s.wire.wait(false, smpp.CommandUnbind, 1)
	if err != nil {
		return err
	}
	for _, a := range s.wire.all(true, smpp.CommandUnbindResp) {
		if a.Sequence == q.Sequence && a.Status == smpp.StatusOK {
			return nil
		}
	}
	return errors.New("unbind has no answer")
}

// certificate is one of 127.0.0.1, and the authority that vouches for it.
type certificate struct {
	pair                         tls.Certificate
	pool                         *x509.CertPool
	certFile, keyFile, authority string
}

func newCertificate(t *testing.T) *certificate {
	t.Helper()
	ca, dir := testcert.New(t), t.TempDir()
	c := &certificate{pair: ca.Pair("127.0.0.1"), pool: ca.Pool, authority: ca.WriteOwn(filepath.Join(dir, "ca"))}
	c.certFile, c.keyFile = ca.Write(filepath.Join(dir, "server"), c.pair)
	return c
}

// inbox is what a client's application was handed.
type inbox struct{ lines chan string }

func newInbox() *inbox { return &inbox{make(chan string, 1000)} }

func (i *inbox) put(text string) { i.lines <- text }

// Heard looks at all that has come, in their order.
func (i *inbox) Heard(part string) bool {
	for {
		select {
		case l := <-i.lines:
			if strings.Contains(l, part) {
				return true
			}
		default:
			return false
		}
	}
}
