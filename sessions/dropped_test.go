package sessions_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/otagate/otagate/sessions"
)

// curious is a flow that hears of what came too late.
type curious struct {
	*toyFlow
	late []string
}

func (c *curious) Dropped(_ sessions.Ref, ev toyEvent) { c.late = append(c.late, ev.do) }

// TestDropped: events behind the end of their session are told to a flow that
// wants to know; those of a session that goes on at the next start are not.
func TestDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, c := newMemStore(), &curious{toyFlow: newToyFlow()}
		b := &bench{T: t, flow: c.toyFlow, store: store}
		b.rt = sessions.NewRuntime(c, store, sessions.Options{Shards: 1})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.rt.Run(ctx) }()
		synctest.Wait()
		b.create(1, toyEvent{do: "go"})
		b.create(2, toyEvent{do: "go"})
		store.set(func(m *memStore) { m.hold = true })
		for _, do := range []string{"end", "one", "two"} {
			b.post(1, toyEvent{do: do})
		}
		for _, do := range []string{"go", "left"} {
			b.post(2, toyEvent{do: do})
		}
		cancel()
		synctest.Wait()
		store.release()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if want := []string{"one", "two"}; !slices.Equal(c.late, want) {
			t.Errorf("told of %q, want %q", c.late, want)
		}
	})
}
