package gateway

import (
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// TestOtherHandset: an answer that names another handset than its session is no
// answer, for every kind of request; one that names this one is taken.
func TestOtherHandset(t *testing.T) {
	const mine, other = "A1000000001234", "A1000000005678"
	known := sessionCall().otasp
	known.Terminal.MIN = "0000004567"
	withMEID := known
	withMEID.Terminal.MEID = mine
	noMIN := known
	noMIN.Terminal.MIN = ""
	meid := func(s string) ansi41.MEID {
		m, err := ansi41.ParseMEID(s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	min := func(s string) ansi41.Optional[ansi41.MIN] {
		m, err := ansi41.ParseMIN(s)
		if err != nil {
			t.Fatal(err)
		}
		return ansi41.Some(m)
	}
	unknown := func(id ansi41.ParameterID, v ...byte) []ansi41.Parameter {
		return []ansi41.Parameter{{Tag: id.Tag(), Value: wire.Hex(v)}}
	}
	esn := func(v uint32) ansi41.Optional[ansi41.ESN] { return ansi41.Some(ansi41.ESN(v)) }
	pseudo := meid(mine).PseudoESN()
	for _, c := range []struct {
		name    string
		session *otasp.Session
		res     ansi41.SMDPPResult // its Unknown goes into a result of the AC too
		good    bool
	}{
		{"nobody named", &known, ansi41.SMDPPResult{}, true},
		{"the ESN", &known, ansi41.SMDPPResult{ESN: esn(0x81234567)}, true},
		{"another ESN", &known, ansi41.SMDPPResult{ESN: esn(0x81234568)}, false},
		{"another ESN, beside a cause", &known, ansi41.SMDPPResult{ESN: esn(0x81234568), SMSCauseCode: ansi41.Some(ansi41.CauseSessionNotActive)}, false},
		{"the handset is not known yet", &otasp.Session{}, ansi41.SMDPPResult{ESN: esn(0x81234568)}, true},
		{"the pseudo-ESN", &withMEID, ansi41.SMDPPResult{ESN: ansi41.Some(pseudo)}, true},
		{"a pseudo-ESN without MEID", &known, ansi41.SMDPPResult{ESN: ansi41.Some(pseudo)}, false},
		{"the MEID", &withMEID, ansi41.SMDPPResult{MEID: ansi41.Some(meid(mine))}, true},
		{"another MEID", &withMEID, ansi41.SMDPPResult{MEID: ansi41.Some(meid(other))}, false},
		{"an MEID where none was known", &known, ansi41.SMDPPResult{MEID: ansi41.Some(meid(other))}, true},
		{"the old MIN", &known, ansi41.SMDPPResult{MobileStationMIN: min("0000004567")}, true},
		{"the activation MIN", &known, ansi41.SMDPPResult{MobileStationMIN: min("6191234000")}, true},
		{"the new MIN", &known, ansi41.SMDPPResult{MobileStationMIN: min("5551234567")}, true},
		{"another MIN", &known, ansi41.SMDPPResult{MobileStationMIN: min("5551234568")}, false},
		{"a MIN where none was known", &noMIN, ansi41.SMDPPResult{MobileStationMIN: min("5551234568")}, true},
		{"a MIN that is none", &known, ansi41.SMDPPResult{MobileStationMIN: ansi41.Some(ansi41.MIN{0xff})}, true},
		{"another MIN that does not belong there", &known, ansi41.SMDPPResult{Unknown: unknown(ansi41.ParamMIN, 1, 2, 3, 4, 5)}, false},
		{"the MIN that does not belong there", &known, ansi41.SMDPPResult{Unknown: unknown(ansi41.ParamMIN, 0x16, 0x19, 0x32, 0x04, 0)}, true},
	} {
		for _, w := range []wanted{wantReverse, wantDone} {
			res := c.res
			res.SMSBearerData = ansi41.Some(wire.Hex{5, 0})
			params, err := res.Append(nil)
			if err != nil {
				t.Fatal(err)
			}
			q := question{wants: w, req: 7, who: identityOf(c.session)}
			got := q.answer(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: params}, began)
			if (got.Failure.Detail == otherHandset) == c.good || !c.good && got.Failure.Class != otasp.NoAnswer {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
	}
	for _, c := range []struct {
		name  string
		extra []ansi41.Parameter
		good  bool
	}{
		{"nothing", nil, true},
		{"the ESN", unknown(ansi41.ParamESN, 0x81, 0x23, 0x45, 0x67), true},
		{"another ESN", unknown(ansi41.ParamESN, 0x81, 0x23, 0x45, 0x68), false},
		{"an ESN of three octets", unknown(ansi41.ParamESN, 1, 2, 3), true},
		{"another MIN", unknown(ansi41.ParamMobileStationMIN, 1, 2, 3, 4, 5), false},
		{"the MEID", unknown(ansi41.ParamMEID, 0xa1, 0, 0, 0, 0, 0x12, 0x34), true},
		{"another MEID", unknown(ansi41.ParamMEID, 0xa1, 0, 0, 0, 0, 0x12, 0x35), false},
	} {
		res := ansi41.OTASPREQResult{OTASPResultCode: ansi41.Some(ansi41.ResultAccepted), Unknown: c.extra}
		params, err := res.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		q := question{wants: wantAC, req: 7, who: identityOf(&withMEID)}
		got := q.answer(tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: params}, began)
		if (got.Kind == otasp.ACAnswer) != c.good || !c.good && got.Failure != (otasp.Failure{Class: otasp.NoAnswer, Detail: otherHandset}) {
			t.Errorf("AC, %s: %+v", c.name, got)
		}
	}
}

// TestForgedInNodesName: somebody who can write in the name of the MSC, and
// knows the transaction, answers once for another handset. The session takes it
// for no answer and asks again; the true answer comes late.
func TestForgedInNodesName(t *testing.T) {
	const step = "Protocol Capability Request"
	v := &villain{t: t, asked: map[mtp.PointCode]ansi.TransactionID{}, toHLR: make(chan ansi.Package, 1000)}
	nc := sim.LabConfig()
	nc.Observe = v.watch
	var mu sync.Mutex
	times := map[string]int{}
	nc.Script = &sim.Script{Every: func(s string) sim.Do {
		mu.Lock()
		times[s]++
		first := times[s] == 1
		mu.Unlock()
		if s == step && first {
			v.forge(mscPC, mscPC, v.askedOf(mscPC))
		}
		return sim.Nothing
	}}
	o := testOrder()
	l := newLabOn(t, nc, o)
	v.net = l.net
	var log testlog.Log
	l.log = zerolog.New(&log)
	h := sim.NewHandset(sim.DefaultHandset())
	g := l.start(l.open())
	ivr := g.ivr()
	r := l.receipt(ivr, l.submit(ivr, "TRN="+l.dial(h).TRN, smpp.StatusOK))
	stats, screened := g.Stats(), g.Screening()
	g.stop()
	if r.Stat != smpp.MessageDelivered || r.Text != "ok" {
		t.Errorf("%+v", r)
	}
	if err := programmed(&o, h.Memory()); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if stats.Contradicted != 1 || times[step] != 2 || screened.Of(screen.ForeignAnswer) != 0 {
		t.Errorf("%d contradictions, asked %v, %+v", stats.Contradicted, times, screened)
	}
	if got := strings.Count(log.String(), otherHandset); got != 1 {
		t.Errorf("%d lines in the log", got)
	}
}
