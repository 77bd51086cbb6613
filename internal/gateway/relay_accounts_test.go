package gateway

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// inbound leads the messages of handsets, and of the IVR to 7000, to the shop.
func inbound(c *configs.Config) {
	toShop := []configs.Via{{Account: "shop", Weight: 1, Tier: 1}}
	c.Routes = append(c.Routes,
		configs.MessageRoute{Name: "handsets", From: []string{"smsc"}, To: []configs.Pattern{"7000"}, Via: toShop},
		configs.MessageRoute{Name: "inside", From: []string{"ivr"}, To: []configs.Pattern{"7000"}, Via: toShop})
}

// originate is a message of a handset, which the gateway has to have a bind for.
func (x *switchboard) originate(p *smpp.DeliverSM) (status smpp.Status) {
	x.t.Helper()
	x.until("a bind to the centre", func() bool {
		var err error
		status, err = x.smsc.Originate(x.t.Context(), "otagate", p)
		return err == nil
	})
	return status
}

func fromHandset(text string) *smpp.DeliverSM {
	return &smpp.DeliverSM{
		SourceAddrTON: 1, SourceAddrNPI: 1, SourceAddr: []byte(phoneNumber), DestinationAddr: []byte("7000"), ProtocolID: 5,
		ShortMessage: []byte(text), TLVs: smpp.TLVs{{Tag: 0x1401, Value: []byte("vendor")}, {Tag: smpp.TagUserMessageReference, Value: []byte{0, 7}}},
	}
}

// TestFromHandset: what a handset sends waits for the account, and comes as it was.
func TestFromHandset(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, inbound)
	if s := x.originate(fromHandset("hello")); s != smpp.StatusOK {
		t.Fatalf("%s", s)
	}
	if s := x.originate(&smpp.DeliverSM{DestinationAddr: []byte("8000")}); s != smpp.StatusReceiverPermanentError {
		t.Errorf("without a route: %s", s)
	}
	x.again() // nobody was bound
	e := x.esme("shop", smpp.CommandBindReceiver)
	x.until("it", func() bool { return len(e.delivered()) == 1 })
	got, err1 := e.delivered()[0].Append(nil)
	want, err2 := fromHandset("hello").Append(nil)
	if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", e.delivered()[0], fromHandset("hello"))
	}
	x.until("the end", func() bool { return x.gw.push.Live() == 0 })
}

