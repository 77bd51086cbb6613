package push

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
)

// carrier is a peer that takes parts.
type carrier interface {
	// up tells whether it can be reached.
	up() bool
	// room is how many parts it takes now; 0 when it cannot be reached.
	room() int
	// under is how many parts are under way.
	under() int
	// send sends one part, which is lent. Unless it fails, done is called once with the
	// answer, which is InDoubt when there is none. It must not block.
	send(p *part, done func(answer)) error
}

// answer is what a peer says to a part. Unwanted: nothing is wrong with the part,
// the peer has too much just now, and the carrier waits before it has room again.
type answer struct {
	ev       delivery.Event
	unwanted bool
	moved    bool // it was not sent: the message is to be routed again
}

// sender sends the rows of one destination: claim, send, tell the message. The
// answer, the row's deletion and what the message does next are one commit of
// the message. A row that a crash has left with nobody may have been sent, and
// its message is told so.
//
// What the peer does not want just now, and what could not be sent, goes back to
// where it was: in front of what was not sent yet, in its old order. Its message does
// not hear of it and has lost no attempt.
//
// A lease can run out although the answer is there or still to come: while the
// store fails, or when the clock is set. So what was sent is also known here, and
// is not sent again until the message has had its answer.
type sender struct {
	dest    string
	carry   carrier
	box     box
	do      *performer
	limiter *rate.Limiter
	lease   atomic.Int64 // a time.Duration
	wake    chan struct{}
	back    []sessions.Settlement // rows to be given back
	claimed time.Time             // the last claim
	part    part                  // the one that is just sent

	mu       sync.Mutex
	held     map[int64]uint64      // rows whose answer is not on the disk, with their tickets
	unwanted []sessions.Settlement // rows to be given back, which the peer has refused
	first    int64                 // the row refused last
	times    int                   // in a row
}

const (
	// batch is how many rows are claimed together, when there is room for so many. While
	// there is much to do a claim waits for some commits, and has to make up for them.
	batch = 2048
	// few: room for less than this part of what is under way is little, and most answers are still to come.
	// A claim costs the same for one row as for many, so for few it is made once in
	// claimPause.
	few        = 16
	claimPause = 5 * time.Millisecond
	idle       = 5 * time.Second
	// leaseReserve is what a lease is longer than the peer may take to answer.
	leaseReserve = 30 * time.Second
	// mostUnwanted is how often in a row a peer may refuse the same part for want of
	// room. Behind a pause the first part goes alone: it may be that only the queue
	// of its handset is full, and the others wait behind it.
	mostUnwanted = 10
	// pauseUnsent keeps a carrier that cannot send from being asked all the time.
	pauseUnsent = time.Second
)

func newSender(dest string, c carrier, b box, do *performer, perSecond float64, answer time.Duration) *sender {
	s := &sender{dest: dest, carry: c, box: b, do: do, limiter: limiterOf(perSecond), wake: make(chan struct{}, 1), held: map[int64]uint64{}}
	s.setLease(answer)
	return s
}

// setLease is told how long the peer may take to answer.
func (s *sender) setLease(answer time.Duration) { s.lease.Store(int64(answer + leaseReserve)) }

func (s *sender) leaseTime() time.Duration { return time.Duration(s.lease.Load()) }

// hold keeps a row from being sent again; false when it is held already.
func (s *sender) hold(row int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, is := s.held[row]; is {
		return false
	}
	s.held[row] = s.do.tickets.Add(1)
	return true
}

// oldest is the ticket of what has waited longest for its answer.
func (s *sender) oldest() (ticket uint64, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.held {
		if !is || n < ticket {
			ticket, is = n, true
		}
	}
	return ticket, is
}

// holds tells whether there is a row whose answer is not on the disk.
func (s *sender) holds() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held) > 0
}

