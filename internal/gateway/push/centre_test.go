package push_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

const subscriber sessions.MDN = 13105551234

// four is a datagram of four parts of 128 octets and less.
var four = bytes.Repeat([]byte("0123456789abcdef"), 28)

// TestFourParts: in order, each with its header, and a receipt for each.
func TestFourParts(t *testing.T) {
	l := newLab(t)
	l.start()
	rec := l.record(l.mustAccept(subscriber, four))
	if rec.Outcome != cdr.Done || rec.Reason != "ok" || rec.Attempts != 4 || rec.Link != "smsc" || rec.MDN != "13105551234" {
		t.Errorf("record %+v", rec)
	}
	if got := strings.Join(rec.Steps, " "); got != "1/4:delivered 2/4:delivered 3/4:delivered 4/4:delivered" {
		t.Error(got)
	}
	var whole []byte
	for i, p := range l.centre.submitted() {
		want := fmt.Sprintf("0b0003%02x04%02x05040b8423f0", l.centre.submitted()[0].ShortMessage[3], i+1)
		if got := hex.EncodeToString(p.ShortMessage[:12]); got != want {
			t.Errorf("part %d begins with %s, want %s", i, got, want)
		}
		if p.ESMClass != 0x40 || p.DataCoding != 4 || p.RegisteredDelivery != 1 || string(p.DestinationAddr) != "13105551234" {
			t.Errorf("part %d: %+v", i, p)
		}
		whole = append(whole, p.ShortMessage[12:]...)
	}
	if !bytes.Equal(whole, four) {
		t.Error("the parts are not the datagram")
	}
	for _, s := range l.centre.answered() {
		if s != smpp.StatusOK {
			t.Errorf("a receipt was answered with %s", s)
		}
	}
}

// TestAnswers is what becomes of a message by what the centre says.
func TestAnswers(t *testing.T) {
	refuse := func(s smpp.Status, times int) func(int, *smpp.SubmitSM) reaction {
		return func(n int, _ *smpp.SubmitSM) reaction {
			if n < times {
				return reaction{status: s}
			}
			return reaction{receipt: delivered}
		}
	}
	for _, c := range []struct {
		name    string
		edit    func(*lab)
		script  func(int, *smpp.SubmitSM) reaction
		outcome cdr.Outcome
		reason  string
		sent    int
	}{
		{name: "throttled twice", script: refuse(smpp.StatusMessageQueueFull, 1), outcome: cdr.Done, reason: "ok", sent: 2},
		{name: "temporary", script: refuse(smpp.StatusSystemError, 3), outcome: cdr.Done, reason: "ok", sent: 4},
		{name: "for good", script: refuse(smpp.StatusInvalidDestinationAddress, 1), outcome: cdr.Failed, reason: "undeliverable", sent: 1},
		{name: "for good by the configuration", script: refuse(smpp.StatusSystemError, 1), outcome: cdr.Failed, reason: "undeliverable", sent: 1,
			edit: func(l *lab) { l.cfg.Retries = []configs.Retry{{Error: "smpp 0x08", Class: "permanent"}} }},
		{name: "too often", script: refuse(smpp.StatusSystemError, 99), outcome: cdr.Failed, reason: "attempts", sent: 5,
			edit: func(l *lab) { l.cfg.Attempts = 5 }},
		{name: "an error that tells nothing", script: refuse(smpp.StatusUnknownError, 1), outcome: cdr.Unknown, reason: "in-doubt", sent: 1, edit: soon},
		{name: "no answer", outcome: cdr.Unknown, reason: "in-doubt", sent: 1, edit: soon,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{lost: true} }},
		{name: "no answer, and a repetition is allowed", outcome: cdr.Done, reason: "ok", sent: 2,
			edit:   func(l *lab) { soon(l); l.links[0].Resend = true },
			script: func(n int, _ *smpp.SubmitSM) reaction { return reaction{lost: n == 0, receipt: only(n > 0)} }},
		{name: "no answer, but a receipt with our reference", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{lost: true, receipt: marked} }},
		{name: "the receipt before the answer", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{early: true, receipt: delivered} }},
		{name: "a receipt that says no", outcome: cdr.Failed, reason: "undeliverable", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{receipt: receipt("UNDELIV")} }},
		{name: "a receipt that does not know", outcome: cdr.Unknown, reason: "undeliverable", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{receipt: receipt("UNKNOWN")} }},
		{name: "no receipts wanted", outcome: cdr.Done, reason: "accepted", sent: 1,
			edit: func(l *lab) { l.links[0].Receipts = false }},
		{name: "not sent, then sent", outcome: cdr.Done, reason: "ok", sent: 1, script: func(n int, _ *smpp.SubmitSM) reaction {
			if n == 0 {
				return reaction{refuse: smpp.ErrWindowFull}
			}
			return reaction{receipt: delivered}
		}},
		{name: "hexadecimal in the receipt", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{id: "305419896", receipt: spelled("12345678")} }},
		{name: "decimal in the receipt", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{id: "0ABCDEF1", receipt: spelled("180150001")} }},
		{name: "zeros added", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{id: "77", receipt: spelled("0000000077")} }},
		{name: "zeros dropped, and the case", outcome: cdr.Done, reason: "ok", sent: 1,
			script: func(int, *smpp.SubmitSM) reaction { return reaction{id: "00ab77", receipt: spelled("AB77")} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.centre.script = c.script
			if c.edit != nil {
				c.edit(l)
			}
			l.start()
			rec := l.record(l.mustAccept(subscriber, []byte("a push")))
			if rec.Outcome != c.outcome || rec.Reason != c.reason || len(l.centre.submitted()) != c.sent {
				t.Errorf("%s %s (%s) after %d, want %s %s after %d", rec.Outcome, rec.Reason, rec.Detail, len(l.centre.submitted()), c.outcome, c.reason, c.sent)
			}
			l.until("the message to be forgotten", func() bool { return l.svc.Live() == 0 })
			if rows, err := l.store.Claim(context.Background(), "centre/smsc", time.Now(), 10, time.Minute); err != nil || len(rows) > 0 {
				t.Errorf("%d rows left, %v", len(rows), err)
			}
		})
	}
}

