package links_test

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/smpp"
)

func silent(*centre, *smpp.BoundPeer, *smpp.SubmitSM, *smpp.Reply) {}

// reader hands on what is delivered.
type reader struct{ got chan string }

func (r reader) Data(link string, p *smpp.DataSM, reply links.Replier) {
	r.got <- link + ": data from " + string(p.SourceAddr)
	reply.Respond(smpp.StatusOK, "")
}

func (r reader) Deliver(link string, p *smpp.DeliverSM, reply links.Replier) {
	r.got <- link + ": " + string(p.ShortMessage)
	reply.Respond(smpp.StatusOK, "")
}

// TestSubmitAndDeliver is what a link is for.
func TestSubmitAndDeliver(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		r := reader{make(chan string, 1)}
		l.handler = r
		l.start()
		if !l.link.Up() || l.link.Room() != 10 {
			t.Fatalf("up %v, room %d", l.link.Up(), l.link.Room())
		}
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		synctest.Wait()
		for i, one := range o.once(t, 10) {
			if one.err != nil || one.status != smpp.StatusOK || one.to != strconv.Itoa(i) {
				t.Errorf("%+v", one)
			}
		}
		c := l.centres["smsc:2775"]
		status, err := c.binds[0].DeliverSM(t.Context(), &smpp.DeliverSM{ShortMessage: []byte("hello")})
		if got := <-r.got; err != nil || status != smpp.StatusOK || got != "smsc: hello" {
			t.Errorf("%s %s %v", got, status, err)
		}
		data, err := c.binds[0].DataSM(t.Context(), &smpp.DataSM{SourceAddr: []byte("555")})
		if got := <-r.got; err != nil || data != smpp.StatusOK || got != "smsc: data from 555" {
			t.Errorf("%s %s %v", got, data, err)
		}
		if mode, v := c.binds[0].Mode(), c.binds[0].Account(); mode != smpp.CommandBindTransceiver || v != "otagate" {
			t.Errorf("%s of %s", mode, v)
		}
		s := l.link.Stats()
		if s.Name != "smsc" || s.BindsUp != 1 || s.Sent != 10 || s.Taken != 10 || s.Delivered != 2 || s.Binds[0].Version != "3.4" || s.InFlight != 0 || s.Rate == 0 || s.Binds[0].Host != "smsc:2775" {
			t.Errorf("%+v", s)
		}
		pass(3 * time.Second)
		if r := l.link.Stats().Rate; r != 0 {
			t.Errorf("a rate of %v long after", r)
		}
	})
}

// TestData: a data_sm goes by the same window.
func TestData(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.Window = 2
		l.start()
		c := l.centres["smsc:2775"]
		held := make(chan *smpp.Reply, 2)
		c.data = func(r *smpp.Reply) { held <- r }
		status := make(chan smpp.Status, 2)
		give := func() error {
			return l.link.Data(&smpp.DataSM{DestinationAddr: []byte("1")}, func(s smpp.Status, resp *smpp.DataSMResp, err error) {
				if err != nil || s == smpp.StatusOK && string(resp.MessageID) != "d1" {
					t.Errorf("%+v, %v", resp, err)
				}
				status <- s
			})
		}
		var o outcomes
		l.mustSubmit(&o, "1")
		synctest.Wait()
		for range 2 {
			if err := give(); err != nil {
				t.Fatal(err)
			}
		}
		if err := give(); !errors.Is(err, links.ErrNoRoom) {
			t.Error(err)
		}
		(<-held).Respond(smpp.StatusOK, "d1")
		if got := <-status; got != smpp.StatusOK {
			t.Error(got)
		}
		(<-held).Respond(smpp.StatusThrottled, "")
		if got := <-status; got != smpp.StatusThrottled {
			t.Error(got)
		}
		synctest.Wait()
		if s := l.link.Stats(); !s.Paused || s.Taken != 2 || s.Throttled != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestUpAtFirst: a link is up until its first attempt has come out.
func TestUpAtFirst(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		t.Setenv("SMSC_PASSWORD", "wrong")
		l.start()
		if !l.link.Up() || l.link.Room() != 0 || l.link.Stats().Up {
			t.Errorf("up %v, room %d before anybody knows", l.link.Up(), l.link.Room())
		}
		pass(2 * time.Second)
		if l.link.Up() {
			t.Error("up after a refusal")
		}
	})
}

// TestNobodyTakes: what nobody keeps is not taken from the centre.
func TestNobodyTakes(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.start()
		status, err := l.centres["smsc:2775"].binds[0].DeliverSM(t.Context(), &smpp.DeliverSM{})
		if status != smpp.StatusReceiverTemporaryError || err != nil {
			t.Errorf("%s, %v", status, err)
		}
	})
}

