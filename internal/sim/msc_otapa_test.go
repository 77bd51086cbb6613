package sim_test

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
)

const idleMIN = "0000004567" // of a default handset

// otapa is an SMDPP for OTAPA to the handset of idleMIN; action 0 is none.
func (b *bench) otapa(action ansi41.ActionCode, msg ...byte) *ansi41.SMDPPInvoke {
	inv := &ansi41.SMDPPInvoke{SMSBearerData: msg, MIN: ansi41.Some(parseMIN(b.t, idleMIN)), ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTAPA)}
	if action != 0 {
		inv.ActionCode = ansi41.Some(action)
	}
	return inv
}

// signature is what the AC says to a challenge of the default handset.
func (b *bench) signature(rnd uint32) uint32 {
	b.t.Helper()
	r := b.otaspreq(ansi41.ActionGenerateAuthenticationSignature, func(i *ansi41.OTASPREQInvoke) {
		i.RANDBS, i.ESN = ansi41.Some(ansi41.RandomVariable(rnd)), ansi41.Some(ansi41.ESN(0x81234567))
	})
	if r.OTASPResultCode.V != ansi41.ResultAccepted || !r.AUTHBS.OK || r.AUTHBS.V>>18 != 0 {
		b.t.Fatalf("%+v", r)
	}
	return uint32(r.AUTHBS.V)
}

func (b *bench) wantAnswer(what string, inv *ansi41.SMDPPInvoke, want ...byte) {
	b.t.Helper()
	if r := b.smdpp(inv); r.SMSCauseCode.OK || !bytes.Equal(r.SMSBearerData.V, want) {
		b.t.Errorf("%s: %+v", what, r)
	}
}

// TestChannel: the MSC sets a traffic channel up when it is told, relays on it,
// and takes it down; and says why it cannot.
func TestChannel(t *testing.T) {
	b := newBench(t, nil)
	h := sim.NewHandset(sim.OTAPAHandset())
	const allocate, release = ansi41.ActionAllocateResources, ansi41.ActionReleaseResources
	b.wantCause("nobody there", b.otapa(allocate, 0x0a, 0x80), ansi41.CauseDestinationNoLongerAtAddress)
	b.net.Camp(h)
	b.wantCause("no channel", b.otapa(0, 0x0a, 0x80), ansi41.CauseSessionNotActive)
	other := b.otapa(allocate, 0x0a, 0x80)
	other.ESN = ansi41.Some(ansi41.ESN(1))
	b.wantCause("another handset", other, ansi41.CauseDestinationNoLongerAtAddress)
	b.wantCause("another action", b.otapa(ansi41.ActionRecordNEWMSID), ansi41.CauseUnexpectedParameterValue)
	nobody := b.otapa(allocate)
	nobody.MIN = ansi41.Optional[ansi41.MIN]{}
	b.wantCause("no MIN", nobody, ansi41.CauseMissingExpectedParameter)
	b.wantAnswer("a channel, and a message", b.otapa(allocate, 0x0a, 0x80), 0x0a, 0, 0)
	b.wantAnswer("a message", b.otapa(0, 5), 5, 0)
	b.wantAnswer("the channel is there", b.otapa(allocate, 5), 5, 0)
	b.wantCause("a handset that says nothing", b.otapa(0, 0xff), ansi41.CauseOtherTerminalProblem)
	if n := b.net.MSC.Channels(); n != 1 {
		t.Errorf("%d channels", n)
	}
	for range 2 { // a repetition does no harm
		b.wantAnswer("release", b.otapa(release))
		if n := b.net.MSC.Channels(); n != 0 {
			t.Errorf("%d channels", n)
		}
	}
	b.wantCause("released", b.otapa(0, 5), ansi41.CauseSessionNotActive)
	b.wantAnswer("a channel alone", b.otapa(allocate))
	b.wantAnswer("not open any more", b.otapa(0, 5), 5, 6)
	b.net.MSC.Leave(idleMIN)
	b.wantCause("lost", b.otapa(0, 5), ansi41.CauseMSDisconnect)
	b.wantCause("away", b.otapa(allocate, 5), ansi41.CauseNoPageResponse)
	b.net.MSC.Camp(idleMIN, h)
	c, err := b.net.MSC.Dial(h)
	if err != nil {
		t.Fatal(err)
	}
	b.wantCause("in a call of its user", b.otapa(allocate, 5), ansi41.CauseDestinationBusy)
	b.net.MSC.HangUp(c)
	data, err := h.MMC(false)
	if err != nil {
		t.Fatal(err)
	}
	b.wantCause("in a data session", b.otapa(allocate, 5), ansi41.CauseDestinationBusy)
	data.End()
	b.wantAnswer("the call is over", b.otapa(allocate, 0x0a, 0x80), 0x0a, 0, 0)
}

