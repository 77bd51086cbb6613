package sim_test

import (
	"bytes"
	"math/big"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// cable carries what one TCAP endpoint sends to the other.
type cable struct{ to *tcap.Endpoint }

func (c *cable) Unitdata(u sccp.Unitdata) error {
	u.Data = bytes.Clone(u.Data)
	c.to.Unitdata(u)
	return nil
}

// bench is a network whose MSC and HLR are asked directly.
type bench struct {
	t        *testing.T
	net      *sim.Network
	cfg      sim.Config
	msc, hlr *tcap.Endpoint
}

func newBench(t *testing.T, script *sim.Script) *bench {
	cfg := sim.LabConfig()
	cfg.Script, cfg.TRNs = script, 2
	b := &bench{t: t, cfg: cfg, net: sim.NewNetwork(cfg)}
	b.msc = b.connect(cfg.MSC, b.net.MSC)
	b.hlr = b.connect(cfg.HLR, b.net.HLR)
	return b
}

// connect is our side of a connection to a node.
func (b *bench) connect(at sim.Node, h tcap.Handler) *tcap.Endpoint {
	there, back := &cable{}, &cable{}
	us := sccp.PointCodeAddress(sccp.ANSI, b.cfg.Gateway.PC, b.cfg.Gateway.SSN)
	ours := tcap.NewEndpoint(tcap.Config{LocalAddress: us}, there, nil, zerolog.Nop())
	theirs := tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, at.PC, at.SSN)}, back, h, zerolog.Nop())
	there.to, back.to = theirs, ours
	return ours
}

type invoke interface {
	Operation() ansi41.Operation
	Append([]byte) ([]byte, error)
}