// TestBindEnds: everything in the window is in doubt, once; and the link binds again.
func TestBindEnds(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		c.script = silent
		l.start()
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		if err := l.submit(&o, "one too many"); !errors.Is(err, links.ErrNoRoom) {
			t.Error(err)
		}
		synctest.Wait()
		c.cut()
		synctest.Wait()
		for _, one := range o.once(t, 10) {
			if !errors.Is(one.err, smpp.ErrClosed) {
				t.Errorf("%+v", one)
			}
		}
		if err := l.submit(&o, "nobody there"); !errors.Is(err, links.ErrDown) || l.link.Up() || l.link.Room() != 0 {
			t.Errorf("%v, room %d", err, l.link.Room())
		}
		if s := l.link.Stats(); s.InDoubt != 10 || s.InFlight != 0 || s.BindsUp != 0 || !strings.Contains(s.LastError, "connection lost") {
			t.Errorf("%+v", s)
		}
		pass(2 * time.Second)
		if l.link.Room() != 10 {
			t.Errorf("room %d on the new bind", l.link.Room())
		}
		o.once(t, 10)
	})
}

// TestVanished: a centre that is cut off by the network, without a FIN, is found
// out by enquire_link; what it had is told by its time.
func TestVanished(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.cfg.EnquireLink, l.cfg.Response = 10*time.Second, 20*time.Second
		c := l.centres["smsc:2775"]
		c.script = silent
		l.start()
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		synctest.Wait()
		c.vanish()
		pass(20 * time.Second)
		for _, one := range o.once(t, 10) {
			if !errors.Is(one.err, smpp.ErrResponseTimeout) {
				t.Errorf("%+v", one)
			}
		}
		l.mustSubmit(&o, "into the void") // nobody knows yet
		pass(11 * time.Second)
		if all := o.once(t, 11); !errors.Is(all[10].err, smpp.ErrClosed) {
			t.Errorf("%+v", all[10])
		}
		pass(time.Second)
		if s := l.link.Stats(); !s.Up || s.Late != 10 || s.InDoubt != 11 {
			t.Errorf("%+v", s)
		}
	})
}

// TestPeerDoesNotRead: a centre that takes no octets any more loses its bind within
// the time for a write.
func TestPeerDoesNotRead(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		let := make(chan struct{})
		c.script = func(*centre, *smpp.BoundPeer, *smpp.SubmitSM, *smpp.Reply) { <-let }
		l.start()
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
			synctest.Wait()
		}
		pass(11 * time.Second)
		o.once(t, 10)
		if s := l.link.Stats(); s.Up && s.Binds[0].LastError == "" {
			t.Errorf("%+v", s)
		}
		close(let)
	})
}

