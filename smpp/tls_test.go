package smpp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/testcert"
	"github.com/otagate/otagate/smpp"
)

// serveTLS is serve on a listener of TLS.
func serveTLS(t *testing.T, conf *tls.Config, cfg smpp.ServerConfig, h smpp.Handler) (*smpp.Server, string) {
	t.Helper()
	ln, err := tls.Listen("tcp", "127.0.0.1:0", conf)
	if err != nil {
		t.Fatal(err)
	}
	cfg.BindFailureDelay = time.Millisecond
	s := smpp.NewServer(cfg, h, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return s, ln.Addr().String()
}

func TestTLS(t *testing.T) {
	a := testcert.New(t)
	h := newEverything()
	_, addr := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}}, smpp.ServerConfig{Accounts: esme(t)}, h)
	e, err := smpp.ParseEndpoint("ssmpp://" + addr)
	if err != nil || !e.TLS {
		t.Fatal(e, err)
	}
	got := make(chan string, 1)
	cl := dial(t, e.Address, smpp.ClientConfig{TLS: &tls.Config{RootCAs: a.Pool},
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status { got <- string(p.ShortMessage); return smpp.StatusOK }})
	for range 100 {
		if r, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); err != nil || r.MessageID != "m1" {
			t.Fatal(r, err)
		}
	}
	b := <-h.bound
	if st, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{ShortMessage: []byte("hello")}); err != nil || st != smpp.StatusOK || <-got != "hello" {
		t.Error(st, err)
	}
	if err := cl.Close(); err != nil || cl.Reason() != smpp.ReasonUnbindSent {
		t.Error(err, cl.Reason())
	}
	cfg := smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "secret", TLS: &tls.Config{}}
	var unknown x509.UnknownAuthorityError
	if _, err := smpp.Dial(context.Background(), cfg); !errors.As(err, &unknown) {
		t.Errorf("a certificate of nobody: %v", err)
	}
	_, plain := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	cfg.Address = plain
	if _, err := smpp.Dial(context.Background(), cfg); err == nil {
		t.Error("TLS with a server that has none")
	}
}

// TestTLSOutbind does it over TLS in the other direction.
func TestTLSOutbind(t *testing.T) {
	a := testcert.New(t)
	s := serveForOutbind(t, smpp.ServerConfig{Accounts: esme(t)}, newEverything())
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}})
	if err != nil {
		t.Fatal(err)
	}
	clients := serveOutbind(t, ln, outbound())
	nc, err := tls.Dial("tcp", ln.Addr().String(), &tls.Config{RootCAs: a.Pool})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Outbind(context.Background(), nc, &smpp.Outbind{SystemID: []byte("centre"), Password: []byte("ring")}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the client", clients)
}

// TestTLSGarbage: who does not speak TLS is closed and counted, who is silent
// too, and neither is in the way of those who do.
func TestTLSGarbage(t *testing.T) {
	a := testcert.New(t)
	conf := &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}}
	var s *smpp.Server
	t.Cleanup(func() { // when Serve has returned, so that all is counted
		st := s.Stats()
		if n := st.Reasons[smpp.ReasonTLSHandshake.String()]; n != 4 || st.Accepted != 6 {
			t.Errorf("%d handshakes failed, of %d connections", n, st.Accepted)
		}
		if n := st.Reasons[smpp.ReasonSessionInit.String()]; n != 1 {
			t.Errorf("%d had no bind in time", n)
		}
	})
	var addr string
	s, addr = serveTLS(t, conf, smpp.ServerConfig{Accounts: esme(t), SessionInit: time.Second}, handlerFunc(accept))
	silent := connect(t, addr)
	began := time.Now()
	cl := dial(t, addr, smpp.ClientConfig{TLS: &tls.Config{RootCAs: a.Pool}}) // does not wait for the silent one
	for _, garbage := range []string{"GET / HTTP/1.0\r\n\r\n", string(encode(t, 0, 0, 1, bindPDU(smpp.CommandBindTransceiver, "esme", "secret"))), "\x16\x03\x01\xff\xff\x01\x00\x00\x00\x00"} {
		p := connect(t, addr)
		p.raw([]byte(garbage))
		p.ends()
	}
	silent.ends()
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("the silent one was borne for %v", d)
	}
	if r, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); err != nil || r.Status != smpp.StatusOK {
		t.Error(r, err)
	}
	// Shaking hands and then silence comes to the same.
	nc, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: a.Pool})
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	(&peer{t, nc}).ends()
}

