package sessions

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/idtable"
)

// shard owns a part of the sessions: one goroutine steps them, fires their
// timers and hears of their commits.
type shard[S, E, F any] struct {
	rt  *Runtime[S, E, F]
	box *mailbox[letter[S, E], *flight[S, E, F]]

	mu   sync.RWMutex // guards live
	live idtable.Table[entry[S, E]]

	// The rest belongs to the shard's goroutine.
	timers  alarms[entry[S, E]]
	retries alarms[flight[S, E, F]]
	fresh   []*entry[S, E]     // loaded and not recovered yet
	window  int                // recovered sessions whose first step is in flight
	flying  int                // changes the store has
	idle    []*flight[S, E, F] // flights to be used again
	newborn int                // sessions whose first step is in flight
	births  []letter[S, E]     // the slices that are swapped with the mailbox
	letters []letter[S, E]
	done    []*flight[S, E, F]
	next    int    // of births
	old     []byte // the state before a step, encoded to be compared, or to be decoded
	woken   S      // the state before a step, decoded for it
	began   time.Time
	lead    int64 // of the wall clock over the time since began, in nanoseconds
	stopped bool
}

// turnLimit is how many recoveries and expiries one turn takes before it
// looks at the mailbox again.
const turnLimit = 256

// maxWait bounds the sleep of a shard: deadlines are by the wall clock, which
// may be set.
const maxWait = time.Minute

// clockStep is what the wall clock may differ by without having been set.
const clockStep = time.Second

func newShard[S, E, F any](r *Runtime[S, E, F]) *shard[S, E, F] {
	return &shard[S, E, F]{
		rt:  r,
		box: newMailbox[letter[S, E], *flight[S, E, F]](r.opts.Mailbox),
	}
}

func (sh *shard[S, E, F]) post(l letter[S, E]) error {
	err := sh.box.post(l, l.birth != nil)
	if errors.Is(err, ErrBusy) {
		sh.rt.counts.busy.Add(1)
	}
	return err
}

func (sh *shard[S, E, F]) find(id ID) *entry[S, E] {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.live.Get(uint64(id))
}

func (sh *shard[S, E, F]) len() int {
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.live.Len()
}

