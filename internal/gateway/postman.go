package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/relay"
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
	binds   *binds.Account
	lease   time.Duration // longer than a peer may take to answer
	counts  *counters
	clock   clock.Clock
	log     zerolog.Logger
	wake    chan struct{}
	swept   time.Time
	heir    bool // has taken over what the postman of an earlier process had in hand

	mu     sync.Mutex
	flying map[int64]struct{}    // rows that were sent, until what becomes of them is stored
	under  int                   // how many of them are with a peer
	landed []sessions.Settlement // what becomes of those that are not any more
	short  bool                  // of room, when it was looked last
}

const (
	leaseReserve = 30 * time.Second // see postman.lease
	mostRows     = 512              // of a claim: as many as a commit of a store takes
	batch        = 64               // of a sweep
	idle         = 5 * time.Second
	firstRetry   = 2 * time.Second
	lastRetry    = 10 * time.Minute
)

// newPostman makes a postman for an account whose peers answer in so much time.
func newPostman(account string, box letterbox, b *binds.Account, answer time.Duration, counts *counters, log zerolog.Logger) *postman {
	p := &postman{
		account: account, box: box, binds: b, lease: answer + leaseReserve, counts: counts, log: log,
		wake: make(chan struct{}, 1), flying: map[int64]struct{}{},
	}
	b.OnRoom(p.room)
	return p
}

// room is told when a bind may have some: it has come, its pause is over, or it has
// answered this postman or somebody else.
func (p *postman) room() {
	p.mu.Lock()
	wanted := p.short || len(p.landed) > 0
	p.mu.Unlock()
	if wanted {
		p.nudge()
	}
}

// nudge makes the postman look now: there is room for what waits, an answer has come, or a
// row was written.
func (p *postman) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run delivers until ctx ends. Then it waits for the answers that are still to come, so
// that a receipt does not come twice: the binds end soon, and the wait with them.
func (p *postman) run(ctx context.Context) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for ctx.Err() == nil {
		if p.round(ctx) {
			continue // there may be more
		}
		timer.Reset(idle)
		select {
		case <-ctx.Done():
		case <-p.wake:
		case <-timer.C:
		}
	}
	for p.settle() > 0 {
		<-p.wake
	}
}

// round settles what has its answer, sends as much as there is room for, and tells whether
// there may be more.
func (p *postman) round(ctx context.Context) bool {
	p.settle()
	p.needs(true) // of room that comes from now on it is told
	n := min(p.binds.Room(binds.Receipts), mostRows)
	switch {
	case n > 0:
	case p.binds.Up():
		return false
	default:
		return p.sweep(ctx)
	}
	rows, err := p.claim(ctx, n)
	if err != nil {
		p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not read")
		return false
	}
	for i := range rows {
		if !p.send(&rows[i]) { // what comes behind must not overtake it
			p.giveBack(rows[i:])
			p.settle()
			return false
		}
	}
	p.needs(len(rows) == n)
	return len(rows) == n
}

// needs notes whether more could be sent if there were more room.
func (p *postman) needs(room bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.short = room
}

// settle settles what has landed, in the order of the rows, which those keep that are tried
// at once. What the store does not take now it gets in a later round, and is not sent again
// meanwhile. It tells how many have not landed.
func (p *postman) settle() (under int) {
	p.mu.Lock()
	landed := p.landed
	p.landed = nil
	under = p.under
	p.mu.Unlock()
	if len(landed) == 0 {
		return under
	}
	slices.SortFunc(landed, func(a, b sessions.Settlement) int { return cmp.Compare(a.Row, b.Row) })
	err := p.box.Settle(context.Background(), landed...) // also when the gateway stops
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.log.Warn().Str("account", p.account).Err(err).Int("receipts", len(landed)).Msg("receipts not settled: after a restart they come again")
		p.landed = append(landed, p.landed...)
		return under
	}
	for i := range landed {
		delete(p.flying, landed[i].Row)
	}
	return under
}

// giveBack lets go of rows that were not sent.
func (p *postman) giveBack(rows []sessions.Outbox) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range rows {
		p.landed = append(p.landed, sessions.Settlement{Row: rows[i].Row, Attempt: rows[i].Attempt, Retry: atOnce})
	}
}

// sweepPeriod is how often the receipts of an account that is never there are looked at:
// seldom, since each time those that are not over have used up an attempt.
const sweepPeriod = 24 * time.Hour

// sweep drops what has waited for too long, and reports whether there may be more of it.
func (p *postman) sweep(ctx context.Context) bool {
	now := p.clock.Now()
	if p.swept.IsZero() {
		p.swept = now // not at the start, when everybody is to come
	}
	if now.Sub(p.swept) < sweepPeriod {
		return false
	}
	rows, err := p.claim(ctx, batch)
	if err != nil {
		p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not read")
		return false
	}
	settled, dropped := make([]sessions.Settlement, len(rows)), 0
	for i := range rows {
		settled[i] = sessions.Settlement{Row: rows[i].Row, Attempt: rows[i].Attempt, Retry: atOnce}
		if rows[i].Expired(now) {
			settled[i].Retry = time.Time{}
			dropped++
		}
	}
	p.counts.receiptsDropped.Add(uint64(dropped))
	if dropped > 0 {
		p.log.Warn().Str("account", p.account).Int("receipts", dropped).Msg("receipts dropped: nobody came for them in time")
	}
	if len(rows) > 0 {
		if err := p.box.Settle(context.WithoutCancel(ctx), settled...); err != nil {
			p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not settled")
			return false
		}
	}
	if dropped == batch {
		return true
	}
	p.swept = now
	return false
}

