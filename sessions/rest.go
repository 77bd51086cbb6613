package sessions

import "fmt"

// state is that of e, decoded. What a session that rests is lent for one step
// is given back with release: the session goes on resting until a step that
// does not say so is settled, so that a step which is refused, or is to be made
// again, leaves it as it was.
func (sh *shard[S, E, F]) state(e *entry[S, E]) (*S, error) {
	if e.state != nil {
		return e.state, nil
	}
	// The flow gets a copy: it may do with the octets what it likes.
	sh.old = append(sh.old[:0], e.rest...)
	var err error
	sh.woken, err = sh.rt.flow.DecodeState(sh.old)
	return &sh.woken, err
}

// release lets go of what the state points to.
func (sh *shard[S, E, F]) release(s *S) {
	if s == &sh.woken {
		var none S
		sh.woken = none
	}
}

// keep takes over the state of a step in the form that the step has asked for.
func (sh *shard[S, E, F]) keep(fl *flight[S, E, F]) {
	e := fl.e
	before := e.state == nil && fl.birth == nil // at rest
	if fl.tx.rest {
		sh.rt.let(e.state)
		e.lay(fl.state)
	} else {
		fl.next = e.hold(fl.next)
	}
	switch {
	case fl.tx.rest && !before:
		sh.rt.counts.resting.Add(1)
	case before && !fl.tx.rest:
		sh.rt.counts.resting.Add(-1)
	}
}

// undecoded puts a step off whose session cannot be decoded just now, and what
// comes behind it. A session that can never be decoded is given up, as it
// would have been at the start: it stays in the store for an operator to look at.
func (sh *shard[S, E, F]) undecoded(fl *flight[S, E, F], ev *E, cause error) (waits bool) {
	e := fl.e
	sh.release(&sh.woken)
	if !transient(cause) {
		sh.forget(e)
		sh.put(fl)
		sh.rt.fault(Ref{ID: e.id, Key: e.key}, fmt.Errorf("sessions: state at rest: %w", cause))
		return false
	}
	e.busy = true
	late := *ev // or every event would be on the heap
	fl.asleep = &late
	sh.later(fl)
	return true
}

// again goes on with a flight whose time has come.
func (sh *shard[S, E, F]) again(fl *flight[S, E, F]) {
	if fl.asleep == nil {
		sh.apply(fl)
		return
	}
	e, ev := fl.e, fl.asleep
	fl.asleep, e.busy = nil, false
	if first := fl.first; !sh.attempt(fl, ev) && first {
		sh.window--
	}
	sh.advance(e)
}
