package sessions_test

import (
	"context"
	"testing"

	"github.com/otagate/otagate/sessions"
)

// tellFlow is countFlow that says when a step has been performed.
type tellFlow struct {
	countFlow
	rest bool
	done chan struct{}
}

func (f tellFlow) Step(s *uint64, ev int, tx *sessions.Tx, out []int) []int {
	if f.rest {
		tx.Rest()
	}
	return f.countFlow.Step(s, ev, tx, out)
}

func (f tellFlow) Perform(sessions.Ref, []int) { f.done <- struct{}{} }

// TestAllocs: an event, its step and its commit allocate nothing, nor does it
// when the state is decoded for them and kept encoded again.
func TestAllocs(t *testing.T) {
	for name, rest := range map[string]bool{"awake": false, "at rest": true} {
		t.Run(name, func(t *testing.T) {
			flow := tellFlow{rest: rest, done: make(chan struct{})}
			rt := sessions.NewRuntime(flow, &nullStore{}, sessions.Options{Shards: 1})
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error)
			go func() { ended <- rt.Run(ctx) }()
			<-rt.Ready()
			if err := rt.Create(sessions.Create[uint64, int]{ID: 1, Key: mdn(1)}, func(sessions.Result) {}); err != nil {
				t.Fatal(err)
			}
			<-flow.done
			n := testing.AllocsPerRun(1000, func() {
				if err := rt.Post(1, 1); err != nil {
					t.Error(err)
				}
				<-flow.done
			})
			if n != 0 {
				t.Errorf("%v allocations for a step", n)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}
