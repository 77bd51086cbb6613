package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// joins has the link join segments that come within this time.
func joins(wait time.Duration) func(*configs.Config) {
	return func(c *configs.Config) { c.Links[0].Way, c.Links[0].Relay.Join = configs.WayPayload, wait }
}

// thirds are the segments of a message, each with a reference of its own for its receipt.
func thirds(ref byte) (all []*smpp.SubmitSM, whole string) {
	for i := range 3 {
		text := strings.Repeat(string(rune('a'+i)), 150)
		whole += text
		all = append(all, &smpp.SubmitSM{
			SourceAddr: []byte("Shop"), DestinationAddr: []byte(phoneNumber), ESMClass: 0x40, RegisteredDelivery: 1,
			ShortMessage: []byte(fmt.Sprintf("\x05\x00\x03%c\x03%c", ref, i+1) + text),
			TLVs:         smpp.TLVs{}.AppendU16(smpp.TagUserMessageReference, uint16(100+i)),
		})
	}
	return all, whole
}

// TestRelayJoined: the centre gets one message, the account a receipt for each segment, with its
// id and its reference, as it asked.
func TestRelayJoined(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, joins(time.Hour))
	e := x.esme("shop", smpp.CommandBindTransceiver)
	parts, whole := thirds(7)
	parts[1].RegisteredDelivery = 2 // of failure only
	ids := []string{e.submit(parts[0]), e.submit(parts[1])}
	for _, id := range ids {
		if r := e.query(id, "Shop"); r == nil || r.MessageState != smpp.MessageEnroute || string(r.MessageID) != id {
			t.Errorf("%+v", r)
		}
	}
	x.again() // what waits is on the disk
	e = x.esme("shop", smpp.CommandBindTransceiver)
	ids = append(ids, e.submit(parts[2]))
	for i, r := range e.receipts(2) {
		ref, _ := e.delivered()[i].TLVs.Find(smpp.TagUserMessageReference)
		if r.ID != ids[2*i] || r.Stat != smpp.MessageDelivered || r.Sub != 1 || r.Dlvrd != 1 || string(ref) != string([]byte{0, byte(100 + 2*i)}) {
			t.Errorf("%d: %+v %x", i, r, ref)
		}
	}
	for i, id := range ids {
		rec := x.record(id)
		if rec.Outcome != cdr.Done || rec.Trigger.Account != "shop" || rec.Trigger.Source != "Shop" || rec.Steps[1] != fmt.Sprintf("joined:%d/3", i+1) {
			t.Errorf("%+v", rec)
		}
		if r := e.query(id, "Shop"); r == nil || r.MessageState != smpp.MessageDelivered {
			t.Errorf("%+v", r)
		}
	}
	got := x.smsc.Submits()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	if payload, _ := got[0].PDU.TLVs.Find(smpp.TagMessagePayload); string(payload) != whole || got[0].PDU.ESMClass != 0 {
		t.Errorf("%+v", got[0].PDU)
	}
	x.until("the end", func() bool { return x.gw.push.Live() == 0 && x.gw.push.Known() == 0 })
	if n := len(e.delivered()); n != 2 {
		t.Errorf("%d receipts", n)
	}
}

