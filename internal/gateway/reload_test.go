package gateway

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// changed is a copy of the lab's configuration with a change.
func (l *lab) changed(edit func(c *configs.Config)) *configs.Config {
	c := *l.cfg
	c.SMPP.Accounts, c.Links, c.Routes, c.Triggers = slices.Clone(c.SMPP.Accounts), slices.Clone(c.Links), slices.Clone(c.Routes), slices.Clone(c.Triggers)
	edit(&c)
	return &c
}

func (r *running) reloadWith(edit func(c *configs.Config)) configs.Difference {
	r.lab.t.Helper()
	next := r.lab.changed(edit)
	diff, err := r.Reload(r.lab.t.Context(), next)
	if err != nil {
		r.lab.t.Fatal(err)
	}
	r.lab.cfg = next
	return diff
}

// TestReloadAccounts: of an account that changes, goes, comes or is switched off
// the binds and the rights follow; the bind of another is not touched.
func TestReloadAccounts(t *testing.T) {
	l, a := edgeLab(t)
	g := l.start(l.open())
	defer g.stop()
	ivr, shop := g.esme("ivr"), g.esme("shop")
	if st := shop.push("15551230001"); st != smpp.StatusOK {
		t.Fatal(st)
	}
	g.reloadWith(func(c *configs.Config) { c.SMPP.Accounts[1].Destinations = []configs.Pattern{"1"} })
	if st := shop.push("15551230002"); st != smpp.StatusInvalidDestinationAddress {
		t.Errorf("a destination that is not allowed any more: %s", st)
	}
	diff := g.reloadWith(func(c *configs.Config) { c.SMPP.Accounts[1].Disabled = true })
	if len(diff.Changes) != 1 || diff.Changes[0].String() != "smpp.accounts[shop]: disabled" {
		t.Errorf("%+v", diff)
	}
	<-shop.cl.Done()
	if _, err := g.bind("shop", ivrPassword); err == nil {
		t.Error("an account that is switched off has bound")
	}
	g.reloadWith(func(c *configs.Config) {
		c.SMPP.Accounts[1].Disabled, c.SMPP.Accounts[1].Destinations = false, nil
		again := c.SMPP.Accounts[1]
		again.Name = "kiosk"
		c.SMPP.Accounts = append(c.SMPP.Accounts, again)
		c.Triggers[1].Account = ""
	})
	for _, name := range []string{"shop", "kiosk"} {
		if st := g.esme(name).push("1555123001" + fmt.Sprint(len(name))); st != smpp.StatusOK {
			t.Errorf("%s: %s", name, st)
		}
	}
	g.reloadWith(func(c *configs.Config) { c.SMPP.Accounts = c.SMPP.Accounts[:1]; c.Triggers = c.Triggers[:1] })
	if st := ivr.push("15551230003"); st != smpp.StatusOK { // no trigger of it: it is relayed, to 74
		t.Errorf("the bind of an account that did not change: %s", st)
	}
	select {
	case <-ivr.cl.Done():
		t.Error("the bind of an account that did not change has ended")
	default:
	}
	until(t, "four messages", func() bool { n, _ := a.took(); return n == 4 })
}