func only(yes bool) func(string, *smpp.SubmitSM) *smpp.DeliverSM {
	if yes {
		return delivered
	}
	return nil
}

// marked is a receipt with an id that nobody knows and our reference.
func marked(_ string, p *smpp.SubmitSM) *smpp.DeliverSM {
	d := delivered("ffff", p)
	if v, ok := p.TLVs.Find(smpp.TagUserMessageReference); ok {
		d.TLVs = append(d.TLVs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: v})
	}
	return d
}

func spelled(id string) func(string, *smpp.SubmitSM) *smpp.DeliverSM {
	return func(_ string, p *smpp.SubmitSM) *smpp.DeliverSM { return delivered(id, p) }
}

// TestWays: the same datagram over the other ways of a link.
func TestWays(t *testing.T) {
	for _, c := range []struct {
		way   string
		parts int
		check func(p *smpp.SubmitSM) bool
	}{
		{"udh16", 4, func(p *smpp.SubmitSM) bool { return p.ESMClass == 0x40 && p.ShortMessage[1] == 8 }},
		{"sar", 4, func(p *smpp.SubmitSM) bool {
			total, ok := p.TLVs.Find(smpp.TagSARTotalSegments)
			port, ok2 := p.TLVs.Find(smpp.TagDestinationPort)
			return ok && ok2 && p.ESMClass == 0 && total[0] == 4 && bytes.Equal(port, []byte{0x0b, 0x84})
		}},
		{"payload", 1, func(p *smpp.SubmitSM) bool {
			whole, _ := p.TLVs.Find(smpp.TagMessagePayload)
			return len(p.ShortMessage) == 0 && bytes.Equal(whole, four)
		}},
	} {
		l := newLab(t)
		l.links[0].Way = c.way
		l.start()
		if rec := l.record(l.mustAccept(subscriber, four)); rec.Outcome != cdr.Done {
			t.Errorf("%s: %+v", c.way, rec)
		}
		got := l.centre.submitted()
		if len(got) != c.parts {
			t.Errorf("%s: %d parts", c.way, len(got))
		}
		for i := range got {
			if !c.check(&got[i]) {
				t.Errorf("%s: part %d is %+v", c.way, i, got[i])
			}
		}
	}
}

