package otasp_test

import (
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp"
)

// words of random events, answers of every kind among them.
var storm = append([]string{
	"resolved none", "ac values", "ac ssd-ok", "ac ssd-failed", "ac refused", "ac denied",
	"reverse 0601024205000201020201030106030160", "reverse 09010000", "reverse 0901000b", "reverse 09010100", "reverse 09010111",
	"reverse 0004000001034123400210200603471fcff388f6ee080240affffc0307471b78062390000700000000",
	"reverse 00020210200603471b78062390ee080240affffc0106a55512345670000000",
	"reverse 0200", "reverse 0204", "reverse 03000110", "reverse 0411223344556677",
	"reverse 0103020001000300", "reverse 0103020001000307", "reverse 0103020401000300",
	"reverse 070000090fa00138123401400c00", "reverse 0700230000", "reverse 0702000b0fa001381234030080001000",
	"reverse 0800000000b4", "reverse 08000000b478", "reverse 0800090000b4", "reverse 0e010000", "reverse 0501",
	"located", "located msc1 esn=81234567", "back msc1", "ac authbs", "ac long-authbs", "after 5h",
	"reverse 0a0001deadbeef", "reverse 0a0600", "reverse 09010200", "reverse 0901020d",
	"reverse 06010242060002010202010301040106030160",
	"called-back", "called-back esn=12345678", "opened", "opened mdn=", "opened nobody", "mmc-done", "mmc-done",
	"mmc-done phone:homepage=WriteOnly phone:nai.current=UnknownObject", "mmc-done phone:cdma.prl=CheckFailed",
	"reverse 00030210200603471b78062390ee080240affffc0106a55512345670030703471b7806239000000000", "reverse 070000090fa00138cafe01400c00",
}, table...)

// begin starts a session of either kind, for some order.
func begin(t *testing.T, rt *rapid.T) *player {
	p := &player{t: t, o: order()}
	for _, w := range rapid.SliceOf(rapid.SampledFrom([]string{"akey", "reauth", "newspc=111111", "packet=40", "no-prl", "no-imsi_t", "spasm", "spc=", "objects"})).Draw(rt, "order") {
		if w != "no-prl" || len(p.o.PacketData) == 0 {
			edit(t, p.o, w)
		}
	}
	if rapid.Bool().Draw(rt, "read-out") && rapid.Bool().Draw(rt, "read-out, again") {
		edit(t, p.o, "read-out")
	}
	if rapid.IntRange(0, 7).Draw(rt, "objects only") == 0 {
		edit(t, p.o, "objects-only")
	}
	start := rapid.SampledFrom([]string{
		"start", "start skip-same", "start network", "start network esn=81234567 away=20h",
		"start callback", "start callback trn otapa", "start callback list-as-object chunk=128 otapa", "start handset",
	}).Draw(rt, "start")
	for _, w := range rapid.SliceOfN(rapid.SampledFrom([]string{" then=network", " then=callback"}), 0, 3).Draw(rt, "ways") {
		start += w
	}
	p.event(strings.Fields(start))
	return p
}

// TestStorm throws random events at sessions and checks what must always hold.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := begin(t, rt)
		n := rapid.IntRange(5, 120).Draw(rt, "events")
		for range n {
			before := p.s
			p.b.Reset()
			word := rapid.SampledFrom(storm).Draw(rt, "event")
			p.event(strings.Fields(word))
			lines := p.b.String()
			if before.Phase == otasp.Ended && !strings.HasPrefix(word, "after") && !strings.Contains(lines, "anomaly: the session is over") {
				rt.Fatalf("an ended session did something on %q: %s", word, lines)
			}
			if before.Committed && !p.s.Committed {
				rt.Fatalf("%q took a commit back", word)
			}
			if p.s.Committed && strings.Contains(lines, "Commit Request") {
				rt.Fatalf("Commit sent after it was in effect")
			}
			if p.o.ReadOut && changes(lines) {
				rt.Fatalf("a read-out changes something: %s", lines)
			}
			for _, w := range otherKind(p.s.Way) {
				if strings.Contains(lines, "    "+w) && (p.s.Way == before.Way || slices.Contains(otherKind(before.Way), w)) {
					rt.Fatalf("%q made a session of kind %s do %s", word, p.s.Way, lines)
				}
			}
			if len(p.s.Attempts) > 0 && p.s.Way != p.s.Trigger.Start && p.s.Phase == otasp.PhaseAttach {
				rt.Fatalf("%q attached to a call in another way: %s", word, lines)
			}
		}
		for range 100 { // whatever came, the session can be ended
			p.event([]string{"expired"})
		}
		if p.s.Phase != otasp.Ended {
			rt.Fatalf("does not end: %s", p.s.Phase)
		}
	})
}

