package push

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
)

// effectKind says what is to be done after the commit.
type effectKind uint8

const (
	doNudge    effectKind = iota + 1 // a row is there for this destination
	doLocate                         // ask the HLR
	doWithdraw                       // take a part back
	doRefuse                         // the part cannot be composed: tell the machine
	doKnow                           // a message id: the directory is to know it
	doTell                           // what waited for the commit
	doAnswer                         // who waits for a Cancel
	doForget                         // the message is over
	doAnomaly
	doGather // it waits for its siblings
	doGiveUp // that has lasted long enough
	doTake   // its siblings are to leave
	doLeave  // it has left: a sibling goes for it
	doLeft   // it does not wait for siblings any more
)

// effect is what Perform does.
type effect struct {
	kind    effectKind
	part    uint8
	sending uint16
	req     uint16
	ask     uint64
	ok      bool // of doAnswer; of doForget: it was relayed
	told    bool // of doForget: the door hears of it
	dest    string
	min     string
	note    string
	end     *ending
	parcel  *parcel // as the step leaves it
	joint   *joint  // of doForget: it has gone for others
	again   *recall // of doWithdraw: to begin again
	done    func()
	from    *sender // of doTell: who lets go of row
	row     int64
}

// mailer gives an event to a live message.
type mailer interface {
	Post(id sessions.ID, ev event) error
}

// performer carries out the effects of committed steps. Nothing in it blocks:
// it runs on the shards of the runtime.
type performer struct {
	mail    mailer
	dir     *directory
	box     box
	senders senderTable
	hlr     *hlr // nil without SS7
	gather  *gathering
	doors   map[string]Door
	chores  chan chore
	ends    ends
	clock   clock.Clock
	rehome  func(ctx context.Context, id sessions.ID) bool // leads a relayed message elsewhere
	tickets atomic.Uint64                                  // of rows that senders hold: greater is later
	counts  *counters
	log     zerolog.Logger

	mu      sync.Mutex
	waiting map[uint64]chan bool // by Ask

	asking sync.Mutex
	told   map[string]bool // destinations without a sender whose rows were seen to
}

// box is what the senders need of a store.
type box interface {
	sessions.Postbox
	sessions.Recall
	sessions.Finder
}

// chore is work that may block, for the workers.
type chore func(ctx context.Context)

func (p *performer) perform(ref sessions.Ref, e *effect) {
	switch e.kind {
	case doNudge:
		p.nudge(ref, e)
	case doLocate:
		p.locate(ref, e)
	case doWithdraw:
		p.withdraw(ref, e)
	case doRefuse:
		p.refuse(ref, e, delivery.Permanent)
	case doKnow:
		p.dir.add(e.parcel)
	case doTell:
		if e.done != nil {
			e.done()
		}
		if e.from != nil {
			e.from.release(e.row)
		}
	case doAnswer:
		p.answer(e.ask, e.ok)
	case doForget:
		p.forget(ref, e)
	case doGather:
		p.gather.sit(e.parcel)
	case doGiveUp:
		p.gather.giveUp(ref.ID)
	case doTake:
		p.gather.take(e.parcel)
	case doLeave:
		p.dir.remove(ref.ID)
		p.gather.gone(ref.ID)
	case doLeft:
		p.gather.left(ref.ID)
	case doAnomaly:
		p.counts.anomalies.Add(1)
		p.log.Warn().Stringer("session", ref.ID).Str("what", e.note).Msg("anomaly")
	}
}

func (p *performer) nudge(ref sessions.Ref, e *effect) {
	if s := p.senders.get(e.dest); s != nil {
		s.nudge()
		return
	}
	// The configuration has lost the way since the message was accepted.
	p.unreachable(ref, &effect{dest: e.dest, part: e.part, sending: e.sending, note: "there is no " + e.dest})
}

func (p *performer) locate(ref sessions.Ref, e *effect) {
	if p.hlr == nil {
		p.post(ref.ID, event{Event: delivery.Event{Kind: delivery.NotHere, Req: e.req, At: p.clock.Now(),
			Failure: delivery.Failure{Class: delivery.Temporary, Detail: "no HLR is configured"}}})
		return
	}
	p.hlr.asks.ask(e.min, ref.ID, e.req)
}

func (p *performer) refuse(ref sessions.Ref, e *effect, class delivery.Class) {
	p.post(ref.ID, event{Event: delivery.Event{Kind: delivery.Failed, Part: e.part, Sending: e.sending,
		Failure: delivery.Failure{Class: class, Detail: e.note}}})
}

// move has a message routed again whose link is gone. Nobody has its row.
func (p *performer) move(ref sessions.Ref, e *effect) {
	p.post(ref.ID, event{Event: delivery.Event{Kind: delivery.Failed, Part: e.part, Sending: e.sending, Failure: goneFailure()}, moved: true})
}

// choreTime bounds one chore.
const choreTime = 10 * time.Second

// later has a worker do what may block. With too many chores it comes again.
func (p *performer) later(c chore) {
	select {
	case p.chores <- c:
	default:
		p.clock.After(time.Second, func() { p.later(c) })
	}
}

