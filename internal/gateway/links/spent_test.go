package links_test

import (
	"context"
	"net"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/smpp"
)

// TestSpent: a link tells how long it was kept from being given more, and by what.
func TestSpent(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.Window, l.cfg.Rate, l.cfg.Burst = 2, 1, 4
		answer, status := true, smpp.StatusOK
		var owed []*smpp.Reply
		l.centres["smsc:2775"].script = func(_ *centre, _ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) {
			if answer {
				r.Respond(status, "1")
			} else {
				owed = append(owed, r)
			}
		}
		l.start()
		var was links.Spent
		n := 0
		var o outcomes
		submit := func(times int) {
			for range times {
				n++
				l.mustSubmit(&o, strconv.Itoa(n))
				synctest.Wait()
			}
		}
		// spent says how long what the link was since the last call.
		spent := func(want map[links.Hold]time.Duration) {
			t.Helper()
			now := l.link.Stats().Spent
			for h, d := range now.Sub(was) {
				if d != want[links.Hold(h)] {
					t.Errorf("%s for %s, want %s", links.Hold(h), d, want[links.Hold(h)])
				}
			}
			was = now
		}
		pass(3 * time.Second)
		spent(map[links.Hold]time.Duration{links.Open: 3 * time.Second})
		answer = false
		submit(2)
		pass(5 * time.Second)
		spent(map[links.Hold]time.Duration{links.Window: 5 * time.Second})
		for _, r := range owed {
			r.Respond(smpp.StatusOK, "1")
		}
		synctest.Wait()
		answer = true
		submit(4) // all tokens that there are
		pass(1500 * time.Millisecond)
		spent(map[links.Hold]time.Duration{links.Rate: time.Second, links.Open: 500 * time.Millisecond})
		status = smpp.StatusThrottled
		submit(1)
		pass(10 * time.Second)
		spent(map[links.Hold]time.Duration{links.SlowDown: time.Second, links.Open: 9 * time.Second})
		l.dial = func(context.Context) (net.Conn, error) { return nil, errRefused }
		l.centres["smsc:2775"].cut()
		pass(7 * time.Second)
		spent(map[links.Hold]time.Duration{links.NoBind: 7 * time.Second})
		if err := l.link.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		pass(time.Second)
		spent(map[links.Hold]time.Duration{links.Draining: time.Second})
		if most, part := (links.Spent{links.Window: 3, links.Open: 1}).Most(); most != links.Window || part != 0.75 {
			t.Errorf("%s, %g", most, part)
		}
	})
}
