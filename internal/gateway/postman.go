package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/rs/zerolog"

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
	binds   func(account string) []Receiver
	counts  *counters
	clock   Clock
	log     zerolog.Logger
	wake    chan struct{}
	turn    int // of the binds
	hungry  map[Receiver]*appetite
	replies replies
	flights map[int64]*flight // what has no answer yet, by row
	swept   time.Time
	heir    bool // has taken over what the postman of an earlier process had in hand
}

const (
	lease       = 60 * time.Second
	deliverTime = 30 * time.Second
	answerTime  = time.Second // the others wait for what a bind does not answer
	batch       = 64          // when the windows are not known
	idle        = 5 * time.Second
	firstRetry  = 2 * time.Second
	lastRetry   = 10 * time.Minute
)

func newPostman(account string, box letterbox, binds func(account string) []Receiver, counts *counters, log zerolog.Logger) *postman {
	return &postman{
		account: account, box: box, binds: binds, counts: counts, log: log,
		wake: make(chan struct{}, 1), replies: replies{news: make(chan struct{}, 1)}, flights: map[int64]*flight{},
	}
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
		select {
		case <-p.wake: // it is looked now
		default:
		}
		wait := p.round(ctx)
		if wait == 0 {
			continue // there may be more
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			p.finish(timer)
			return
		case <-p.wake:
		case <-p.replies.news:
			gather(timer)
			select {
			case <-p.wake: // it is looked now
			default:
			}
		case <-timer.C:
		}
	}
}

// finish waits for the answers that are still to come. When the gateway stops they
// count, so that a receipt does not come twice: the binds end soon, and the wait with them.
func (p *postman) finish(timer *time.Timer) {
	p.settle(p.landed(nil, nil))
	for len(p.flights) > 0 {
		timer.Reset(p.overdue())
		select {
		case <-p.replies.news:
			gather(timer)
		case <-timer.C:
		}
		p.settle(p.landed(nil, nil))
	}
}

// round delivers one batch and says how long to wait for more.
func (p *postman) round(ctx context.Context) time.Duration {
	p.settle(p.landed(nil, nil))
	all := p.binds(p.account)
	binds := p.feed(all)
	switch {
	case ctx.Err() != nil:
		return idle
	case len(all) > 0:
	case p.sweep(ctx):
		return 0
	default:
		return min(idle, p.overdue())
	}
	n := roomOf(binds)
	if n == 0 {
		return p.rest(binds)
	}
	rows, err := p.claim(ctx, n)
	if err != nil {
		p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not read")
		return idle
	}
	settled, sent := p.send(ctx, binds, rows)
	p.await(sent)
	p.settle(p.landed(settled, sent))
	refused := p.learn(binds)
	switch {
	case refused && roomOf(p.feed(all)) > 0:
		return 0 // what was too much for one
	case refused:
		return p.rest(binds)
	case len(rows) == n && len(sent) > 0:
		return 0
	}
	return min(idle, p.overdue())
}

// settle settles rows in their order: those to be tried at once keep it.
func (p *postman) settle(settled []sessions.Settlement) {
	if len(settled) == 0 {
		return
	}
	slices.SortFunc(settled, func(a, b sessions.Settlement) int { return cmp.Compare(a.Row, b.Row) })
	if err := p.box.Settle(context.Background(), settled...); err != nil { // also when the gateway stops
		p.log.Warn().Str("account", p.account).Err(err).Msg("receipts not settled: they will come again")
	}
}

// learn sees what the binds have done with what they got, and whether that was too much.
func (p *postman) learn(binds []fed) (refused bool) {
	now := p.clock.now()
	for i := range binds {
		refused = refused || binds[i].refused > 0
		binds[i].learn(now)
	}
	return refused
}

// fed is a bind in one round.
type fed struct {
	Receiver
	*appetite
	room int // receipts it may still be given
}

// feed finds out how many receipts each bind takes now.
func (p *postman) feed(all []Receiver) []fed {
	binds, next, now := make([]fed, len(all)), make(map[Receiver]*appetite, len(all)), p.clock.now()
	for i, b := range all {
		a := p.hungry[b]
		if a == nil {
			a = &appetite{}
		}
		next[b] = a
		window := batch
		if w, is := b.(interface{ Room() int }); is {
			window = w.Room()
		}
		binds[i] = fed{b, a, a.room(window, now)}
	}
	p.hungry = next
	return binds
}

// rest is how long to wait while nobody takes anything.
func (p *postman) rest(binds []fed) time.Duration {
	now, wait := p.clock.now(), min(idle, p.overdue())
	for i := range binds {
		if d := binds[i].until.Sub(now); d > 0 {
			wait = min(wait, d)
		}
	}
	return wait
}

