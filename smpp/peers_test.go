package smpp_test

import (
	"fmt"
	"testing"
	"time"

	fiorix "github.com/fiorix/go-smpp/smpp"
	fpdu "github.com/fiorix/go-smpp/smpp/pdu"
	"github.com/fiorix/go-smpp/smpp/pdu/pdufield"
	"github.com/fiorix/go-smpp/smpp/pdu/pdutext"
	"github.com/fiorix/go-smpp/smpp/smpptest"
	"github.com/linxGnu/gosmpp"
	"github.com/linxGnu/gosmpp/data"
	gpdu "github.com/linxGnu/gosmpp/pdu"

	"github.com/otagate/otagate/smpp"
)

// echo answers submit_sm and sends its text back with deliver_sm.
func echo(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	r.Respond(smpp.StatusOK, "id-"+string(p.DestinationAddr))
	back := &smpp.DeliverSM{SourceAddr: p.DestinationAddr, DestinationAddr: p.SourceAddr, DataCoding: p.DataCoding, ShortMessage: p.ShortMessage}
	// A full window shows as a message that the test waits for in vain.
	_ = b.SendDeliverSM(back, func(smpp.Status, error) {})
}

func waitFor[T any](t *testing.T, what string, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("%s does not come", what)
		panic("unreachable")
	}
}

func TestGoSMPPClient(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, handlerFunc(echo))
	got := make(chan string, 10)
	cl := &fiorix.Transceiver{Addr: addr, User: "esme", Passwd: "secret", RespTimeout: 5 * time.Second,
		Handler: func(p fpdu.Body) {
			if p.Header().ID == fpdu.DeliverSMID {
				got <- p.Fields()[pdufield.ShortMessage].String()
			}
		}}
	if st := waitFor(t, "the bind", cl.Bind()); st.Status() != fiorix.Connected {
		t.Fatal(st.Status(), st.Error())
	}
	sm, err := cl.Submit(&fiorix.ShortMessage{Src: "2280", Dst: "12025550123", Text: pdutext.Raw("hello")})
	if err != nil || sm.RespID() != "id-12025550123" {
		t.Fatal(sm, err)
	}
	if s := waitFor(t, "the echo", got); s != "hello" {
		t.Errorf("got %q", s)
	}
	if err := cl.Close(); err != nil {
		t.Error(err)
	}
}

func TestGosmppClient(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, handlerFunc(echo))
	ids, texts := make(chan string, 10), make(chan string, 10)
	session, err := gosmpp.NewSession(
		gosmpp.TRXConnector(gosmpp.NonTLSDialer, gosmpp.Auth{SMSC: addr, SystemID: "esme", Password: "secret"}),
		gosmpp.Settings{ReadTimeout: 10 * time.Second, OnPDU: func(p gpdu.PDU, _ bool) {
			switch m := p.(type) {
			case *gpdu.SubmitSMResp:
				ids <- m.MessageID
			case *gpdu.DeliverSM:
				text, _ := m.Message.GetMessage()
				texts <- text
			}
		}}, -1)
	if err != nil {
		t.Fatal(err)
	}
	m := gpdu.NewSubmitSM().(*gpdu.SubmitSM)
	m.DestAddr, _ = gpdu.NewAddressWithTonNpiAddr(1, 1, "12025550123")
	if err := m.Message.SetMessageWithEncoding("grüße", data.UCS2); err != nil {
		t.Fatal(err)
	}
	if err := session.Transceiver().Submit(m); err != nil {
		t.Fatal(err)
	}
	if id := waitFor(t, "the response", ids); id != "id-12025550123" {
		t.Errorf("message_id %q", id)
	}
	if text := waitFor(t, "the echo", texts); text != "grüße" {
		t.Errorf("got %q", text)
	}
	// Its error says whether it or the server closed the socket first.
	_ = session.Close()
}