// run is the shard's goroutine.
func (sh *shard[S, E, F]) run(ctx context.Context) {
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	sh.began = time.Now()
	sh.lead = sh.rt.opts.Now().UnixNano()
	for ctx.Err() == nil {
		if sh.turn() {
			continue
		}
		timer.Reset(sh.wait())
		select {
		case <-sh.box.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	sh.stop()
}

// wait is how long nothing is due.
func (sh *shard[S, E, F]) wait() time.Duration {
	next := min(sh.timers.next(), sh.retries.next())
	if next == math.MaxInt64 {
		return maxWait
	}
	return min(max(time.Duration(next-sh.rt.opts.Now().UnixNano()), 0), maxWait)
}

// turn does what there is to do and tells whether there may be more at once.
func (sh *shard[S, E, F]) turn() bool {
	sh.follow()
	sh.hear()
	now := sh.rt.opts.Now()
	more := sh.expire(now)
	for {
		a := sh.retries.expire(now.UnixNano())
		if a == nil {
			break
		}
		sh.again(a.owner)
	}
	return sh.recover(now) || more
}

// follow moves what is due when the wall clock was set: an hour back must not
// make everybody wait an hour more, nor an hour forward end what has just begun.
func (sh *shard[S, E, F]) follow() {
	lead := sh.rt.opts.Now().UnixNano() - int64(time.Since(sh.began))
	set := time.Duration(lead - sh.lead)
	if set.Abs() < clockStep {
		return
	}
	sh.lead = lead
	sh.timers.shift(int64(set))
	sh.retries.shift(int64(set))
}

// hear takes completions, then letters, then what is new.
func (sh *shard[S, E, F]) hear() {
	sh.letters, sh.done = sh.box.take(sh.letters[:0], sh.done[:0])
	for _, fl := range sh.done {
		sh.complete(fl)
	}
	for i := range sh.letters { // events are large: they stay where they are
		l := &sh.letters[i]
		sh.deliver(l.to, &l.queued)
	}
	clear(sh.letters)
	clear(sh.done)
	sh.begin()
}

// begin makes the first steps of new sessions, a window at a time. What is new waits
// before the store, not in its queue: there it would be in the way of those that
// end sessions, and the more begin the fewer would end.
func (sh *shard[S, E, F]) begin() {
	for sh.newborn < sh.rt.opts.CreateWindow || sh.stopped {
		if sh.next == len(sh.births) {
			clear(sh.births)
			if sh.births, sh.next = sh.box.takeBirths(sh.births[:0]), 0; len(sh.births) == 0 {
				return
			}
		}
		sh.next++
		sh.create(&sh.births[sh.next-1])
	}
}

// expire gives expired timers to their sessions.
func (sh *shard[S, E, F]) expire(now time.Time) (more bool) {
	for range turnLimit {
		a := sh.timers.expire(now.UnixNano())
		if a == nil {
			return false
		}
		sh.deliver(a.owner, &queued[S, E]{alarm: a, gen: a.gen})
	}
	return true
}

// recover steps the next loaded sessions, a window at a time: a restart must
// not fill the store's queue and so keep new work out.
func (sh *shard[S, E, F]) recover(now time.Time) (more bool) {
	for range turnLimit {
		if len(sh.fresh) == 0 {
			sh.fresh = nil
			return false
		}
		if sh.window >= sh.rt.opts.RecoverWindow {
			return false
		}
		last := len(sh.fresh) - 1
		e := sh.fresh[last]
		sh.fresh[last] = nil
		sh.fresh = sh.fresh[:last]
		if e.fresh {
			sh.awake(e, now)
			sh.advance(e)
		}
	}
	return true
}

// awake steps Recovered.
func (sh *shard[S, E, F]) awake(e *entry[S, E], now time.Time) {
	e.fresh = false
	sh.rt.counts.recovering.Add(-1)
	sh.window++
	ev := sh.rt.flow.Recovered(now)
	if !sh.step(e, &ev, nil, true) {
		sh.window--
	}
}

// deliver steps q now, or keeps a copy until the change in flight is done.
func (sh *shard[S, E, F]) deliver(e *entry[S, E], q *queued[S, E]) {
	if e.fresh && !sh.stopped {
		sh.awake(e, sh.rt.opts.Now())
	}
	if e.gone || sh.stopped {
		sh.drop(e, q)
		return
	}
	if e.busy {
		e.enqueue(*q)
		return
	}
	// Nothing waits for a session that is not busy: advance sees to that.
	sh.give(e, q)
	sh.advance(e)
}

// drop forgets an event that nobody can take.
func (sh *shard[S, E, F]) drop(e *entry[S, E], q *queued[S, E]) {
	if q.alarm != nil {
		sh.rt.counts.stale.Add(1)
		return
	}
	e.backlog.Add(-1)
	sh.rt.counts.dropped.Add(1)
	if e.gone && sh.rt.dropper != nil { // otherwise the session is there at the next start
		sh.rt.dropper.Dropped(Ref{ID: e.id, Key: e.key}, q.ev)
	}
}

// advance steps what waits for e until a change is in flight.
func (sh *shard[S, E, F]) advance(e *entry[S, E]) {
	for !e.busy && !e.gone && !sh.stopped && len(e.waiting) > 0 {
		q := e.dequeue()
		sh.give(e, &q)
	}
}

// give steps q, unless it is the expiry of a timer that was set or stopped
// since.
func (sh *shard[S, E, F]) give(e *entry[S, E], q *queued[S, E]) {
	switch {
	case q.alarm == nil:
		e.backlog.Add(-1)
		sh.step(e, &q.ev, nil, false)
	case q.gen != q.alarm.gen:
		sh.rt.counts.stale.Add(1)
	default:
		q.alarm.fired = false
		ev := sh.rt.flow.Timeout(q.alarm.kind, sh.rt.opts.Now())
		sh.step(e, &ev, nil, false)
	}
}

// stop refuses what waits and hears of what the store still has. Changes and
// decodings that wait to be tried again are given up: their sessions are
// recovered from the state before.
func (sh *shard[S, E, F]) stop() {
	sh.box.close()
	sh.stopped = true
	for {
		sh.hear()
		if sh.flying == 0 {
			return
		}
		<-sh.box.wake
	}
}
