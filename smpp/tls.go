package smpp

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"
)

// tlsOf is the TLS connection that nc is, or nil.
func tlsOf(nc net.Conn) *tls.Conn {
	if t, ok := nc.(*tapConn); ok {
		nc = t.Conn
	}
	t, _ := nc.(*tls.Conn)
	return t
}

// handshake does that of a TLS connection within the session-init timer, which
// goes on to run for the bind.
func (c *conn) handshake() error {
	t := tlsOf(c.nc)
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.handshakeTime())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-c.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := t.HandshakeContext(ctx)
	cancel()
	<-watched
	if err != nil {
		c.neverBegan()
	}
	return err
}

// handshakeTime is practically endless where the timer is turned off.
func (c *conn) handshakeTime() time.Duration {
	if d := c.cfg.timers.SessionInit; d > 0 {
		return d
	}
	return 24 * time.Hour
}

// neverBegan ends a connection whose goroutines do not run yet.
func (c *conn) neverBegan() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dead = true
	if c.reason == ReasonNone {
		c.reason = ReasonTLSHandshake
	}
	c.step(Event{Kind: EventConnectionLost, At: time.Now()}, nil)
	c.nc.Close()
	close(c.written)
}

// certified reports whether the peer has shown the certificate that the account
// asks for. One that the listener did not verify proves nothing.
func (r *rules) certified(nc net.Conn) bool {
	if r.CertificateName == "" {
		return true
	}
	t := tlsOf(nc)
	if t == nil {
		return false
	}
	state := t.ConnectionState()
	if len(state.VerifiedChains) == 0 || len(state.PeerCertificates) == 0 {
		return false
	}
	leaf := state.PeerCertificates[0]
	if leaf.Subject.CommonName == r.CertificateName {
		return true
	}
	for _, n := range leaf.DNSNames {
		if strings.EqualFold(n, r.CertificateName) {
			return true
		}
	}
	for _, n := range leaf.EmailAddresses {
		if n == r.CertificateName {
			return true
		}
	}
	for _, u := range leaf.URIs {
		if u.String() == r.CertificateName {
			return true
		}
	}
	return false
}
