package pagelog_test

import (
	"context"
	"sync"

	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// tables are tables in memory.
type tables struct {
	mu     sync.Mutex
	mark   pagelog.Mark
	took   []cdr.Record
	calls  int // of TakeRecords
	most   int // octets in one of them
	blocks int // in all of them

	fail  error         // of the next calls of TakeRecords
	after bool          // fail comes after the commit
	taken chan struct{} // if there, is told of each call
	gate  chan struct{} // if there, is asked by each call

	beside *platter // if there, decides on each call too
}

// call asks for the fate of a call.
func (t *tables) call(kind string) (fate, error) {
	if t.beside == nil {
		return fate{applied: true}, nil
	}
	t.beside.mu.Lock()
	defer t.beside.mu.Unlock()
	return t.beside.call(kind)
}

func (t *tables) LogMark(context.Context) (pagelog.Mark, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.call("mark"); err != nil {
		return pagelog.Mark{}, err
	}
	return t.mark, nil
}

func (t *tables) TakeRecords(_ context.Context, blocks []cdr.Block, mark pagelog.Mark) error {
	if t.gate != nil {
		<-t.gate
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	if t.taken != nil {
		defer func() { t.taken <- struct{}{} }()
	}
	f, err := t.call("take")
	if err == nil && t.fail != nil {
		f, err = fate{applied: t.after}, t.fail
	}
	if !f.applied {
		return err
	}
	n := 0
	for i := range blocks {
		n += len(blocks[i].Body)
		if err := cdr.ReadBlock(blocks[i].Body, &cdr.Filter{}, func(r *cdr.Record) error { t.took = append(t.took, *r); return nil }); err != nil {
			return err
		}
	}
	t.most, t.blocks = max(t.most, n), t.blocks+len(blocks)
	t.mark = mark
	return err
}

func (t *tables) CDRs(_ context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	t.mu.Lock()
	took := t.took
	t.mu.Unlock()
	for _, r := range took {
		if f.Match(&r) {
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuse makes the tables fail, or not any more.
func (t *tables) refuse(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fail = err
}

// count is how often records were offered.
func (t *tables) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls
}

// sessions are whose records were taken, in the order in which they were.
func (t *tables) sessions() (all []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.took {
		all = append(all, r.Session)
	}
	return all
}
