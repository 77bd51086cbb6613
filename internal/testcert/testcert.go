// Package testcert issues certificates. It is imported by tests only.
//
//	ca := testcert.New(t)
//	cert, key := ca.Write(filepath.Join(dir, "server"), ca.Pair("127.0.0.1"))
package testcert

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"testing"
	"time"
)

// Authority signs certificates for one test. No two have the same name.
type Authority struct {
	Pool *x509.CertPool // it alone

	t      testing.TB
	newKey func() (crypto.Signer, error)
	own    tls.Certificate
}

// New makes an authority with keys of P-256. All have one name: who is asked for a
// certificate of one of them would not send that of another else.
func New(t testing.TB) *Authority {
	t.Helper()
	return open(t, func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
}

// NewRSA makes one with keys of RSA, as handsets of old have them.
func NewRSA(t testing.TB) *Authority {
	t.Helper()
	return open(t, func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) })
}

func open(t testing.TB, newKey func() (crypto.Signer, error)) *Authority {
	t.Helper()
	a := &Authority{Pool: x509.NewCertPool(), t: t, newKey: newKey}
	a.own = a.Issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotAfter: time.Now().Add(1000 * time.Hour),
	})
	a.Pool.AddCert(a.own.Leaf)
	return a
}

// Issue makes a certificate, for a day and for both sides when nothing else is said. The
// first is the authority's own.
func (a *Authority) Issue(c *x509.Certificate) tls.Certificate {
	a.t.Helper()
	key, err := a.newKey()
	a.must(err)
	now := time.Now()
	c.SerialNumber, c.NotBefore = big.NewInt(now.UnixNano()), now.Add(-time.Hour)
	if c.NotAfter.IsZero() {
		c.NotAfter = now.Add(24 * time.Hour)
	}
	if c.ExtKeyUsage == nil && !c.IsCA {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
	}
	parent, signer := a.own.Leaf, a.own.PrivateKey
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	a.must(err)
	leaf, err := x509.ParseCertificate(der)
	a.must(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// Pair is a certificate of a name, or of an address.
func (a *Authority) Pair(name string) tls.Certificate {
	a.t.Helper()
	c := &x509.Certificate{Subject: pkix.Name{CommonName: name}}
	if ip := net.ParseIP(name); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{name}
	}
	return a.Issue(c)
}

// Write writes a certificate and its key into the files STEM.crt and STEM.key, in the
// place of those that are there.
func (a *Authority) Write(stem string, c tls.Certificate) (cert, key string) {
	a.t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	a.must(err)
	cert, key = stem+".crt", stem+".key"
	a.write(cert, "CERTIFICATE", c.Certificate[0])
	a.write(key, "PRIVATE KEY", private)
	return cert, key
}

// WriteOwn writes the authority's own certificate into STEM.crt.
func (a *Authority) WriteOwn(stem string) (file string) {
	a.t.Helper()
	file = stem + ".crt"
	a.write(file, "CERTIFICATE", a.own.Certificate[0])
	return file
}

func (a *Authority) write(file, kind string, der []byte) {
	a.t.Helper()
	a.must(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}

func (a *Authority) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}
