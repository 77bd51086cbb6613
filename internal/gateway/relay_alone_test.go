package gateway

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// alone is the example of a relay without a signalling network, with the centre and
// the passwords of a switchboard.
func alone(t *testing.T) func(*configs.Config) {
	return func(c *configs.Config) {
		example, err := configs.Load("../../configs/relay.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(example, zerolog.Nop()); err != nil {
			t.Fatal(err)
		}
		example.Store.Path = c.Store.Path
		example.Links[0].URL, example.Links[0].PasswordFile, example.Links[0].PasswordEnv = c.Links[0].URL, "", c.Links[0].PasswordEnv
		for i := range example.SMPP.Accounts {
			example.SMPP.Accounts[i].PasswordHash = ivrHash
		}
		*c = *example
	}
}

// TestRelayAlone: the example relays in all the ways that its routes say, without a
// signalling network, and reports what its accounts ask for.
func TestRelayAlone(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, alone(t))
	if x.gw.ss7 != nil {
		t.Error("there is a signalling network")
	}
	shop, desk := x.esme("shop", smpp.CommandBindTransceiver), x.esme("desk", smpp.CommandBindTransceiver)
	out := shop.submit(&smpp.SubmitSM{SourceAddr: []byte("2280"), DestAddrTON: 1, DestinationAddr: []byte(phoneNumber), RegisteredDelivery: 1, ShortMessage: []byte("hello")})
	in := shop.submit(&smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("7474"), RegisteredDelivery: 1, ShortMessage: []byte("the desk")})
	if res, err := shop.Submit(t.Context(), &smpp.SubmitSM{DestinationAddr: []byte("*228"), ShortMessage: []byte("TRN=2222220000")}); err != nil || res.Status != smpp.StatusInvalidDestinationAddress {
		t.Errorf("a trigger was answered with %s %v", res.Status, err)
	}
	for _, r := range shop.receipts(2) {
		if r.Stat != smpp.MessageDelivered || r.ID != out && r.ID != in {
			t.Errorf("of %s and %s: %+v", out, in, r)
		}
	}
	if d := desk.delivered(); len(d) != 1 || string(d[0].ShortMessage) != "the desk" {
		t.Errorf("the desk got %d", len(d))
	}
	x.gw.logCountersOnce() // without those of a network
}

// TestSignallingGone: a session that was in work when the section ss7 was taken out
// of the configuration ends, and says why.
func TestSignallingGone(t *testing.T) {
	order := testOrder()
	script := &sim.Script{Rules: []sim.Rule{{Step: "SSPR Download Request", Do: sim.LoseAnswer}}}
	l := newLab(t, script, order)
	l.cfg.OTASP.Repeats = 0
	g := l.start(l.open())
	id := l.submit(g.ivr(), "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN, smpp.StatusOK)
	g.stop()

	l.cfg.SS7, l.cfg.OTASP, l.cfg.Triggers = configs.Default().SS7, configs.Default().OTASP, nil
	l.cfg.Routes = []configs.MessageRoute{{Name: "none", Refuse: "ESME_RINVDSTADR"}}
	if err := l.cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	g = l.start(l.open())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := g.ivr().Receipt(ctx, id)
	if err != nil || r.Stat == smpp.MessageDelivered {
		t.Errorf("%+v %v", r, err)
	}
	g.stop()
}
