package otasp_test

import (
	"strings"
	"testing"

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
}, table...)

// TestStorm throws random events at sessions and checks what must always hold.
func TestStorm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := player{t: t, o: order()}
		for _, w := range rapid.SliceOf(rapid.SampledFrom([]string{"akey", "reauth", "newspc=111111", "packet=40", "no-prl", "no-imsi_t"})).Draw(rt, "order") {
			edit(t, p.o, w)
		}
		p.event([]string{"start"})
		n := rapid.IntRange(5, 120).Draw(rt, "events")
		for range n {
			before := p.s
			p.b.Reset()
			word := rapid.SampledFrom(storm).Draw(rt, "event")
			p.event(strings.Fields(word))
			lines := p.b.String()
			if before.Phase == otasp.Ended && !strings.Contains(lines, "anomaly: the session is over") {
				rt.Fatalf("an ended session did something on %q: %s", word, lines)
			}
			if before.Committed && !p.s.Committed {
				rt.Fatalf("%q took a commit back", word)
			}
			if p.s.Committed && strings.Contains(lines, "Commit Request") {
				rt.Fatalf("Commit sent after it was in effect")
			}
		}
		for range 40 { // whatever came, the session can be ended
			p.event([]string{"expired"})
		}
		if p.s.Phase != otasp.Ended {
			rt.Fatalf("does not end: %s", p.s.Phase)
		}
	})
}

// TestOneReport: exactly one Report in the whole life of a session.
func TestOneReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := player{t: t, o: order()}
		p.event([]string{"start"})
		for range 200 {
			p.event(strings.Fields(rapid.SampledFrom(storm).Draw(rt, "event")))
		}
		for range 5 {
			p.event([]string{"expired"})
		}
		if n := strings.Count(p.b.String(), "    report "); n != 1 {
			rt.Fatalf("%d reports:\n%s", n, p.b.String())
		}
		// An SPC goes out once for each time the phase was entered from the one before.
		if n := strings.Count(p.b.String(), "Verify SPC (again"); n != 0 && !strings.Contains(p.b.String(), "not-reached") {
			rt.Fatalf("an SPC was repeated:\n%s", p.b.String())
		}
	})
}

// TestStateRoundTrip: the stored form brings back the same behaviour.
func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := player{t: t, o: order()}
		edit(t, p.o, "akey")
		p.event([]string{"start"})
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
	})
}

// TestStateVersion: a state of another layout is refused, not guessed at.
func TestStateVersion(t *testing.T) {
	var s otasp.Session
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	b[0]--
	if err := s.Decode(b); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("%v", err)
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
	f.Fuzz(func(t *testing.T, b []byte) {
		var s otasp.Session
		if s.Decode(b) == nil {
			if _, err := s.Append(nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}
