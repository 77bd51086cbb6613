package smpp_test

import (
	"context"
	"errors"
	"testing"

	"github.com/otagate/otagate/smpp"
)

// TestNegotiation: both sides know the lower one of their editions, and only
// those from 3.4 on are told ours.
func TestNegotiation(t *testing.T) {
	h := newEverything()
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	_, addr34 := serve(t, smpp.ServerConfig{Accounts: esme(t), InterfaceVersion: 0x34}, h)
	for _, c := range []struct {
		addr string
		says uint8
		want smpp.Version
	}{
		{addr, 0x00, smpp.Version33}, {addr, 0x33, smpp.Version33}, {addr, 0x34, smpp.Version34}, {addr, 0x4f, smpp.Version34},
		{addr, 0x50, smpp.Version50}, {addr, 0xff, smpp.Version50}, {addr34, 0x50, smpp.Version34}, {addr34, 0x33, smpp.Version33},
	} {
		p := connect(t, c.addr)
		b := bindPDU(smpp.CommandBindTransceiver, "esme", "secret")
		b.InterfaceVersion = c.says
		p.send(0, 0, 1, b)
		r := p.want(smpp.CommandBindTransceiverResp, smpp.StatusOK, 1).Body.(*smpp.BindResp)
		v, said := r.TLVs.Find(smpp.TagSCInterfaceVersion)
		if said != (c.want >= smpp.Version34) || said && smpp.Version(v[0]) != c.want || len(r.TLVs) > 1 {
			t.Errorf("%#x: answered with %v", c.says, r.TLVs)
		}
		if got := waitFor(t, "the bind", h.bound).Version(); got != c.want {
			t.Errorf("%#x: %s, want %s", c.says, got, c.want)
		}
		p.nc.Close()
	}
	for _, c := range []struct {
		addr string
		ours uint8
		want smpp.Version
	}{{addr, 0, smpp.Version34}, {addr, 0x33, smpp.Version33}, {addr, 0x50, smpp.Version50}, {addr34, 0x50, smpp.Version34}} {
		if got := dial(t, c.addr, smpp.ClientConfig{InterfaceVersion: c.ours}).Version(); got != c.want {
			t.Errorf("a client of %#x: %s, want %s", c.ours, got, c.want)
		}
		<-h.bound
	}
	cl, _ := dialCentre(t, smpp.ClientConfig{InterfaceVersion: 0x50}) // which does not say its own
	if cl.Version() != smpp.Version34 {
		t.Errorf("a silent centre is taken for %s", cl.Version())
	}
	if s := smpp.Version33.String() + smpp.Version50.String(); s != "3.35.0" {
		t.Error(s)
	}
}

// TestNoTLVsFor33: neither requests nor responses have any, and what needs them
// is refused before it is sent.
func TestNoTLVsFor33(t *testing.T) {
	h := newEverything()
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	s.SetCongestion(50)
	p := connect(t, addr)
	b := bindPDU(smpp.CommandBindTransceiver, "esme", "secret")
	b.InterfaceVersion = 0x33
	p.send(0, 0, 1, b)
	p.want(smpp.CommandBindTransceiverResp, smpp.StatusOK, 1)
	peer := <-h.bound

	m := &smpp.DeliverSM{ShortMessage: []byte("id:1"), TLVs: smpp.AppendReceiptTLVs(nil, "1", smpp.MessageDelivered, nil)}
	if err := peer.SendDeliverSM(m, func(smpp.Status, error) {}); err != nil {
		t.Fatal(err)
	}
	got := p.read().Body.(*smpp.DeliverSM)
	if len(got.TLVs) != 0 || string(got.ShortMessage) != "id:1" || len(m.TLVs) != 2 {
		t.Errorf("sent %+v, and the message is now %+v", got, m)
	}
	for name, err := range map[string]error{
		"payload": peer.SendDeliverSM(&smpp.DeliverSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("x")}}}, func(smpp.Status, error) {}),
		"port":    peer.SendDeliverSM(&smpp.DeliverSM{TLVs: smpp.TLVs{}.AppendU16(smpp.TagDestinationPort, 2948)}, func(smpp.Status, error) {}),
		"data_sm": peer.SendDataSM(&smpp.DataSM{}, func(smpp.Status, error) {}),
		"alert":   peer.AlertNotification(&smpp.AlertNotification{}),
	} {
		if !errors.Is(err, smpp.ErrVersion) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.send(0, 0, 2, &smpp.SubmitSM{})
	if r := p.want(smpp.CommandSubmitSMResp, 0, 2).Body.(*smpp.SubmitSMResp); len(r.TLVs) != 0 {
		t.Errorf("response with %v", r.TLVs)
	}
	p.send(0, 0, 3, &smpp.QuerySM{MessageID: []byte("m1")})
	if r := p.want(smpp.CommandQuerySMResp, 0, 3).Body.(*smpp.QuerySMResp); len(r.TLVs) != 0 {
		t.Errorf("response with %v", r.TLVs)
	}
	p.send(0, 0, 4, &smpp.DataSM{}) // is taken from whoever sends it
	p.want(smpp.CommandDataSMResp, 0, 4)
}

