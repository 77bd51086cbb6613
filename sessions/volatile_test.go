package sessions_test

import (
	"testing"

	"github.com/otagate/otagate/sessions"
)

// TestVolatile: a step that only asks is performed without a commit, the next
// one commits the state of both, and a step that writes is committed all the same.
func TestVolatile(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		b.create(1, toyEvent{do: "begin"})
		before := b.rt.Stats().Commits
		b.post(1, toyEvent{do: "ask"})
		b.post(1, toyEvent{do: "ask"})
		if n := b.rt.Stats().Commits - before; n != 0 {
			b.Errorf("%d commits for two questions", n)
		}
		b.did(1, "begin:1 ask:2 ask:3 ")
		if got := stored(b, 1); got != "1 0" {
			b.Errorf("the store has %q, want the state before the questions", got)
		}
		b.post(1, toyEvent{do: "go"})
		if got := stored(b, 1); got != "4 0" {
			b.Errorf("the store has %q, want the questions in it too", got)
		}
		b.post(1, toyEvent{do: "ask-and-send"})
		if n := b.rt.Stats().Commits - before; n != 2 {
			b.Errorf("%d commits, want one for the step and one for the row", n)
		}
	})
}

func stored(b *bench, id sessions.ID) string { return string(b.store.record(id).State) }
