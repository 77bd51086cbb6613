package sessions_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// toy is the state of a machine that counts its steps.
type toy struct {
	N    int // steps that changed something
	Last int // of the posted events
	Bad  bool
}

// toyEvent tells the machine what to do.
type toyEvent struct {
	do  string
	seq int // of posted events, from 1
	at  time.Time
	key sessions.Key
	cor sessions.Corr
	err error
}

type toyEffect struct {
	do  string
	n   int
	seq int
}

// toyFlow remembers what was performed.
type toyFlow struct {
	mu        sync.Mutex
	performed map[sessions.ID][]toyEffect
	hook      func(sessions.Ref, []toyEffect)
	rests     func(toy, toyEvent) bool // which steps say Rest; nil for those of the event "rest"
	trouble   error                    // of DecodeState
	decoding  func() error             // asked for it
	decoded   atomic.Int64             // calls of DecodeState that went well
}

func newToyFlow() *toyFlow {
	f := &toyFlow{performed: make(map[sessions.ID][]toyEffect)}
	f.decoding = f.failing
	return f
}

func (f *toyFlow) Step(s *toy, ev toyEvent, tx *sessions.Tx, out []toyEffect) []toyEffect {
	if f.rests != nil && f.rests(*s, ev) {
		tx.Rest()
	}
	if ev.do == "noop" {
		return append(out, toyEffect{do: "noop", n: s.N})
	}
	s.N++
	if ev.seq > 0 {
		s.Last = ev.seq
	}
	switch ev.do {
	case "ask":
		tx.Volatile()
	case "ask-and-send":
		tx.Volatile()
		tx.Send(sessions.Outbox{Dest: "smsc", Body: fmt.Append(nil, s.N)})
	case "rest":
		tx.Rest()
	case "timer":
		tx.Timer(1, ev.at)
	case "timers":
		tx.Timer(1, ev.at)
		tx.Timer(2, ev.at.Add(time.Second))
	case "stop":
		tx.StopTimer(1)
	case "move":
		tx.MoveTo(ev.key)
	case "corr":
		tx.Correlate(ev.cor)
	case "bad":
		s.Bad = true
	case "recovered":
		tx.Timer(1, ev.at.Add(time.Minute))
	case "send":
		tx.Send(sessions.Outbox{Dest: "smsc", Body: fmt.Append(nil, s.N)})
	case "end":
		tx.CDR(cdr.Record{Outcome: cdr.Done, Attempts: s.N})
		tx.Finish()
	}
	return append(out, toyEffect{do: ev.do, n: s.N, seq: ev.seq})
}

var errBadState = errors.New("bad state")

func (f *toyFlow) AppendState(dst []byte, s *toy) ([]byte, error) {
	if s.Bad {
		return dst, errBadState
	}
	return fmt.Appendf(dst, "%d %d", s.N, s.Last), nil
}

func (f *toyFlow) DecodeState(b []byte) (s toy, err error) {
	if err := f.decoding(); err != nil {
		return s, err
	}
	f.decoded.Add(1)
	_, err = fmt.Sscanf(string(b), "%d %d", &s.N, &s.Last)
	clear(b) // it is only borrowed
	return s, err
}

func (f *toyFlow) Timeout(kind sessions.TimerKind, at time.Time) toyEvent {
	return toyEvent{do: fmt.Sprintf("timeout-%d", kind), at: at}
}

func (f *toyFlow) Recovered(at time.Time) toyEvent { return toyEvent{do: "recovered", at: at} }

func (f *toyFlow) Refused(cause error, at time.Time) toyEvent {
	return toyEvent{do: "refused", err: cause, at: at}
}

func (f *toyFlow) Perform(ref sessions.Ref, effects []toyEffect) {
	f.mu.Lock()
	f.performed[ref.ID] = append(f.performed[ref.ID], effects...)
	hook := f.hook
	f.mu.Unlock()
	if hook != nil {
		hook(ref, effects)
	}
}

// fail gives DecodeState this trouble from now on.
func (f *toyFlow) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trouble = err
}

func (f *toyFlow) failing() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trouble
}

// watch has each Perform seen by hook.
func (f *toyFlow) watch(hook func(sessions.Ref, []toyEffect)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hook = hook
}

// did lists what was performed for a session.
func (f *toyFlow) did(id sessions.ID) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := ""
	for _, e := range f.performed[id] {
		s += fmt.Sprintf("%s:%d ", e.do, e.n)
	}
	return s
}