// TestRefused: nothing of these is accepted.
func TestRefused(t *testing.T) {
	l := newLab(t)
	l.start()
	var long *sms.TooLongError
	if _, err := l.accept(subscriber, make([]byte, 2000)); !errors.As(err, &long) || long.Segments != 16 || long.Limit != 9 {
		t.Errorf("too long: %v", err)
	}
	for _, c := range []struct {
		name string
		edit func(*push.Message)
		want error
	}{
		{"no such link", func(m *push.Message) { m.Link = "nowhere" }, push.ErrNoRoute},
		{"over before it begins", func(m *push.Message) {
			m.NotBefore, m.Deadline = time.Now().Add(time.Hour), time.Now().Add(time.Minute)
		}, push.ErrValidity},
		{"over", func(m *push.Message) { m.Deadline = time.Now().Add(-time.Minute) }, push.ErrValidity},
		{"beyond what is kept", func(m *push.Message) { m.NotBefore = time.Now().Add(400 * 24 * time.Hour) }, push.ErrValidity},
		{"no MIN", func(m *push.Message) { m.To, m.Link = 555, "ss7" }, push.ErrNoMIN},
	} {
		if _, err := l.accept(subscriber, []byte("x"), c.edit); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := len(l.centre.submitted()); n != 0 || l.svc.Live() != 0 {
		t.Errorf("%d parts sent", n)
	}
}

// TestDuplicate: the second message with a key is the first one.
func TestDuplicate(t *testing.T) {
	l := newLab(t)
	l.start()
	seen := func(m *push.Message) { m.Seen = sessions.Seen{Key: "push/acme/1", Until: time.Now().Add(time.Hour)} }
	first := l.mustAccept(subscriber, []byte("x"), seen)
	l.record(first)
	if id, err := l.accept(subscriber, []byte("x"), seen); !errors.Is(err, sessions.ErrDuplicate) || id != first {
		t.Errorf("%s %v, want %s", id, err, first)
	}
	if n := len(l.centre.submitted()); n != 1 {
		t.Errorf("%d parts sent", n)
	}
}

// TestCancelAndStatus: what waits can be stopped, what has gone cannot.
func TestCancelAndStatus(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{} } // no receipts
	l.start()
	ctx := context.Background()
	later := l.mustAccept(subscriber, []byte("x"), func(m *push.Message) { m.NotBefore = time.Now().Add(time.Hour) })
	if st, err := l.svc.Status(ctx, later); err != nil || !st.Live || st.To != "13105551234" {
		t.Errorf("%+v %v", st, err)
	}
	if ok, err := l.svc.Cancel(ctx, later); !ok || err != nil {
		t.Errorf("cancelled %v %v", ok, err)
	}
	if rec := l.record(later); rec.Outcome != cdr.Failed || rec.Reason != "cancelled" {
		t.Errorf("%+v", rec)
	}
	if st, err := l.svc.Status(ctx, later); err != nil || st.Live || st.Reason != "cancelled" {
		t.Errorf("%+v %v", st, err)
	}
	sent := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	l.until("its answer", func() bool { st, err := l.svc.Status(ctx, sent); return err == nil && st.Phase.String() == "settling" })
	if ok, err := l.svc.Cancel(ctx, sent); ok || err != nil {
		t.Errorf("cancelled %v %v", ok, err)
	}
	if _, err := l.svc.Cancel(ctx, 12345); !errors.Is(err, sessions.ErrNotFound) {
		t.Error(err)
	}
	if _, err := l.svc.Status(ctx, 12345); !errors.Is(err, sessions.ErrNotFound) {
		t.Error(err)
	}
}

// TestCancelUnsent: a part that waits for its link is taken back.
func TestCancelUnsent(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{silent: true} }
	l.links[0].Window = 1
	l.start()
	first := l.mustAccept(subscriber, []byte("x"))
	l.until("the window to be full", func() bool { return len(l.centre.submitted()) == 1 })
	second := l.mustAccept(subscriber, []byte("y"))
	if ok, err := l.svc.Cancel(context.Background(), second); !ok || err != nil {
		t.Errorf("cancelled %v %v", ok, err)
	}
	if rec := l.record(second); rec.Reason != "cancelled" || rec.Outcome != cdr.Failed {
		t.Errorf("%+v", rec)
	}
	if ok, err := l.svc.Cancel(context.Background(), first); ok || err != nil {
		t.Errorf("one on its way is cancelled: %v %v", ok, err)
	}
}

// TestStrangeReceipts: what fits no message, or is none, is answered.
func TestStrangeReceipts(t *testing.T) {
	l := newLab(t)
	l.start()
	one := smpp.SubmitSM{DestinationAddr: []byte("999"), SourceAddr: []byte("1")}
	l.svc.Deliver("smsc", &smpp.DeliverSM{ShortMessage: []byte("hello")}, l.centre)
	l.svc.Deliver("smsc", &smpp.DeliverSM{ESMClass: 4, ShortMessage: []byte("no receipt at all")}, l.centre)
	l.svc.Deliver("smsc", receipt("ENROUTE")("5", &one), l.centre)
	want := []smpp.Status{smpp.StatusReceiverPermanentError, smpp.StatusReceiverPermanentError, smpp.StatusOK}
	if got := l.centre.answered(); !slices.Equal(got, want) {
		t.Errorf("answers %v", got)
	}
	if st := l.svc.Stats(); st.OtherDeliver != 2 {
		t.Errorf("%+v", st)
	}
}