// TestNewNumber: a handset that has got another number registers under it when
// the channel is gone.
func TestNewNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nil)
		b.net.Camp(sim.NewHandset(sim.OTAPAHandset()))
		b.wantAnswer("start", b.otapa(ansi41.ActionAllocateResources, 0x0a, 0x80), 0x0a, 0, 0)
		b.wantAnswer("NAM", b.otapa(0, unhex(t, "0101020d03471b78062390ee0240affffc00")...), 1, 1, 2, 0)
		b.wantAnswer("Commit", b.otapa(0, 5), 5, 0)
		b.wantAnswer("stop", b.otapa(0, 0x0a, 0), 0x0a, 0, 0)
		synctest.Wait()
		if b.net.HLR.Registered(subscriberMIN) {
			t.Error("registered while it was on the channel")
		}
		for range 2 {
			b.wantAnswer("release", b.otapa(ansi41.ActionReleaseResources))
		}
		synctest.Wait()
		if !b.net.HLR.Registered(subscriberMIN) {
			t.Error("not registered under the new number")
		}
		b.wantCause("the old number", b.otapa(ansi41.ActionAllocateResources), ansi41.CauseDestinationNoLongerAtAddress)
	})
}

// TestSignature: the AC signs with the key of the subscriber, whichever number
// names him, and not without a challenge.
func TestSignature(t *testing.T) {
	b := newBench(t, nil)
	b.net.HLR.SetAKey(idleMIN, sharedKey)
	ask := func(change func(*ansi41.OTASPREQInvoke)) ansi41.OTASPREQResult {
		return b.otaspreq(ansi41.ActionGenerateAuthenticationSignature, func(i *ansi41.OTASPREQInvoke) {
			i.RANDBS, i.ESN = ansi41.Some(ansi41.RandomVariable(0xdeadbeef)), ansi41.Some(ansi41.ESN(0x81234567))
			i.MobileStationMIN = ansi41.Some(parseMIN(t, idleMIN))
			change(i)
		})
	}
	byMS := ask(func(*ansi41.OTASPREQInvoke) {})
	byMIN := ask(func(i *ansi41.OTASPREQInvoke) { i.MIN, i.MobileStationMIN = i.MobileStationMIN, i.MIN })
	another := ask(func(i *ansi41.OTASPREQInvoke) { i.RANDBS.V++ })
	if !byMS.AUTHBS.OK || byMS.AUTHBS != byMIN.AUTHBS || byMS.AUTHBS == another.AUTHBS {
		t.Errorf("%+v\n%+v\n%+v", byMS, byMIN, another)
	}
	for what, change := range map[string]func(*ansi41.OTASPREQInvoke){
		"no challenge": func(i *ansi41.OTASPREQInvoke) { i.RANDBS.OK = false },
		"no ESN":       func(i *ansi41.OTASPREQInvoke) { i.ESN.OK = false },
		"nobody":       func(i *ansi41.OTASPREQInvoke) { i.MobileStationMIN.OK = false },
	} {
		if r := ask(change); r.OTASPResultCode.V != ansi41.ResultRejected || r.AUTHBS.OK {
			t.Errorf("%s: %+v", what, r)
		}
	}
}
