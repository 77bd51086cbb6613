package push_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/smpp"
)

// pair is a lab with the links smsc and smsc2, of which smsc may be down.
func pair(t *testing.T, smscIsDown bool, routes ...configs.MessageRoute) *lab {
	l := newLab(t)
	l.links[0].Receipts = false
	second := l.links[0]
	second.Name = "smsc2"
	l.links = append(l.links, second)
	l.routes = routes
	var n atomic.Uint64
	l.random = func(b []byte) { copy(b, binary.BigEndian.AppendUint64(nil, n.Add(0x9e3779b97f4a7c15))) }
	l.dial = func(link string) push.Centre {
		if link == "smsc" && smscIsDown {
			return nil
		}
		return l.centre
	}
	l.start()
	return l
}

func via(list ...configs.Via) configs.MessageRoute {
	return configs.MessageRoute{Name: "pair", Via: list}
}

// Messages are spread by weight, and each whole one goes one way.
func TestRouteSpreads(t *testing.T) {
	l := pair(t, false, via(configs.Via{Link: "smsc", Weight: 1, Tier: 1}, configs.Via{Link: "smsc2", Weight: 3, Tier: 1}))
	const n = 48
	got := map[string]int{}
	for range n {
		rec := l.record(l.mustAccept(subscriber, []byte(strings.Repeat("x", 200))))
		got[rec.Link]++
		if len(rec.Steps) != 2 {
			t.Errorf("%d parts", len(rec.Steps))
		}
	}
	if got["smsc"]+got["smsc2"] != n || got["smsc"] < n/8 || got["smsc2"] < n/2 {
		t.Errorf("%v", got)
	}
}

// A pair of addresses keeps its link; the messages of a push have no source.
func TestRouteSticks(t *testing.T) {
	r := via(configs.Via{Link: "smsc", Weight: 1, Tier: 1}, configs.Via{Link: "smsc2", Weight: 1, Tier: 1})
	r.Sticky = true
	l := pair(t, false, r)
	first := l.record(l.mustAccept(subscriber, []byte("x"))).Link
	for range 10 {
		if again := l.record(l.mustAccept(subscriber, []byte("x"))).Link; again != first {
			t.Errorf("%s, then %s", first, again)
		}
	}
}

// A link that is down is passed over.
func TestRoutePassesOver(t *testing.T) {
	l := pair(t, true, via(configs.Via{Link: "smsc", Weight: 1, Tier: 1}, configs.Via{Link: "smsc2", Weight: 1, Tier: 2}))
	l.until("smsc to be known to be down", func() bool {
		l.mustAccept(subscriber, []byte("x"))
		return len(l.centre.submitted()) > 0
	})
}

// With nobody up a message waits; it is not refused.
func TestRouteWaits(t *testing.T) {
	l := pair(t, true, via(configs.Via{Link: "smsc", Weight: 1, Tier: 1}))
	id := l.mustAccept(subscriber, []byte("x"))
	if st, err := l.svc.Status(t.Context(), id); err != nil || !st.Live {
		t.Errorf("%+v, %v", st, err)
	}
	if got := l.centre.submitted(); len(got) != 0 {
		t.Errorf("%d sent", len(got))
	}
}

// Who has given a message counts, and what the rule that takes it says.
func TestRouteRefuses(t *testing.T) {
	acme, pushes := via(configs.Via{Link: "smsc2", Weight: 1, Tier: 1}), configs.MessageRoute{Name: "others", From: []string{"push"}, To: []configs.Pattern{"1"}, Refuse: "0x450"}
	acme.From = []string{"acme"}
	l := pair(t, false, acme, pushes)
	if rec := l.record(l.mustAccept(subscriber, []byte("x"))); rec.Link != "smsc2" {
		t.Errorf("by %s", rec.Link)
	}
	other := func(m *push.Message) { m.Origin.Account = "shop" }
	_, err := l.accept(subscriber, []byte("x"), other)
	var refused *push.RefusedError
	if !errors.As(err, &refused) || refused.Route != "others" || refused.Status != 0x450 || !errors.Is(err, push.ErrNoRoute) {
		t.Errorf("%v", err)
	}
	if want := "route others refuses it: " + smpp.Status(0x450).String(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := l.accept(5551234567, []byte("x"), other); err != push.ErrNoRoute {
		t.Errorf("a number of no rule: %v", err)
	}
	named := func(m *push.Message) { other(m); m.Link = "smsc" } // by a trigger's LINK: no route is asked
	if rec := l.record(l.mustAccept(subscriber, []byte("x"), named)); rec.Link != "smsc" {
		t.Errorf("by %s", rec.Link)
	}
}

// An account is no target of a push yet.
func TestRouteToAccount(t *testing.T) {
	l := pair(t, false, via(configs.Via{Account: "shop", Weight: 1, Tier: 1}))
	if _, err := l.accept(subscriber, []byte("x")); !errors.Is(err, push.ErrNoRoute) {
		t.Errorf("%v", err)
	}
}
