package sim_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
)

// programmer plays the machine of otasp against the network: what a gateway
// does, without its store.
type programmer struct {
	*office
	h     *sim.Handset
	s     otasp.Session
	o     *otasp.Order
	out   []otasp.Effect // the request that waits
	path  []string
	steps int
	crash func(p *programmer) bool // asked before each request: does the gateway restart instead?
}

func listOrder(t *testing.T) *otasp.Order {
	return &otasp.Order{Name: "list", PRL: &otasp.PRL{Name: "minimal", ID: 0xcafe, Data: unhex(t, minimal)}}
}

func newProgrammer(t *testing.T, o *otasp.Order, script *sim.Script, change func(*sim.HandsetConfig)) *programmer {
	cfg := sim.OTAPAHandset()
	if change != nil {
		change(&cfg)
	}
	p := &programmer{h: sim.NewHandset(cfg), o: o}
	p.office = newOffice(t, func(c *sim.Config) { c.Script = script })
	p.net.Camp(p.h)
	p.net.HLR.SetAKey(idleMIN, sharedKey)
	return p
}

func (p *programmer) start() {
	p.step(otasp.Event{Kind: otasp.Start, Trigger: &otasp.Trigger{
		Start: otasp.ByNetwork, MDN: "5551234567", MIN: idleMIN, ESN: 0x81234567, ActivationMIN: "6191234000",
	}})
}

// run goes on until the session has ended, or waits for the handset.
func (p *programmer) run() otasp.Result {
	p.t.Helper()
	for len(p.out) > 0 {
		if p.steps++; p.steps > 200 {
			p.t.Fatalf("does not end: %s", strings.Join(p.path, " "))
		}
		e := p.out[0]
		p.out = nil
		if p.crash != nil && p.crash(p) {
			p.restart()
			continue
		}
		p.step(p.perform(&e))
	}
	return p.s.Result
}

func (p *programmer) step(ev otasp.Event) {
	ev.At = time.Now()
	if ev.Req == 0 {
		ev.Req = p.s.Req
	}
	next, out := p.s.Step(ev, nil)
	p.s = next
	p.path = append(p.path, next.Phase.String())
	for _, e := range out {
		switch e.Kind {
		case otasp.SetTimer, otasp.AwaitHandset, otasp.Report:
		case otasp.Anomaly:
			p.t.Errorf("anomaly: %s", e.Note)
		default:
			p.out = append(p.out, e)
		}
	}
}

// restart is a gateway that finds the session in its store.
func (p *programmer) restart() {
	p.t.Helper()
	b, err := p.s.Append(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var s otasp.Session
	if err := s.Decode(b); err != nil {
		p.t.Fatal(err)
	}
	if s.Order.PRL != nil {
		s.Order.PRL.Data = p.o.PRL.Data
	}
	p.s = s
	p.step(otasp.Event{Kind: otasp.Recovered})
}

func (p *programmer) perform(e *otasp.Effect) otasp.Event {
	p.t.Helper()
	ev := otasp.Event{Req: e.Req}
	switch e.Kind {
	case otasp.Resolve:
		ev.Kind, ev.Order = otasp.Resolved, p.o
	case otasp.Locate:
		p.locate(&ev)
	case otasp.AskAC:
		p.askAC(&ev, &e.AC)
	case otasp.Relay, otasp.ReleaseChannel:
		inv := p.otapa(0, e.Message...)
		inv.ESN = ansi41.Some(ansi41.ESN(p.s.Terminal.ESN))
		switch {
		case e.Kind == otasp.ReleaseChannel:
			inv.ActionCode = ansi41.Some(ansi41.ActionReleaseResources)
		case e.Channel:
			inv.ActionCode = ansi41.Some(ansi41.ActionAllocateResources)
		}
		p.relayed(&ev, e.Kind, p.ask(p.msc, p.cfg.MSC, inv))
	default:
		p.t.Fatalf("a session that the network initiates wants %s", e.Kind)
	}
	return ev
}

// failed notes an outcome that is no result.
func failed(ev *otasp.Event, o tcap.Outcome) bool {
	switch o.Kind {
	case tcap.OutcomeResult:
		return false
	case tcap.OutcomeTimeout:
		ev.Failure.Class = otasp.NoAnswer
	default:
		ev.Failure.Class = otasp.PeerRefused
	}
	ev.Kind = otasp.Failed
	return true
}

func (p *programmer) locate(ev *otasp.Event) {
	out := p.ask(p.hlr, p.cfg.HLR, &ansi41.SMSREQInvoke{
		MIN: ansi41.Some(parseMIN(p.t, p.s.Trigger.MIN)), ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTAPA),
		SMSNotificationIndicator: ansi41.Some(ansi41.NotifyWhenAvailable),
	})
	var r ansi41.SMSREQResult
	switch {
	case failed(ev, out):
	case r.Decode(out.Parameters) != nil:
		p.t.Error("an SMSREQ result that cannot be read")
	case r.SMSAddress.OK && r.SMSAddress.V.PC == p.cfg.MSC.PC:
		ev.Kind, ev.MSC, ev.Terminal = otasp.Located, "msc", &otasp.Terminal{ESN: uint32(r.ESN.V)}
	case r.SMSAccessDeniedReason.V == ansi41.AccessPostponed:
		ev.Kind = otasp.Postponed
	default:
		ev.Kind, ev.Failure.Class = otasp.Failed, otasp.PeerRefused
	}
}

