package sessions

import (
	"errors"
	"fmt"
	"time"
)

// complete hears what the store made of a change.
func (sh *shard[S, E, F]) complete(fl *flight[S, E, F]) {
	sh.flying--
	sh.rt.counts.inFlight.Add(-1)
	if fl.first && !transient(fl.result.Err) {
		sh.window--
	}
	if fl.birth != nil {
		sh.newborn--
	}
	res := fl.result
	switch {
	case res.Err == nil || fl.landedBefore(res):
		sh.committed(fl)
	case fl.birth != nil:
		sh.stillborn(fl, res)
	case transient(res.Err):
		sh.tryAgain(fl)
	case refusal(res.Err):
		sh.refused(fl, res.Err)
	default:
		sh.lost(fl, res.Err)
	}
}

// landedBefore tells whether an attempt that ended in ErrStore was committed
// after all. Nobody else writes this session, so the next version is ours.
func (fl *flight[S, E, F]) landedBefore(res Result) bool {
	switch {
	case !fl.doubt:
		return false
	case fl.change.Finish:
		return errors.Is(res.Err, ErrNotFound)
	}
	return errors.Is(res.Err, ErrConflict) && res.Version == fl.change.Expect+1
}

// committed makes the step true in memory, then lets the world know.
func (sh *shard[S, E, F]) committed(fl *flight[S, E, F]) {
	e := fl.e
	sh.rt.counts.commits.Add(1)
	e.version = fl.change.Expect + 1
	e.due = fl.due
	switch {
	case fl.change.Finish:
		sh.end(e, fl.birth != nil)
	case fl.birth != nil:
		sh.born(fl)
	case fl.change.NewKey != nil:
		e.key = *fl.change.NewKey
	}
	if fl.birth != nil {
		sh.rt.counts.created.Add(1)
		fl.birth.reply(Result{Version: e.version})
	}
	sh.settle(fl)
	sh.advance(e)
}

// settle takes over state and timers of a step, performs its effects and
// gives the flight back. A step that needed no commit comes here directly.
func (sh *shard[S, E, F]) settle(fl *flight[S, E, F]) {
	e := fl.e
	e.busy = false
	e.refused = 0
	if !e.gone {
		sh.keep(fl)
		sh.setTimers(e, fl.tx.timers)
	}
	if len(fl.effects) > 0 {
		sh.rt.flow.Perform(Ref{ID: e.id, Key: e.key}, fl.effects)
	}
	sh.put(fl)
}

func (sh *shard[S, E, F]) setTimers(e *entry[S, E], sets []TimerSet) {
	for _, s := range sets {
		a := e.alarm(s.Kind, !s.At.IsZero())
		switch {
		case a == nil:
		case s.At.IsZero():
			sh.timers.stop(a)
		default:
			sh.timers.set(a, nanos(s.At))
		}
	}
}

// born makes a new session live.
func (sh *shard[S, E, F]) born(fl *flight[S, E, F]) {
	e := fl.e
	e.key = fl.change.FinalKey()
	sh.mu.Lock()
	sh.live.Put(uint64(e.id), e)
	sh.mu.Unlock()
}

// end forgets a finished session. One that ended with its first step was
// never live.
func (sh *shard[S, E, F]) end(e *entry[S, E], stillborn bool) {
	sh.rt.counts.finished.Add(1)
	if stillborn {
		e.gone = true
		sh.rt.taken.Add(-1)
		return
	}
	sh.forget(e)
}

// forget takes a session out of memory.
func (sh *shard[S, E, F]) forget(e *entry[S, E]) {
	e.gone = true
	if e.state == nil {
		sh.rt.counts.resting.Add(-1)
	}
	sh.rt.taken.Add(-1)
	sh.mu.Lock()
	sh.live.Drop(uint64(e.id))
	sh.mu.Unlock()
	for a := range e.alarms {
		sh.timers.stop(a)
	}
	for i := range e.waiting {
		sh.drop(e, &e.waiting[i])
	}
	sh.rt.let(e.state)
	e.more, e.waiting, e.state, e.rest = nil, nil, nil, nil
}

// stillborn answers a Create that was refused, whatever the cause: its caller
// has not been promised anything yet and knows best whether to come again.
func (sh *shard[S, E, F]) stillborn(fl *flight[S, E, F], res Result) {
	if refusal(res.Err) {
		sh.rt.counts.refused.Add(1)
	}
	sh.rt.taken.Add(-1)
	fl.birth.reply(res)
	sh.put(fl)
}

// tryAgain hands the same change to the store once more, later. The session
// keeps the state it had, and its further events wait.
func (sh *shard[S, E, F]) tryAgain(fl *flight[S, E, F]) {
	fl.doubt = fl.doubt || errors.Is(fl.result.Err, ErrStore)
	if !sh.stopped {
		sh.later(fl)
	}
}

// later has fl tried once more after a pause.
func (sh *shard[S, E, F]) later(fl *flight[S, E, F]) {
	fl.tries++
	sh.rt.counts.retries.Add(1)
	sh.retries.set(fl.retry, sh.rt.opts.Now().Add(pause(fl.e.id, fl.tries)).UnixNano())
}

// pause is the time before a further try: 10 to 20 ms at first, doubling, at
// most 2.5 to 5 s. It differs from session to session, so that sessions that
// failed together do not come back together, and not from run to run.
func pause(id ID, tries int) time.Duration {
	d := min(20*time.Millisecond<<min(tries-1, 10), 5*time.Second)
	h := (uint64(id) + uint64(tries)) * 0x9E3779B97F4A7C15 >> 40
	return d/2 + time.Duration(h)*(d/2)>>24
}

// maxRefusals is how often in a row a session may be refused: a machine that
// answers a refusal with the same wish would never end.
const maxRefusals = 4

// refused tells the machine that another session was in its way, or that its
// order is not what it was, before it sees any other event.
func (sh *shard[S, E, F]) refused(fl *flight[S, E, F], cause error) {
	e := fl.e
	sh.rt.counts.refused.Add(1)
	e.busy = false
	e.refused++
	sh.put(fl)
	switch {
	case e.refused > maxRefusals:
		sh.rt.fault(Ref{ID: e.id, Key: e.key}, fmt.Errorf("sessions: refused %d times in a row: %w", e.refused, cause))
		e.refused = 0
	case !sh.stopped:
		ev := sh.rt.flow.Refused(cause, sh.rt.opts.Now())
		sh.step(e, &ev, nil, false)
	}
	sh.advance(e)
}

// lost gives a session up whose stored version is another one: whoever wrote
// it owns it now, and all that its machine has borrowed. A change that is
// invalid by itself costs only the step.
func (sh *shard[S, E, F]) lost(fl *flight[S, E, F], cause error) {
	e := fl.e
	e.busy = false
	ref := Ref{ID: e.id, Key: e.key}
	if errors.Is(cause, ErrConflict) || errors.Is(cause, ErrNotFound) {
		sh.forget(e)
	}
	sh.put(fl)
	sh.rt.fault(ref, cause)
	sh.advance(e)
}