// ends reads until the connection has ended, whatever comes.
func (p *peer) ends() {
	p.t.Helper()
	p.nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	for b := make([]byte, 1024); ; {
		if _, err := p.nc.Read(b); err != nil {
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				p.t.Fatal("the connection does not end")
			}
			return
		}
	}
}

// TestTLSShutdown: a handshake on its way does not hold up the end.
func TestTLSShutdown(t *testing.T) {
	a := testcert.New(t)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}})
	if err != nil {
		t.Fatal(err)
	}
	s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), SessionInit: time.Hour, ShutdownTimeout: time.Hour}, handlerFunc(accept), zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	first := connect(t, ln.Addr().String())
	first.raw([]byte{0x16}) // a beginning
	// Connections are accepted in turn: once this one has failed, the first is there.
	second := connect(t, ln.Addr().String())
	second.raw([]byte("no TLS at all"))
	second.ends()
	cancel()
	if err := waitFor(t, "the end", ended); err != nil {
		t.Error(err)
	}
}

// TestCertificates: who binds as an account has to show its certificate, if it
// asks for one.
func TestCertificates(t *testing.T) {
	a, other := testcert.New(t), testcert.New(t)
	id, _ := url.Parse("urn:esme:7")
	accounts := func(name string) []smpp.Account {
		return []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), CertificateName: name}}
	}
	right := a.Issue(&x509.Certificate{Subject: pkix.Name{CommonName: "ivr one"}, DNSNames: []string{"ivr.example"},
		EmailAddresses: []string{"ivr@example"}, URIs: []*url.URL{id}})
	foreign := other.Issue(&x509.Certificate{Subject: pkix.Name{CommonName: "ivr one"}})
	verify := &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}, ClientCAs: a.Pool, ClientAuth: tls.VerifyClientCertIfGiven}
	trusting := &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}, ClientAuth: tls.RequestClientCert}
	none := tls.Certificate{}
	for name, c := range map[string]struct {
		conf    *tls.Config
		account string
		shown   tls.Certificate
		want    smpp.Status
	}{
		"CN":             {verify, "ivr one", right, smpp.StatusOK},
		"DNS":            {verify, "IVR.example", right, smpp.StatusOK},
		"e-mail":         {verify, "ivr@example", right, smpp.StatusOK},
		"URI":            {verify, "urn:esme:7", right, smpp.StatusOK},
		"another":        {verify, "ivr two", right, smpp.StatusBindFailed},
		"none":           {verify, "ivr one", none, smpp.StatusBindFailed},
		"not asked for":  {verify, "", none, smpp.StatusOK},
		"never verified": {trusting, "ivr one", foreign, smpp.StatusBindFailed},
	} {
		s, addr := serveTLS(t, c.conf, smpp.ServerConfig{Accounts: accounts(c.account)}, handlerFunc(accept))
		conf := &tls.Config{RootCAs: a.Pool}
		if c.shown.Leaf != nil {
			conf.Certificates = []tls.Certificate{c.shown}
		}
		cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "secret", TLS: conf})
		var refused *smpp.BindError
		switch {
		case err == nil:
			cl.Close()
			if c.want != smpp.StatusOK {
				t.Errorf("%s: bound", name)
			}
		case !errors.As(err, &refused) || refused.Status != c.want:
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if n := s.Stats().Reasons[smpp.ReasonCertificate.String()]; (n == 1) != (c.want != smpp.StatusOK) {
			t.Errorf("%s: counted %d", name, n)
		}
	}
	// Without TLS there is no certificate at all.
	_, addr := serve(t, smpp.ServerConfig{Accounts: accounts("ivr one")}, handlerFunc(accept))
	p := connect(t, addr)
	p.send(0, 0, 1, bindPDU(smpp.CommandBindTransmitter, "esme", "secret"))
	p.want(smpp.CommandBindTransmitterResp, smpp.StatusBindFailed, 1)

	if err := (smpp.ServerConfig{Accounts: accounts(""), RequireCertificates: true}).Validate(); err == nil {
		t.Error("an account without a certificate's name is taken")
	}
	if err := (smpp.ServerConfig{Accounts: accounts("ivr one"), RequireCertificates: true}).Validate(); err != nil {
		t.Error(err)
	}
}

