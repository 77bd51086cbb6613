package smpp

import (
	"context"
	"errors"
	"net"
	"sync"
)

// maxOutbinds is the number of connections that may be on their way from the
// connection to a bind at a time; whoever comes beyond it is closed.
const maxOutbinds = 16

// ServeOutbind is Dial the other way round: it waits on ln for message centres
// that connect and send an outbind with cfg.OutbindSystemID and
// cfg.OutbindPassword, and binds on their connections. bound is given each
// client whose bind stands, on a goroutine of its own, and closes it in the end.
// Whatever else connects is closed, a silent one after cfg.SessionInit. ln may be
// one of TLS.
//
// It returns when ctx ends or the listener fails for good, nobody is on the way
// to a bind any more and every bound has returned; nil when ctx was the reason.
func ServeOutbind(ctx context.Context, ln net.Listener, cfg ClientConfig, bound func(*Client)) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	if cfg.OutbindSystemID == "" {
		return errors.New("smpp: no system_id to expect of an outbind")
	}
	cfg.setDefaults()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	room := make(chan struct{}, maxOutbinds)
	err := accept(ctx, ln, cfg.Logger, func(nc net.Conn) {
		select {
		case room <- struct{}{}:
		default:
			cfg.Logger.Warn().Str("event", "outbind refused").Str("remote", nc.RemoteAddr().String()).Str("reason", ReasonTooManyConnections.String()).Send()
			nc.Close()
			return
		}
		running.Go(func() {
			cl, err := takeOutbind(ctx, nc, cfg)
			<-room
			if err != nil {
				cfg.Logger.Warn().Str("event", "outbind refused").Str("remote", nc.RemoteAddr().String()).Err(err).Send()
				return
			}
			bound(cl)
		})
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func takeOutbind(ctx context.Context, nc net.Conn, cfg ClientConfig) (*Client, error) {
	cc := cfg.conn()
	cc.awaitOutbind, cc.timers.SessionInit = true, cfg.SessionInit
	return newClient(cfg, nc, cc).bind(ctx)
}
