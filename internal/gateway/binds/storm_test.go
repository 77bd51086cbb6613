package binds_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/smpp"
)

// TestStorm: whatever has happened, as much can be sent as there is room for and not one
// more, and whoever had no room is told when there is some.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, all := newLab(rapid.SliceOfN(rapid.IntRange(1, 50), 0, 4).Draw(t, "windows")...)
		load := rapid.SampledFrom([]binds.Load{messages, receipts})
		some := func(t *rapid.T) *esme {
			if len(all) == 0 {
				t.Skip("no bind")
			}
			return rapid.SampledFrom(all).Draw(t, "bind")
		}
		var short [2]bool // there was no room for a load
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) { l.fill(load.Draw(t, "load"), rapid.IntRange(1, 40).Draw(t, "n")) },
			"send one": func(t *rapid.T) {
				load := load.Draw(t, "load")
				over(l.TakeFor(rapid.Uint64().Draw(t, "key"), load), load)
			},
			"answer": func(t *rapid.T) {
				e := some(t)
				status := rapid.SampledFrom([]smpp.Status{smpp.StatusOK, smpp.StatusThrottled, smpp.StatusMessageQueueFull, smpp.StatusSystemError}).Draw(t, "status")
				e.respond(rapid.IntRange(0, e.waiting()).Draw(t, "n"), status, nil)
			},
			"time out": func(t *rapid.T) {
				e := some(t)
				e.respond(min(e.waiting(), 1), 0, smpp.ErrResponseTimeout)
			},
			"pass": func(t *rapid.T) { l.Pass(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "ms")) * time.Millisecond) },
			"come": func(t *rapid.T) { all = append(all, l.bind(rapid.IntRange(1, 50).Draw(t, "window"))) },
			"go": func(t *rapid.T) {
				e := some(t)
				l.unbind(e)
				all = slices.DeleteFunc(all, func(one *esme) bool { return one == e })
				e.respond(e.waiting(), 0, smpp.ErrClosed)
			},
			"fill": func(t *rapid.T) {
				load := load.Draw(t, "load")
				room := l.Room(load)
				if n := l.fill(load, plenty); n != room {
					t.Fatalf("%d sent, and there was room for %d", n, room)
				}
			},
			"": func(t *rapid.T) {
				for load, was := range short {
					room := l.Room(binds.Load(load))
					if was && room > 0 && l.woken == 0 {
						t.Fatalf("room for %d came, and nobody was told", room)
					}
					short[load] = room == 0
				}
				l.woken = 0
				open := 0
				for _, e := range all {
					open += e.waiting()
				}
				if n := l.Under(messages) + l.Under(receipts); n != open {
					t.Fatalf("%d under way, and the binds have %d", n, open)
				}
			},
		})
	})
}