// mostRows is as many as a commit of a store takes.
const mostRows = 512

// roomOf is how many receipts are looked for at a time: what the binds take, since a
// claim and a settlement are a commit each.
func roomOf(binds []fed) (n int) {
	for i := range binds {
		n += binds[i].room
	}
	return min(n, mostRows)
}

// next is the bind whose turn it is, of those with room; nil when there is none.
func (p *postman) next(binds []fed) *fed {
	for range binds {
		b := &binds[p.turn%len(binds)]
		p.turn++
		if b.room > 0 {
			b.room--
			return b
		}
	}
	return nil
}

// sweepPeriod is how often the receipts of an account that is never there are looked at:
// seldom, since each time those that are not over have used up an attempt.
const sweepPeriod = 24 * time.Hour

// sweep drops what has waited for too long, and reports whether there may be more of it.
func (p *postman) sweep(ctx context.Context) bool {
	now := p.clock.now()
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
	return p.box.Claim(ctx, dest, now, n, lease)
}

// send sends rows in their order, over the binds in turn. Behind one for which there
// is no room nothing is sent. What was not sent is settled.
func (p *postman) send(ctx context.Context, binds []fed, rows []sessions.Outbox) (settled []sessions.Settlement, sent []*flight) {
	full, round := false, p.replies.begin()
	room, until := make([]flight, len(rows)), time.Now().Add(deliverTime)
	for i := range rows {
		row := &rows[i]
		if p.flights[row.Row] != nil {
			continue // its lease is over before its time, since the clock was set
		}
		done := sessions.Settlement{Row: row.Row, Attempt: row.Attempt}
		pdu, ok := p.pdu(row)
		if !ok {
			settled = append(settled, done)
			continue
		}
		b := p.next(binds)
		full = full || b == nil
		if !full {
			f := &room[i]
			*f = flight{row: row, by: b.appetite, round: round, until: until}
			err := deliver(ctx, b.Receiver, pdu, func(s smpp.Status, err error) { p.replies.add(f, s, err) })
			if err == nil {
				f.by.open++
				sent = append(sent, f)
				continue
			}
			if full = errors.Is(err, smpp.ErrWindowFull) || errors.Is(err, smpp.ErrQueueFull); !full {
				p.answered(row, &done, 0, err)
			}
		}
		if full {
			done.Retry = atOnce
		}
		settled = append(settled, done)
	}
	return settled, sent
}

// atOnce is when a row is due that no peer has answered: before those that have not
// been looked at, so that the receipts of an account keep their order.
var atOnce = time.UnixMicro(-1)

// sender is a Receiver that does not wait, so that what it is given leaves in order.
type sender interface {
	SendDeliverSM(p *smpp.DeliverSM, done func(smpp.Status, error)) error
}

// deliver sends one receipt. Unless it fails done is called once.
func deliver(ctx context.Context, to Receiver, pdu *smpp.DeliverSM, done func(smpp.Status, error)) error {
	if s, is := to.(sender); is {
		return s.SendDeliverSM(pdu, done)
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTime+lease) // the postman's own time is over before
		defer cancel()
		done(to.DeliverSM(ctx, pdu))
	}()
	return nil
}

// pdu is the receipt of a row. One that nobody can have any more is dropped.
func (p *postman) pdu(row *sessions.Outbox) (*smpp.DeliverSM, bool) {
	pdu, err := readLetter(row.Body)
	if err == nil && !row.Expired(p.clock.now()) {
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

// answered says what becomes of a row.
func (p *postman) answered(row *sessions.Outbox, done *sessions.Settlement, status smpp.Status, err error) {
	switch {
	case err == nil && status == smpp.StatusOK:
		p.counts.receipts.Add(1)
		done.Retry = time.Time{}
		return
	case err == nil && permanent(status):
		p.counts.receiptsDropped.Add(1)
		p.log.Error().Str("account", p.account).Stringer("session", row.ID).Stringer("status", status).Msg("receipt refused for good")
		done.Retry = time.Time{}
		return
	}
	p.counts.receiptsRetried.Add(1)
	tries := row.Attempt
	if err == nil && links.Throttled(status) {
		if tries -= mostUnwanted; tries <= 0 {
			done.Retry = atOnce // its bind gets fewer at a time
			return
		}
	}
	l := p.log.Warn().Str("account", p.account).Stringer("session", row.ID)
	if err != nil {
		l = l.Err(err)
	} else {
		l = l.Stringer("status", status)
	}
	l.Msg("receipt not taken")
	if done.Retry = p.clock.now().Add(backOff(tries)); (errors.Is(err, smpp.ErrClosed) || errors.Is(err, smpp.ErrNotBound)) && row.Attempt <= mostLost {
		done.Retry = atOnce
	}
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