// ask invokes and gives what became of it and after how long.
func (b *bench) ask(e *tcap.Endpoint, at sim.Node, inv invoke) tcap.Outcome {
	b.t.Helper()
	params, err := inv.Append(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.send(e, at, uint8(inv.Operation()), params)
}

func (b *bench) send(e *tcap.Endpoint, at sim.Node, op uint8, params []byte) tcap.Outcome {
	b.t.Helper()
	got := make(chan tcap.Outcome, 1)
	_, err := e.Invoke(tcap.Invoke{
		Called: sccp.PointCodeAddress(sccp.ANSI, at.PC, at.SSN), Operation: ansi.PrivateOperation(op), Parameters: params, Timeout: time.Second,
	}, func(o tcap.Outcome) {
		o.Parameters = bytes.Clone(o.Parameters)
		got <- o
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return <-got
}

// smdpp sends to the MSC and wants a result.
func (b *bench) smdpp(inv *ansi41.SMDPPInvoke) ansi41.SMDPPResult {
	b.t.Helper()
	o := b.ask(b.msc, b.cfg.MSC, inv)
	var r ansi41.SMDPPResult
	if o.Kind != tcap.OutcomeResult {
		b.t.Fatalf("%s", o.Kind)
	}
	if err := r.Decode(o.Parameters); err != nil {
		b.t.Fatal(err)
	}
	return r
}

// otaspreq sends to the AC and wants a result.
func (b *bench) otaspreq(action ansi41.ActionCode, more func(*ansi41.OTASPREQInvoke)) ansi41.OTASPREQResult {
	b.t.Helper()
	inv := ansi41.OTASPREQInvoke{ActionCode: ansi41.Some(action), MIN: ansi41.Some(activation(b.t))}
	if more != nil {
		more(&inv)
	}
	o := b.ask(b.hlr, b.cfg.HLR, &inv)
	var r ansi41.OTASPREQResult
	if o.Kind != tcap.OutcomeResult {
		b.t.Fatalf("%s", o.Kind)
	}
	if err := r.Decode(o.Parameters); err != nil {
		b.t.Fatal(err)
	}
	return r
}

func parseMIN(t *testing.T, s string) ansi41.MIN {
	t.Helper()
	m, err := ansi41.ParseMIN(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func activation(t *testing.T) ansi41.MIN { return parseMIN(t, "6191234000") }

func (b *bench) order(action ansi41.ActionCode, trn string) *ansi41.SMDPPInvoke {
	b.t.Helper()
	n, err := ansi41.ParseTRN(trn)
	if err != nil {
		b.t.Fatal(err)
	}
	return &ansi41.SMDPPInvoke{ActionCode: ansi41.Some(action), MIN: ansi41.Some(activation(b.t)), TRN: ansi41.Some(n)}
}

func (b *bench) relay(msg ...byte) *ansi41.SMDPPInvoke {
	return &ansi41.SMDPPInvoke{SMSBearerData: msg, MIN: ansi41.Some(activation(b.t))}
}

// attached is a handset whose call the gateway has attached.
func (b *bench) attached() (*sim.Call, *sim.Handset) {
	b.t.Helper()
	h := sim.NewHandset(sim.DefaultHandset())
	c, err := b.net.MSC.Dial(h)
	if err != nil {
		b.t.Fatal(err)
	}
	r := b.smdpp(b.order(ansi41.ActionAttachMSCToOTAF, c.TRN))
	if r.ESN.V != 0x81234567 || r.MobileStationMIN.V.String() != "0000004567" || r.MSCID.V.MarketID != 12 {
		b.t.Fatalf("attached: %+v", r)
	}
	return c, h
}

func (b *bench) wantCause(what string, inv *ansi41.SMDPPInvoke, want ansi41.SMSCauseCode) {
	b.t.Helper()
	if r := b.smdpp(inv); !r.SMSCauseCode.OK || r.SMSCauseCode.V != want {
		b.t.Errorf("%s: %+v, want cause %s", what, r, want)
	}
}

// TestTRNPool: a TRN belongs to one call until it is released, and then to
// another one, after those that have not been used yet.
func TestTRNPool(t *testing.T) {
	b := newBench(t, nil)
	first, h := b.attached()
	second, err := b.net.MSC.Dial(sim.NewHandset(sim.DefaultHandset()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.net.MSC.Dial(h); err == nil {
		t.Error("a third call got a TRN, of two")
	}
	if first.TRN == second.TRN || b.net.MSC.Taken() != 2 || b.net.MSC.Attached() != 1 {
		t.Errorf("%s, %s, %d taken, %d attached", first.TRN, second.TRN, b.net.MSC.Taken(), b.net.MSC.Attached())
	}
	for range 2 { // a repetition does no harm
		if r := b.smdpp(b.order(ansi41.ActionReleaseTRN, first.TRN)); r.SMSCauseCode.OK {
			t.Errorf("%+v", r)
		}
		if b.net.MSC.Taken() != 1 || b.net.MSC.Attached() != 0 {
			t.Errorf("%d taken, %d attached", b.net.MSC.Taken(), b.net.MSC.Attached())
		}
	}
	b.wantCause("released", b.order(ansi41.ActionAttachMSCToOTAF, first.TRN), ansi41.CauseAddressTranslationFailure)
	b.wantCause("relay after release", b.relay(6), ansi41.CauseSessionNotActive)
	if again, err := b.net.MSC.Dial(h); err != nil || again.TRN != first.TRN {
		t.Errorf("%+v %v", again, err)
	}
}

// TestCauses: how the MSC says that it cannot do it.
func TestCauses(t *testing.T) {
	b := newBench(t, nil)
	b.wantCause("unknown TRN", b.order(ansi41.ActionAttachMSCToOTAF, "1111111111"), ansi41.CauseAddressTranslationFailure)
	b.wantCause("not attached", b.relay(6), ansi41.CauseSessionNotActive)
	b.wantCause("NEWMSID, not attached", b.order(ansi41.ActionRecordNEWMSID, "1111111111"), ansi41.CauseSessionNotActive)
	c, h := b.attached()
	if r := b.smdpp(b.relay(5)); !bytes.Equal(r.SMSBearerData.V, []byte{5, 0}) {
		t.Errorf("%+v", r)
	}
	b.wantCause("a handset that says nothing", b.relay(0xff), ansi41.CauseOtherTerminalProblem)
	b.net.MSC.HangUp(c)
	b.wantCause("hung up", b.relay(6), ansi41.CauseMSDisconnect)
	b.wantCause("attach, hung up", b.order(ansi41.ActionAttachMSCToOTAF, c.TRN), ansi41.CauseMSDisconnect)
	if b.net.MSC.Taken() != 1 || h.Commits() != 0 {
		t.Error("the TRN came back by itself")
	}
	for _, e := range []struct {
		name string
		end  *tcap.Endpoint
		at   sim.Node
	}{{"MSC", b.msc, b.cfg.MSC}, {"HLR", b.hlr, b.cfg.HLR}} {
		if o := b.send(e.end, e.at, 99, nil); o.Kind != tcap.OutcomeReject || o.Problem != ansi.UnrecognizedOperation {
			t.Errorf("%s, unknown operation: %s %s", e.name, o.Kind, o.Problem)
		}
	}
	if o := b.send(b.msc, b.cfg.MSC, 53, []byte{0x9f, 0x69, 9}); o.Kind != tcap.OutcomeError || o.ErrorCode != ansi.PrivateError(uint8(ansi41.ParameterError)) {
		t.Errorf("bad SMDPP: %s %v", o.Kind, o.ErrorCode)
	}
	for _, op := range []uint8{56, 13} {
		if o := b.send(b.hlr, b.cfg.HLR, op, []byte{0x9f, 0x81, 0, 9}); o.Kind != tcap.OutcomeError || o.ErrorCode != ansi.PrivateError(uint8(ansi41.ParameterError)) {
			t.Errorf("bad operation %d: %s %v", op, o.Kind, o.ErrorCode)
		}
	}
}

// TestProveWhileHangingUp: the AC may ask for the proof at the instant at which
// the caller hangs up; without the call there is none.
func TestProveWhileHangingUp(t *testing.T) {
	b := newBench(t, nil)
	c, _ := b.attached()
	var caller sync.WaitGroup
	caller.Go(func() { b.net.MSC.HangUp(c) })
	b.net.MSC.Prove("6191234000", [8]byte{})
	caller.Wait()
	if b.net.MSC.Prove("6191234000", [8]byte{}) {
		t.Error("a handset that is gone has proved its key")
	}
}

// TestRegistration: the MSC registers the identity it was told, over the
// network, with the HLR.
func TestRegistration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nil)
		c, _ := b.attached()
		inv := b.order(ansi41.ActionRecordNEWMSID, c.TRN)
		inv.NewlyAssignedMIN = ansi41.Some(parseMIN(t, "5551234567"))
		b.smdpp(inv)
		if b.net.HLR.Registered("5551234567") {
			t.Error("registered before it was asked for")
		}
		b.smdpp(b.order(ansi41.ActionInitiateRegistrationNotification, c.TRN))
		synctest.Wait()
		if !b.net.HLR.Registered("5551234567") || b.net.HLR.Registered("6191234000") {
			t.Error("not registered, or under another number")
		}
	})
}

// exchange runs the A-key exchange between AC and handset, up to the point
// where both have computed a key.
func (b *bench) exchange() {
	b.t.Helper()
	v := b.otaspreq(ansi41.ActionGeneratePublicEncryptionValues, nil)
	if p := new(big.Int).SetBytes(v.ModulusValue.V); v.OTASPResultCode.V != ansi41.ResultAccepted || !p.ProbablyPrime(10) || p.BitLen() != 768 {
		b.t.Fatalf("%+v", v)
	}
	start := forward(b.t, &is683.MSKeyRequest{AKeyPRev: 2, P: v.ModulusValue.V, G: v.PrimitiveValue.V})
	if r := b.smdpp(b.relay(start...)); !bytes.Equal(r.SMSBearerData.V, []byte{2, 0}) {
		b.t.Fatalf("%+v", r)
	}
	var key is683.KeyGenerationResponse
	r := b.smdpp(b.relay(forward(b.t, &is683.KeyGenerationRequest{BSResult: v.BaseStationPartialKey.V})...))
	if err := key.Decode(r.SMSBearerData.V); err != nil || key.Result != is683.Accepted {
		b.t.Fatalf("%+v %v", key, err)
	}
	a := b.otaspreq(ansi41.ActionGenerateAKey, func(i *ansi41.OTASPREQInvoke) { i.MobileStationPartialKey = ansi41.Some(wire.Hex(key.MSResult)) })
	if a.OTASPResultCode.V != ansi41.ResultAccepted {
		b.t.Fatalf("%+v", a)
	}
}

func commitKey(t *testing.T) func(*ansi41.OTASPREQInvoke) {
	return func(i *ansi41.OTASPREQInvoke) { i.NewlyAssignedMIN = ansi41.Some(parseMIN(t, "5551234567")) }
}

// TestAKey: both sides hold the same key, the AC proves it, and committing it
// twice is as good as once.
func TestAKey(t *testing.T) {
	b := newBench(t, nil)
	_, h := b.attached()
	b.exchange()
	if r := b.otaspreq(ansi41.ActionPerformSSDUpdate, nil); r.SSDUpdateReport.V != ansi41.SSDUpdateSuccessful || r.UniqueChallengeReport.V != ansi41.UniqueChallengeSuccessful {
		t.Errorf("%+v", r)
	}
	if _, ok := b.net.HLR.AKey("5551234567"); ok || b.net.HLR.Temporary() != 1 || h.Memory().HasAKey {
		t.Error("in effect before it was committed")
	}
	b.smdpp(b.relay(5))
	for range 2 {
		if r := b.otaspreq(ansi41.ActionCommitAKey, commitKey(t)); r.OTASPResultCode.V != ansi41.ResultAccepted {
			t.Errorf("%+v", r)
		}
		key, ok := b.net.HLR.AKey("5551234567")
		if !ok || key != h.Memory().AKey || b.net.HLR.Temporary() != 0 {
			t.Errorf("AC %x, handset %x, %d temporary", key, h.Memory().AKey, b.net.HLR.Temporary())
		}
	}
	if h.Commits() != 1 {
		t.Errorf("%d Commits", h.Commits())
	}
}

// TestWrongKey: an AC with another key than the handset's says so.
func TestWrongKey(t *testing.T) {
	b := newBench(t, nil)
	b.attached()
	b.exchange()
	b.net.HLR.Spoil()
	if r := b.otaspreq(ansi41.ActionPerformSSDUpdate, nil); r.SSDUpdateReport.V == ansi41.SSDUpdateSuccessful {
		t.Errorf("%+v", r)
	}
	auth := b.smdpp(b.relay(4, 0x11, 0x22, 0x33, 0x44))
	var a is683.ReAuthenticateResponse
	if err := a.Decode(auth.SMSBearerData.V); err != nil || a.RandC != 0x11 {
		t.Fatalf("%+v %v", a, err)
	}
	r := b.otaspreq(ansi41.ActionPerformReauthentication, func(i *ansi41.OTASPREQInvoke) {
		i.AUTHR, i.RAND, i.ESN = ansi41.Some(ansi41.AuthenticationValue(a.AuthR)), ansi41.Some(ansi41.RandomVariable(0x11223344)), ansi41.Some(ansi41.ESN(0x81234567))
	})
	if !r.DenyAccess.OK {
		t.Errorf("%+v", r)
	}
	for range 2 {
		if r := b.otaspreq(ansi41.ActionReleaseResources, nil); r.OTASPResultCode.V != ansi41.ResultAccepted || b.net.HLR.Temporary() != 0 {
			t.Errorf("%+v, %d temporary keys", r, b.net.HLR.Temporary())
		}
	}
}

// TestACRefuses: what has no temporary key cannot be used, proved or committed.
func TestACRefuses(t *testing.T) {
	b := newBench(t, nil)
	for action, want := range map[ansi41.ActionCode]ansi41.OTASPResultCode{
		ansi41.ActionGenerateAKey: ansi41.ResultComputationFailure, ansi41.ActionPerformSSDUpdate: ansi41.ResultRejected,
		ansi41.ActionPerformReauthentication: ansi41.ResultRejected, ansi41.ActionCommitAKey: ansi41.ResultUnableToCommit,
		ansi41.ActionGenerateAuthenticationSignature: ansi41.ResultRejected,
	} {
		if r := b.otaspreq(action, commitKey(t)); r.OTASPResultCode.V != want {
			t.Errorf("%s: %+v", action, r)
		}
	}
	b.otaspreq(ansi41.ActionGeneratePublicEncryptionValues, nil)
	r := b.otaspreq(ansi41.ActionGenerateAKey, func(i *ansi41.OTASPREQInvoke) { i.MobileStationPartialKey = ansi41.Some(wire.Hex{0}) })
	if r.OTASPResultCode.V != ansi41.ResultComputationFailure || b.net.HLR.Temporary() != 1 {
		t.Errorf("%+v", r)
	}
}
