package otasp_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
)

// TestSPASM: what goes to the handset is the AC's signature.
func TestSPASM(t *testing.T) {
	s := reach(t, "otapa-every-phase")[otasp.PhaseSPASM]
	_, out := s.Step(otasp.Event{Kind: otasp.ACAnswer, At: t0, Req: s.Req, AC: &otasp.ACResult{AuthBS: 0x2abcd}}, nil)
	// AUTH_OTAPA_INCL 1, then 10 1010 1011 1100 1101, NAM_LOCK_STATE 1, four reserved bits
	if want, _ := hex.DecodeString("09010203d579b0"); len(out) != 1 || !bytes.Equal(out[0].Message, want) {
		t.Errorf("%x", []byte(out[0].Message))
	}
}

// answer is what a good network says in each phase.
func answer(p *player) string {
	switch p.s.Phase {
	case otasp.PhaseAttach:
		return "attached"
	case otasp.PhaseResolve:
		return "resolved"
	case otasp.PhaseInvite:
		return "called-back"
	case otasp.PhaseOpenMMC:
		return "opened"
	case otasp.PhaseObjects, otasp.PhasePRLObject, otasp.PhaseCommitMMC, otasp.PhaseDisconnect:
		return "mmc-done"
	case otasp.PhaseLocate:
		return "located msc1"
	case otasp.PhaseAway:
		return "back msc1"
	case otasp.PhaseOTAPAStart:
		return "reverse 0a0001deadbeef"
	case otasp.PhaseSPASM:
		return "ac authbs"
	case otasp.PhaseValidateSPASM:
		return "reverse 09010200"
	case otasp.PhaseCapability:
		return "reverse 06010242060002010202010301040106030160"
	case otasp.PhaseVerifySPC:
		return "reverse 09010000"
	case otasp.PhaseReadOld:
		return "reverse 0004000001034123400210200603471fcff388f6ee080240affffc0307471b78062390000700000000"
	case otasp.PhaseKeyValues:
		return "ac values"
	case otasp.PhaseMSKey:
		return "reverse 0200"
	case otasp.PhaseKeyGeneration:
		return "reverse 03000110"
	case otasp.PhaseSSDUpdate:
		return "ac ssd-ok"
	case otasp.PhaseReAuthenticate:
		return "reverse 0411223344556677"
	case otasp.PhaseDownload:
		return "reverse 0103020001000300"
	case otasp.PhaseSSPRDimensions:
		return "reverse 070000090fa00138123401400c00"
	case otasp.PhaseSSPRDownload:
		if p.s.Offset == 0 {
			return "reverse 0800000000b4"
		}
		return "reverse 08000000b478"
	case otasp.PhasePacketData:
		return "reverse 0e010000"
	case otasp.PhaseChangeSPC:
		return "reverse 09010100"
	case otasp.PhaseCommit:
		return "reverse 0500"
	case otasp.PhaseReadBack:
		return "reverse 00020210200603471b78062390ee080240affffc0106a55512345670000000"
	case otasp.PhaseReadBackPRL:
		return "reverse 070000090fa00138cafe01400c00"
	case otasp.PhaseOTAPAStop:
		return "reverse 0a0000"
	case otasp.PhaseDetach, otasp.PhaseNewMSID, otasp.PhaseREGNOT, otasp.PhaseReleaseChannel, otasp.PhaseReleaseTRN:
		return "done"
	}
	return "ac ok"
}

// TestNetworkTable is the transition table of a session that the network
// initiated, in the phases that it passes.
func TestNetworkTable(t *testing.T) {
	golden(t, "otasp-network.table", transitions(t, reach(t, "otapa-every-phase")))
}

// transitions is what every event does in the phases that were reached.
func transitions(t *testing.T, states map[otasp.Phase]otasp.Session) string {
	var b strings.Builder
	for ph := otasp.Idle; ph <= otasp.Ended; ph++ {
		s, ok := states[ph]
		if !ok {
			continue
		}
		for _, word := range table {
			p := player{t: t, o: order(), s: s}
			p.event(strings.Fields(word))
			fmt.Fprintf(&b, "%-17s %-17s %s\n", ph, word, squeeze(p.b.String()))
		}
	}
	return b.String()
}