func (p *programmer) askAC(ev *otasp.Event, q *otasp.ACRequest) {
	out := p.ask(p.hlr, p.cfg.HLR, &ansi41.OTASPREQInvoke{
		ActionCode: ansi41.Some(ansi41.ActionCode(q.Action)), MIN: ansi41.Some(parseMIN(p.t, p.s.Trigger.MIN)),
		ESN: ansi41.Some(ansi41.ESN(p.s.Terminal.ESN)), RANDBS: ansi41.Some(ansi41.RandomVariable(q.RandBS)),
	})
	var r ansi41.OTASPREQResult
	if failed(ev, out) {
		return
	}
	if err := r.Decode(out.Parameters); err != nil {
		p.t.Error(err)
	}
	ev.Kind, ev.AC = otasp.ACAnswer, &otasp.ACResult{HasResult: true, Result: uint8(r.OTASPResultCode.V), AuthBS: uint32(r.AUTHBS.V)}
}

func (p *programmer) relayed(ev *otasp.Event, kind otasp.EffectKind, out tcap.Outcome) {
	var r ansi41.SMDPPResult
	if failed(ev, out) {
		return
	}
	if err := r.Decode(out.Parameters); err != nil {
		p.t.Error(err)
	}
	ev.Kind, ev.Message = otasp.Reverse, otasp.Octets(r.SMSBearerData.V)
	switch c := r.SMSCauseCode.V; {
	case !r.SMSCauseCode.OK && kind == otasp.ReleaseChannel:
		ev.Kind = otasp.MSCDone
	case !r.SMSCauseCode.OK:
	case c == ansi41.CauseMSDisconnect || c == ansi41.CauseSessionNotActive:
		ev.Kind, ev.Failure.Class = otasp.Failed, otasp.HandsetGone
	case c.Temporary():
		ev.Kind, ev.Failure.Class = otasp.Failed, otasp.HandsetMute
	default:
		ev.Kind, ev.Failure.Class = otasp.Failed, otasp.PeerRefused
	}
}

// clean: whatever happened, nothing is left open, nothing is programmed twice,
// and the result tells what the handset holds.
func (p *programmer) clean(t *testing.T) {
	t.Helper()
	changed := p.h.Commits()
	if n := p.net.MSC.Channels(); n != 0 || changed > 1 || (changed == 1) != p.s.Result.Committed {
		t.Errorf("%d channels, %d Commits, %+v\n%s", n, changed, p.s.Result, strings.Join(p.path, " "))
	}
}

var wholeNAM = &otasp.NAM{
	IMSI:   otasp.IMSI{MCC: "310", IMSI1112: "00", S: subscriberMIN},
	ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
	SIDNID: []is683.SIDNID{{SID: 4139, NID: 65535}},
}

