package sessions

import (
	"container/heap"
	"math"
	"time"
)

// alarm is one timer of an owner. It is in one of three states: idle, armed
// (in the heap) and fired (its expiry waits to be stepped).
type alarm[O any] struct {
	owner *O
	at    int64  // Unix nanoseconds
	gen   uint32 // bumped by each set and stop: an expiry of an older one is stale
	kind  TimerKind
	fired bool
	index int32 // in the heap, -1 when not armed
}

func newAlarm[O any](owner *O, kind TimerKind) alarm[O] {
	return alarm[O]{owner: owner, kind: kind, index: -1}
}

// active tells whether the alarm still has something to say.
func (a *alarm[O]) active() bool { return a.index >= 0 || a.fired }

// alarms are the armed timers of one shard, earliest first. An alarm that is
// set again moves within the heap, so that the heap holds no dead weight.
type alarms[O any] struct{ heap alarmHeap[O] }

func (x *alarms[O]) set(a *alarm[O], at int64) {
	a.gen++
	a.fired = false
	a.at = at
	if i := int(a.index); i >= 0 {
		x.heap[i].at = at
		heap.Fix(&x.heap, i)
		return
	}
	heap.Push(&x.heap, a)
}

func (x *alarms[O]) stop(a *alarm[O]) {
	a.gen++
	a.fired = false
	if a.index >= 0 {
		heap.Remove(&x.heap, int(a.index))
	}
}

// shift moves all armed alarms by d nanoseconds. Their order stays.
func (x *alarms[O]) shift(d int64) {
	for i := range x.heap {
		p := &x.heap[i]
		p.at += min(d, math.MaxInt64-1-p.at)
		p.alarm.at = p.at
	}
}

// expire takes one alarm that is due, or nil.
func (x *alarms[O]) expire(now int64) *alarm[O] {
	if len(x.heap) == 0 || x.heap[0].at > now {
		return nil
	}
	a := heap.Pop(&x.heap).(*alarm[O])
	a.fired = true
	return a
}

// next is when the earliest alarm is due, math.MaxInt64 for never.
func (x *alarms[O]) next() int64 {
	if len(x.heap) == 0 {
		return math.MaxInt64
	}
	return x.heap[0].at
}

type alarmHeap[O any] []place[O]

// place has the time of an alarm beside it: to order a hundred thousand of them by
// looking into each would miss the caches each time.
type place[O any] struct {
	at    int64
	alarm *alarm[O]
}

func (h alarmHeap[O]) Len() int           { return len(h) }
func (h alarmHeap[O]) Less(i, j int) bool { return h[i].at < h[j].at }

func (h alarmHeap[O]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].alarm.index, h[j].alarm.index = int32(i), int32(j)
}

func (h *alarmHeap[O]) Push(x any) {
	a := x.(*alarm[O])
	a.index = int32(len(*h))
	*h = append(*h, place[O]{a.at, a})
}

func (h *alarmHeap[O]) Pop() any {
	old := *h
	last := len(old) - 1
	a := old[last].alarm
	old[last] = place[O]{}
	a.index = -1
	*h = old[:last]
	return a
}

// nanos is t in Unix nanoseconds, held within what an int64 has.
func nanos(t time.Time) int64 {
	switch s := t.Unix(); {
	case s <= 0:
		return 0
	case s >= math.MaxInt64/int64(time.Second):
		return math.MaxInt64 - 1
	}
	return t.UnixNano()
}