// changes reports whether something would change a handset.
func changes(lines string) bool {
	for _, w := range []string{"Commit Request", "Download Request", "commit mmc", "write"} {
		if strings.Contains(lines, w) {
			return true
		}
	}
	return false
}

// otherKind is what a session never does because another kind does it.
func otherKind(k otasp.StartKind) []string {
	mmc := []string{"invite", "open mmc", "write", "commit mmc", "disconnect"}
	switch k {
	case otasp.ByNetwork:
		return append(mmc, "attach", "record NEWMSID", "initiate REGNOT", "release TRN", "take mdn")
	case otasp.ByUser:
		return append(mmc, "locate", "await", "release channel")
	case otasp.ByHandset:
		return []string{"invite", "attach", "release TRN", "relay OTAPA", "locate", "await", "release channel", "record NEWMSID", "initiate REGNOT"}
	}
	return []string{"locate", "await", "release channel", "record NEWMSID", "initiate REGNOT"}
}

// TestOTAPAClosed: whatever is opened at a handset is closed, unless the end is
// forced or it surely was not opened.
func TestOTAPAClosed(t *testing.T) {
	var words []string
	for _, w := range storm {
		switch w {
		case "expired", "stop", "postponed", "fail refused", "fail not-reached": // see above
		default:
			words = append(words, w)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := player{t: t, o: order()}
		edit(t, p.o, "spasm")
		p.event([]string{"start", "network"})
		for range rapid.IntRange(0, 20).Draw(rt, "good answers") {
			p.event(strings.Fields(answer(&p)))
		}
		for range 60 {
			p.event(strings.Fields(rapid.SampledFrom(words).Draw(rt, "event")))
		}
		for i := 0; p.s.Phase != otasp.Ended; i++ {
			if p.event(strings.Fields("fail no-answer")); i > 200 {
				rt.Fatalf("does not end:\n%s", p.b.String())
			}
		}
		story := p.b.String()
		start := strings.LastIndex(story, "OTAPA Request: start")
		if start < 0 {
			return
		}
		stop := strings.Index(story[start:], "OTAPA Request: stop")
		if stop < 0 || !strings.Contains(story[start+stop:], "release channel") {
			rt.Fatalf("left open:\n%s", story)
		}
	})
}

// TestOneReport: exactly one Report in the whole life of a session.
func TestOneReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := begin(t, rt)
		for range 200 {
			p.event(strings.Fields(rapid.SampledFrom(storm).Draw(rt, "event")))
		}
		for range 100 {
			p.event([]string{"expired"})
		}
		if n := strings.Count(p.b.String(), "    report "); n != 1 {
			rt.Fatalf("%d reports:\n%s", n, p.b.String())
		}
		// An SPC goes out once for each time the phase was entered from the one before.
		if n := strings.Count(p.b.String(), "Verify SPC (again"); n != 0 && !strings.Contains(p.b.String(), "not-reached") {
			rt.Fatalf("an SPC was repeated:\n%s", p.b.String())
		}
		// A signature goes out once for each challenge.
		if n := strings.Count(p.b.String(), "Validate SPASM (again"); n != 0 && !strings.Contains(p.b.String(), "not-reached") {
			rt.Fatalf("a signature was repeated:\n%s", p.b.String())
		}
		if n := strings.Count(p.b.String(), "Validate SPASM\n"); n > strings.Count(p.b.String(), "OTAPA Request: start") {
			rt.Fatalf("%d signatures for fewer challenges:\n%s", n, p.b.String())
		}
	})
}

// TestStateRoundTrip: the stored form brings back the same behaviour.
func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := begin(t, rt)
		for range rapid.IntRange(0, 25).Draw(rt, "good answers") {
			p.event(strings.Fields(answer(p)))
		}
		for range rapid.IntRange(0, 30).Draw(rt, "n") {
			p.event(strings.Fields(rapid.SampledFrom(storm).Draw(rt, "event")))
		}
		back := restored(t, p.s)
		a, err := p.s.Append(nil)
		if err != nil {
			rt.Fatal(err)
		}
		b, err := back.Append(nil)
		if err != nil {
			rt.Fatal(err)
		}
		if string(a) != string(b) {
			rt.Fatalf("stored forms differ:\n%x\n%x", a, b)
		}
		// Times lose their monotonic clock and location, and an absent list is empty.
		if d := cmp.Diff(p.s, back, cmp.AllowUnexported(otasp.Session{}), cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(time.Millisecond)); d != "" {
			rt.Fatalf("the stored form changes the session (-was +is):\n%s", d)
		}
	})
}