// claim leases the next n rows. The first are those that an earlier process had
// leased: who waits for a receipt need not wait for the end of that lease too.
func (p *postman) claim(ctx context.Context, n int) ([]sessions.Outbox, error) {
	dest, now := destOf(p.account), p.clock.Now()
	if !p.heir {
		rows, err := p.box.Orphans(ctx, dest, now, p.lease)
		if err != nil {
			return nil, err
		}
		p.heir = true
		if len(rows) > 0 {
			p.nudge() // there may be others
			return rows, nil
		}
	}
	return p.box.Claim(ctx, dest, now, n, p.lease)
}

// send sends one row. It fails when there is no room for it.
func (p *postman) send(row *sessions.Outbox) bool {
	if !p.hold(row.Row) {
		return true // its lease is over before it was settled: the store fails, or the clock was set
	}
	pdu, ok := p.pdu(row)
	if !ok {
		p.land(row, time.Time{})
		p.nudge()
		return true
	}
	b := p.binds.Take(binds.Receipts)
	if b == nil {
		p.release(row.Row)
		return false
	}
	err := b.SendDeliverSM(pdu, func(s smpp.Status, err error) {
		p.land(row, p.answered(row, s, err))
		b.Land(binds.Receipts, s, err) // which wakes the postman
	})
	if err == nil {
		return true
	}
	defer b.Land(binds.Receipts, 0, err)
	if errors.Is(err, smpp.ErrWindowFull) || errors.Is(err, smpp.ErrQueueFull) {
		p.release(row.Row)
		return false
	}
	p.land(row, p.answered(row, 0, err))
	return true
}

// hold keeps a row from being sent again; false when it was sent, and what becomes of it is
// not stored.
func (p *postman) hold(row int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, is := p.flying[row]; is {
		return false
	}
	p.flying[row] = struct{}{}
	p.under++
	return true
}

func (p *postman) release(row int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.flying, row)
	p.under--
}

// land keeps what becomes of a row until the next round: it is over, or comes again.
func (p *postman) land(row *sessions.Outbox, retry time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under--
	p.landed = append(p.landed, sessions.Settlement{Row: row.Row, Attempt: row.Attempt, Retry: retry})
}

// atOnce is when a row is due that no peer has answered: before those that have not
// been looked at, so that the receipts of an account keep their order.
var atOnce = time.UnixMicro(-1)

// pdu is the receipt of a row. One that nobody can have any more is dropped.
func (p *postman) pdu(row *sessions.Outbox) (*smpp.DeliverSM, bool) {
	pdu, err := readLetter(row.Body)
	if err == nil && !row.Expired(p.clock.Now()) {
		return &pdu, true
	}
	p.counts.receiptsDropped.Add(1)
	p.log.Error().Str("account", p.account).Stringer("session", row.ID).Err(err).Msg("receipt dropped")
	return nil, false
}

// readLetter is a receipt of a trigger, or of a relayed message.
func readLetter(body []byte) (smpp.DeliverSM, error) {
	if relay.IsReceipt(body) {
		var r relay.Receipt
		if err := r.Decode(body); err != nil {
			return smpp.DeliverSM{}, err
		}
		return r.DeliverSM()
	}
	var l letter
	if err := json.Unmarshal(body, &l); err != nil {
		return smpp.DeliverSM{}, err
	}
	return l.deliverSM()
}

// answered says when a row comes again: never, with the zero time.
func (p *postman) answered(row *sessions.Outbox, status smpp.Status, err error) (retry time.Time) {
	switch {
	case err == nil && status == smpp.StatusOK:
		p.counts.receipts.Add(1)
		return time.Time{}
	case err == nil && permanent(status):
		p.counts.receiptsDropped.Add(1)
		p.log.Error().Str("account", p.account).Stringer("session", row.ID).Stringer("status", status).Msg("receipt refused for good")
		return time.Time{}
	}
	p.counts.receiptsRetried.Add(1)
	tries := row.Attempt
	if err == nil && links.Throttled(status) {
		if tries -= mostUnwanted; tries <= 0 {
			return atOnce // its bind gets fewer at a time
		}
	}
	l := p.log.Warn().Str("account", p.account).Stringer("session", row.ID)
	if err != nil {
		l = l.Err(err)
	} else {
		l = l.Stringer("status", status)
	}
	l.Msg("receipt not taken")
	if (errors.Is(err, smpp.ErrClosed) || errors.Is(err, smpp.ErrNotBound)) && row.Attempt <= mostLost {
		return atOnce
	}
	return p.clock.Now().Add(backOff(tries))
}

// mostUnwanted is how often in a row a receipt may be too much for an ESME before it lets
// the others pass.
const mostUnwanted = 10

// mostLost is how often in a row the bind may end under a receipt before that lets
// the others pass: it may be what ends the bind.
const mostLost = 3

// permanent: a peer that says this about a receipt will say it again.
func permanent(s smpp.Status) bool {
	return s == smpp.StatusInvalidDestinationAddress || s == smpp.StatusInvalidSourceAddress || s == smpp.StatusInvalidESMClass
}

func backOff(attempt int) time.Duration {
	return min(firstRetry<<min(max(attempt-1, 0), 10), lastRetry)
}