// TestOTAPA plays whole sessions between the machine and the network.
func TestOTAPA(t *testing.T) {
	lockedSPC := func(c *sim.HandsetConfig) { lockedNAM(c); c.Memory.SPC = parseSPC(t, "123456") }
	for name, c := range map[string]struct {
		order   func(*otasp.Order)
		handset func(*sim.HandsetConfig)
		rules   []sim.Rule
		network func(*sim.Network)
		want    string // outcome and reason
	}{
		"new list":             {want: "done ok"},
		"locked NAM":           {handset: lockedNAM, want: "done ok"},
		"locked NAM and SPC":   {handset: lockedSPC, order: func(o *otasp.Order) { o.SPC = "123456" }, want: "done ok"},
		"both proofs":          {handset: lockedSPC, order: func(o *otasp.Order) { o.SPC, o.SPASM = "123456", true }, want: "done ok"},
		"AC with another key":  {handset: lockedNAM, network: func(n *sim.Network) { n.HLR.SetAKey(idleMIN, [8]byte{9}) }, want: "failed spasm-refused"},
		"handset without key":  {handset: func(c *sim.HandsetConfig) { c.Memory.NAMLock = true }, want: "failed spasm-refused"},
		"no key at all":        {handset: func(c *sim.HandsetConfig) { c.Memory.NAMLock = true }, network: func(n *sim.Network) { n.HLR.SetAKey(idleMIN, [8]byte{}) }, want: "failed spasm-refused"},
		"wrong SPC":            {handset: lockedSPC, order: func(o *otasp.Order) { o.SPC = "654321" }, want: "failed wrong-spc"},
		"denied":               {network: func(n *sim.Network) { n.HLR.Deny(idleMIN, ansi41.AccessDenied) }, want: "failed denied"},
		"no page response":     {network: func(n *sim.Network) { n.MSC.Leave(idleMIN) }, want: "failed handset-no-answer"},
		"no OTAPA":             {handset: func(c *sim.HandsetConfig) { c.Features = sim.DefaultHandset().Features }, want: "failed handset-refused"},
		"already right":        {handset: func(c *sim.HandsetConfig) { c.Memory.PRL = unhex(t, minimal) }, want: "done nothing-to-do"},
		"read-out":             {order: func(o *otasp.Order) { o.PRL, o.ReadOut = nil, true }, want: "done read-out"},
		"split":                {order: func(o *otasp.Order) { o.NAM, o.MDN = wholeNAM, "5551234567" }, want: "done ok"},
		"lost before the list": {rules: []sim.Rule{{Step: "SSPR Download Request", Do: sim.HangUp}}, want: "failed hang-up"},
		"lost before Commit":   {rules: []sim.Rule{{Step: "Commit Request", Do: sim.HangUp}}, want: "failed commit-in-doubt"},
		"Commit's answer lost": {rules: []sim.Rule{{Step: "Commit Request", Do: sim.LoseAnswer}}, want: "done ok"},
		"start's answer lost":  {rules: []sim.Rule{{Step: "OTAPA Request", Do: sim.LoseAnswer}}, handset: lockedNAM, want: "done ok"},
		"stop lost":            {rules: []sim.Rule{{Step: "OTAPA Request", Nth: 2, Do: sim.LoseRequest}}, want: "done ok"},
		"release's answer":     {rules: []sim.Rule{{Step: "Release resources", Do: sim.LoseAnswer}}, want: "done ok"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := listOrder(t)
				if c.order != nil {
					c.order(o)
				}
				p := newProgrammer(t, o, &sim.Script{Rules: c.rules}, c.handset)
				if c.network != nil {
					c.network(p.net)
				}
				before := p.h.Memory()
				p.start()
				r := p.run()
				if got := fmt.Sprintf("%s %s", r.Outcome, r.Reason); got != c.want || p.s.Phase != otasp.Ended {
					t.Errorf("%s in %s: %s\n%s", got, p.s.Phase, r.Detail, strings.Join(p.path, " "))
				}
				p.clean(t)
				after := p.h.Memory()
				if r.Committed && !bytes.Equal(after.PRL, o.PRL.Data) || !r.Committed && before.Differs(&after) != "" {
					t.Errorf("the handset holds %+v", after)
				}
				synctest.Wait()
				if name == "split" && (after.MDN != o.MDN || !p.net.HLR.Registered(subscriberMIN)) {
					t.Errorf("%+v, registered %v", after, p.net.HLR.Registered(subscriberMIN))
				}
			})
		})
	}
}

