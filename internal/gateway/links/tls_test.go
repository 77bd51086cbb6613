package links_test

import (
	"crypto/tls"
	"crypto/x509"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/testcert"
	"github.com/otagate/otagate/smpp"
)

// authority signs certificates, and has a folder for them.
type authority struct {
	*testcert.Authority
	dir string
}

func newAuthority(t *testing.T) authority { return authority{testcert.New(t), t.TempDir()} }

// serverCertificate is one of smsc.example, for a day.
func (a authority) serverCertificate() []tls.Certificate {
	return []tls.Certificate{a.Issue(&x509.Certificate{DNSNames: []string{"smsc.example"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})}
}

func (a authority) file() string { return a.WriteOwn(filepath.Join(a.dir, "ca")) }

// clientCertificate writes one of ours, for a day.
func (a authority) clientCertificate() (certFile, keyFile string) {
	return a.Write(filepath.Join(a.dir, "client"), a.Issue(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}))
}

// secure adds a centre with TLS, to which the link goes.
func (a authority) secure(l *lab) *centre {
	c := l.add("smsc.example:3550")
	c.tls = &tls.Config{Certificates: a.serverCertificate(), ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.Pool}
	l.cfg.URL, l.cfg.TLS.CA = "ssmpp://smsc.example", a.file()
	l.cfg.TLS.Certificate, l.cfg.TLS.Key = a.clientCertificate()
	return c
}

// TestTLS: both sides show a certificate, or there is no bind.
func TestTLS(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(l *lab, stranger authority, server *tls.Config)
		want string // of the last error; empty: bound
	}{
		{name: "both certificates"},
		{name: "1.2 is enough", edit: func(_ *lab, _ authority, s *tls.Config) { s.MaxVersion = tls.VersionTLS12 }},
		{name: "name of the certificate", edit: func(l *lab, _ authority, _ *tls.Config) {
			l.centres["other:3550"] = l.centres["smsc.example:3550"]
			l.cfg.URL, l.cfg.TLS.ServerName = "ssmpp://other", "smsc.example"
		}},
		{name: "wrong authority", edit: func(l *lab, a authority, _ *tls.Config) { l.cfg.TLS.CA = a.file() }, want: "certificate signed by unknown authority"},
		{name: "no authority", edit: func(l *lab, _ authority, _ *tls.Config) { l.cfg.TLS.CA = "" }, want: "certificate"},
		{name: "wrong name", want: "certificate is valid for smsc.example, not other", edit: func(l *lab, _ authority, _ *tls.Config) {
			l.centres["other:3550"] = l.centres["smsc.example:3550"]
			l.cfg.URL = "ssmpp://other"
		}},
		{name: "no certificate of ours", edit: func(l *lab, _ authority, _ *tls.Config) { l.cfg.TLS.Certificate, l.cfg.TLS.Key = "", "" }, want: "certificate required"},
		{name: "certificate of a stranger", want: "unknown certificate authority", edit: func(l *lab, a authority, s *tls.Config) {
			s.MaxVersion = tls.VersionTLS12 // of which our side hears before it binds
			l.cfg.TLS.Certificate, l.cfg.TLS.Key = a.clientCertificate()
		}},
		{name: "old TLS", edit: func(_ *lab, _ authority, s *tls.Config) {
			s.MinVersion, s.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		}, want: "protocol version"},
		{name: "certificate gone", edit: func(l *lab, _ authority, _ *tls.Config) { l.cfg.TLS.Certificate += ".old" }, want: "tls.certificate: open"},
		{name: "authority gone", edit: func(l *lab, _ authority, _ *tls.Config) { l.cfg.TLS.CA += ".old" }, want: "tls.ca: open"},
		{name: "authority empty", edit: func(l *lab, _ authority, _ *tls.Config) { l.cfg.TLS.CA = l.cfg.TLS.Key }, want: "tls.ca: no certificate in it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inLab(t, func(t *testing.T, l *lab) {
				a, stranger := newAuthority(t), newAuthority(t)
				c := a.secure(l)
				if tt.edit != nil {
					tt.edit(l, stranger, c.tls)
				}
				l.start()
				pass(20 * time.Second)
				s := l.link.Stats()
				if tt.want != "" {
					if s.Up || !strings.Contains(s.LastError, tt.want) {
						t.Errorf("up %v, %s", s.Up, s.LastError)
					}
					return
				}
				var o outcomes
				l.mustSubmit(&o, "1")
				synctest.Wait()
				if one := o.once(t, 1)[0]; one.status != smpp.StatusOK || one.err != nil {
					t.Errorf("%+v", one)
				}
			})
		})
	}
}

// TestCertificateExpires: a bind that stands goes on, the next one is not taken; and
// what is renewed counts without a new start.
func TestCertificateExpires(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		a := newAuthority(t)
		c := a.secure(l)
		l.start()
		expired := func(what string) {
			t.Helper()
			c.cut()
			pass(time.Minute)
			if s := l.link.Stats(); s.Up || !strings.Contains(s.LastError, "expired") {
				t.Errorf("%s: up %v, %s", what, s.Up, s.LastError)
			}
		}
		renewed := func(what string) {
			t.Helper()
			pass(time.Minute)
			if s := l.link.Stats(); !s.Up {
				t.Errorf("%s: %s", what, s.LastError)
			}
		}
		pass(25 * time.Hour)
		renewed("a bind that stands")
		expired("both")
		c.tls.Certificates = a.serverCertificate()
		a.clientCertificate()
		renewed("both renewed")
		pass(25 * time.Hour)
		c.tls.Certificates = a.serverCertificate()
		expired("ours")
		a.clientCertificate()
		renewed("ours renewed")
	})
}
