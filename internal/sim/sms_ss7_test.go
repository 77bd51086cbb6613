package sim_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/sctp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

const subscriberMIN = "5551234567"

// office is a gateway's side of a network, over M3UA: it delivers short
// messages and is told of subscribers that appear.
type office struct {
	*bench
	ep *tcap.Endpoint

	mu      sync.Mutex
	notices []ansi41.SMSNOTInvoke
	at      []time.Time
	silent  int // how many SMSNOTs are not answered
}

// Invoke takes SMSNOT.
func (o *office) Invoke(q *tcap.Incoming) {
	var inv ansi41.SMSNOTInvoke
	if err := inv.Decode(q.Parameters); err != nil || q.Operation != ansi.PrivateOperation(uint8(ansi41.SMSNotification)) {
		o.t.Errorf("%v: %v", q.Operation, err)
		q.Reject(ansi.UnrecognizedOperation)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notices, o.at = append(o.notices, inv), append(o.at, time.Now())
	if o.silent > 0 {
		o.silent--
		q.Drop()
		return
	}
	q.Result(nil)
}

func newOffice(t *testing.T, change func(*sim.Config)) *office {
	t.Helper()
	cfg := sim.LabConfig()
	cfg.TRNs = 1
	change(&cfg)
	o := &office{bench: &bench{t: t, cfg: cfg, net: sim.NewNetwork(cfg)}}
	ln := sctp.ListenPipe()
	running(t, func(ctx context.Context) error { return o.net.Serve(ctx, m3ua.Listen(ln)) })
	us := &stack{}
	c := m3ua.NewClient(m3ua.ClientConfig{RoutingContext: []uint32{cfg.Context}, TrafficMode: m3ua.Loadshare, Peers: []m3ua.PeerConfig{{
		Dial: func(ctx context.Context) (m3ua.Association, error) {
			a, err := ln.Dial(ctx)
			if err != nil {
				return nil, err
			}
			return a, nil
		},
	}}}, us, zerolog.Nop())
	us.Endpoint = sccp.NewEndpoint(sccp.Config{Variant: sccp.ANSI, OPC: cfg.Gateway.PC, NI: mtp.National}, c, zerolog.Nop())
	o.ep = tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, cfg.Gateway.PC, cfg.Gateway.SSN)}, us, o, zerolog.Nop())
	us.Bind(cfg.Gateway.SSN, o.ep)
	o.msc, o.hlr = o.ep, o.ep
	running(t, c.Run)
	<-c.Ready()
	synctest.Wait()
	return o
}

func (o *office) deliver(teleservice uint16, bearer string) ansi41.SMDPPResult {
	o.t.Helper()
	return o.smdpp(shortMessage(o.t, teleservice, bearer))
}

func shortMessage(t *testing.T, teleservice uint16, bearer string) *ansi41.SMDPPInvoke {
	return &ansi41.SMDPPInvoke{
		SMSBearerData: []byte(bearer), SMSTeleserviceIdentifier: ansi41.Teleservice(teleservice),
		MIN: ansi41.Some(parseMIN(t, subscriberMIN)), SMSOriginalOriginatingAddress: ansi41.Some(ansi41.E164("2280", 0)),
	}
}

// where asks the HLR.
func (o *office) where(indicator ansi41.SMSNotificationIndicator) ansi41.SMSREQResult {
	o.t.Helper()
	inv := &ansi41.SMSREQInvoke{
		MIN: ansi41.Some(parseMIN(o.t, subscriberMIN)), SMSNotificationIndicator: ansi41.Some(indicator),
		SMSTeleserviceIdentifier: ansi41.Some(ansi41.Teleservice(4100)),
	}
	out := o.ask(o.hlr, o.cfg.HLR, inv)
	var r ansi41.SMSREQResult
	if err := r.Decode(out.Parameters); err != nil || out.Kind != tcap.OutcomeResult {
		o.t.Fatalf("%s %v", out.Kind, err)
	}
	return r
}

// TestMSCTakes: which messages reach which phone, and how the MSC says so.
func TestMSCTakes(t *testing.T) {
	b := newBench(t, nil)
	p := &inbox{}
	o := &office{bench: b}
	want := func(what string, r ansi41.SMDPPResult, cause ansi41.SMSCauseCode) {
		t.Helper()
		if !r.SMSCauseCode.OK || r.SMSCauseCode.V != cause {
			t.Errorf("%s: %+v, want %s", what, r, cause)
		}
	}
	want("nobody", o.deliver(4100, "x"), ansi41.CauseDestinationNoLongerAtAddress)
	b.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, ESN: 0x81234567, Phone: p})
	for _, id := range []uint16{4098, 4100, 4101, 65002} {
		if r := o.deliver(id, "octets"); r.SMSCauseCode.OK {
			t.Errorf("%d: %+v", id, r)
		}
	}
	want("teleservice", o.deliver(4102, "x"), ansi41.CauseInvalidTeleserviceID)
	for i, m := range p.got {
		if m.From != "2280" || string(m.Octets) != "octets" || m.Teleservice != []uint16{4098, 4100, 4101, 65002}[i] {
			t.Errorf("%+v", m)
		}
	}
	if err := b.net.Wait(t.Context(), func() bool { return len(b.net.MSC.HandOvers()) == 4 }); err != nil || len(p.got) != 4 {
		t.Errorf("%d messages, %d hand-overs", len(p.got), len(b.net.MSC.HandOvers()))
	}
	p.deaf = true
	want("deaf", o.deliver(4100, "x"), ansi41.CauseNoAcknowledgment)
	b.net.MSC.SwitchOff(subscriberMIN)
	want("switched off", o.deliver(4100, "x"), ansi41.CauseNoPageResponse)
	nobody := shortMessage(t, 4100, "x")
	nobody.MIN = ansi41.Optional[ansi41.MIN]{}
	want("without MIN", b.smdpp(nobody), ansi41.CauseMissingExpectedParameter)
}