// TestOTAPAPostponed: the HLR says later that the handset is there. A short
// message waits beside it, and both hear of it.
func TestOTAPAPostponed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProgrammer(t, listOrder(t), nil, nil)
		p.net.HLR.Deny(idleMIN, ansi41.AccessPostponed)
		p.ask(p.hlr, p.cfg.HLR, &ansi41.SMSREQInvoke{
			MIN: ansi41.Some(parseMIN(t, idleMIN)), SMSTeleserviceIdentifier: ansi41.Some(ansi41.Teleservice(4100)),
		})
		p.start()
		p.run()
		if p.s.Phase != otasp.PhaseAway {
			t.Fatal(p.s.Phase)
		}
		p.net.HLR.Appear(idleMIN)
		if err := p.net.HLR.Wait(t.Context(), func() bool { return p.net.HLR.Notified(idleMIN) == 2 }); err != nil {
			t.Fatal(err)
		}
		p.mu.Lock()
		told := map[bool]ansi41.SMSNOTInvoke{}
		for _, n := range p.notices {
			told[n.SMSTeleserviceIdentifier.OK] = n
		}
		p.mu.Unlock()
		n := told[false]
		if len(told) != 2 || n.MIN.V.String() != idleMIN || n.SMSAddress.V.PC != p.cfg.MSC.PC {
			t.Fatalf("%+v", told)
		}
		p.step(otasp.Event{Kind: otasp.HandsetBack, MSC: "msc", Terminal: &otasp.Terminal{ESN: uint32(n.ESN)}})
		if r := p.run(); r.Outcome != otasp.Done || p.h.Commits() != 1 {
			t.Errorf("%+v", r)
		}
		p.clean(t)
	})
}

// TestHLRForgetsAskers: a subscriber that is entered anew owes nobody a notice.
func TestHLRForgetsAskers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProgrammer(t, listOrder(t), &sim.Script{Rules: []sim.Rule{{Step: "SMSNOT", Do: sim.LoseRequest}}}, nil)
		p.net.HLR.Deny(idleMIN, ansi41.AccessPostponed)
		p.start()
		p.run()
		p.net.HLR.Appear(idleMIN) // lost, and to be repeated
		p.net.HLR.Subscribe(idleMIN, 0x81234567)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.net.HLR.Wait(ctx, func() bool { return p.net.HLR.Notified(idleMIN) > 0 }); err == nil {
			t.Error("notified")
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.notices) != 0 {
			t.Errorf("%+v", p.notices)
		}
	})
}

// TestOTAPARestarts: the gateway may be restarted before any request goes out,
// or after it was carried out and before its answer was stored.
func TestOTAPARestarts(t *testing.T) {
	ends := map[string]int{}
	for sent := range 2 {
		for at := 1; ; at++ {
			tried := false
			synctest.Test(t, func(t *testing.T) {
				p := newProgrammer(t, listOrder(t), nil, lockedNAM)
				n := 0
				p.start()
				p.crash = func(p *programmer) bool {
					n++
					return n == at && sent == 0
				}
				if sent == 1 {
					p.crash = nil
					for n = 1; n < at && len(p.out) > 0; n++ {
						e := p.out[0]
						p.out = nil
						p.step(p.perform(&e))
					}
					if len(p.out) > 0 {
						e := p.out[0]
						p.out = nil
						p.perform(&e) // and what it says is lost
						p.restart()
						tried = true
					}
				}
				r := p.run()
				tried = tried || sent == 0 && n >= at
				p.clean(t)
				ends[fmt.Sprintf("%s %s", r.Outcome, r.Reason)]++
			})
			if !tried {
				break
			}
		}
	}
	if len(ends) != 1 || ends["done ok"] < 20 {
		t.Errorf("%v", ends)
	}
}
