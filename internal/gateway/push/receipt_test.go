package push_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// from is a receipt whose centre writes the number of the handset in its own way.
func from(number string, then func(string, *smpp.SubmitSM) *smpp.DeliverSM) func(string, *smpp.SubmitSM) *smpp.DeliverSM {
	return func(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
		d := then(id, p)
		d.SourceAddr = []byte(number)
		return d
	}
}

// TestReceiptOfNobody: a receipt waits for its message id only while a message to
// its number is on its way. One of a message that is over, as late ones are, would
// take the place of others in the centre's window.
func TestReceiptOfNobody(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{silent: true} }
	l.start()
	l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	late := func(number string) {
		l.svc.Deliver("smsc", from(number, delivered)("77", &l.centre.submitted()[0]), l.centre)
	}
	for _, number := range []string{"13105551235", "23105551234", "5551234"[1:]} {
		late(number)
	}
	want := []smpp.Status{smpp.StatusOK, smpp.StatusOK, smpp.StatusOK}
	if got := l.centre.answered(); !slices.Equal(got, want) {
		t.Errorf("answers %v", got)
	}
	for _, number := range []string{"13105551234", "3105551234", "+0013105551234", "shop", ""} {
		late(number)
	}
	if st := l.svc.Stats(); st.Parked != 5 || st.Unmatched != 3 || len(l.centre.answered()) != 3 {
		t.Errorf("%+v", st)
	}
}

// TestReceiptAgain: after a cut a centre sends a receipt again whose message is over. It
// waits while the answer to a message to its number is under way, which may bring its
// id, and no longer: those that wait fill the window of the centre. Our clock stands still, so that
// its time is never over.
func TestReceiptAgain(t *testing.T) {
	l := newLab(t)
	began := time.Now()
	l.now = func() time.Time { return began }
	answer := make(chan struct{})
	l.centre.script = func(n int, p *smpp.SubmitSM) reaction {
		if n == 0 {
			return reaction{receipt: delivered}
		}
		return reaction{held: answer}
	}
	l.start()
	l.record(l.mustAccept(subscriber, []byte("x")))
	l.until("its receipt to be answered", func() bool { return len(l.centre.answered()) == 1 })
	l.mustAccept(subscriber, []byte("y"))
	l.until("the second to be sent", func() bool { return len(l.centre.submitted()) == 2 })
	was := l.svc.Stats().Parked
	l.svc.Deliver("smsc", delivered("1000", &l.centre.submitted()[0]), l.centre)
	if st := l.svc.Stats(); st.Parked != was+1 || len(l.centre.answered()) != 1 {
		t.Errorf("%+v", st)
	}
	close(answer)
	l.until("the answer to the receipt that came again", func() bool { return len(l.centre.answered()) == 2 })
	if st := l.svc.Stats(); st.Unmatched != 1 {
		t.Errorf("%+v", st)
	}
}

// TestReceiptBeforeItsAnswer: it waits for its message id for as long as the answer may bring it.
func TestReceiptBeforeItsAnswer(t *testing.T) {
	l := newLab(t)
	began, looks := time.Now(), atomic.Int64{}
	l.now = func() time.Time {
		looks.Add(1) // each time that it is looked whether a receipt still has to wait, too
		return began
	}
	answer := make(chan struct{})
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{held: answer, receipt: delivered, early: true} }
	l.start()
	id := l.mustAccept(subscriber, []byte("x"))
	l.until("its receipt to come", func() bool { return l.svc.Stats().Parked == 1 })
	was := looks.Load()
	l.until("it to wait", func() bool { return looks.Load() > was+10 })
	close(answer)
	if rec := l.record(id); rec.Outcome != cdr.Done || l.svc.Stats().Unmatched != 0 {
		t.Errorf("%+v, %+v", rec, l.svc.Stats())
	}
}

// unswapped is a receipt from us to the handset.
func unswapped(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
	d := delivered(id, p)
	d.SourceAddr, d.DestinationAddr = p.SourceAddr, p.DestinationAddr
	return d
}

// TestReceiptsOfOtherSpelling: numbers with and without the digits of the country.
func TestReceiptsOfOtherSpelling(t *testing.T) {
	for name, r := range map[string]reaction{
		"before the answer":           {early: true, receipt: from("3105551234", delivered)},
		"by our reference":            {lost: true, receipt: from("+13105551234", marked)},
		"by our reference, at home":   {lost: true, receipt: from("03105551234", marked)},
		"before the answer, in words": {early: true, receipt: from("shop", delivered)},
		"addresses as they were":      {early: true, receipt: unswapped},
		"of the last digits only":     {early: true, receipt: from("5551234", delivered)},
		"an id of zeros only":         {early: true, receipt: from("0013105551234", spelled("0"))},
	} {
		l := newLab(t)
		if name == "an id of zeros only" {
			r.id = "0000"
		}
		l.centre.script = func(int, *smpp.SubmitSM) reaction { return r }
		l.start()
		if rec := l.record(l.mustAccept(subscriber, []byte("x"))); rec.Outcome != cdr.Done {
			t.Errorf("%s: %+v", name, rec)
		}
		l.stop()
	}
}

// TestIntermediate: an intermediate notification is not the end, whatever it says.
func TestIntermediate(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{receipt: nil} }
	l.start()
	id := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be taken", func() bool {
		st, err := l.svc.Status(t.Context(), id)
		return err == nil && st.Phase.String() == "settling"
	})
	p := l.centre.submitted()[0]
	note := receipt("UNDELIV")("1000", &p)
	note.ESMClass = 0x20
	l.svc.Deliver("smsc", note, l.centre)
	l.svc.Deliver("smsc", delivered("1000", &p), l.centre)
	if rec := l.record(id); rec.Outcome != cdr.Done {
		t.Errorf("%+v", rec)
	}
}

