package sessions

import (
	"sync/atomic"
	"time"
)

// entry is one live session in memory. All but backlog belongs to the
// goroutine of its shard.
type entry[S, E any] struct {
	id      ID
	key     Key
	version uint64
	due     int64              // earliest deadline as stored, in Unix seconds; 0 is none
	first   alarm[entry[S, E]] // most have one timer, which needs no room of its own
	more    []*alarm[entry[S, E]]
	state   *S             // nil while the session rests
	rest    []byte         // the encoded state of one that rests
	waiting []queued[S, E] // events that came while a change was in flight
	backlog atomic.Int32   // posted and not stepped yet
	refused uint8          // refusals in a row
	busy    bool           // a change is in flight
	gone    bool           // finished, or lost to another writer
	fresh   bool           // loaded, and Recovered not stepped yet
}

// hold keeps the state decoded, and gives back the one before, if there is one.
func (e *entry[S, E]) hold(s *S) (before *S) {
	before, e.state, e.rest = e.state, s, nil
	return before
}

// lay keeps nothing of the state but its octets, in room that is theirs alone.
func (e *entry[S, E]) lay(b []byte) {
	if len(b) > cap(e.rest) || len(b) < cap(e.rest)/2 {
		e.rest = nil
	}
	e.state, e.rest = nil, append(e.rest[:0], b...)
}

// queued is an event or the expiry of a timer.
type queued[S, E any] struct {
	ev    E
	alarm *alarm[entry[S, E]]
	gen   uint32
}

// enqueue keeps q until the change in flight is done.
func (e *entry[S, E]) enqueue(q queued[S, E]) { e.waiting = append(e.waiting, q) }

// dequeue takes the first waiting event. An empty queue gives its memory back:
// most sessions are idle most of the time.
func (e *entry[S, E]) dequeue() queued[S, E] {
	q := e.waiting[0]
	e.waiting[0] = queued[S, E]{}
	if e.waiting = e.waiting[1:]; len(e.waiting) == 0 {
		e.waiting = nil
	}
	return q
}

// alarm finds the timer of this kind, and makes it when it must be there.
func (e *entry[S, E]) alarm(kind TimerKind, make bool) *alarm[entry[S, E]] {
	for a := range e.alarms {
		if a.kind == kind {
			return a
		}
	}
	switch {
	case !make:
		return nil
	case e.first.owner == nil:
		e.first = newAlarm(e, kind)
		return &e.first
	}
	a := newAlarm(e, kind)
	e.more = append(e.more, &a)
	return &a
}

// alarms gives all timers that were ever set.
func (e *entry[S, E]) alarms(yield func(*alarm[entry[S, E]]) bool) {
	if e.first.owner == nil || !yield(&e.first) {
		return
	}
	for _, a := range e.more {
		if !yield(a) {
			return
		}
	}
}

// dueAfter is the earliest deadline in Unix seconds once sets are made, 0 for none.
func (e *entry[S, E]) dueAfter(sets []TimerSet) int64 {
	due := int64(0)
	earliest := func(at int64) {
		// A deadline before 1970 is long due; 0 would mean none.
		if s := max(at/int64(time.Second), 1); due == 0 || s < due {
			due = s
		}
	}
	for a := range e.alarms {
		if a.active() && lastSet(sets, a.kind) < 0 {
			earliest(a.at)
		}
	}
	for i, s := range sets {
		if !s.At.IsZero() && lastSet(sets, s.Kind) == i {
			earliest(nanos(s.At))
		}
	}
	return due
}

// lastSet is the index of the last setting of this kind, the one that counts, or -1.
func lastSet(sets []TimerSet, kind TimerKind) int {
	for i := len(sets) - 1; i >= 0; i-- {
		if sets[i].Kind == kind {
			return i
		}
	}
	return -1
}