// TestClientOf33 has a centre that does 3.3 only.
func TestClientOf33(t *testing.T) {
	cl, p := dialCentre(t, smpp.ClientConfig{InterfaceVersion: 0x33})
	some := smpp.TLVs{}.AppendU8(smpp.TagPrivacyIndicator, 1)
	send := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		m := p.read()
		if tlvs := bodyTLVs(m.Body); len(tlvs) != 0 {
			t.Errorf("%s is sent with %v", m.CommandID, tlvs)
		}
		p.send(m.CommandID.Response(), smpp.StatusSystemError, m.Sequence, nil)
	}
	status := func(smpp.Status, error) {}
	send(cl.SubmitAsync(&smpp.SubmitSM{TLVs: some}, func(smpp.Status, *smpp.SubmitSMResp, error) {}))
	send(cl.SubmitMultiAsync(&smpp.SubmitMulti{TLVs: some}, func(smpp.Status, *smpp.SubmitMultiResp, error) {}))
	send(cl.QuerySMAsync(&smpp.QuerySM{TLVs: some}, func(smpp.Status, *smpp.QuerySMResp, error) {}))
	send(cl.CancelSMAsync(&smpp.CancelSM{TLVs: some}, status))
	send(cl.ReplaceSMAsync(&smpp.ReplaceSM{TLVs: some}, status))
	if _, _, err := cl.DataSM(context.Background(), &smpp.DataSM{}); !errors.Is(err, smpp.ErrVersion) {
		t.Errorf("data_sm: %v", err)
	}
}

// bodyTLVs are those of a request.
func bodyTLVs(b smpp.Body) smpp.TLVs {
	switch p := b.(type) {
	case *smpp.SubmitSM:
		return p.TLVs
	case *smpp.SubmitMulti:
		return p.TLVs
	case *smpp.QuerySM:
		return p.TLVs
	case *smpp.CancelSM:
		return p.TLVs
	case *smpp.ReplaceSM:
		return p.TLVs
	}
	return smpp.TLVs{{Tag: 0xffff}} // which nobody expects
}

// TestCongestionState is for peers of 5.0.
func TestCongestionState(t *testing.T) {
	h := newEverything()
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	ask := func(v uint8) (submit, query smpp.TLVs) {
		cl := dial(t, addr, smpp.ClientConfig{InterfaceVersion: v})
		<-h.bound
		got := make(chan smpp.TLVs, 1)
		if err := cl.SubmitAsync(&smpp.SubmitSM{}, func(_ smpp.Status, p *smpp.SubmitSMResp, _ error) { got <- p.TLVs.Clone() }); err != nil {
			t.Fatal(err)
		}
		_, r, err := cl.QuerySM(context.Background(), &smpp.QuerySM{MessageID: []byte("m")})
		if err != nil {
			t.Fatal(err)
		}
		return <-got, r.TLVs
	}
	for _, c := range []struct {
		state int
		says  uint8
		want  []byte
	}{{-1, 0x50, nil}, {0, 0x50, []byte{0}}, {80, 0x50, []byte{80}}, {1000, 0x50, []byte{100}}, {80, 0x34, nil}, {-7, 0x50, nil}} {
		s.SetCongestion(c.state)
		submit, query := ask(c.says)
		for _, tlvs := range []smpp.TLVs{submit, query} {
			v, _ := tlvs.Find(smpp.TagCongestionState)
			if string(v) != string(c.want) || len(tlvs) > 1 {
				t.Errorf("%d, to a peer of %#x: %v, want %v", c.state, c.says, tlvs, c.want)
			}
		}
	}
}
