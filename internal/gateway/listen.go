package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"

	"github.com/otagate/otagate/configs"
)

// certificates are what our SMPP port over TLS shows and believes; a reload reads
// them anew, for handshakes from then on.
type certificates struct{ now atomic.Pointer[tls.Config] }

// set reads the files; on an error nothing has changed. No error shows a name of a
// file: by mistake one is the key itself.
func (c *certificates) set(files *configs.ServerTLS) error {
	pair, err := tls.LoadX509KeyPair(files.Certificate, files.Key)
	if err != nil {
		return errors.New("smpp.tls.certificate: the two files are no pair") // the error may show what is in them
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	if files.ClientCA != "" {
		text, err := os.ReadFile(files.ClientCA)
		t.ClientCAs = x509.NewCertPool()
		if err != nil || !t.ClientCAs.AppendCertsFromPEM(text) {
			return errors.New("smpp.tls.client_ca: no certificate to be read")
		}
		t.ClientAuth = tls.VerifyClientCertIfGiven // an account says whether it needs one
	}
	c.now.Store(t)
	return nil
}

func (c *certificates) listen(ln net.Listener) net.Listener {
	return tls.NewListener(ln, &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.now.Load(), nil },
	})
}

// listen opens all doors, or none.
func (g *Gateway) listen() error {
	for _, door := range []struct {
		key, address string
		wanted       bool
		to           *net.Listener
	}{
		{"smpp.listen", g.cfg.SMPP.Listen, g.cfg.SMPP.Listen != "", &g.listener},
		{"smpp.listen_tls", g.cfg.SMPP.ListenTLS, g.cfg.SMPP.ListenTLS != "", &g.secure},
		{"http.listen", g.cfg.HTTP.Listen, g.pap != nil, &g.web},
		{"iota.listen", g.cfg.IOTA.Listen, g.callbacks != nil, &g.handsets},
	} {
		if !door.wanted {
			continue
		}
		ln, err := net.Listen("tcp", door.address)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", door.key, err), g.closeDoors())
		}
		*door.to = ln
	}
	g.openStatus()
	return nil
}

func (g *Gateway) closeDoors() error {
	return closeAll(g.listener, g.secure, g.web, g.handsets, g.asked)
}

// closeAll closes those listeners that are there.
func closeAll(all ...net.Listener) (err error) {
	for _, l := range all {
		if l != nil {
			err = errors.Join(err, l.Close())
		}
	}
	return err
}

// addrOf is where a door is; nil when it is not there.
func addrOf(l net.Listener) net.Addr {
	if l == nil {
		return nil
	}
	return l.Addr()
}

// Addr is where SMPP is served without TLS; nil when it is not.
func (g *Gateway) Addr() net.Addr { return addrOf(g.listener) }

// TLSAddr is where SMPP is served over TLS; nil when it is not.
func (g *Gateway) TLSAddr() net.Addr { return addrOf(g.secure) }

// HTTPAddr is where push initiators are served; nil when they are not.
func (g *Gateway) HTTPAddr() net.Addr { return addrOf(g.web) }

// HandsetAddr is where handsets call back; nil when they do not.
func (g *Gateway) HandsetAddr() net.Addr { return addrOf(g.handsets) }
