package push_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

const roamer sessions.MDN = 5551234567

// said is a result with these parameters.
func said(m interface {
	Append([]byte) ([]byte, error)
}) tcap.Outcome {
	b, err := m.Append(nil)
	if err != nil {
		panic(err)
	}
	return tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: b}
}

// at is the HLR's answer: the handset is at this MSC.
func at(pc mtp.PointCode) tcap.Outcome {
	return said(&ansi41.SMSREQResult{
		ESN:        ansi41.Some(ansi41.ESN(0x8204f1a2)),
		SMSAddress: ansi41.Some(ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: pc, SSN: 8}),
	})
}

var atMSC1 = at(mtp.ANSI(1, 12, 6))

func denied(why uint8) tcap.Outcome {
	return said(&ansi41.SMSREQResult{SMSAccessDeniedReason: ansi41.Some(ansi41.SMSAccessDeniedReason(why))})
}

func cause(c uint8) tcap.Outcome {
	return said(&ansi41.SMDPPResult{SMSCauseCode: ansi41.Some(ansi41.SMSCauseCode(c))})
}

var taken = said(&ansi41.SMDPPResult{})

func isSMSREQ(inv tcap.Invoke) bool {
	return inv.Operation == ansi.PrivateOperation(uint8(ansi41.SMSRequest))
}

// script answers SMSREQ and SMDPP one after the other; the last answer stays.
func script(smsreq, smdpp []tcap.Outcome) func(int, tcap.Invoke) (tcap.Outcome, error) {
	next := func(list *[]tcap.Outcome) tcap.Outcome {
		o := (*list)[0]
		if len(*list) > 1 {
			*list = (*list)[1:]
		}
		return o
	}
	gate := make(chan struct{}, 1)
	return func(_ int, inv tcap.Invoke) (tcap.Outcome, error) {
		gate <- struct{}{}
		defer func() { <-gate }()
		if isSMSREQ(inv) {
			return next(&smsreq), nil
		}
		return next(&smdpp), nil
	}
}

type outcomes = []tcap.Outcome