// TestNetworkEnds tells how a session ends that something happens to, in every
// phase, when all goes well after that, or, when the channel is lost, nothing
// reaches the handset any more.
func TestNetworkEnds(t *testing.T) {
	var b strings.Builder
	states := reach(t, "otapa-every-phase")
	for ph := otasp.PhaseResolve; ph < otasp.Ended; ph++ {
		s, ok := states[ph]
		if !ok {
			continue
		}
		for _, word := range []string{"fail gone", "expired", "stop", "recovered"} {
			if ph == otasp.PhaseAway && word == "fail gone" {
				continue // nothing was asked there
			}
			p := player{t: t, o: order(), s: s}
			for _, w := range []string{"akey", "reauth", "newspc=123456", "packet=40", "spasm"} {
				edit(t, p.o, w)
			}
			p.event(strings.Fields(word))
			path := []string{p.s.Phase.String()}
			for i := 0; p.s.Phase != otasp.Ended; i++ {
				say := answer(&p)
				if word == "fail gone" && strings.HasPrefix(say, "reverse") {
					say = word
				}
				if p.event(strings.Fields(say)); i > 60 {
					t.Fatalf("%s in %s does not end:\n%s", word, ph, p.b.String())
				}
				if at := p.s.Phase.String(); at != path[len(path)-1] {
					path = append(path, at)
				}
			}
			if strings.Contains(p.b.String(), "anomaly") {
				t.Errorf("%s in %s:\n%s", word, ph, p.b.String())
			}
			_, report, _ := strings.Cut(p.b.String(), "    report ")
			report, _, _ = strings.Cut(report, "\n")
			fmt.Fprintf(&b, "%-16s %-10s %s | %s\n", ph, word, strings.Join(path, " "), report)
		}
	}
	golden(t, "otasp-network-ends.table", b.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	name := "../testdata/scenario/" + file
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, d)
	}
}

// TestAnalogSame: the combined NAM of a dual-mode handset is compared as a whole.
func TestAnalogSame(t *testing.T) {
	shown := is683.CDMAAnalogNAMResponse{
		FirstCHP: 333, HomeSID: 4139, EX: true, IMSIM: is683.IMSIM{MCC: "310", IMSI1112: "00", S: "5551234567"},
		Access:    is683.Access{ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true},
		MaxSIDNID: 4, StoredSIDNID: []is683.SIDNID{{SID: 4139, NID: 65535}},
	}
	for name, c := range map[string]struct {
		analog *otasp.Analog
		same   string
	}{
		"equal":          {&otasp.Analog{FirstCHP: 333, HomeSID: 4139, EX: true}, "[nam]"},
		"other channel":  {&otasp.Analog{FirstCHP: 334, HomeSID: 4139, EX: true}, "[]"},
		"none ordered":   {nil, "[]"},
		"other home SID": {&otasp.Analog{FirstCHP: 333, HomeSID: 1, EX: true}, "[]"},
	} {
		data, err := shown.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		msg, err := (&is683.ConfigurationResponse{Blocks: []is683.ConfiguredBlock{{ID: is683.BlockCDMAAnalogNAM, Data: data}}}).Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := player{t: t, o: order()}
		p.o.NAM.Analog, p.o.SPC = c.analog, ""
		p.event([]string{"start", "network"})
		for range 6 {
			p.event(strings.Fields(answer(&p)))
		}
		if p.s.Phase != otasp.PhaseReadOld {
			t.Fatal(p.b.String())
		}
		p.event([]string{"reverse", hex.EncodeToString(msg)})
		if got := fmt.Sprint(p.s.Same()); got != c.same {
			t.Errorf("%s: %s", name, got)
		}
	}
}