// TestRelayJoinedAsked: operations on segments. A message that was joined is cancelled whole.
func TestRelayJoinedAsked(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, joins(time.Hour), away)
	e := x.esme("shop", smpp.CommandBindTransceiver)
	replace := func(id string) {
		t.Helper()
		status, err := e.ReplaceSM(t.Context(), &smpp.ReplaceSM{MessageID: []byte(id), SourceAddr: []byte("Shop"), ShortMessage: []byte("x")})
		if err != nil || status != smpp.StatusReplaceFailed {
			t.Errorf("%s %v", status, err)
		}
	}
	parts, _ := thirds(7)
	ids := []string{e.submit(parts[0]), e.submit(parts[1])}
	replace(ids[0])
	if s := e.cancel(&smpp.CancelSM{MessageID: []byte(ids[1]), SourceAddr: []byte("Shop")}); s != smpp.StatusOK {
		t.Errorf("one that waits: %s", s)
	}
	if r := e.receipts(1)[0]; r.ID != ids[1] || r.Stat != smpp.MessageDeleted {
		t.Errorf("%+v", r)
	}
	ids = []string{ids[0], e.submit(parts[1]), e.submit(parts[2])}
	x.until("them to be joined", func() bool { return x.gw.push.Stats().Joined == 1 && x.gw.push.Live() == 1 })
	replace(ids[0])
	replace(ids[2])
	other := x.esme("ivr", smpp.CommandBindTransceiver)
	byID := &smpp.CancelSM{MessageID: []byte(ids[2]), SourceAddr: []byte("Shop")}
	if s := other.cancel(byID); s != smpp.StatusInvalidMessageID {
		t.Errorf("by another account: %s", s)
	}
	if s := e.cancel(byID); s != smpp.StatusOK {
		t.Errorf("%s", s)
	}
	for i, r := range e.receipts(4)[1:] {
		if r.ID != ids[i] || r.Stat != smpp.MessageDeleted || r.Err != "073" {
			t.Errorf("%+v", r)
		}
	}
	if s := e.cancel(byID); s != smpp.StatusCancelFailed {
		t.Errorf("again: %s", s)
	}
}

// TestRelayJoinedReplaced: replace_if_present_flag takes what waits, joined or not, and is itself not joined.
func TestRelayJoinedReplaced(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, joins(time.Hour), away)
	e := x.esme("shop", smpp.CommandBindTransceiver)
	parts, _ := thirds(7)
	for _, p := range parts {
		e.submit(p)
	}
	x.until("them to be joined", func() bool { return x.gw.push.Stats().Joined == 1 && x.gw.push.Live() == 1 })
	again, _ := thirds(8)
	waiting := e.submit(again[0])
	again[1].ReplaceIfPresentFlag = 1
	last := e.submit(again[1])
	e.receipts(4)
	if r := e.query(waiting, "Shop"); r == nil || r.MessageState != smpp.MessageDeleted {
		t.Errorf("%+v", r)
	}
	if r := e.query(last, "Shop"); r == nil || r.MessageState != smpp.MessageEnroute {
		t.Errorf("%+v", r)
	}
}

// TestRelayFirstSegmentsOnly: a client that sends nothing else has its max_queue full of them,
// and then is told so; another goes on.
func TestRelayFirstSegmentsOnly(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, joins(time.Hour), func(c *configs.Config) {
		c.SMPP.Accounts[1].MaxQueue = 20
		c.Routes[1].From = nil
	})
	e, good := x.esme("shop", smpp.CommandBindTransceiver), x.esme("ivr", smpp.CommandBindTransceiver)
	taken := 0
	for ref := range byte(30) {
		parts, _ := thirds(ref)
		parts[0].RegisteredDelivery = 0
		switch res, err := e.Submit(t.Context(), parts[0]); {
		case err != nil:
			t.Fatal(err)
		case res.Status == smpp.StatusOK:
			taken++
		case res.Status != smpp.StatusMessageQueueFull:
			t.Errorf("%s", res.Status)
		}
	}
	if taken != 20 {
		t.Errorf("%d taken", taken)
	}
	parts, whole := thirds(1)
	for _, p := range parts {
		good.submit(p)
	}
	good.receipts(3)
	got := x.smsc.Submits()
	if len(got) != 1 || x.gw.push.Live() != taken {
		t.Fatalf("%d sent, %d wait", len(got), x.gw.push.Live())
	}
	if payload, _ := got[0].PDU.TLVs.Find(smpp.TagMessagePayload); string(payload) != whole {
		t.Errorf("%+v", got[0].PDU)
	}
}
