package m3ua_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// TestIPSP: two Clients, one of which is called, carry traffic both ways
// without an SGP, whoever begins, and again after the association was lost.
func TestIPSP(t *testing.T) {
	for name, c := range map[string]struct {
		exchange m3ua.Exchange
		waits    bool
		contexts [2][]uint32
	}{
		"single exchange":            {m3ua.SingleExchange, true, [2][]uint32{{100}, {100}}},
		"single exchange, both call": {m3ua.SingleExchange, false, [2][]uint32{{100}, {100}}},
		"single exchange, bare":      {m3ua.SingleExchange, true, [2][]uint32{}},
		"double exchange":            {m3ua.DoubleExchange, false, [2][]uint32{{100}, {200}}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				n := &network{t: t}
				ln := sctp.ListenPipe()
				n.ln.Store(ln)
				called, u2, stop := n.client(m3ua.ClientConfig{Name: "b", IPSP: c.exchange, RoutingContext: c.contexts[1],
					Peers: []m3ua.PeerConfig{{Name: "a", Dial: m3ua.Accept(m3ua.Listen(ln)), Waits: c.waits}}})
				caller, u1, leave := n.client(m3ua.ClientConfig{Name: "a", IPSP: c.exchange, RoutingContext: c.contexts[0], PointCodes: []mtp.PointCode{msc}})
				defer n.close()
				carry := func(want int) {
					waitActive(t, caller)
					waitActive(t, called)
					if err := caller.Transfer(transfer(msc, 1, 1)); err != nil {
						t.Fatal(err)
					}
					if err := called.Transfer(transfer(hlr, 1, 2)); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					if a, b := len(u1.data()), len(u2.data()); a != want || b != want {
						t.Fatalf("%d and %d messages delivered, want %d", a, b, want)
					}
				}
				carry(1)
				if got := strings.Join(u1.heard(), "; "); got != "resume 1-12-6" {
					t.Errorf("heard %q", got)
				}
				leave()
				synctest.Wait()
				if err := called.Transfer(transfer(hlr, 1, 2)); err != m3ua.ErrNotActive {
					t.Errorf("after ASPDN: %v", err)
				}
				time.Sleep(time.Minute)
				n.run(caller)
				carry(2)
				for _, s := range []m3ua.Stats{caller.Stats(), called.Stats()} {
					if len(s.ErrorsSent) != 0 {
						t.Errorf("%+v", s)
					}
				}
				stop()
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if _, err := ln.Dial(ctx); err != sctp.ErrPipeRefused {
					t.Errorf("the listener of who has left: %v", err)
				}
			})
		})
	}
}

func TestIPSPThatCannotBe(t *testing.T) {
	for want, cfg := range map[string]m3ua.ClientConfig{
		"unknown exchange":       {IPSP: 3},
		"registers no routing":   {IPSP: m3ua.SingleExchange, RoutingKeys: twoKeys()},
		"may wait for its peer":  {IPSP: m3ua.DoubleExchange, Peers: []m3ua.PeerConfig{{Waits: true}}},
		"exchange may wait":      {Peers: []m3ua.PeerConfig{{Waits: true}}},
		"no peers":               {IPSP: m3ua.SingleExchange, Peers: []m3ua.PeerConfig{}},
		"two routing keys have ": {RoutingKeys: append(twoKeys(), twoKeys()...)},
	} {
		if cfg.Peers == nil {
			cfg.Peers = make([]m3ua.PeerConfig, 1)
		}
		err := m3ua.NewClient(cfg, &user{}, zerolog.Nop()).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
