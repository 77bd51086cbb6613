package smpp

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// ErrNotServing is the error of Outbind when Serve does not run or the server
// has no room for another connection.
var ErrNotServing = errors.New("smpp: the server takes no connection now")

// Outbind asks an ESME to bind: nc is a connection that was made to it, which
// the server takes over. p has the name of this message centre and the password
// that the ESME knows it by. It returns when the ESME has bound, as any account
// that may, or has not within the session-init timer; ctx is for that time only.
func (s *Server) Outbind(ctx context.Context, nc net.Conn, p *Outbind) (*BoundPeer, error) {
	if _, err := p.Append(nil); err != nil {
		nc.Close()
		return nil, err
	}
	if s.invalid != nil {
		nc.Close()
		return nil, s.invalid
	}
	cfg := *s.conn
	cfg.outbind = p.Clone()
	b := s.serve(nc, &cfg, nil)
	if b == nil {
		return nil, ErrNotServing
	}
	select {
	case <-b.standing:
		return b, nil
	case <-b.gone:
		return b.outbound()
	case <-ctx.Done():
		b.c.abort()
		<-b.gone
		return nil, ctx.Err()
	}
}

// outbound is what came of an outbind whose connection has ended.
func (b *BoundPeer) outbound() (*BoundPeer, error) {
	if b.stood { // and ended at once
		return b, nil
	}
	return nil, fmt.Errorf("smpp: no bind after outbind: %s", b.c.reason)
}
