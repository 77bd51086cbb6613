package rendezvous_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/internal/gateway/web/webtest"
	"github.com/otagate/otagate/internal/testcert"
)

// authority signs certificates of RSA, as handsets of old have them.
type authority struct{ *testcert.Authority }

func newAuthority(t *testing.T) authority { return authority{testcert.NewRSA(t)} }

// served is the configuration of a server with a certificate.
func (a authority) served(t *testing.T, edit func(*configs.IOTA)) configs.IOTA {
	t.Helper()
	c := config()
	c.Certificate, c.Key = a.Write(filepath.Join(t.TempDir(), "a"), a.Pair("127.0.0.1"))
	edit(&c)
	return c
}

// TestTLS has who gets through to a server that speaks HTTPS.
func TestTLS(t *testing.T) {
	ours, others := newAuthority(t), newAuthority(t)
	ca := ours.WriteOwn(filepath.Join(t.TempDir(), "ca"))
	handset, stranger := ours.Pair("127.0.0.1"), others.Pair("127.0.0.1")
	given := func(c *configs.IOTA) { c.ClientCA = ca }
	required := func(c *configs.IOTA) { c.ClientCA, c.ClientRequired = ca, true }
	min := func(version string) func(*configs.IOTA) { return func(c *configs.IOTA) { c.TLSMin = version } }
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}}
	with := func(c tls.Certificate) *tls.Config {
		// Sent even where the server names other authorities.
		return &tls.Config{GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &c, nil }}
	}
	for _, tt := range []struct {
		what   string
		server func(*configs.IOTA)
		client *tls.Config
		ok     bool
	}{
		{"plain TLS", min("1.2"), &tls.Config{}, true},
		{"1.1 before 1.2", min("1.2"), &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},
		{"default", min(""), &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},
		{"1.1", min("1.1"), &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, true},
		{"1.0 before 1.1", min("1.1"), old, false},
		{"1.0", min("1.0"), old, true},
		{"1.0 and today's", min("1.0"), &tls.Config{MinVersion: tls.VersionTLS13}, true},
		{"1.2 before 1.3", min("1.3"), &tls.Config{MaxVersion: tls.VersionTLS12}, false},
		{"none where some are taken", given, &tls.Config{}, true},
		{"ours where some are taken", given, with(handset), true},
		{"another's where some are taken", given, with(stranger), false},
		{"none where one is needed", required, &tls.Config{}, false},
		{"ours where one is needed", required, with(handset), true},
		{"another's where one is needed", required, with(stranger), false},
		{"any where nobody asks", min("1.2"), with(stranger), true},
	} {
		s, f, _ := newServer(t, ours.served(t, tt.server))
		s.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
		tt.client.RootCAs = ours.Pool
		resp, err := overTLS(t, s, tt.client)
		if (err == nil) != tt.ok || tt.ok && (resp.StatusCode != 200 || resp.ProtoMajor != 1) || len(f.events()) != map[bool]int{true: 1}[tt.ok] {
			t.Errorf("%s: %+v, %v, heard %q", tt.what, resp, err, f.events())
		}
	}
}

// overTLS calls back.
func overTLS(t *testing.T, s *rendezvous.Server, c *tls.Config) (*http.Response, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	tr := &http.Transport{TLSClientConfig: c, ForceAttemptHTTP2: true}
	resp, err := (&http.Client{Transport: tr}).Get("https://" + l.Addr().String() + path(""))
	if err == nil {
		resp.Body.Close()
	}
	tr.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return resp, err
}

// TestWarnings: what is weak is said loudly, and nothing where nothing is.
func TestWarnings(t *testing.T) {
	a := newAuthority(t)
	for _, tt := range []struct {
		what, at, want string
		c              configs.IOTA
	}{
		{"old TLS", "192.0.2.1:1", "TLS BELOW 1.2 IS BROKEN", a.served(t, func(c *configs.IOTA) { c.TLSMin = "1.0" })},
		{"TLS", "192.0.2.1:1", "", a.served(t, func(*configs.IOTA) {})},
		{"plain", "192.0.2.1:1", "HTTP without TLS", config()},
		{"plain on this machine", "127.0.0.1:1", "", config()},
		{"trust", "127.0.0.1:1", "boot.trust_query: anybody", func() configs.IOTA { c := config(); anybody(&c); return c }()},
	} {
		s, _, log := newServer(t, tt.c)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Serve(ctx, at{webtest.Listen(), tt.at}); err != nil {
			t.Error(err)
		}
		if got := log.String(); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) || tt.want != "" && strings.Count(got, `"level":"warn"`) != 1 {
			t.Errorf("%s: %s", tt.what, got)
		}
	}
}

// at is a listener at another address.
type at struct {
	net.Listener
	addr string
}

func (a at) Addr() net.Addr { return webtest.Addr(a.addr) }

// TestNew has what keeps a server from being made.
func TestNew(t *testing.T) {
	a := newAuthority(t)
	for what, edit := range map[string]func(*configs.IOTA){
		"iota.base":        func(c *configs.IOTA) { c.Base = "/geheim" },
		"iota.proxies":     func(c *configs.IOTA) { c.Proxies = []string{"10"} },
		"iota.dialect":     func(c *configs.IOTA) { c.Dialect = "latin" },
		"iota.certificate": func(c *configs.IOTA) { c.Key = "geheim" },
		"iota.client_ca":   func(c *configs.IOTA) { c.ClientCA = c.Key },
		"iota.tls_min":     func(c *configs.IOTA) { c.TLSMin = "0.9" },
	} {
		_, err := rendezvous.New(a.served(t, edit), &fake{}, rendezvous.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), what) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := rendezvous.New(config(), nil, rendezvous.Options{}); err == nil {
		t.Error("without sessions")
	}
}