// TestStateVersion: a state of another layout is refused, not guessed at.
func TestStateVersion(t *testing.T) {
	var s otasp.Session
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for version, phases := range map[byte]int{3: 27, 4: 34, 5: int(otasp.Ended) + 1} {
		for phase := phases; phase < 256; phase++ {
			b[0], b[1] = version, byte(phase)
			if err := s.Decode(b); err == nil || !strings.Contains(err.Error(), "phase") {
				t.Errorf("%d, phase %d: %v", version, phase, err)
			}
		}
	}
	b[1] = 0
	for _, version := range []byte{0, 2, 6} {
		b[0] = version
		if err := s.Decode(b); err == nil || !strings.Contains(err.Error(), "version") {
			t.Errorf("%d: %v", version, err)
		}
	}
}

// TestStateBefore: a session stored by the gateway before goes on from where
// it was, as if nothing had happened.
func TestStateBefore(t *testing.T) {
	for _, c := range []struct {
		stored, script string
		sessions       int
	}{
		{"otasp.state3.txt", "every-phase", 24},
		{"otasp.state4.txt", "every-phase", 24},
		{"otasp.state4-network.txt", "otapa-every-phase", 27},
	} {
		t.Run(c.stored, func(t *testing.T) { storedBefore(t, c.stored, c.script, c.sessions) })
	}
}

func storedBefore(t *testing.T, file, scenario string, sessions int) {
	stored, err := os.ReadFile("../testdata/scenario/" + file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("../testdata/scenario/otasp/" + scenario + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for line := range strings.Lines(string(stored)) {
		phase, octets, _ := strings.Cut(strings.TrimSpace(line), " ")
		if phase == "#" {
			continue
		}
		b, err := hex.DecodeString(octets)
		if err != nil {
			t.Fatal(err)
		}
		p := player{t: t, o: order()}
		if err := p.s.Decode(b); err != nil {
			t.Fatalf("%s: %v", phase, err)
		}
		if p.s.Phase.String() != phase {
			t.Errorf("%s is read as %s", phase, p.s.Phase)
		}
		p.s = restored(t, p.s) // and is stored again as we do
		if p.s.HasOrder {
			p.s.Order.PRL.Data = p.o.PRL.Data
		}
		goOn(t, &p, string(script))
		tried++
	}
	if tried != sessions {
		t.Errorf("%d sessions", tried)
	}
}

// goOn plays the rest of a script from where it first reaches the session's
// phase, and wants the transcript of the script.
func goOn(t *testing.T, p *player, script string) {
	t.Helper()
	phase, rest := p.s.Phase.String(), script
	if p.s.Phase != otasp.Idle {
		before, after, ok := strings.Cut(script, "  = "+phase+"\n")
		if !ok {
			t.Fatalf("the script does not reach %s", phase)
		}
		_, words, _ := strings.Cut(before, "> order ")
		words, _, _ = strings.Cut(words, "\n")
		p.event(append([]string{"order"}, strings.Fields(words)...))
		rest = after
	}
	if got := replay(p, rest); got != rest {
		t.Errorf("from %s on (-want +got):\n%s", phase, cmp.Diff(rest, got))
	}
}

// FuzzState: no octets in the store make the decoder panic.
func FuzzState(f *testing.F) {
	var s otasp.Session
	b, err := s.Append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	tr := otasp.Trigger{
		Start: otasp.ByCallback, MDN: "1", OldMDN: "2", MEID: "3", Ways: []otasp.StartKind{otasp.ByNetwork, otasp.ByCallback},
		Options: otasp.Options{ChunkSize: 1},
	}
	o := otasp.Order{Name: "A", MDN: "1", PRL: &otasp.PRL{}, Objects: []otasp.Object{{Name: "a"}}}
	for _, ev := range []otasp.Event{
		{Kind: otasp.Start, Trigger: &tr}, {Kind: otasp.Resolved, Order: &o}, {Kind: otasp.Expired}, {Kind: otasp.Expired},
		{Kind: otasp.CalledBack}, {Kind: otasp.Opened, Profile: &otasp.Profile{Make: "Acme"}},
	} {
		ev.At, ev.Req = t0, s.Req
		s, _ = s.Step(ev, nil)
		if b, err = s.Append(nil); err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	if s.Phase != otasp.PhaseCapability {
		f.Fatal(s.Phase)
	}
	for _, file := range []string{"otasp.state3.txt", "otasp.state4.txt", "otasp.state4-network.txt"} {
		stored, err := os.ReadFile("../testdata/scenario/" + file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(stored)) {
			_, octets, _ := strings.Cut(strings.TrimSpace(line), " ")
			if b, err := hex.DecodeString(octets); err == nil {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s otasp.Session
		if s.Decode(b) == nil {
			if _, err := s.Append(nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}