// TestRefusedBinds: the pauses between binds that fail grow to the limit, with
// jitter, and never leave the bounds.
func TestRefusedBinds(t *testing.T) {
	for name, prepare := range map[string]func(l *lab, c *centre){
		"no connection":  func(_ *lab, c *centre) { c.down = true },
		"wrong password": func(l *lab, _ *centre) { l.t.Setenv("SMSC_PASSWORD", "wrong") },
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(t *testing.T, l *lab) {
				c := l.centres["smsc:2775"]
				prepare(l, c)
				l.start()
				pass(10 * time.Minute)
				checkPauses(t, c.tries(), &l.cfg.Retry, time.Second) // a refusal takes a second
				if s := l.link.Stats(); s.Up || s.LastError == "" || s.Binds[0].LastError == "" {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

// TestBindEndsAtOnce: likewise of a centre that takes each bind and ends it; after
// a bind that stood the next comes soon.
func TestBindEndsAtOnce(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		l.start()
		for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); {
			c.cut()
			pass(10 * time.Millisecond)
		}
		checkPauses(t, c.tries(), &l.cfg.Retry, 20*time.Millisecond)
		pass(time.Hour)
		c.cut()
		pass(time.Second)
		if !l.link.Up() {
			t.Error("the bind that stood for an hour was followed by a long pause")
		}
	})
}

// checkPauses: an attempt takes up to took.
func checkPauses(t *testing.T, gaps []time.Duration, b *configs.Backoff, took time.Duration) {
	t.Helper()
	if len(gaps) < 15 {
		t.Fatalf("%d tries in ten minutes", len(gaps))
	}
	same := true
	for i, g := range gaps {
		if g < b.Min || g > b.Max+took {
			t.Errorf("pause %d is %s", i, g)
		}
		same = same && g == gaps[0]
	}
	for _, g := range gaps[12:] {
		if g < b.Max/3 {
			t.Errorf("still a pause of %s after %d", g, len(gaps))
		}
	}
	if same {
		t.Error("no jitter")
	}
}

// TestOneWithoutAnswer: one request whose answer is lost is in doubt when its time
// is over; the others and the bind go on.
func TestOneWithoutAnswer(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		c.script = func(_ *centre, _ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
			if string(p.DestinationAddr) != "lost" {
				r.Respond(smpp.StatusOK, "1")
			}
		}
		l.start()
		var o outcomes
		begun := time.Now()
		for _, to := range []string{"a", "lost", "b"} {
			l.mustSubmit(&o, to)
		}
		pass(59 * time.Second)
		o.once(t, 2)
		pass(2 * time.Second)
		last := o.once(t, 3)[2]
		if !errors.Is(last.err, smpp.ErrResponseTimeout) || last.at.Sub(begun) < time.Minute {
			t.Errorf("%+v", last)
		}
		if s := l.link.Stats(); !s.Up || s.InFlight != 0 || s.Late != 1 || len(c.tries()) != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestHosts: when one host is gone the next is asked at once.
func TestHosts(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		first, second := l.centres["smsc:2775"], l.add("other:2775")
		l.cfg.URL, l.cfg.URLs = "", []string{"smpp://smsc", "smpp://other"}
		first.down = true
		l.start()
		if s := l.link.Stats(); !s.Up || s.Binds[0].Host != "other:2775" {
			t.Fatalf("%+v", s)
		}
		first.setDown(false)
		second.setDown(true)
		second.cut()
		pass(time.Second)
		if s := l.link.Stats(); !s.Up || s.Binds[0].Host != "smsc:2775" {
			t.Fatalf("%+v", s)
		}
		first.setDown(true)
		first.cut()
		pass(10 * time.Minute)
		checkPauses(t, first.tries()[2:], &l.cfg.Retry, time.Second)
	})
}

// TestPair: a pair has one bind that submits and one that takes what is delivered,
// and each does its work without the other.
func TestPair(t *testing.T) {
	for _, tt := range []struct {
		name           string
		modes          smpp.Modes
		submits, takes bool
	}{
		{"both", 0, true, true},
		{"transmitter down", smpp.ModeRX, false, true},
		{"receiver down", smpp.ModeTX, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inLab(t, func(t *testing.T, l *lab) {
				old := l.centres["smsc:2775"]
				old.end(t)
				c := l.add("smsc:2775", func(c *smpp.ServerConfig) { c.Accounts[0].Modes = tt.modes })
				l.cfg.Kind, l.cfg.Binds = configs.KindPair, 2
				r := reader{make(chan string, 1)}
				l.handler = r
				l.start()
				pass(2 * time.Second) // a refusal takes one
				var o outcomes
				if err := l.submit(&o, "1"); (err == nil) != tt.submits || l.link.Up() != tt.submits {
					t.Errorf("up %v, %v", l.link.Up(), err)
				}
				synctest.Wait()
				receivers := c.server.Receivers("otagate")
				if (len(receivers) == 2) != tt.takes {
					t.Fatalf("%d receivers", len(receivers))
				}
				if tt.takes {
					if status, err := receivers[0].DeliverSM(t.Context(), &smpp.DeliverSM{}); err != nil || status != smpp.StatusOK {
						t.Errorf("%s, %v", status, err)
					}
					<-r.got
				}
				s := l.link.Stats()
				if len(s.Binds) != 4 || s.Binds[0].Kind != "bind_transmitter" || s.Binds[1].Kind != "bind_receiver" {
					t.Errorf("%+v", s.Binds)
				}
			})
		})
	}
}

// TestOneBindTooMany: a centre that takes fewer binds than are configured gets its
// messages by those that stand.
func TestOneBindTooMany(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		old := l.centres["smsc:2775"]
		old.end(t)
		l.add("smsc:2775", func(c *smpp.ServerConfig) { c.Accounts[0].MaxBinds = 1 })
		l.cfg.Binds = 2
		l.start()
		pass(10 * time.Second)
		if s := l.link.Stats(); s.BindsUp != 1 || l.link.Room() != 10 || !strings.Contains(s.LastError, "ESME_RALYBND") {
			t.Errorf("%+v", s)
		}
		var o outcomes
		for i := range 10 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		synctest.Wait()
		o.once(t, 10)
	})
}