// TestTapOfTLS: a tap stands between TLS and SMPP, and the handshake is seen
// through it.
func TestTapOfTLS(t *testing.T) {
	a := testcert.New(t)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{a.Pair("127.0.0.1")}, ClientCAs: a.Pool, ClientAuth: tls.RequireAndVerifyClientCert})
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan smpp.CommandID, 10)
	note := func(b []byte) {
		if p, err := smpp.DecodePDU(b); err == nil {
			seen <- p.CommandID
		}
	}
	tapped := smpp.TapListener(ln, func(net.Addr) (sent, received func([]byte)) { return note, note })
	s := smpp.NewServer(smpp.ServerConfig{Accounts: []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), CertificateName: "ivr"}}}, handlerFunc(accept), zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, tapped) }()
	client := a.Issue(&x509.Certificate{Subject: pkix.Name{CommonName: "ivr"}})
	cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: ln.Addr().String(), SystemID: "esme", Password: "secret",
		TLS: &tls.Config{RootCAs: a.Pool, Certificates: []tls.Certificate{client}}})
	if err != nil {
		t.Fatal(err)
	}
	cl.Close()
	if id := waitFor(t, "the bind", seen); id != smpp.CommandBindTransceiver {
		t.Error(id)
	}
	cancel()
	if err := waitFor(t, "the end", ended); err != nil {
		t.Error(err)
	}
}

func TestParseEndpoint(t *testing.T) {
	for in, want := range map[string]string{
		"smpp://smsc.example":            "smpp://smsc.example:2775",
		"ssmpp://smsc.example":           "ssmpp://smsc.example:3550",
		"smpp://192.0.2.1:16000/":        "smpp://192.0.2.1:16000",
		"ssmpp://[2001:db8::1]":          "ssmpp://[2001:db8::1]:3550",
		"SMPP://smsc.example:1":          "smpp://smsc.example:1",
		"smsc.example:2775":              "",
		"http://smsc.example":            "",
		"smpp://":                        "",
		"smpp://:2775":                   "",
		"smpp://smsc.example:0":          "",
		"smpp://smsc.example:70000":      "",
		"smpp://smsc.example:x":          "",
		"smpp://esme:secret@smsc":        "",
		"smpp://smsc.example/path":       "",
		"smpp://smsc.example?window=10":  "",
		"smpp://smsc.example#fragment":   "",
		"smpp://es:secret@smsc:x":        "",
		"ftp://esme:secret@smsc.example": "",
	} {
		e, err := smpp.ParseEndpoint(in)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", in, err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error shows the password: %v", in, err)
			}
			continue
		}
		if e.String() != want {
			t.Errorf("%s: %s, want %q", in, e, want)
		}
	}
}

// TestTwoListeners: one server, with TLS and without.
func TestTwoListeners(t *testing.T) {
	a := testcert.New(t)
	s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept), zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	var clients []*smpp.Client
	for _, with := range []*tls.Config{nil, {Certificates: []tls.Certificate{a.Pair("127.0.0.1")}}} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		cfg := smpp.ClientConfig{Address: ln.Addr().String(), SystemID: "esme", Password: "secret"}
		if with != nil {
			ln, cfg.TLS = tls.NewListener(ln, with), &tls.Config{RootCAs: a.Pool}
		}
		go func() { ended <- s.Serve(ctx, ln) }()
		cl, err := smpp.Dial(context.Background(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		clients = append(clients, cl)
	}
	if n := len(s.Receivers("esme")); n != 2 {
		t.Errorf("%d are bound", n)
	}
	cancel()
	for _, cl := range clients {
		waitFor(t, "the end", cl.Done())
		if cl.Reason() != smpp.ReasonUnbindReceived {
			t.Error(cl.Reason())
		}
		if err := waitFor(t, "the end of Serve", ended); err != nil {
			t.Error(err)
		}
	}
}