// TestMSCScript plays rules on the delivery of a short message.
func TestMSCScript(t *testing.T) {
	for _, c := range []struct {
		name   string
		rule   sim.Rule
		cause  ansi41.SMSCauseCode
		none   bool
		handed int
	}{
		{name: "busy", rule: sim.Rule{Do: sim.Refuse, Code: 33}, cause: ansi41.CauseDestinationBusy},
		{name: "postponed", rule: sim.Rule{Do: sim.Refuse, Code: 36}, cause: ansi41.CauseSMSDeliveryPostponed},
		{name: "request lost", rule: sim.Rule{Do: sim.LoseRequest}, none: true},
		{name: "answer lost", rule: sim.Rule{Do: sim.LoseAnswer}, none: true, handed: 1},
		{name: "switches off", rule: sim.Rule{Do: sim.HangUp}, cause: ansi41.CauseNoPageResponse},
		{name: "twice", rule: sim.Rule{Do: sim.AnswerTwice}, handed: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.rule.Step = "SMDPP 4100"
				p := &inbox{}
				o := newOffice(t, func(cfg *sim.Config) { cfg.Script = &sim.Script{Rules: []sim.Rule{c.rule}} })
				o.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, Phone: p})
				out := o.ask(o.msc, o.cfg.MSC, shortMessage(t, 4100, "x"))
				synctest.Wait()
				var r ansi41.SMDPPResult
				if err := r.Decode(out.Parameters); err != nil {
					t.Fatal(err)
				}
				if (out.Kind == tcap.OutcomeTimeout) != c.none || r.SMSCauseCode.V != c.cause || r.SMSCauseCode.OK != (c.cause != 0) || len(p.got) != c.handed {
					t.Errorf("%s %+v, %d messages", out.Kind, r, len(p.got))
				}
				twice := uint64(0)
				if c.rule.Do == sim.AnswerTwice {
					twice = 1
				}
				stats := o.ep.Stats()
				if n := stats.Of(tcap.LateAnswer); n != twice {
					t.Errorf("%d answers to nothing", n)
				}
			})
		})
	}
}

// TestMSCAir: the radio side.
func TestMSCAir(t *testing.T) {
	for _, c := range []struct {
		name   string
		air    sim.Air
		handed int
		cause  bool
	}{
		{"dropped", sim.Air{Drop: 1}, 0, true},
		{"acknowledgement lost", sim.Air{LoseAck: 1}, 1, true},
		{"repeated", sim.Air{Duplicate: 1}, 2, false},
		{"vanished", sim.Air{Vanish: 1}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &inbox{}
				o := newOffice(t, func(cfg *sim.Config) { cfg.Air = c.air })
				o.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, Phone: p})
				if r := o.deliver(4100, "x"); r.SMSCauseCode.OK != c.cause || len(p.got) != c.handed {
					t.Errorf("%+v, %d messages", r, len(p.got))
				}
			})
		})
	}
}