// TestFair: binds with the same room have their turns; one that is slow gets what
// the others have no room for.
func TestFair(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		by := map[*smpp.BoundPeer]int{}
		var slow *smpp.BoundPeer
		all := false // are slow
		var held []*smpp.Reply
		c.script = func(c *centre, b *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) {
			c.mu.Lock()
			defer c.mu.Unlock()
			by[b]++
			if b == slow || all {
				held = append(held, r)
				return
			}
			r.Respond(smpp.StatusOK, "1")
		}
		l.cfg.Binds, l.cfg.Window = 3, 4
		l.start()
		if l.link.Room() != 12 {
			t.Fatalf("room %d", l.link.Room())
		}
		var o outcomes
		for i := range 99 {
			l.mustSubmit(&o, strconv.Itoa(i))
			synctest.Wait()
		}
		for b, n := range by {
			if n != 33 {
				t.Errorf("%p had %d", b, n)
			}
		}
		c.mu.Lock()
		slow = c.binds[0]
		c.mu.Unlock()
		for i := range 60 {
			l.mustSubmit(&o, strconv.Itoa(1000+i))
			synctest.Wait()
		}
		if n := by[slow] - 33; n != 1 || l.link.Room() != 11 {
			t.Errorf("the slow bind had %d, room is %d", n, l.link.Room())
		}
		if a, b := by[c.binds[1]], by[c.binds[2]]; a-b > 1 || b-a > 1 {
			t.Errorf("the others had %d and %d", a, b)
		}
		c.mu.Lock()
		all = true
		c.mu.Unlock()
		for i := range 11 {
			l.mustSubmit(&o, strconv.Itoa(2000+i))
		}
		synctest.Wait()
		if n := by[slow] - 33; n != 4 {
			t.Errorf("the slow bind had %d, and its window is 4", n)
		}
		for _, r := range held {
			r.Respond(smpp.StatusOK, "1")
		}
		synctest.Wait()
		o.once(t, 170)
	})
}

// TestDrain: what is under way is finished, and nothing new is taken.
func TestDrain(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		c := l.centres["smsc:2775"]
		held := make(chan *smpp.Reply, 10)
		c.script = func(_ *centre, _ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { held <- r }
		l.start()
		var o outcomes
		l.mustSubmit(&o, "1")
		l.mustSubmit(&o, "2")
		drained := make(chan error, 1)
		go func() { drained <- l.link.Drain(t.Context()) }()
		synctest.Wait()
		if err := l.submit(&o, "3"); !errors.Is(err, links.ErrDraining) || l.link.Room() != 0 || l.link.Up() {
			t.Errorf("%v", err)
		}
		(<-held).Respond(smpp.StatusOK, "1")
		synctest.Wait()
		select {
		case err := <-drained:
			t.Errorf("drained with one under way: %v", err)
		default:
		}
		(<-held).Respond(smpp.StatusOK, "2")
		if err := <-drained; err != nil {
			t.Error(err)
		}
		for _, one := range o.once(t, 2) {
			if one.err != nil {
				t.Error(one)
			}
		}
		if err := l.link.Drain(t.Context()); err != nil || !l.link.Stats().Draining {
			t.Error(err)
		}
	})
}

// TestEnd: Run's end leaves nothing untold.
func TestEnd(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.centres["smsc:2775"].script = silent
		l.cfg.Binds = 3
		l.start()
		var o outcomes
		for i := range 30 {
			l.mustSubmit(&o, strconv.Itoa(i))
		}
		begun := time.Now()
		l.stop()
		for _, one := range o.once(t, 30) {
			if !errors.Is(one.err, smpp.ErrClosed) {
				t.Errorf("%+v", one)
			}
		}
		if took := time.Since(begun); took > 6*time.Second {
			t.Errorf("the end took %s", took)
		}
		if s := l.link.Stats(); s.BindsUp != 0 || s.InFlight != 0 {
			t.Errorf("%+v", s)
		}
		if err := l.submit(&o, "late"); !errors.Is(err, links.ErrDown) {
			t.Error(err)
		}
	})
}

// TestEndWhileConnecting: nor does it wait for a bind that does not come about.
func TestEndWhileConnecting(t *testing.T) {
	inLab(t, func(t *testing.T, l *lab) {
		l.centres["smsc:2775"].end(t)
		c := &centre{conns: make(chan net.Conn), ended: make(chan error, 1), cancel: func() {}}
		c.ended <- nil
		l.centres["smsc:2775"] = c // takes no connection
		l.start()
		if s := l.link.Stats(); s.Binds[0].State != links.Connecting {
			t.Errorf("%+v", s)
		}
		begun := time.Now()
		l.stop()
		if took := time.Since(begun); took > 0 {
			t.Errorf("the end took %s", took)
		}
	})
}
