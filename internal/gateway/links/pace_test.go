package links_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/smpp"
)

// refusing is a script that answers with a status.
type refusing struct{ status smpp.Status }

func (f *refusing) script(_ *centre, _ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) {
	r.Respond(f.status, "1")
}

// open waits until the link has room, and says how long that took.
func (l *lab) open() time.Duration {
	begun := time.Now()
	for l.link.Room() <= 0 {
		<-l.woken
	}
	return time.Since(begun)
}

// TestSlowDown: the whole link pauses, ever longer up to the limit while the centre
// has too much, and ever shorter when it takes something.
func TestSlowDown(t *testing.T) {
	for _, status := range []smpp.Status{smpp.StatusThrottled, smpp.StatusMessageQueueFull} {
		t.Run(status.String(), func(t *testing.T) {
			inLab(t, func(t *testing.T, l *lab) {
				f := &refusing{status: status}
				l.centres["smsc:2775"].script = f.script
				l.cfg.Binds = 2
				l.start()
				var o outcomes
				n := 0
				next := func() time.Duration {
					n++
					l.mustSubmit(&o, strconv.Itoa(n))
					synctest.Wait()
					return l.open()
				}
				for i, want := range []time.Duration{1, 2, 4, 8, 8} {
					if got := next(); got != want*time.Second {
						t.Errorf("pause %d is %s, want %ds", i, got, want)
					}
					if l.link.Room() != 1 {
						t.Errorf("room %d behind a pause, for one that goes alone", l.link.Room())
					}
				}
				if s := l.link.Stats(); s.Throttled != 5 || s.Pauses != 5 || s.Refused != 0 || s.BindsUp != 2 {
					t.Errorf("%+v", s)
				}
				f.status = smpp.StatusOK
				for range 3 {
					if got := next(); got != 0 || l.link.Room() != 20 {
						t.Errorf("a pause of %s, room %d, and the centre takes everything", got, l.link.Room())
					}
				}
				f.status = status
				if got := next(); got != 4*time.Second { // it was at 8: three times taken, and doubled beyond
					t.Errorf("a pause of %s behind three that were taken", got)
				}
				o.once(t, n)
			})
		})
	}
}

// TestOnePauseForAWindow: what had left before the pause makes no other one.
func TestOnePauseForAWindow(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		held := make(chan *smpp.Reply, 10)
		l.centres["smsc:2775"].script = func(_ *centre, _ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { held <- r }
		l.start()
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		synctest.Wait()
		for range 4 {
			(<-held).Respond(smpp.StatusThrottled, "")
		}
		synctest.Wait()
		if err := l.submit(&o, "too early"); !errors.Is(err, links.ErrNoRoom) || !l.link.Stats().Paused {
			t.Error(err)
		}
		pass(5 * time.Second)
		if s := l.link.Stats(); s.Paused || s.Pauses != 1 || l.link.Room() != 0 {
			t.Errorf("room %d while others are under way, %+v", l.link.Room(), s)
		}
		for range 6 { // they are old: the last says nothing new
			(<-held).Respond(smpp.StatusThrottled, "")
		}
		synctest.Wait()
		if s := l.link.Stats(); s.Pauses != 1 || s.Throttled != 10 || l.link.Room() != 1 {
			t.Errorf("room %d, %+v", l.link.Room(), s)
		}
		// The one behind the pause is lost: the next goes alone too.
		l.mustSubmit(&o, "probe")
		synctest.Wait()
		<-held
		pass(time.Minute)
		if l.link.Room() != 1 {
			t.Errorf("room %d", l.link.Room())
		}
		// Another refusal says that the centre works.
		l.mustSubmit(&o, "another")
		synctest.Wait()
		(<-held).Respond(smpp.StatusInvalidDestinationAddress, "")
		synctest.Wait()
		if s := l.link.Stats(); l.link.Room() != 10 || s.Refused != 1 {
			t.Errorf("room %d, %+v", l.link.Room(), s)
		}
		o.once(t, 12)
	})
}

// TestCongestion: a 5.0 centre says how it is before it has to refuse.
func TestCongestion(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		ours, theirs := scripted(l)
		l.start()
		m := theirs.bind(t, 0x50)
		if m.InterfaceVersion != 0x50 {
			t.Errorf("bound with version %#02x", m.InterfaceVersion)
		}
		synctest.Wait()
		var o outcomes
		for i, tt := range []struct {
			load  uint8
			room  int
			pause time.Duration
		}{{0, 10, 0}, {89, 10, 0}, {90, 5, 0}, {99, 5, 0}, {50, 10, 0}, {100, 0, time.Second}, {100, 0, 2 * time.Second}, {99, 5, 0}, {10, 10, 0}} {
			l.mustSubmit(&o, strconv.Itoa(i))
			theirs.answer(t, smpp.StatusOK, smpp.TLVs{}.AppendU8(smpp.TagCongestionState, tt.load))
			synctest.Wait()
			if l.link.Room() != tt.room {
				t.Errorf("%d: room %d at a load of %d", i, l.link.Room(), tt.load)
			}
			if got := l.open(); got != tt.pause {
				t.Errorf("%d: a pause of %s at a load of %d", i, got, tt.load)
			}
		}
		o.once(t, 9)
		ours.Close()
	})
}

