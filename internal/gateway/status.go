package gateway

import (
	"context"
	"time"

	"github.com/otagate/otagate/internal/gateway/status"
)

// samplePeriod is how often what was counted is noted for the rates of the status.
const samplePeriod = 5 * time.Second

// sample notes what was counted so far.
func (g *Gateway) sample() status.Sample {
	p := g.push.Stats()
	s := status.Sample{
		At: g.out.Clock.now(), Received: g.smpp.Stats().Received, Committed: p.Accepted, Committing: p.Committing, Sent: p.Sent, Answered: p.Answered, Delivered: p.Delivered,
		ReceiptIn: p.Receipts, ReceiptOut: g.counts.receipts.Load(), Links: g.push.Links(),
	}
	for _, a := range g.smpp.Accounts() {
		one := status.AccountSample{AccountStats: a}
		one.OverQuota, one.QueueFull = g.limits.refusedOf(a.SystemID)
		s.Accounts = append(s.Accounts, one)
	}
	return s
}

// Status tells what the gateway does, and what limits it.
func (g *Gateway) Status(ctx context.Context) status.Document {
	was, _ := g.history.Oldest()
	return g.statusSince(ctx, was)
}

func (g *Gateway) statusSince(ctx context.Context, was status.Sample) status.Document {
	now := g.sample()
	lines := status.Lines{Due: map[string]bool{}}
	lines.Links, lines.Accounts = g.push.Lines()
	for name, line := range lines.Links {
		if line.Waiting > 0 {
			lines.Due[name] = g.push.Due(ctx, name)
		}
	}
	return status.Between(g.begun, was, now, lines)
}

// sampling notes what was counted, until ctx ends.
func (g *Gateway) sampling(ctx context.Context) error {
	tick := time.NewTicker(samplePeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			g.history.Add(g.sample())
		}
	}
}

// openStatus opens the socket at which the status is asked. Without it messages go
// all the same.
func (g *Gateway) openStatus() {
	var err error
	if g.asked, err = status.Listen(status.Socket(g.cfg.Store.Path)); err != nil {
		g.log.Warn().Err(err).Msg("otagate status will not work")
	}
}