func TestClientAgainstGoSMPPServer(t *testing.T) {
	ended := make(chan struct{})
	srv := smpptest.NewUnstartedServer()
	srv.Handler = func(c smpptest.Conn, m fpdu.Body) {
		switch m.Header().ID {
		case fpdu.SubmitSMID:
			r := fpdu.NewSubmitSMResp()
			r.Header().Seq = m.Header().Seq
			r.Fields().Set(pdufield.MessageID, "m-"+m.Fields()[pdufield.DestinationAddr].String())
			c.Write(r)
		case fpdu.UnbindID:
			r := fpdu.NewUnbindResp()
			r.Header().Seq = m.Header().Seq
			c.Write(r)
		}
	}
	go func() {
		defer close(ended)
		srv.Serve()
	}()
	defer func() { srv.Close(); <-ended }()
	// The bind response of this server carries a number of its own. Ours must
	// be the same for the bind to stand, so that the codec alone is tried here.
	nc := connect(t, srv.Addr())
	nc.send(0, 0, 1, bindPDU(smpp.CommandBindTransceiver, smpptest.DefaultUser, smpptest.DefaultPasswd))
	if m := nc.read(); m.CommandID != smpp.CommandBindTransceiverResp || m.Status != smpp.StatusOK {
		t.Fatal(m)
	}
	nc.send(0, 0, 2, &smpp.SubmitSM{DestinationAddr: []byte("1"), ShortMessage: []byte("hello")})
	m := nc.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 2)
	if r := m.Body.(*smpp.SubmitSMResp); string(r.MessageID) != "m-1" {
		t.Errorf("message_id %q", r.MessageID)
	}
	nc.send(smpp.CommandUnbind, 0, 3, nil)
	nc.want(smpp.CommandUnbindResp, smpp.StatusOK, 3)
}

// TestGosmppOperations has somebody else's client send the operations beside
// submit_sm.
func TestGosmppOperations(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, newEverything())
	answers := make(chan string, 10)
	session, err := gosmpp.NewSession(
		gosmpp.TRXConnector(gosmpp.NonTLSDialer, gosmpp.Auth{SMSC: addr, SystemID: "esme", Password: "secret"}),
		gosmpp.Settings{ReadTimeout: 10 * time.Second, OnPDU: func(p gpdu.PDU, _ bool) {
			h := p.GetHeader()
			said := fmt.Sprintf("%s %s", smpp.CommandID(h.CommandID), smpp.Status(h.CommandStatus))
			switch m := p.(type) {
			case *gpdu.DataSMResp:
				said += " " + m.MessageID
			case *gpdu.SubmitMultiResp:
				said += fmt.Sprintf(" %s, %d failed", m.MessageID, len(m.UnsuccessSMEs.Get()))
			case *gpdu.QuerySMResp:
				said += fmt.Sprintf(" %s %s", m.MessageID, smpp.MessageState(m.MessageState))
			}
			answers <- said
		}}, -1)
	if err != nil {
		t.Fatal(err)
	}
	multi := gpdu.NewSubmitMulti().(*gpdu.SubmitMulti)
	to := gpdu.NewDestinationAddress()
	addr1, _ := gpdu.NewAddressWithTonNpiAddr(1, 1, "12025550123")
	to.SetAddress(addr1)
	nobody := gpdu.NewDestinationAddress()
	nobody.SetAddress(gpdu.NewAddress())
	multi.DestAddrs.Add(to, nobody)
	query := gpdu.NewQuerySM().(*gpdu.QuerySM)
	query.MessageID = "m1"
	cancel := gpdu.NewCancelSM().(*gpdu.CancelSM)
	replace := gpdu.NewReplaceSM().(*gpdu.ReplaceSM)
	replace.MessageID = "m1"
	data := gpdu.NewDataSM().(*gpdu.DataSM)
	data.DestAddr = addr1
	for _, c := range []struct {
		ask  gpdu.PDU
		want string
	}{
		{data, "data_sm_resp ESME_ROK data-12025550123"},
		{multi, "submit_multi_resp ESME_ROK multi, 1 failed"},
		{query, "query_sm_resp ESME_ROK m1 DELIVERED"},
		{cancel, "cancel_sm_resp ESME_RCANCELFAIL"},
		{replace, "replace_sm_resp ESME_ROK"},
	} {
		if err := session.Transceiver().Submit(c.ask); err != nil {
			t.Fatal(err)
		}
		if got := waitFor(t, c.want, answers); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	// Its error says whether it or the server closed the socket first.
	_ = session.Close()
}
