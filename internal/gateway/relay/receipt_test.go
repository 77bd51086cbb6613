package relay_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/relay"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// service keeps the message that it is given.
type service struct{ got *push.Message }

func (s *service) Accept(m *push.Message, done func(sessions.ID, error)) error {
	kept := *m
	s.got = &kept
	done(0xab, nil)
	return nil
}

var errNot = errors.New("not asked for")

func (s *service) Status(context.Context, sessions.ID) (push.Status, error) {
	return push.Status{}, errNot
}
func (s *service) Cancel(context.Context, sessions.ID) (bool, error) { return false, errNot }
func (s *service) Replace(context.Context, sessions.ID, *push.Replacement) (bool, error) {
	return false, errNot
}
func (s *service) Waiting(push.Match) []sessions.ID { return nil }
func (s *service) NewID() sessions.ID               { return 0xcd }

// answered is the reply to a submit_sm.
type answered struct {
	status smpp.Status
	id     string
}

func (a *answered) Respond(status smpp.Status, id string) { a.status, a.id = status, id }

var (
	began = time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	ended = began.Add(90 * time.Second)
)

func newDoor(t testing.TB, s *service, edit func(*configs.Account)) *relay.Door {
	t.Helper()
	a := configs.Account{Name: "shop", ReceiptTTL: time.Hour}
	if edit != nil {
		edit(&a)
	}
	d, err := relay.NewDoor(relay.Config{
		Accounts: []configs.Account{a}, TLVs: (&configs.SMPP{}).Dictionary(), Box: func(a string) string { return "smpp/" + a },
		Wake: func(string) {}, Now: func() time.Time { return began }, Log: zerolog.Nop(),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Serve(s)
	return d
}

func message(registered uint8) *smpp.SubmitSM {
	return &smpp.SubmitSM{
		SourceAddrTON: 5, SourceAddrNPI: 1, SourceAddr: []byte("Shop"), DestAddrTON: 1, DestAddrNPI: 8, DestinationAddr: []byte("+12025550123"),
		RegisteredDelivery: registered, ShortMessage: []byte("a text that is longer than a receipt shows"),
		TLVs: smpp.TLVs{}.AppendU16(smpp.TagUserMessageReference, 0x1234),
	}
}

// end is how the message of a service ended.
func (s *service) end(r delivery.Result, told push.Told) *push.End {
	return &push.End{ID: 0xab, Origin: &s.got.Origin, Result: r, Told: told, Parts: 3, Good: 2, Began: began, Ended: ended}
}

// TestReceiptText: the row of a receipt, and the deliver_sm that is made of it.
func TestReceiptText(t *testing.T) {
	for _, c := range []struct {
		name     string
		decimal  bool
		id, text string
	}{
		{"hex", false, "00000000000000ab", "id:00000000000000ab sub:003 dlvrd:002 submit date:2601310800 done date:2601310801 stat:EXPIRED err:01f text:a text that is longe"},
		{"decimal", true, "171", "id:171 sub:003 dlvrd:002 submit date:2601310800 done date:2601310801 stat:EXPIRED err:01f text:a text that is longe"},
	} {
		var s service
		d := newDoor(t, &s, func(a *configs.Account) {
			if c.decimal {
				a.MessageID = "decimal"
			}
		})
		var a answered
		d.Submit("shop", message(1), &a)
		if a.status != smpp.StatusOK || a.id != c.id {
			t.Errorf("%s: %+v", c.name, a)
		}
		row, wanted := d.Report(s.end(delivery.Result{Outcome: delivery.Unsuccessful, Reason: delivery.ReasonUndeliverable},
			push.Told{State: smpp.MessageExpired, Err: "01f", Network: []byte{3, 0, 31}}))
		if !wanted || row.Dest != "smpp/shop" || !row.Validity.Equal(ended.Add(time.Hour)) || row.ID != 0xab || !relay.IsReceipt(row.Body) {
			t.Fatalf("%s: %v %+v", c.name, wanted, row)
		}
		var r relay.Receipt
		if err := r.Decode(row.Body); err != nil {
			t.Fatal(err)
		}
		p, err := r.DeliverSM()
		if err != nil {
			t.Fatal(err)
		}
		id, state, network, _ := smpp.ReceiptTLVs(p.TLVs)
		ref, _ := p.TLVs.Find(smpp.TagUserMessageReference)
		if string(p.ShortMessage) != c.text || id != c.id || state != smpp.MessageExpired || network == nil || *network != (smpp.NetworkError{NetworkType: 3, Code: 31}) || !bytes.Equal(ref, []byte{0x12, 0x34}) {
			t.Errorf("%s: %q %v", c.name, p.ShortMessage, p.TLVs)
		}
		if string(p.SourceAddr) != "+12025550123" || p.SourceAddrTON != 1 || p.SourceAddrNPI != 8 || string(p.DestinationAddr) != "Shop" || p.DestAddrTON != 5 || p.DestAddrNPI != 1 || p.ESMClass != smpp.ESMClassReceipt {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}

// TestVerdicts: what a receipt says of each end, and who is told.
func TestVerdicts(t *testing.T) {
	type told = push.Told
	for _, c := range []struct {
		outcome delivery.Outcome
		reason  delivery.Reason
		told    push.Told
		state   smpp.MessageState
		err     string
	}{
		{delivery.Done, delivery.ReasonDelivered, told{State: smpp.MessageDelivered, Err: "000"}, smpp.MessageDelivered, "000"},
		{delivery.Done, delivery.ReasonDelivered, told{}, smpp.MessageDelivered, ""}, // an account has it
		{delivery.Done, delivery.ReasonAccepted, told{}, smpp.MessageAccepted, ""},
		{delivery.Unsuccessful, delivery.ReasonUndeliverable, told{State: smpp.MessageRejected, Err: "9"}, smpp.MessageRejected, "9"},
		{delivery.Unsuccessful, delivery.ReasonUndeliverable, told{State: 77}, smpp.MessageUnknown, ""},
		{delivery.Unsuccessful, delivery.ReasonUndeliverable, told{}, smpp.MessageUndeliverable, "071"},
		{delivery.Unsuccessful, delivery.ReasonExpired, told{}, smpp.MessageExpired, "070"},
		{delivery.Unsuccessful, delivery.ReasonAttempts, told{}, smpp.MessageUndeliverable, "072"},
		{delivery.Unsuccessful, delivery.ReasonCancelled, told{}, smpp.MessageDeleted, "073"},
		{delivery.Uncertain, delivery.ReasonInDoubt, told{}, smpp.MessageUnknown, "074"},
		{delivery.Uncertain, delivery.ReasonNoReceipt, told{}, smpp.MessageUnknown, "075"},
	} {
		for registered := range uint8(4) {
			var s service
			d := newDoor(t, &s, nil)
			d.Submit("shop", message(registered), &answered{})
			row, wanted := d.Report(s.end(delivery.Result{Outcome: c.outcome, Reason: c.reason}, c.told))
			good := c.state == smpp.MessageDelivered || c.state == smpp.MessageAccepted
			if want := registered == 1 || registered == 2 && !good || registered == 3 && good; wanted != want {
				t.Errorf("%s, registered_delivery %d: %t", c.reason, registered, wanted)
			}
			if !wanted {
				continue
			}
			var r relay.Receipt
			if err := r.Decode(row.Body); err != nil {
				t.Fatal(err)
			}
			p, err := r.DeliverSM()
			if err != nil {
				t.Fatal(err)
			}
			text, err := smpp.ParseReceipt(p.ShortMessage, nil)
			if want := c.err; err != nil || text.Stat != c.state || want != "" && text.Err != want || want == "" && text.Err != "000" {
				t.Errorf("%s: %q %v", c.reason, p.ShortMessage, err)
			}
		}
	}
}

// body is the row of a receipt.
func body(t testing.TB) []byte {
	var s service
	d := newDoor(t, &s, nil)
	d.Submit("shop", message(1), &answered{})
	row, _ := d.Report(s.end(delivery.Result{Outcome: delivery.Done, Reason: delivery.ReasonDelivered}, push.Told{State: smpp.MessageDelivered, Err: "000", Network: []byte{3, 0, 0}}))
	return row.Body
}

// TestReceiptCut: no beginning of a row is a receipt.
func TestReceiptCut(t *testing.T) {
	b := body(t)
	for n := range b {
		if err := new(relay.Receipt).Decode(b[:n]); err == nil {
			t.Errorf("%d octets of %d are taken", n, len(b))
		}
	}
}

// FuzzReceipt: whatever a row holds becomes a receipt that can be sent, or an error.
func FuzzReceipt(f *testing.F) {
	f.Add(body(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r relay.Receipt
		if r.Decode(b) != nil {
			return
		}
		if p, err := r.DeliverSM(); err == nil && len(p.ShortMessage) == 0 {
			t.Errorf("a receipt without a text: %+v", p)
		}
	})
}

// TestReceiptOfNobody: a message of a link, or of an account that is no more, has no receipt.
func TestReceiptOfNobody(t *testing.T) {
	var s service
	d := newDoor(t, &s, nil)
	d.Deliver("smsc", &smpp.DeliverSM{RegisteredDelivery: 1}, &answered{})
	if _, wanted := d.Report(s.end(delivery.Result{Outcome: delivery.Done, Reason: delivery.ReasonDelivered}, push.Told{})); wanted {
		t.Error("a link has a receipt")
	}
	var a answered
	d.Submit("nobody", message(1), &a)
	if a.status != smpp.StatusInvalidSystemID {
		t.Errorf("%s", a.status)
	}
}
