package sessions

import (
	"bytes"
	"fmt"
	"time"
)

// flight is one step on its way through the store. Flights are used again.
type flight[S, E, F any] struct {
	sh      *shard[S, E, F]
	e       *entry[S, E]
	birth   *birth // set for the first step of a session
	tx      Tx
	change  Change
	asleep  *E // the event of a step that waits for its session to be decoded
	next    *S // the state after the step; there is none between two uses
	effects []F
	state   []byte // next, encoded
	due     int64
	first   bool // the Recovered step of a loaded session
	doubt   bool // an attempt before this one ended in ErrStore
	tries   int
	retry   *alarm[flight[S, E, F]]
	result  Result
	landed  func(Result) // given to the store; made once for all uses
}

func (sh *shard[S, E, F]) take(e *entry[S, E], b *birth, first bool) *flight[S, E, F] {
	var fl *flight[S, E, F]
	if n := len(sh.idle); n > 0 {
		fl, sh.idle = sh.idle[n-1], sh.idle[:n-1]
	} else {
		fl = &flight[S, E, F]{sh: sh}
		retry := newAlarm(fl, 0)
		fl.retry = &retry
		fl.landed = func(res Result) {
			fl.result = res
			sh.box.complete(fl)
		}
	}
	fl.e, fl.birth, fl.first, fl.doubt, fl.tries = e, b, first, false, 0
	return fl
}

// put gives fl back. What it points to is let go, so that an idle flight
// keeps no session's data.
func (sh *shard[S, E, F]) put(fl *flight[S, E, F]) {
	sh.rt.let(fl.next)
	fl.e, fl.birth, fl.next, fl.change, fl.result = nil, nil, nil, Change{}, Result{}
	clear(fl.effects)
	fl.tx.Reset()
	sh.idle = append(sh.idle, fl)
}

// create makes the first step of a new session.
func (sh *shard[S, E, F]) create(l *letter[S, E]) {
	if sh.stopped {
		sh.rt.taken.Add(-1)
		l.birth.reply(Result{Err: ErrStopped})
		return
	}
	if sh.step(l.to, &l.ev, l.birth, false) {
		sh.newborn++
	}
}

// step makes one step of e, which has no change in flight, and hands it to
// the store; it tells whether the step is under way: the store has it, or it
// waits for the state to be decoded. A step that changes nothing durable, or
// says that it needs not be durable, is performed at once.
func (sh *shard[S, E, F]) step(e *entry[S, E], ev *E, b *birth, first bool) bool {
	return sh.attempt(sh.take(e, b, first), ev)
}

// attempt is step with a flight.
func (sh *shard[S, E, F]) attempt(fl *flight[S, E, F], ev *E) bool {
	rt, e := sh.rt, fl.e
	before, err := sh.state(e)
	if err != nil {
		return sh.undecoded(fl, ev, err)
	}
	if fl.birth != nil { // there is nothing to go back to
		fl.next, e.state = e.state, nil
	} else {
		fl.next = rt.Room()
		*fl.next = *before
	}
	fl.effects = rt.flow.Step(fl.next, *ev, &fl.tx, fl.effects[:0])
	sh.release(before)
	rt.counts.steps.Add(1)
	fl.due = e.dueAfter(fl.tx.timers)
	nothing := fl.birth == nil && fl.tx.empty() && fl.due == e.due
	if nothing && fl.tx.volatile && !fl.tx.rest {
		return sh.skip(fl)
	}
	if fl.state = fl.state[:0]; !fl.tx.finish { // that of one that ends is not kept
		if fl.state, err = rt.flow.AppendState(fl.state, fl.next); err != nil {
			sh.unencodable(fl, err)
			return false
		}
	}
	if nothing && (fl.tx.volatile || sh.same(e, fl.state)) {
		return sh.skip(fl)
	}
	sh.fill(fl)
	sh.apply(fl)
	return true
}

// skip performs a step without the store.
func (sh *shard[S, E, F]) skip(fl *flight[S, E, F]) (stored bool) {
	sh.rt.counts.skipped.Add(1)
	sh.settle(fl)
	return false
}

// unencodable gives a step up: the state before it stays.
func (sh *shard[S, E, F]) unencodable(fl *flight[S, E, F], err error) {
	err = fmt.Errorf("sessions: encoding the state: %w", err)
	sh.rt.fault(Ref{ID: fl.e.id, Key: fl.e.key}, err)
	if fl.birth != nil {
		sh.rt.taken.Add(-1)
		fl.birth.reply(Result{Err: err})
	}
	sh.put(fl)
}

// same compares by the encoding, because states need not be comparable. The
// old state of a session that does not rest is encoded again: keeping its
// octets would cost more than the few steps that come here.
func (sh *shard[S, E, F]) same(e *entry[S, E], next []byte) bool {
	if e.state == nil {
		return bytes.Equal(e.rest, next)
	}
	var err error
	sh.old, err = sh.rt.flow.AppendState(sh.old[:0], e.state)
	return err == nil && bytes.Equal(sh.old, next)
}

// fill writes the change of a step.
func (sh *shard[S, E, F]) fill(fl *flight[S, E, F]) {
	e, c := fl.e, &fl.change
	if fl.birth != nil {
		fl.tx.addCorr = append(fl.tx.addCorr, fl.birth.corr...)
		c.Seen = fl.birth.seen
	}
	fl.tx.Fill(c)
	c.ID, c.Key, c.Expect, c.State = e.id, e.key, e.version, fl.state
	c.KeepDue = fl.birth == nil && fl.due == e.due
	if fl.due != 0 {
		c.Due = time.Unix(fl.due, 0)
	}
	for i := range c.Outbox {
		if c.Outbox[i].ID == 0 {
			c.Outbox[i].ID = e.id
		}
		if c.Outbox[i].Key == (Key{}) {
			c.Outbox[i].Key = c.FinalKey()
		}
	}
}

// apply hands the change of fl to the store.
func (sh *shard[S, E, F]) apply(fl *flight[S, E, F]) {
	fl.e.busy = true
	fl.retry.fired = false
	sh.flying++
	sh.rt.counts.inFlight.Add(1)
	sh.rt.store.Apply(&fl.change, fl.landed)
}
