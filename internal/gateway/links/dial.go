package links

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// deliverWindow is how many deliver_sm of a bind may be without an answer. Receipts
// wait for a commit, and a few for their message id; more would be refused.
const deliverWindow = 1000

var versions = map[string]uint8{"3.3": 0x33, "3.4": 0x34, "5.0": 0x50}

// dial connects and binds to the next host.
func (b *bind) dial(ctx context.Context) (*smpp.Client, error) {
	l := b.l
	h := &l.hosts[b.host]
	b.host = (b.host + 1) % len(l.hosts)
	l.mu.Lock()
	b.state, b.to = Connecting, h.Address
	l.mu.Unlock()
	cfg, err := b.client(h)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Link.Bind)
	defer cancel()
	return smpp.Dial(ctx, cfg)
}

func (b *bind) client(h *configs.Host) (smpp.ClientConfig, error) {
	l, c := b.l, b.l.cfg.Link
	password, err := c.Password()
	if err != nil {
		return smpp.ClientConfig{}, fmt.Errorf("password: %w", err)
	}
	cfg := smpp.ClientConfig{
		Address: h.Address, Dial: l.cfg.Connect, Kind: b.kind, InterfaceVersion: versions[c.Version],
		SystemID: c.SystemID, Password: password, LongPassword: c.LongPassword, SystemType: c.SystemType,
		Window: c.Window, InboundWindow: deliverWindow, EnquireLink: c.EnquireLink, Response: c.Response,
		Inactivity: -1, // a silent centre is asked; enquire_link without an answer ends the bind
		Logger:     l.cfg.Log,
	}
	l.receive(&cfg)
	if h.TLS {
		// Read each time: certificates are renewed while the gateway runs.
		if cfg.TLS, err = tlsConfig(&c.TLS, h.Name); err != nil {
			return cfg, err
		}
	}
	return cfg, nil
}

// receive leads what is delivered to the handler.
func (l *Link) receive(cfg *smpp.ClientConfig) {
	name := l.Name()
	if to := l.cfg.Handler; to != nil {
		cfg.OnDeliverLater = func(p *smpp.DeliverSM, r *smpp.Reply) {
			l.delivered()
			to.Deliver(name, p, r)
		}
	}
	if to, ok := l.cfg.Handler.(DataHandler); ok {
		cfg.OnData = func(p *smpp.DataSM, r *smpp.Reply) {
			l.delivered()
			to.Data(name, p, r)
		}
	}
}

func tlsConfig(c *configs.LinkTLS, host string) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if c.ServerName != "" {
		t.ServerName = c.ServerName
	}
	if c.CA != "" {
		text, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, fmt.Errorf("tls.ca: %w", err)
		}
		if t.RootCAs = x509.NewCertPool(); !t.RootCAs.AppendCertsFromPEM(text) {
			return nil, errors.New("tls.ca: no certificate in it")
		}
	}
	if c.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(c.Certificate, c.Key)
		if err != nil {
			return nil, fmt.Errorf("tls.certificate: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}