// withdraw: the store knows whether a sender has the row. When it cannot say,
// the machine asks again after a while.
func (p *performer) withdraw(ref sessions.Ref, e *effect) {
	e = &effect{dest: e.dest, part: e.part, sending: e.sending, ask: e.ask, again: e.again}
	p.later(func(ctx context.Context) {
		gone, err := p.box.Withdraw(ctx, dedup(uint64(ref.ID), e.part, e.sending))
		if err == nil && !gone {
			err = p.stranded(ctx, e.dest)
		}
		if err != nil {
			p.log.Warn().Stringer("session", ref.ID).Err(err).Msg("part not withdrawn")
		}
		ev := event{Event: delivery.Event{Kind: delivery.Withdrawn, Part: e.part, Sending: e.sending, Ask: e.ask, OK: gone && err == nil}}
		if e.again != nil {
			ev.Again, ev.NotBefore, ev.Validity, ev.change = true, e.again.notBefore, e.again.validity, e.again.change
		}
		p.post(ref.ID, ev)
	})
}

// unreachable takes the row of a destination without a sender back, unless its message
// can take another route. e is kept.
func (p *performer) unreachable(ref sessions.Ref, e *effect) {
	p.later(func(ctx context.Context) {
		if p.rehome(ctx, ref.ID) {
			return
		}
		gone, err := p.box.Withdraw(ctx, dedup(uint64(ref.ID), e.part, e.sending))
		switch {
		case err == nil && gone && strings.HasPrefix(e.dest, destOf("", "")):
			p.move(ref, e)
		case err == nil && gone:
			p.refuse(ref, e, delivery.Temporary)
		case err == nil:
			err = p.stranded(ctx, e.dest)
		}
		if err != nil {
			p.log.Warn().Str("dest", e.dest).Err(err).Msg("rows of a way that is gone not read")
		}
	})
}

// stranded tells the messages whose parts an earlier run had given to somebody
// who is not in the configuration any more: no sender will ever ask for them.
func (p *performer) stranded(ctx context.Context, dest string) error {
	if p.senders.get(dest) != nil {
		return nil
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	if p.told[dest] {
		return nil
	}
	err := newSender(dest, nil, p.box, p, 0, 0).tellOrphans(ctx)
	p.told[dest] = err == nil
	return err
}

// work does chores until ctx ends.
func (p *performer) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-p.chores:
			one, cancel := context.WithTimeout(ctx, choreTime)
			c(one)
			cancel()
		}
	}
}

// post gives the machine its event, with the time. A full mailbox is tried again.
func (p *performer) post(id sessions.ID, ev event) {
	ev.At = p.clock.Now()
	err := p.mail.Post(id, ev)
	switch {
	case err == nil:
	case errors.Is(err, sessions.ErrBusy):
		p.putOff(id, ev)
	case errors.Is(err, sessions.ErrNotFound):
		late := ev // or every event would be on the heap
		p.later(func(ctx context.Context) { p.missing(ctx, id, late) })
	}
}

// putOff posts an event again: soon, since a message is seldom long in the way of
// it, and then ever more seldom, since one whose state cannot be read stays so.
func (p *performer) putOff(id sessions.ID, ev event) {
	const first, most = 20 * time.Millisecond, 8 // up to 5 s
	p.counts.postponed.Add(1)
	pause := first << min(ev.tries, most)
	ev.tries++
	p.clock.After(pause, func() { p.post(id, ev) })
}

// missing looks into the store for a message that is not live. The row of a new
// one may be sent and answered before the runtime has heard that it was
// committed; what is not in the store either is over, and needs no event, but
// its row is still to go.
func (p *performer) missing(ctx context.Context, id sessions.ID, ev event) {
	_, err := p.box.ByID(ctx, id)
	if !errors.Is(err, sessions.ErrNotFound) {
		p.putOff(id, ev)
		return
	}
	p.counts.late.Add(1)
	p.settle(ev.Row)
	p.answer(ev.Ask, false)
	switch {
	case ev.Kind == delivery.Absorb: // before a crash, or twice
		p.gather.gone(id)
	case ev.assembly != nil:
		ev.assembly.lost()
	}
	if ev.done != nil {
		ev.done()
	}
	if ev.from != nil {
		ev.from.release(ev.Row)
	}
}

func (p *performer) settle(row int64) {
	if row == 0 {
		return
	}
	p.later(func(ctx context.Context) {
		if err := p.box.Settle(ctx, sessions.Settlement{Row: row}); err != nil {
			p.log.Warn().Err(err).Msg("row of a message that is over not deleted")
		}
	})
}

// expect makes an answer to be waited for.
func (p *performer) expect(ask uint64) <-chan bool {
	c := make(chan bool, 1)
	p.mu.Lock()
	p.waiting[ask] = c
	p.mu.Unlock()
	return c
}

func (p *performer) answer(ask uint64, ok bool) {
	if ask == 0 {
		return
	}
	p.mu.Lock()
	c := p.waiting[ask]
	delete(p.waiting, ask)
	p.mu.Unlock()
	if c != nil {
		c <- ok
	}
}

func (p *performer) forget(ref sessions.Ref, e *effect) {
	p.dir.remove(ref.ID)
	p.gather.over(e.joint)
	r := &e.end.Result
	p.counts.ended(*r, e.joint.voices())
	if door := p.doors[e.end.Origin.Door]; door != nil && e.told {
		door.Reported(&e.end.End)
	}
	level := zerolog.InfoLevel
	if e.ok { // of relayed messages there are thousands a second, and each has its record
		level = zerolog.DebugLevel
	}
	if ev := p.log.WithLevel(level); ev.Enabled() {
		ev.Stringer("session", ref.ID).Stringer("outcome", r.Outcome).Str("reason", string(r.Reason)).Str("detail", r.Detail).Msg("message ended")
	}
	p.ends.put(e.end)
}