func (s *sender) release(row int64) {
	s.mu.Lock()
	delete(s.held, row)
	s.mu.Unlock()
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
		err := s.tellOrphans(ctx)
		if err == nil {
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

func (s *sender) tellOrphans(ctx context.Context) error {
	rows, err := s.box.Orphans(ctx, s.dest, s.do.clock.Now(), s.leaseTime())
	for i := range rows {
		s.hold(rows[i].Row)
		s.tell(&rows[i], delivery.Event{Kind: delivery.InDoubt, Failure: delivery.Failure{Detail: "the gateway was restarted"}})
	}
	return err
}

// tell gives an answer to the message of a row.
func (s *sender) tell(row *sessions.Outbox, ev delivery.Event) {
	var p part
	if err := p.decode(row.Body); err != nil {
		s.do.log.Error().Str("dest", s.dest).Stringer("session", row.ID).Err(err).Msg("row cannot be read")
		s.do.settle(row.Row)
		s.release(row.Row)
		return
	}
	one := sendingOf(row, &p)
	s.answer(&one, answer{ev: ev})
}

// sending is what is kept of a row that is under way.
type sending struct {
	row     int64
	id      sessions.ID
	due     time.Time
	attempt int
	number  uint8
	sending uint16
}

func sendingOf(row *sessions.Outbox, p *part) sending {
	return sending{row.Row, row.ID, row.Due, row.Attempt, p.number, p.sending}
}

// answered gives the message its answer, or takes the row back.
func (s *sender) answered(one *sending, a answer) {
	if !a.unwanted || !s.takeBack(one) {
		s.answer(one, a)
		return
	}
	s.nudge()
}

// takeBack keeps a row that the peer did not want for the next round, unless it is
// in the way of the others.
func (s *sender) takeBack(one *sending) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first != one.row {
		s.first, s.times = one.row, 0
	}
	if s.times++; s.times > mostUnwanted {
		s.first, s.times = 0, 0
		return false
	}
	delete(s.held, one.row)
	s.unwanted = append(s.unwanted, backOf(one.row, one.due, one.attempt))
	return true
}

func backOf(row int64, due time.Time, attempt int) sessions.Settlement {
	return sessions.Settlement{Row: row, Retry: givenBack(due), Attempt: attempt}
}

func (s *sender) answer(one *sending, a answer) {
	ev := a.ev
	ev.Row, ev.Part, ev.Sending = one.row, one.number, one.sending
	s.do.post(one.id, event{Event: ev, moved: a.moved, from: s})
}

// round sends what there is room for, and says how long to wait for more.
func (s *sender) round(ctx context.Context) time.Duration {
	now := s.do.clock.Now()
	if !s.giveBack(ctx) {
		return pauseUnsent
	}
	n := min(s.carry.room(), batch)
	if n <= 0 {
		return idle
	}
	if soon := s.claimed.Add(claimPause).Sub(now); soon > 0 && n < s.carry.under()/few {
		return min(soon, claimPause) // the clock may be set
	}
	s.claimed = now
	if tokens := s.limiter.TokensAt(now); tokens < float64(n) {
		if n = int(tokens); n == 0 {
			return untilToken(s.limiter, tokens)
		}
	}
	// Nobody else would send what is leased when the gateway is stopped just now.
	rows, err := s.box.Claim(context.WithoutCancel(ctx), s.dest, now, n, s.leaseTime())
	if err != nil {
		if ctx.Err() == nil {
			s.do.log.Warn().Str("dest", s.dest).Err(err).Msg("rows not read")
		}
		return idle
	}
	s.limiter.AllowN(now, len(rows))
	now = s.do.clock.Now()
	for i := range rows { // what comes behind one that is not sent must not overtake it
		if ctx.Err() != nil || len(s.back) > 0 || !s.send(&rows[i], now) {
			s.back = append(s.back, backOf(rows[i].Row, rows[i].Due, rows[i].Attempt))
		}
	}
	switch {
	case len(s.back) > 0:
		s.giveBack(ctx)
		return pauseUnsent
	case len(rows) == n:
		return s.soon()
	}
	return idle
}

// dueAt is when the row of a part is due: at once, and with more priority before
// all others. It is not the time at which it is written, since the clock may be set
// back, but an even number of microseconds before 1970.
func dueAt(priority uint8) time.Time {
	if priority == 0 {
		return time.Time{} // which is 0
	}
	return time.UnixMicro(-2 * int64(priority))
}

// givenBack is when a row that is given back is due: before those of its priority
// that have not been looked at yet, at the odd number in front of theirs. Rows with
// the same time have the order in which they were committed.
func givenBack(due time.Time) time.Time {
	if due.IsZero() {
		return time.UnixMicro(-1)
	}
	if n := due.UnixMicro(); n%2 == 0 {
		return time.UnixMicro(n - 1)
	}
	return due
}

// giveBack lets go of rows that were not sent. What the store does not take is
// tried again before the next round, since a leased row cannot be withdrawn.
func (s *sender) giveBack(ctx context.Context) bool {
	s.mu.Lock()
	s.back = append(s.back, s.unwanted...)
	s.unwanted = nil
	s.mu.Unlock()
	if len(s.back) == 0 {
		return true
	}
	if err := s.box.Settle(context.WithoutCancel(ctx), s.back...); err != nil {
		s.do.log.Warn().Str("dest", s.dest).Err(err).Int("rows", len(s.back)).Msg("rows not given back")
		return false
	}
	s.back = nil
	return true
}

// soon is the wait when there may be more rows: none while there is room.
func (s *sender) soon() time.Duration {
	if s.carry.room() > 0 {
		return 0
	}
	return idle // room wakes the sender
}

// send sends one row, or tells its message why not. It fails when the row is to
// be given back.
func (s *sender) send(row *sessions.Outbox, now time.Time) bool {
	if !s.hold(row.Row) {
		s.do.log.Warn().Str("dest", s.dest).Stringer("session", row.ID).Msg("lease of a part is over before its answer is stored")
		return true
	}
	if row.Expired(now) {
		s.tell(row, delivery.Event{Kind: delivery.Failed, Failure: delivery.Failure{Class: delivery.Late, Detail: "not sent in time"}})
		return true
	}
	s.part = part{}
	p := &s.part
	if err := p.decode(row.Body); err != nil {
		s.tell(row, delivery.Event{})
		return true
	}
	if p.kept {
		var ok bool
		if p.userData, ok = s.do.dir.content(row.ID); !ok { // its state could not be read at the start, and says why
			s.do.log.Error().Str("dest", s.dest).Stringer("session", row.ID).Msg("there is nothing to be sent")
			s.release(row.Row)
			return true
		}
	}
	p.id, p.until = row.ID, row.Validity
	one := sendingOf(row, p)
	err := s.carry.send(p, func(a answer) { s.answered(&one, a) })
	if err == nil {
		return true
	}
	s.release(row.Row)
	s.do.counts.notSent.Add(1)
	s.do.log.Debug().Str("dest", s.dest).Stringer("session", row.ID).Err(err).Msg("not sent")
	return false
}