// TestFromHandsetData: a data_sm comes as one, and as deliver_sm to who cannot have one.
func TestFromHandsetData(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, inbound)
	data := func(text string) {
		x.until("a bind to the centre", func() bool {
			status, err := x.smsc.OriginateData(t.Context(), "otagate", &smpp.DataSM{
				SourceAddr: []byte(phoneNumber), DestinationAddr: []byte("7000"), TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(text)}},
			})
			return err == nil && status == smpp.StatusOK
		})
	}
	got := make(chan string, 1)
	c, err := smpp.Dial(t.Context(), smpp.ClientConfig{
		Address: x.gw.Addr().String(), SystemID: "shop", Password: ivrPassword, Logger: zerolog.Nop(),
		OnData: func(p *smpp.DataSM, r *smpp.Reply) {
			text, _ := p.TLVs.Find(smpp.TagMessagePayload)
			got <- string(text)
			r.Respond(smpp.StatusOK, "")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	data("one")
	if text := <-got; text != "one" {
		t.Errorf("%q", text)
	}
	c.Close()
	old := &esme{x: x}
	old.Client, err = smpp.Dial(t.Context(), smpp.ClientConfig{
		Address: x.gw.Addr().String(), SystemID: "shop", Password: ivrPassword, InterfaceVersion: 0x33, Logger: zerolog.Nop(),
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status { got <- string(p.ShortMessage); return smpp.StatusOK },
	})
	if err != nil {
		t.Fatal(err)
	}
	data("two")
	if text := <-got; text != "two" {
		t.Errorf("%q", text)
	}
}

// TestToAccount: a message from account to account, and the receipt that the other one
// has taken it.
func TestToAccount(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, inbound)
	ivr := x.esme("ivr", smpp.CommandBindTransceiver)
	p := everything()
	p.DestinationAddr, p.ESMClass, p.ValidityPeriod = []byte("7000"), 0x02, relative(time.Hour)
	id := ivr.submit(p)
	shop := x.esme("shop", smpp.CommandBindTransceiver)
	if r := ivr.receipts(1)[0]; r.ID != id || r.Stat != smpp.MessageDelivered {
		t.Errorf("%+v", r)
	}
	got := shop.delivered()[0]
	if got.ESMClass != 0 || got.RegisteredDelivery != 0 || len(got.ValidityPeriod) != 0 || string(got.ShortMessage) != string(p.ShortMessage) || len(got.TLVs) != 4 {
		t.Errorf("%+v", got)
	}
	if rec := x.record(id); rec.Link != "account/shop" || rec.Outcome != cdr.Done || rec.Reason != "ok" {
		t.Errorf("%+v", rec)
	}
}

// TestNarrowAccount: an ESME that takes fewer messages at a time than it is given refuses the
// others, and gets them when it has room; also when it has none at all for a while. The
// pause of messages is an hour here, which none of them waits.
func TestNarrowAccount(t *testing.T) {
	const all, window = 100, 5
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) {
		inbound(c)
		c.Push.Pause, c.Push.MaxPause = time.Hour, time.Hour
	})
	for i := range all {
		if s := x.originate(fromHandset(fmt.Sprint(i))); s != smpp.StatusOK {
			t.Fatal(s)
		}
	}
	var mu sync.Mutex
	var open []*smpp.Reply
	refused, got := 0, map[string]int{}
	closed, before := true, 0 // at first it takes none, not one alone either
	_, err := smpp.Dial(t.Context(), smpp.ClientConfig{
		Address: x.gw.Addr().String(), SystemID: "shop", Password: ivrPassword, Logger: zerolog.Nop(),
		OnDeliverLater: func(p *smpp.DeliverSM, r *smpp.Reply) {
			mu.Lock()
			defer mu.Unlock()
			if !closed && len(open) >= window {
				refused++
				r.Respond(smpp.StatusThrottled, "")
				return
			}
			if !closed {
				got[string(p.ShortMessage)]++
			}
			open = append(open, r)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	x.until("all of them", func() bool {
		mu.Lock()
		defer mu.Unlock()
		status := smpp.StatusOK
		if closed {
			if n := len(open); n == 0 || n != before { // more of them may be on their way
				before = n
				return false
			}
			closed, before, status = len(open) > 1, 0, smpp.StatusThrottled
			refused += len(open)
		}
		for _, r := range open {
			r.Respond(status, "")
		}
		open = open[:0]
		return len(got) == all && x.gw.push.Live() == 0
	})
	for text, n := range got {
		if n != 1 {
			t.Errorf("message %s was taken %d times", text, n)
		}
	}
	if refused == 0 || refused > 2*all {
		t.Errorf("%d were refused", refused)
	}
}

// TestAccountAnswers: what an ESME does not take now comes again, and what it refuses
// does not; one that says nothing gets it by the next bind.
func TestAccountAnswers(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, inbound)
	heard := make(chan string, 10)
	statuses := map[string][]smpp.Status{"later": {smpp.StatusReceiverTemporaryError}, "never": {smpp.StatusReceiverRejects}}
	dial := func(answer bool) *smpp.Client {
		c, err := smpp.Dial(t.Context(), smpp.ClientConfig{
			Address: x.gw.Addr().String(), SystemID: "shop", Password: ivrPassword, Logger: zerolog.Nop(),
			OnDeliverLater: func(p *smpp.DeliverSM, r *smpp.Reply) {
				text := string(p.ShortMessage)
				status := smpp.StatusOK
				if l := statuses[text]; len(l) > 0 {
					status, statuses[text] = l[0], l[1:]
				}
				if answer {
					r.Respond(status, "")
				}
				heard <- text
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	deaf := dial(false)
	x.originate(fromHandset("mute"))
	<-heard
	deaf.Close()
	dial(true)
	if text := <-heard; text != "mute" {
		t.Errorf("%s", text)
	}
	x.originate(fromHandset("never"))
	x.originate(fromHandset("later"))
	var all []string
	for range 3 {
		all = append(all, <-heard)
	}
	slices.Sort(all)
	if !slices.Equal(all, []string{"later", "later", "never"}) {
		t.Errorf("%q", all)
	}
	x.until("the end", func() bool { return x.gw.push.Live() == 0 })
}

// TestFairAndSticky: how the binds of an account share.
func TestFairAndSticky(t *testing.T) {
	for _, word := range []string{configs.DeliverFair, configs.DeliverSticky} {
		x := newSwitchboard(t, sim.SMSCConfig{}, inbound, func(c *configs.Config) { c.SMPP.Accounts[1].Deliver = word })
		a, b := x.esme("shop", smpp.CommandBindReceiver), x.esme("shop", smpp.CommandBindTransceiver)
		const n = 40
		for i := range n {
			p := fromHandset(fmt.Sprint(i))
			p.SourceAddr = fmt.Appendf(nil, "1202555%04d", i/2)
			if s := x.originate(p); s != smpp.StatusOK {
				t.Fatalf("%s", s)
			}
		}
		x.until("all", func() bool { return len(a.delivered())+len(b.delivered()) == n })
		split := 0 // pairs of addresses of which both binds got one
		of := map[string]bool{}
		for _, p := range a.delivered() {
			of[string(p.SourceAddr)] = true
		}
		for _, p := range b.delivered() {
			if of[string(p.SourceAddr)] {
				split++
			}
		}
		if len(a.delivered()) < 5 || len(b.delivered()) < 5 || (split > 0) != (word == configs.DeliverFair) {
			t.Errorf("%s: %d and %d, %d pairs on both", word, len(a.delivered()), len(b.delivered()), split)
		}
	}
}