// TestNearIDs: an id that is one part's, and another part's in hexadecimal, is of
// the part that has it as it is.
func TestNearIDs(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction { return reaction{id: []string{"10", "16"}[n]} }
	l.start()
	id := l.mustAccept(subscriber, four[:200])
	l.until("both to be taken", func() bool {
		st, err := l.svc.Status(t.Context(), id)
		return err == nil && st.Phase.String() == "settling"
	})
	l.svc.Deliver("smsc", receipt("UNDELIV")("16", &l.centre.submitted()[1]), l.centre)
	if got := strings.Join(l.record(id).Steps, " "); got != "1/2:accepted 2/2:undelivered" {
		t.Error(got)
	}
}

// TestIDOfAnother: the receipt of a part whose answer was lost has an id that, in
// hexadecimal, is that of another message to the same number. Our mark says whose
// it is; given to the other one, it would be missing, and its part sent again.
func TestIDOfAnother(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
		if n == 0 {
			return reaction{id: "627"}
		}
		return reaction{lost: true, receipt: func(_ string, p *smpp.SubmitSM) *smpp.DeliverSM {
			d := delivered("273", p) // 0x273 is 627
			d.TLVs = marked("", p).TLVs
			return d
		}}
	}
	l.start()
	first := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be taken", func() bool {
		st, err := l.svc.Status(t.Context(), first)
		return err == nil && st.Phase.String() == "settling"
	})
	if rec := l.record(l.mustAccept(subscriber, []byte("y"))); rec.Outcome != cdr.Done {
		t.Errorf("%+v", rec)
	}
	if st, err := l.svc.Status(t.Context(), first); err != nil || !st.Live {
		t.Errorf("the first one has the receipt: %+v %v", st, err)
	}
}

// TestMarksOfACrowd: also many messages to one number have marks of their own.
func TestMarksOfACrowd(t *testing.T) {
	const messages, starts = 80, 10
	l := newLab(t)
	n := uint64(0)
	l.random = func(b []byte) { // chance has no fancy
		n++
		binary.BigEndian.PutUint64(b, n%starts*1000<<16)
	}
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{} }
	l.start()
	for i := range messages {
		l.mustAccept(subscriber, []byte("x"), func(m *push.Message) { m.ID = sessions.ID(i + 1) })
	}
	l.until("all to be sent", func() bool { return len(l.centre.submitted()) == messages })
	seen := map[string]bool{}
	for _, p := range l.centre.submitted() {
		mark, _ := p.TLVs.Find(smpp.TagUserMessageReference)
		seen[string(mark)] = true
	}
	if len(seen) != messages {
		t.Errorf("%d messages have %d marks", messages, len(seen))
	}
}

// TestMarksComeOnce: messages to one number have other marks than those before them, also when
// those are over, whatever the time is, and after a restart.
func TestMarksComeOnce(t *testing.T) {
	const each = 10
	for _, at := range []int64{0x10000 << 4, 0x18000 << 4, 0x1ffff << 4} { // in every part of what a mark counts
		l := newLab(t)
		l.now = func() time.Time { return time.UnixMilli(1_000_000<<20 + at) }
		l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
			if n == each-1 {
				return reaction{} // it is there when the gateway comes back
			}
			return reaction{receipt: delivered}
		}
		seen := map[string]int{}
		for range 2 {
			l.start()
			for i := range each {
				id := l.mustAccept(subscriber, []byte("x"))
				if i < each-1 {
					l.record(id)
				}
			}
			l.until("all to be taken", func() bool { return l.svc.Stats().Sent == each })
			l.stop()
		}
		for _, p := range l.centre.submitted() {
			mark, _ := p.TLVs.Find(smpp.TagUserMessageReference)
			seen[string(mark)]++
		}
		if len(seen) != 2*each {
			t.Errorf("at %x: %d messages have %d marks", at, 2*each, len(seen))
		}
	}
}

// TestReceiptsDuringReload: receipts come while links are set, which the race detector looks at.
func TestReceiptsDuringReload(t *testing.T) {
	l := newLab(t)
	l.start()
	var all sync.WaitGroup
	added := make(chan struct{})
	all.Go(func() {
		for {
			select {
			case <-added:
				return
			default:
				l.svc.Deliver("smsc", delivered("77", &smpp.SubmitSM{DestinationAddr: []byte("13105551234")}), l.centre)
			}
		}
	})
	l.until("receipts to come", func() bool { return l.svc.Stats().Receipts > 0 })
	for range 2000 {
		if err := l.svc.SetLinks(l.links); err != nil {
			t.Error(err)
		}
	}
	close(added)
	all.Wait()
	if st := l.svc.Stats(); st.Unmatched != st.Receipts {
		t.Errorf("%+v", st)
	}
}

// TestReceiptOfAccount: a centre may report by another bind of the account than
// the one that submitted.
func TestReceiptOfAccount(t *testing.T) {
	l := newLab(t)
	second := l.links[0]
	second.Name = "second"
	l.links = append(l.links, second)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{} } // none by itself
	l.start()
	id := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(l.centre.submitted()) == 1 })
	sent := l.centre.submitted()[0]
	l.svc.Deliver("second", delivered("1000", &sent), l.centre)
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Reason != "ok" {
		t.Errorf("%+v", rec)
	}
}
