package gateway

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// letterbox is what a postman needs of a store.
type letterbox interface {
	sessions.Postbox
	Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error)
}

// postman delivers the outbox rows of one account: lease, send, and delete when
// the peer has answered. After a crash in between the next postman sends the row
// again, so a receipt may come twice and never gets lost.
type postman struct {
	account string
	box     letterbox
	binds   func(account string) []Receiver
	counts  *counters
	clock   Clock
	log     zerolog.Logger
	wake    chan struct{}
	heir    bool // has taken over what the postman of an earlier process had in hand
}

const (
	lease       = 60 * time.Second
	deliverTime = 30 * time.Second
	batch       = 64
	idle        = 5 * time.Second
	firstRetry  = 2 * time.Second
	lastRetry   = 10 * time.Minute
)

func newPostman(account string, box letterbox, binds func(account string) []Receiver, counts *counters, log zerolog.Logger) *postman {
	return &postman{account: account, box: box, binds: binds, counts: counts, log: log, wake: make(chan struct{}, 1)}
}

// nudge makes the postman look now: a bind came up, or a row was written.
func (p *postman) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run delivers until ctx ends.
func (p *postman) run(ctx context.Context) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		if p.round(ctx) {
			continue // the batch was full: there may be more
		}
		timer.Reset(idle)
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-timer.C:
		}
	}
}

// round delivers one batch and reports whether it was full.
func (p *postman) round(ctx context.Context) bool {
	binds := p.binds(p.account)
	if len(binds) == 0 || ctx.Err() != nil {
		return false
	}
	rows, err := p.claim(ctx)
	if err != nil {
		p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not read")
		return false
	}
	settled := make([]sessions.Settlement, len(rows))
	var wg sync.WaitGroup
	for i := range rows {
		wg.Go(func() { settled[i] = p.deliver(ctx, binds[i%len(binds)], &rows[i]) })
	}
	wg.Wait()
	if len(rows) > 0 {
		if err := p.box.Settle(context.WithoutCancel(ctx), settled...); err != nil {
			p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not settled: they will come again")
		}
	}
	return len(rows) == batch
}

// claim leases the next rows. The first are those that an earlier process had
// leased: who waits for a receipt need not wait for the end of that lease too.
func (p *postman) claim(ctx context.Context) ([]sessions.Outbox, error) {
	dest, now := destOf(p.account), p.clock.now()
	if !p.heir {
		rows, err := p.box.Orphans(ctx, dest, now, lease)
		if err != nil {
			return nil, err
		}
		p.heir = true
		if len(rows) > 0 {
			p.nudge() // there may be others
			return rows, nil
		}
	}
	return p.box.Claim(ctx, dest, now, batch, lease)
}

func (p *postman) deliver(ctx context.Context, to Receiver, row *sessions.Outbox) sessions.Settlement {
	done := sessions.Settlement{Row: row.Row, Attempt: row.Attempt}
	var l letter
	if err := json.Unmarshal(row.Body, &l); err != nil || row.Expired(p.clock.now()) {
		p.counts.receiptsDropped.Add(1)
		p.log.Error().Str("account", p.account).Stringer("session", row.ID).Err(err).Msg("receipt dropped")
		return done
	}
	// When the gateway stops the answer still counts, so that the receipt does
	// not come twice: the bind ends soon, and the wait with it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTime)
	defer cancel()
	pdu, err := l.deliverSM()
	if err != nil {
		p.counts.receiptsDropped.Add(1)
		p.log.Error().Stringer("session", row.ID).Err(err).Msg("receipt cannot be written")
		return done
	}
	status, err := to.DeliverSM(ctx, &pdu)
	switch {
	case err == nil && status == smpp.StatusOK:
		p.counts.receipts.Add(1)
		return done
	case err == nil && permanent(status):
		p.counts.receiptsDropped.Add(1)
		p.log.Error().Str("account", p.account).Stringer("session", row.ID).Stringer("status", status).Msg("receipt refused for good")
		return done
	}
	p.counts.receiptsRetried.Add(1)
	p.log.Warn().Str("account", p.account).Stringer("session", row.ID).Stringer("status", status).Err(err).Msg("receipt not taken")
	done.Retry = p.clock.now().Add(backOff(row.Attempt))
	return done
}

// permanent: a peer that says this about a receipt will say it again.
func permanent(s smpp.Status) bool {
	return s == smpp.StatusInvalidDestinationAddress || s == smpp.StatusInvalidSourceAddress || s == smpp.StatusInvalidESMClass
}

func backOff(attempt int) time.Duration {
	return min(firstRetry<<min(max(attempt-1, 0), 10), lastRetry)
}
