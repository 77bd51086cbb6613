package sim_test

import (
	"encoding/hex"
	"testing"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
)

// idle is a handset on a channel that the network set up.
func idle(change func(*sim.HandsetConfig)) *sim.Handset {
	c := sim.OTAPAHandset()
	if change != nil {
		change(&c)
	}
	h := sim.NewHandset(c)
	h.Paged()
	return h
}

func (w *say) to(request, want string) {
	w.t.Helper()
	if got := hex.EncodeToString(w.h.Answer(unhex(w.t, request))); got != want {
		w.t.Errorf("to %s it says %s, want %s", request, got, want)
	}
}

type say struct {
	t *testing.T
	h *sim.Handset
}

// everything that changes or reads a handset, and what it answers when it is closed.
var programming = [][2]string{
	{"09010003000000", "09010006"}, {"0901020140", "09010206"}, {"000101", "000101000600"},
	{"01010106a5551234567000", "01010106"}, {"0700", "0700060000"}, {"08001b01000017" + minimal + "00", "080006000000"},
	{"0e0100014000", "0e010006"}, {"020201170102", "0206"}, {"030110", "030600"}, {"0411223344", ""}, {"05", "0506"}, {"0a00", "0a0600"},
}

// TestOTAPAClosed: on a channel of the network nothing but its capability can be
// had of a handset before OTAPA Request start, and after stop.
func TestOTAPAClosed(t *testing.T) {
	w := say{t, idle(nil)}
	closed := func() {
		t.Helper()
		for _, p := range programming {
			w.to(p[0], p[1])
		}
		w.to("06", "06010242060002010202030301060204010160")
	}
	closed()
	w.to("0a80", "0a0000")
	w.to("01010106a5551234567000", "01010100")
	w.to("0a00", "0a0000")
	closed()
	w.to("0a80", "0a0000")
	w.to("05", "0500") // what came before is forgotten
	if w.h.Commits() != 0 || w.h.Memory().MDN != "0000004567" {
		t.Errorf("%d Commits, %s", w.h.Commits(), w.h.Memory().MDN)
	}
	w.to("01010106a5551234567000", "01010100")
	w.to("05", "0500")
	if w.h.Commits() != 1 || w.h.Memory().MDN != "5551234567" {
		t.Errorf("%d Commits, %s", w.h.Commits(), w.h.Memory().MDN)
	}
	w.h.CallEnded()
	w.to("01010106a5551234567000", "01010100") // in a call of its user it is open
	w.to("0a80", "0a0600")                     // and not to be opened
	w.to("0901020140", "0901020e")
}

// TestOTAPARefused: without the feature, or as it is told.
func TestOTAPARefused(t *testing.T) {
	h := sim.NewHandset(sim.DefaultHandset())
	h.Paged()
	w := say{t, h}
	w.to("0a80", "0a0600")
	w.h = idle(func(c *sim.HandsetConfig) {
		c.Refuse = map[sim.Refusal]is683.ResultCode{{Type: is683.TypeOTAPA}: is683.MobileLocked}
	})
	w.to("0a80", "0a0a00")
	w.to("05", "0506")
}

// challenge opens a handset with a locked NAM and gives its RAND_OTAPA.
func (w *say) challenge() uint32 {
	w.t.Helper()
	var r is683.OTAPAResponse
	if err := r.Decode(w.h.Answer(unhex(w.t, "0a80"))); err != nil || r.Result != is683.Accepted || !r.NAMLock {
		w.t.Fatalf("%+v %v", r, err)
	}
	return r.RandOTAPA
}

func (w *say) spasm(s is683.SPASM) is683.ResultCode {
	w.t.Helper()
	data, err := s.Append(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	var r is683.ValidationResponse
	req := &is683.ValidationRequest{Blocks: []is683.Block{{ID: is683.ValidationValidateSPASM, Data: data}}}
	if err := r.Decode(w.h.Answer(forward(w.t, req))); err != nil || len(r.Results) != 1 || r.Results[0].ID != is683.ValidationValidateSPASM {
		w.t.Fatalf("%+v %v", r, err)
	}
	return r.Results[0].Result
}

var sharedKey = [8]byte{1, 2, 3, 4, 5, 6, 7, 8}

func lockedNAM(c *sim.HandsetConfig) {
	c.Memory.NAMLock, c.Memory.AKey, c.Memory.HasAKey = true, sharedKey, true
}

// TestNAMLock: a locked NAM takes nothing before the right signature over its
// challenge, and each challenge bears one wrong answer.
func TestNAMLock(t *testing.T) {
	b := newBench(t, nil)
	b.net.HLR.SetAKey("6191234000", sharedKey)
	w := say{t, idle(lockedNAM)}
	first := w.challenge()
	w.to("01010106a5551234567000", "0101010a")
	if got := w.spasm(is683.SPASM{NAMLock: true}); got != is683.InvalidSPASM {
		t.Errorf("no signature: %s", got)
	}
	if got := w.spasm(is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: b.signature(first), NAMLock: true}); got != is683.InvalidSPASM {
		t.Errorf("a challenge that is used up: %s", got)
	}
	second := w.challenge()
	if first == second {
		t.Fatal("the same challenge twice")
	}
	if got := w.spasm(is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: b.signature(second) ^ 1, NAMLock: true}); got != is683.InvalidSPASM {
		t.Errorf("wrong signature: %s", got)
	}
	third := w.challenge()
	for range 2 { // the network may repeat it
		if got := w.spasm(is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: b.signature(third), NAMLock: false}); got != is683.Accepted {
			t.Errorf("right signature: %s", got)
		}
	}
	w.to("01010106a5551234567000", "01010100")
	if !w.h.Memory().NAMLock {
		t.Error("the lock is off before Commit")
	}
	w.to("05", "0500")
	if m := w.h.Memory(); m.NAMLock || m.MDN != "5551234567" {
		t.Errorf("%+v", m)
	}
	w.to("0901020100", "09010200") // nothing is locked any more
	w.to("09010200", "09010202")   // no octets
}

// TestSPCOpensNAM: a verified SPC does, one that is no lock does not.
func TestSPCOpensNAM(t *testing.T) {
	w := say{t, idle(func(c *sim.HandsetConfig) { lockedNAM(c); c.Memory.SPC = parseSPC(t, "123456") })}
	w.challenge()
	w.to("09010003123456", "09010000")
	w.to("01010106a5551234567000", "01010100")
	w = say{t, idle(lockedNAM)}
	w.challenge()
	w.to("09010003000000", "09010000")
	w.to("01010106a5551234567000", "0101010a")
}