// TestHLRLocates: where a subscriber is, or why nobody may know.
func TestHLRLocates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, func(cfg *sim.Config) {
			cfg.Script = &sim.Script{Rules: []sim.Rule{{Step: "SMSREQ", Nth: 7, Do: sim.Refuse, Code: uint32(ansi41.AccessDenied)}, {Step: "SMSREQ", Nth: 8, Do: sim.LoseAnswer}}}
		})
		unknown := &ansi41.SMSREQInvoke{MIN: ansi41.Some(parseMIN(t, subscriberMIN))}
		if out := o.ask(o.hlr, o.cfg.HLR, unknown); out.Kind != tcap.OutcomeError || out.ErrorCode != ansi.PrivateError(uint8(ansi41.UnrecognizedMIN)) {
			t.Errorf("unknown: %s %v", out.Kind, out.ErrorCode)
		}
		o.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, ESN: 0x81234567, Phone: &inbox{}})
		r := o.where(ansi41.NotifyWhenAvailable)
		if r.SMSAddress.V.PC != o.cfg.MSC.PC || r.SMSAddress.V.SSN != uint8(o.cfg.MSC.SSN) || r.SMSAccessDeniedReason.OK || r.ESN.V != 0x81234567 {
			t.Errorf("%+v", r)
		}
		for _, reason := range []ansi41.SMSAccessDeniedReason{ansi41.AccessDenied, ansi41.AccessPostponed, ansi41.AccessUnavailable, ansi41.AccessInvalid} {
			o.net.HLR.Deny(subscriberMIN, reason)
			if r := o.where(ansi41.DoNotNotify); r.SMSAccessDeniedReason.V != reason || r.SMSAddress.OK {
				t.Errorf("%s: %+v", reason, r)
			}
		}
		o.net.HLR.Appear(subscriberMIN)
		if r := o.where(ansi41.NotifyWhenAvailable); r.SMSAccessDeniedReason.V != ansi41.AccessDenied { // by rule
			t.Errorf("%+v", r)
		}
		if out := o.ask(o.hlr, o.cfg.HLR, unknown); out.Kind != tcap.OutcomeTimeout {
			t.Errorf("%s", out.Kind)
		}
		synctest.Wait()
		if len(o.notices) != 0 {
			t.Errorf("notified of %+v", o.notices)
		}
		if out := o.send(o.hlr, o.cfg.HLR, uint8(ansi41.SMSRequest), []byte{0x9f, 0x74, 9}); out.Kind != tcap.OutcomeError {
			t.Errorf("bad SMSREQ: %s", out.Kind)
		}
	})
}

// TestHLRNotifies: who was told "postponed" hears of the subscriber until he answers.
func TestHLRNotifies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, func(cfg *sim.Config) {
			cfg.Script = &sim.Script{Rules: []sim.Rule{{Step: "SMSNOT", Nth: 2, Do: sim.LoseRequest}}}
		})
		o.silent = 1
		o.net.Subscribe(sim.Subscriber{MIN: subscriberMIN, ESN: 0x81234567, Phone: &inbox{}})
		o.net.HLR.Deny(subscriberMIN, ansi41.AccessPostponed)
		o.where(ansi41.NotifyWhenAvailable)
		o.net.HLR.Appear(subscriberMIN)
		if err := o.net.HLR.Wait(t.Context(), func() bool { return o.net.HLR.Notified(subscriberMIN) == 1 }); err != nil {
			t.Fatal(err)
		}
		o.net.HLR.Appear(subscriberMIN) // he knows already
		synctest.Wait()
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.notices) != 2 { // the second of three was lost
			t.Fatalf("%+v", o.notices)
		}
		n := o.notices[1]
		if n.ESN != 0x81234567 || n.MIN.V != parseMIN(t, subscriberMIN) || n.SMSAddress.V.PC != o.cfg.MSC.PC || n.SMSTeleserviceIdentifier.V.ID != 4100 {
			t.Errorf("%+v", n)
		}
		if d := o.at[1].Sub(o.at[0]); d != 20*time.Second { // unanswered for ten, and twice five
			t.Errorf("repeated after %v", d)
		}
		if r := o.where(ansi41.NotifyWhenAvailable); !r.SMSAddress.OK {
			t.Errorf("%+v", r)
		}
	})
}

// TestHLRSendsBy: an HLR without a network tells by what it was given, and whom
// it names is known by his point code if by nothing else.
func TestHLRSendsBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := sim.NewHLR(nil, nil)
		h.Subscribe(subscriberMIN, 1)
		h.Deny(subscriberMIN, ansi41.AccessPostponed)
		inv := ansi41.SMSREQInvoke{MIN: ansi41.Some(parseMIN(t, subscriberMIN))}
		params, err := inv.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		h.Invoke(&tcap.Incoming{
			Operation: ansi.PrivateOperation(uint8(ansi41.SMSRequest)), Parameters: params,
			Calling: sccp.SSNAddress(sccp.ANSI, 12), PointCode: mtp.ANSI(1, 12, 5),
		})
		h.Appear(subscriberMIN) // there is no way yet
		var to []sccp.Address
		h.SendBy(func(a sccp.Address, _ []byte, done func(tcap.Outcome)) error {
			to = append(to, a)
			if len(to) == 1 {
				return errors.New("no link")
			}
			done(tcap.Outcome{Kind: tcap.OutcomeResult})
			return nil
		})
		if err := h.Wait(t.Context(), func() bool { return h.Notified(subscriberMIN) == 1 }); err != nil {
			t.Fatal(err)
		}
		if want := sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 5), 12); len(to) != 2 || to[1].String() != want.String() {
			t.Errorf("%v", to)
		}
	})
}

// TestOTASPHasNoTeleservice: what is no short message is relayed as ever.
func TestOTASPHasNoTeleservice(t *testing.T) {
	b := newBench(t, nil)
	b.attached()
	inv := b.relay(5)
	inv.SMSTeleserviceIdentifier, inv.ServiceIndicator = ansi41.Teleservice(4100), ansi41.Some(ansi41.ServiceCDMAOTASP)
	if r := b.smdpp(inv); !bytes.Equal(r.SMSBearerData.V, []byte{5, 0}) {
		t.Errorf("%+v", r)
	}
}