// TestByMSC is what becomes of a message by what HLR and MSC say.
func TestByMSC(t *testing.T) {
	timeout := tcap.Outcome{Kind: tcap.OutcomeTimeout}
	fault := func(c ansi41.ErrorCode) tcap.Outcome {
		return tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(uint8(c))}
	}
	for _, c := range []struct {
		name          string
		smsreq, smdpp outcomes
		edit          func(*configs.Push)
		outcome       cdr.Outcome
		reason        string
		asked, sent   int
	}{
		{name: "taken", smsreq: outcomes{atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Done, reason: "ok", asked: 1, sent: 1},
		{name: "busy, then taken", smsreq: outcomes{atMSC1}, smdpp: outcomes{cause(33), taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 2},
		{name: "a terminal that never will", smsreq: outcomes{atMSC1}, smdpp: outcomes{cause(39)}, outcome: cdr.Failed, reason: "undeliverable", asked: 1, sent: 1},
		{name: "the MSC does not know it any more", smsreq: outcomes{atMSC1}, smdpp: outcomes{fault(ansi41.UnrecognizedMIN), taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 2},
		{name: "the HLR does not know it", smsreq: outcomes{fault(ansi41.UnrecognizedMIN), atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Failed, reason: "undeliverable", asked: 1},
		{name: "it is with another HLR", smsreq: outcomes{fault(ansi41.MINHLRMismatch), atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Failed, reason: "undeliverable", asked: 1},
		{name: "the HLR does not know it, which the configuration says passes", smsreq: outcomes{fault(ansi41.UnrecognizedMIN), atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 1,
			edit: func(p *configs.Push) { p.Retries = []configs.Retry{{Error: "error 0x81", Class: "temporary"}} }},
		{name: "the HLR is short of something", smsreq: outcomes{fault(ansi41.ResourceShortage), atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 1},
		{name: "no such operation", smsreq: outcomes{atMSC1}, smdpp: outcomes{fault(ansi41.OperationNotSupported)}, outcome: cdr.Failed, reason: "undeliverable", asked: 1, sent: 1},
		{name: "returned by the network", smsreq: outcomes{atMSC1}, smdpp: outcomes{{Kind: tcap.OutcomeNotice}, taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 2},
		{name: "no answer", smsreq: outcomes{atMSC1}, smdpp: outcomes{timeout}, outcome: cdr.Unknown, reason: "in-doubt", asked: 1, sent: 1},
		{name: "no answer, and a repetition is allowed", smsreq: outcomes{atMSC1}, smdpp: outcomes{timeout, taken}, outcome: cdr.Done, reason: "ok", asked: 1, sent: 2,
			edit: func(p *configs.Push) { p.SS7.Resend = true }},
		{name: "denied", smsreq: outcomes{denied(1)}, smdpp: outcomes{taken}, outcome: cdr.Failed, reason: "undeliverable", asked: 1},
		{name: "unavailable, then there", smsreq: outcomes{denied(3), atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 1},
		{name: "the HLR is mute, then not", smsreq: outcomes{timeout, atMSC1}, smdpp: outcomes{taken}, outcome: cdr.Done, reason: "ok", asked: 2, sent: 1},
		{name: "an MSC of nobody", smsreq: outcomes{at(mtp.ANSI(9, 9, 9))}, smdpp: outcomes{taken}, outcome: cdr.Failed, reason: "attempts", asked: 3,
			edit: func(p *configs.Push) { p.Attempts = 3 }},
		{name: "an answer about another handset", smsreq: outcomes{atMSC1},
			smdpp:   outcomes{said(&ansi41.SMDPPResult{ESN: ansi41.Some(ansi41.ESN(1))})},
			outcome: cdr.Unknown, reason: "in-doubt", asked: 1, sent: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			if c.edit != nil {
				c.edit(&l.cfg)
			}
			l.net.script = script(c.smsreq, c.smdpp)
			l.start()
			rec := l.record(l.mustAccept(roamer, []byte("a push")))
			asked, sent := 0, 0
			for _, inv := range l.net.invokes() {
				if isSMSREQ(inv) {
					asked++
				} else {
					sent++
				}
			}
			if rec.Outcome != c.outcome || rec.Reason != c.reason || asked != c.asked || sent != c.sent {
				t.Errorf("%s %s (%s), asked %d, sent %d; want %s %s, %d, %d", rec.Outcome, rec.Reason, rec.Detail, asked, sent, c.outcome, c.reason, c.asked, c.sent)
			}
		})
	}
}

// TestSMDPP holds what goes to the MSC against the layout of IS-637: the same
// MESSAGE_ID in all segments, ports in the first, source before destination.
func TestSMDPP(t *testing.T) {
	l := newLab(t)
	l.net.script = script(outcomes{atMSC1}, outcomes{taken})
	l.cfg.SS7.Source = "2280"
	l.start()
	rec := l.record(l.mustAccept(roamer, four[:300]))
	if got := strings.Join(rec.Steps, " "); rec.Outcome != cdr.Done || got != "1/3:delivered 2/3:delivered 3/3:delivered" || rec.ESN != "8204F1A2" || rec.MSC != "msc1" {
		t.Errorf("%+v", rec)
	}
	var whole []byte
	var ids []is637.MessageID
	n := byte(0)
	for _, inv := range l.net.invokes() {
		if isSMSREQ(inv) {
			var q ansi41.SMSREQInvoke
			if err := q.Decode(inv.Parameters); err != nil || q.MIN.V.String() != "5551234567" || q.SMSTeleserviceIdentifier.V.ID != 4100 || q.SMSNotificationIndicator.V != 1 {
				t.Errorf("SMSREQ %+v %v", q, err)
			}
			continue
		}
		var p ansi41.SMDPPInvoke
		if err := p.Decode(inv.Parameters); err != nil {
			t.Fatal(err)
		}
		if p.ESN.V != 0x8204f1a2 || p.SMSTeleserviceIdentifier.ID != 4100 || p.MIN.V.String() != "5551234567" || p.SMSOriginalOriginatingAddress.V.Digits != "2280" {
			t.Errorf("SMDPP %+v", p)
		}
		var b is637.Bearer
		if err := b.Decode(p.SMSBearerData); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, b.Identifier.ID)
		ud := b.UserData.V.Octets
		if ud[0] != 0 || ud[1] != 3 || ud[2] != n {
			t.Errorf("segment %d begins with %x", n, ud[:3])
		}
		ud = ud[3:]
		if n == 0 {
			if !bytes.Equal(ud[:4], []byte{0x23, 0xf0, 0x0b, 0x84}) {
				t.Errorf("ports %x", ud[:4])
			}
			ud = ud[4:]
		}
		whole = append(whole, ud...)
		n++
	}
	if !bytes.Equal(whole, four[:300]) || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("%d octets, ids %v", len(whole), ids)
	}
}

// TestPostponed: a handset that is away is waited for, over a restart too, and
// SMSNOT brings all that waits for it.
func TestPostponed(t *testing.T) {
	l := newLab(t)
	l.net.script = script(outcomes{denied(2)}, outcomes{taken})
	l.start()
	one, two := l.mustAccept(roamer, []byte("one")), l.mustAccept(roamer, []byte("two"))
	away := func() bool {
		for _, id := range []sessions.ID{one, two} {
			if st, err := l.svc.Status(t.Context(), id); err != nil || st.Phase.String() != "away" {
				return false
			}
		}
		return true
	}
	l.until("both to be away", away)
	l.stop()
	asked := len(l.net.invokes())
	l.start()
	l.until("the HLR to be asked again", func() bool { return away() && len(l.net.invokes()) > asked })
	min, err := ansi41.ParseMIN("5551234567")
	if err != nil {
		t.Fatal(err)
	}
	inv := ansi41.SMSNOTInvoke{ESN: 0x8204f1a2, MIN: ansi41.Some(min),
		SMSAddress: ansi41.Some(ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: mtp.ANSI(1, 12, 6), SSN: 8})}
	answered := make(chan struct{})
	l.svc.SMSNOT(&inv, func() { close(answered) })
	<-answered
	for _, id := range []sessions.ID{one, two} {
		if rec := l.record(id); rec.Outcome != cdr.Done || rec.Recovered != 1 || rec.ESN != "8204F1A2" {
			t.Errorf("%+v", rec)
		}
	}
	for _, esn := range l.esns() {
		if esn != 0x8204f1a2 {
			t.Errorf("sent to ESN %08X", esn)
		}
	}
}

// esns are those of the SMDPPs, 0 for none.
func (l *lab) esns() (all []uint32) {
	l.t.Helper()
	for _, inv := range l.net.invokes() {
		if isSMSREQ(inv) {
			continue
		}
		var p ansi41.SMDPPInvoke
		if err := p.Decode(inv.Parameters); err != nil {
			l.t.Fatal(err)
		}
		all = append(all, uint32(p.ESN.V))
	}
	return all
}

// TestOtherHandset: the ESN is that of the last answer, or none.
func TestOtherHandset(t *testing.T) {
	nameless := said(&ansi41.SMSREQResult{
		SMSAddress: ansi41.Some(ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: mtp.ANSI(1, 12, 6), SSN: 8}),
	})
	unrecognized := tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(uint8(ansi41.UnrecognizedESN))}
	l := newLab(t)
	l.net.script = script(outcomes{atMSC1, nameless}, outcomes{unrecognized, taken})
	l.start()
	if rec := l.record(l.mustAccept(roamer, []byte("x"))); rec.Outcome != cdr.Done {
		t.Errorf("%+v", rec)
	}
	if got := l.esns(); !slices.Equal(got, []uint32{0x8204f1a2, 0}) {
		t.Errorf("sent to %08X", got)
	}
}

// TestNotSent: a network that takes nothing is tried again, and nothing is in doubt.
func TestNotSent(t *testing.T) {
	l := newLab(t)
	good := script(outcomes{atMSC1}, outcomes{taken})
	begun := time.Now()
	l.net.script = func(n int, inv tcap.Invoke) (tcap.Outcome, error) {
		if n < 3 {
			return tcap.Outcome{}, errors.New("no association")
		}
		return good(n, inv)
	}
	l.start()
	if rec := l.record(l.mustAccept(roamer, []byte("x"))); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v after %s", rec, time.Since(begun))
	}
}