// TestRate: short messages a second, all binds together, with a burst after a rest.
func TestRate(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.Rate, l.cfg.Parts, l.cfg.Window, l.cfg.Binds = 20, 5, 50, 2
		l.start()
		if l.link.Room() != 5 {
			t.Fatalf("room %d, want the parts of one message", l.link.Room())
		}
		var o outcomes
		begun := time.Now()
		for i := range 105 {
			l.open()
			l.mustSubmit(&o, strconv.Itoa(i))
			synctest.Wait()
		}
		if took := time.Since(begun); took < 4900*time.Millisecond || took > 5100*time.Millisecond {
			t.Errorf("105 took %s at 20 a second", took)
		}
		if r := l.link.Stats().Rate; r < 17 || r > 23 {
			t.Errorf("a rate of %v now", r)
		}
		for _, one := range o.once(t, 105) {
			n := 0
			for _, other := range o.list() {
				if d := other.at.Sub(one.at); d >= 0 && d < time.Second {
					n++
				}
			}
			if n > 26 {
				t.Errorf("%d in the second of %s", n, one.at)
			}
		}
	})
}

// TestRateOfPayload: what the centre cuts counts as what it makes of it.
func TestRateOfPayload(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.Rate, l.cfg.Burst, l.cfg.Octets = 10, 2, 140
		l.start()
		var o outcomes
		l.mustSubmit(&o, "long", func(p *smpp.SubmitSM) {
			p.TLVs = append(p.TLVs, smpp.TLV{Tag: smpp.TagMessagePayload, Value: make([]byte, 140*7+1)})
		})
		synctest.Wait()
		// There were 2, and it took 8: 7 are to come before there is one.
		if got := l.open(); got < 700*time.Millisecond || got > 701*time.Millisecond {
			t.Errorf("the next after %s", got)
		}
	})
}

// TestRefusedCostsNothing: what a bind does not take uses up no rate.
func TestRefusedCostsNothing(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.Rate, l.cfg.Burst = 1, 3
		l.start()
		var o outcomes
		long := func(p *smpp.SubmitSM) { p.ServiceType = make([]byte, 99) }
		for range 5 {
			if err := l.submit(&o, "1", long); err == nil || errors.Is(err, links.ErrNoRoom) {
				t.Errorf("%v", err)
			}
		}
		if l.link.Room() != 3 || l.link.InFlight() != 0 {
			t.Errorf("room %d, %d under way", l.link.Room(), l.link.InFlight())
		}
	})
}

// TestOrderAndOnce: whoever puts refused ones back where they were has them sent in
// their order with a window of 1, and each exactly once with any.
func TestOrderAndOnce(t *testing.T) {
	for _, window := range []int{1, 7} {
		t.Run(fmt.Sprint(window), func(t *testing.T) {
			inLab(t, func(t *testing.T, l *lab) {
				c, tick := l.centres["smsc:2775"], 0
				var taken []string
				c.script = func(c *centre, _ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
					c.mu.Lock()
					tick++
					refuse := tick%5 == 0 || tick%7 == 3
					if !refuse {
						taken = append(taken, string(p.DestinationAddr))
					}
					c.mu.Unlock()
					if refuse {
						r.Respond(smpp.StatusThrottled, "")
						return
					}
					r.Respond(smpp.StatusOK, "1")
				}
				l.cfg.Window = window
				l.start()
				q := newQueue(200)
				for {
					l.open()
					to, ok := q.next()
					if !ok && q.empty() {
						break
					}
					if !ok {
						<-l.woken
						continue
					}
					err := l.link.Submit(&smpp.SubmitSM{DestinationAddr: []byte(strconv.Itoa(to))}, func(s smpp.Status, _ *smpp.SubmitSMResp, err error) {
						q.done(to, err == nil && s == smpp.StatusOK)
					})
					if err != nil {
						q.done(to, false)
					}
				}
				seen := map[string]bool{}
				for i, to := range taken {
					if seen[to] {
						t.Errorf("%s was taken twice", to)
					}
					seen[to] = true
					if window == 1 && to != strconv.Itoa(i) {
						t.Errorf("number %d is %s", i, to)
					}
				}
				if len(seen) != 200 {
					t.Errorf("%d were taken", len(seen))
				}
			})
		})
	}
}
