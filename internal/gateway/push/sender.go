package push

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
)

// carrier is a peer that takes parts.
type carrier interface {
	// room is how many parts it takes now; 0 when it cannot be reached.
	room() int
	// send sends one part. Unless it fails, done is called once with the answer,
	// which is InDoubt when there is none. It must not block.
	send(p *part, done func(delivery.Event)) error
}

// sender sends the rows of one destination: claim, send, tell the message. The
// answer, the row's deletion and what the message does next are one commit of
// the message. A row that a crash has left with nobody may have been sent, and
// its message is told so. A lease may end before the answer is on the disk: the
// store is slow, or the clock was set. The sender knows which rows it has, and
// sends none of them again.
type sender struct {
	dest    string
	carry   carrier
	box     box
	do      *performer
	limiter *rate.Limiter
	lease   time.Duration
	wake    chan struct{}

	mu   sync.Mutex
	held map[int64]delivery.Event // by row: the answer, or nothing yet
}

const (
	batch = 64
	idle  = 5 * time.Second
	// leaseReserve is what a lease is longer than the peer may take to answer.
	leaseReserve = 30 * time.Second
	// pauseUnsent keeps a carrier that cannot send from being asked all the time.
	pauseUnsent = time.Second
)

func newSender(dest string, c carrier, b box, do *performer, perSecond float64, answer time.Duration) *sender {
	s := &sender{dest: dest, carry: c, box: b, do: do, lease: answer + leaseReserve, wake: make(chan struct{}, 1), held: map[int64]delivery.Event{}}
	s.limiter = rate.NewLimiter(rate.Inf, 1)
	if perSecond > 0 {
		s.limiter = rate.NewLimiter(rate.Limit(perSecond), max(int(perSecond), 1))
	}
	return s
}

// nudge makes the sender look now: a row is there, or room.
func (s *sender) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run sends until ctx ends.
func (s *sender) run(ctx context.Context) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	if !s.orphans(ctx, timer) {
		return
	}
	for ctx.Err() == nil {
		wait := s.round(ctx)
		if wait == 0 {
			continue
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// orphans tells the messages of rows that an earlier run has left with nobody.
// Nothing is sent before: a row must not be claimed twice.
func (s *sender) orphans(ctx context.Context, timer *time.Timer) bool {
	for {
		rows, err := s.box.Orphans(ctx, s.dest, s.do.clock.Now(), s.lease)
		if err == nil {
			for i := range rows {
				s.tell(&rows[i], delivery.Event{Kind: delivery.InDoubt, Failure: delivery.Failure{Detail: "the gateway was restarted"}})
			}
			return true
		}
		s.do.log.Warn().Str("dest", s.dest).Err(err).Msg("rows of an earlier run not read")
		timer.Reset(idle)
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
		}
	}
}

// tell gives an answer to the message of a row.
func (s *sender) tell(row *sessions.Outbox, ev delivery.Event) {
	var p part
	if err := p.decode(row.Body); err != nil {
		s.do.log.Error().Str("dest", s.dest).Stringer("session", row.ID).Err(err).Msg("row cannot be read")
		s.release(row.Row)
		s.do.settle(row.Row)
		return
	}
	s.answer(row, &p, ev)
}

func (s *sender) answer(row *sessions.Outbox, p *part, ev delivery.Event) {
	ev.Row, ev.Part, ev.Sending = row.Row, p.number, p.sending
	s.mu.Lock()
	s.held[ev.Row] = ev
	s.mu.Unlock()
	s.do.post(row.ID, event{Event: ev, done: func() { s.release(ev.Row) }})
}

// hold takes a row. One that is held already was claimed when its lease was over:
// its answer is told once more, for a message that has ended meanwhile.
func (s *sender) hold(row *sessions.Outbox) bool {
	s.mu.Lock()
	ev, held := s.held[row.Row]
	if !held {
		s.held[row.Row] = delivery.Event{}
	}
	s.mu.Unlock()
	if ev.Row != 0 {
		s.do.post(row.ID, event{Event: ev, done: func() { s.release(ev.Row) }})
	}
	return !held
}

// release forgets a row that is deleted, or given back.
func (s *sender) release(row int64) {
	s.mu.Lock()
	delete(s.held, row)
	s.mu.Unlock()
}

// round sends what there is room for, and says how long to wait for more.
func (s *sender) round(ctx context.Context) time.Duration {
	now := s.do.clock.Now()
	n := min(s.carry.room(), batch)
	if n <= 0 {
		return idle
	}
	if tokens := s.limiter.TokensAt(now); tokens < float64(n) {
		if n = int(tokens); n == 0 {
			return time.Duration((1 - tokens) / float64(s.limiter.Limit()) * float64(time.Second))
		}
	}
	rows, err := s.box.Claim(ctx, s.dest, now, n, s.lease)
	if err != nil {
		if ctx.Err() == nil {
			s.do.log.Warn().Str("dest", s.dest).Err(err).Msg("rows not read")
		}
		return idle
	}
	s.limiter.AllowN(now, len(rows))
	unsent := false
	for i := range rows {
		unsent = !s.send(ctx, &rows[i], now) || unsent
	}
	switch {
	case unsent:
		return pauseUnsent
	case len(rows) == n:
		return s.soon()
	}
	return idle
}

// soon is the wait when there may be more rows: none while there is room.
func (s *sender) soon() time.Duration {
	if s.carry.room() > 0 {
		return 0
	}
	return idle // room wakes the sender
}

// send sends one row, or gives it back.
func (s *sender) send(ctx context.Context, row *sessions.Outbox, now time.Time) bool {
	if !s.hold(row) {
		return true
	}
	if row.Expired(now) {
		s.tell(row, delivery.Event{Kind: delivery.Failed, Failure: delivery.Failure{Class: delivery.Late, Detail: "not sent in time"}})
		return true
	}
	p := new(part)
	if err := p.decode(row.Body); err != nil {
		s.tell(row, delivery.Event{})
		return true
	}
	p.id, p.until = row.ID, row.Validity
	err := s.carry.send(p, func(ev delivery.Event) { s.answer(row, p, ev) })
	if err == nil {
		return true
	}
	s.release(row.Row)
	s.do.counts.notSent.Add(1)
	s.do.log.Debug().Str("dest", s.dest).Stringer("session", row.ID).Err(err).Msg("not sent")
	back := sessions.Settlement{Row: row.Row, Retry: now, Attempt: row.Attempt}
	if err := s.box.Settle(context.WithoutCancel(ctx), back); err != nil {
		s.do.log.Warn().Str("dest", s.dest).Err(err).Msg("row not given back: it is sent when its lease is over")
	}
	return false
}
