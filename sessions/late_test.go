package sessions_test

import (
	"testing"

	"github.com/otagate/otagate/sessions"
)

// TestDropped: the flow hears of what was posted to a session that ended first,
// and of nothing when the runtime stops.
func TestDropped(t *testing.T) {
	store := newMemStore()
	run(t, store, sessions.Options{}, func(b *bench) {
		for id := range sessions.ID(2) {
			if res := b.create(id+1, toyEvent{do: "go"}); res.Err != nil {
				b.Fatal(res.Err)
			}
		}
		store.hold = true
		b.post(1, toyEvent{do: "end"})
		b.post(1, toyEvent{do: "go", seq: 7})
		store.release()
		b.sleep(1)
		if late := b.flow.late; len(late) != 1 || late[0].seq != 7 || b.rt.Stats().Dropped != 1 {
			b.Errorf("%+v came too late; %+v", late, b.rt.Stats())
		}
		store.hold = true
		b.post(2, toyEvent{do: "go"})
		b.post(2, toyEvent{do: "go", seq: 8})
		go store.release()
		b.stop()
		if n := len(b.flow.late); n != 1 {
			b.Errorf("%d events came too late", n)
		}
	})
}
