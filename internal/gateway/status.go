package gateway

import (
	"context"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/gateway/status"
	"github.com/otagate/otagate/sessions/disk"
)

// samplePeriod is how often what was counted is noted for the rates of the status.
const samplePeriod = 5 * time.Second

// sample notes what was counted so far.
func (g *Gateway) sample() status.Sample {
	p := g.push.Stats()
	s := status.Sample{
		At: g.out.Clock.Now(), Received: g.smpp.Stats().Received, Committed: p.Accepted, Committing: p.Committing, Sent: p.Sent, Answered: p.Answered, Delivered: p.Delivered,
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
	lines := status.Lines{Due: map[string]bool{}, Held: g.held(ctx)}
	lines.Links, lines.Accounts = g.push.Lines()
	for name, line := range lines.Links {
		if line.Waiting > 0 {
			lines.Due[name] = g.push.Due(ctx, name)
		}
	}
	return status.Between(g.begun, was, now, lines)
}

// held is how many receipts of messages each account has still to take.
func (g *Gateway) held(ctx context.Context) map[string]int {
	all := map[string]int{}
	kept, is := g.messages.(*disk.Messages)
	if !is {
		return all
	}
	depths, err := kept.Depths(ctx)
	if err != nil { // it is being closed
		return all
	}
	for dest, n := range depths {
		if account, is := strings.CutPrefix(dest, destOf("")); is {
			all[account] = n
		}
	}
	return all
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
