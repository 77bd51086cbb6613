package pages

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/otagate/otagate/sessions"
)

// maxBatch is how many operations one page takes, and maxOctets how many octets
// of states and bodies.
const (
	maxBatch  = 512
	maxOctets = 1 << 20
)

// op is one operation: a change, or anything else that looks at memory or
// changes it. exec may be called again, when what it has seen was undone.
type op struct {
	change *sessions.Change
	octets int // about how many the change brings
	done   func(sessions.Result)

	exec  func(*memory)
	looks bool // exec changes nothing
	ack   func(error)
}

// actor is the goroutine of a store. A batch is what has queued up while the
// last one was committed: it is applied to memory, then its page is committed,
// then all of it is answered.
type actor struct {
	store   *Store
	memory  *memory
	writer  writer
	ops     []op
	results []sessions.Result
	batches uint64
}

func newActor(s *Store, m *memory, slack int) *actor {
	return &actor{store: s, memory: m, writer: writer{slack: slack}}
}

func (a *actor) act() {
	defer close(a.store.ended)
	for {
		if a.collect(); len(a.ops) == 0 {
			return
		}
		a.run()
		a.store.count(a.memory, a.batches)
		a.answer()
	}
}

func (a *actor) collect() {
	a.ops = a.ops[:0]
	o, open := <-a.store.queue
	a.yield()
	for octets := 0; open; {
		a.ops = append(a.ops, o)
		if octets += o.octets; len(a.ops) >= maxBatch || octets >= maxOctets {
			return
		}
		select {
		case o, open = <-a.store.queue:
		default:
			return
		}
	}
}

// yield lets others run first as long as they bring something: one more in this batch
// costs less than one batch more.
func (a *actor) yield() {
	for n := -1; n < len(a.store.queue); {
		n = len(a.store.queue)
		runtime.Gosched()
	}
}

// run applies the batch and commits it. With trouble in the log nothing of it
// has happened.
func (a *actor) run() {
	m := a.memory
	m.sweep(a.store.now(), sweepLimit+2*len(a.ops))
	m.begin()
	a.results = a.results[:0]
	for i := range a.ops {
		var res sessions.Result
		if o := &a.ops[i]; o.change != nil {
			res = m.change(o.change)
		} else {
			o.exec(m)
		}
		a.results = append(a.results, res)
	}
	if !m.changed() {
		m.end()
		return
	}
	a.writer.compose(m)
	if err := a.store.log.AppendPage(&a.writer.page); err != nil {
		a.writer.failed()
		m.undo()
		if !errors.Is(err, sessions.ErrStore) {
			err = fmt.Errorf("%w: %w", sessions.ErrStore, err)
		}
		a.fail(err)
		return
	}
	a.writer.done(m)
	m.end()
	a.batches++
}

// fail gives everybody the trouble: a refusal may have been because of what is
// undone. Those who only look do so again.
func (a *actor) fail(err error) {
	for i := range a.results {
		if o := &a.ops[i]; o.looks {
			o.exec(a.memory)
			continue
		}
		a.results[i] = sessions.Result{Err: err}
	}
}

func (a *actor) answer() {
	for i := range a.ops {
		if o := &a.ops[i]; o.change != nil {
			o.done(a.results[i])
		} else {
			o.ack(a.results[i].Err)
		}
	}
	clear(a.ops)
}