// TestReloadLinks changes links and routes under load: added, changed, removed,
// while some answers do not come. No message is lost or sent twice, and the bind of
// the account stands all the time.
func TestReloadLinks(t *testing.T) {
	l, a := edgeLab(t)
	b, c := newSMSC(t), newSMSC(t)
	g := l.start(l.open())
	defer g.stop()
	shop := g.esme("shop")
	var taken, tried atomic.Int64
	var load sync.WaitGroup
	stop := make(chan struct{})
	for w := range 4 {
		load.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				tried.Add(1)
				send := shop.push
				if i%2 == 0 {
					send = shop.relay
				}
				if st := send(fmt.Sprintf("1%d%08d", 555+w, i)); st == smpp.StatusOK {
					taken.Add(1)
				} else {
					t.Errorf("refused: %s", st)
				}
			}
		})
	}
	arrive := func(x *smsc, more int) {
		t.Helper()
		was, _ := x.took()
		until(t, "messages", func() bool { n, _ := x.took(); return n >= was+more })
	}
	arrive(a, 20)
	a.hold(true)
	until(t, "the window to be full", func() bool { return a.waiting() == 10 })
	more := taken.Load()
	until(t, "messages to wait", func() bool { return taken.Load() > more+50 })
	g.reloadWith(func(cfg *configs.Config) { cfg.Links, cfg.Routes = []configs.Link{linkTo("b", b.addr)}, routeTo("b") })
	arrive(b, 60) // those that waited, and the new ones, although a does not answer
	g.reloadWith(func(cfg *configs.Config) {
		cfg.Links[0].Rate, cfg.Links[0].Window = 2000, 5
		cfg.Links = append(cfg.Links, linkTo("c", c.addr))
		cfg.Routes[0].Via = append(cfg.Routes[0].Via, configs.Via{Link: "c", Weight: 1, Tier: 1})
	})
	arrive(b, 20)
	arrive(c, 20)
	a.hold(false)
	g.reloadWith(func(cfg *configs.Config) { cfg.Links, cfg.Routes = []configs.Link{linkTo("c", c.addr)}, routeTo("c") })
	arrive(c, 20)
	close(stop)
	load.Wait()
	total := func() (n, twice int) {
		for _, x := range []*smsc{a, b, c} {
			m, k := x.took()
			n, twice = n+m, twice+k
		}
		return n, twice
	}
	until(t, "everything to arrive", func() bool { n, _ := total(); return n == int(taken.Load()) && g.push.Live() == 0 })
	if n, twice := total(); twice != 0 || n != int(tried.Load()) {
		t.Errorf("%d tried, %d arrived, %d twice", tried.Load(), n, twice)
	}
	until(t, "one link to be left", func() bool { return len(g.push.Links()) == 1 })
	if s := g.push.Stats(); s.Moved == 0 || s.Done != uint64(taken.Load()) {
		t.Errorf("%+v", s)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.binds != 1 {
		t.Errorf("%d binds to a", a.binds)
	}
}

// TestReloadIsRefused: a configuration that is not good changes nothing, nor one
// that is good only with keys that cannot change.
func TestReloadIsRefused(t *testing.T) {
	l, _ := edgeLab(t)
	g := l.start(l.open())
	defer g.stop()
	shop := g.esme("shop")
	bad := l.changed(func(c *configs.Config) {
		c.SMPP.Accounts = c.SMPP.Accounts[:1]
		c.SMPP.Accounts[0].Window = -1
		c.Routes[0].Via = []configs.Via{{Link: "nowhere", Weight: 1, Tier: 1}}
	})
	_, err := g.Reload(t.Context(), bad)
	var problems configs.Problems
	if !errors.As(err, &problems) || len(problems) != 3 { // the trigger of shop, too
		t.Errorf("%v", err)
	}
	restart := l.changed(func(c *configs.Config) {
		c.SMPP.Accounts = c.SMPP.Accounts[:1]
		c.Triggers = c.Triggers[:1]
		c.Push.SS7.HLR, c.Push.SS7.MINOfMDN = "hlr1", true
		c.SS7.Screening.Peers = []configs.ScreenedPeer{{Name: "hlr1", PointCodes: []string{"1-12-7"}, Operations: []string{"SMSNOT"}, Burst: 10}}
		c.Routes[0].Via = []configs.Via{{SS7: true, Weight: 1, Tier: 1}}
	})
	diff, err := g.Reload(t.Context(), restart)
	if err == nil || !slices.Contains(diff.Fixed, "push.ss7.hlr") {
		t.Errorf("%+v, %v", diff, err)
	}
	if st := shop.push("15551230001"); st != smpp.StatusOK {
		t.Errorf("after what was refused: %s", st)
	}
	diff = g.reloadWith(func(c *configs.Config) { c.SMPP.Listen, c.Push.Attempts, c.SMPP.Accounts[1].Rate = "127.0.0.1:9", 7, 5 })
	if !slices.Equal(diff.Fixed, []string{"smpp.listen", "push.attempts"}) || len(diff.Changes) != 1 {
		t.Errorf("%+v", diff)
	}
}
