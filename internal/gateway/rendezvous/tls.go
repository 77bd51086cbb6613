package rendezvous

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/otagate/otagate/configs"
)

// newTLS is nil where HTTP is plain. No error shows a name of a file: by mistake
// one is the key itself.
func newTLS(c *configs.IOTA) (*tls.Config, error) {
	if c.Certificate == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
	if err != nil {
		return nil, errors.New("iota.certificate: the two files are no pair") // the error may show what is in them
	}
	t := &tls.Config{Certificates: []tls.Certificate{pair}}
	if t.MinVersion, err = tlsVersion(c.TLSMin); err != nil {
		return nil, err
	}
	if t.MinVersion < tls.VersionTLS12 {
		t.CipherSuites = oldSuites()
	}
	if c.ClientCA == "" {
		return t, nil
	}
	text, err := os.ReadFile(c.ClientCA)
	t.ClientCAs = x509.NewCertPool()
	if err != nil || !t.ClientCAs.AppendCertsFromPEM(text) {
		return nil, errors.New("iota.client_ca: no certificate to be read")
	}
	t.ClientAuth = tls.VerifyClientCertIfGiven
	if c.ClientRequired {
		t.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return t, nil
}

func tlsVersion(text string) (uint16, error) {
	switch text {
	case "1.0":
		return tls.VersionTLS10, nil
	case "1.1":
		return tls.VersionTLS11, nil
	case "", "1.2":
		return tls.VersionTLS12, nil
	case "1.3":
		return tls.VersionTLS13, nil
	}
	return 0, fmt.Errorf("iota.tls_min: no version %.10q", text)
}

// oldSuites are those of today, and behind them the ones that handsets of the
// time of TLS 1.0 have: keys exchanged by RSA, and no RC4.
func oldSuites() (all []uint16) {
	for _, c := range tls.CipherSuites() {
		all = append(all, c.ID)
	}
	return append(all,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)
}
