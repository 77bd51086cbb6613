package otasp_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp"
)

// reachIOTA is reach over MMC: a list goes by one way or by the other.
func reachIOTA(t *testing.T) map[otasp.Phase]otasp.Session {
	states := reach(t, "iota-list-object")
	maps.Copy(states, reach(t, "iota-every-phase"))
	return states
}

// TestCallbackTable is the transition table of a session in which the handset
// calls back, in the phases that it passes.
func TestCallbackTable(t *testing.T) {
	golden(t, "otasp-iota.table", transitions(t, reachIOTA(t)))
}

// TestCallbackEnds tells how a session ends that something happens to, in every
// phase, when all goes well after that, and the network may be tried after it.
func TestCallbackEnds(t *testing.T) {
	var b strings.Builder
	states := reachIOTA(t)
	for ph := otasp.PhaseAttach; ph < otasp.Ended; ph++ {
		s, ok := states[ph]
		if !ok {
			continue
		}
		s.Trigger.Ways = []otasp.StartKind{otasp.ByNetwork}
		for _, word := range []string{"fail gone", "fail refused", "expired", "stop", "recovered"} {
			path, report := ends(t, s, word)
			fmt.Fprintf(&b, "%-16s %-12s %s | %s\n", ph, word, path, report)
		}
	}
	golden(t, "otasp-iota-ends.table", b.String())
}

// ends plays a session to its end after one event, with good answers.
func ends(t *testing.T, s otasp.Session, word string) (path, report string) {
	p := player{t: t, o: order(), s: s}
	for _, w := range []string{"akey", "reauth", "newspc=123456", "packet=40", "spasm", "objects"} {
		edit(t, p.o, w)
	}
	p.event(strings.Fields(word))
	phases := []string{p.s.Phase.String()}
	for i := 0; p.s.Phase != otasp.Ended; i++ {
		if p.event(strings.Fields(answer(&p))); i > 100 {
			t.Fatalf("%s in %s does not end:\n%s", word, s.Phase, p.b.String())
		}
		if at := p.s.Phase.String(); at != phases[len(phases)-1] {
			phases = append(phases, at)
		}
	}
	_, report, _ = strings.Cut(p.b.String(), "    report ")
	report, _, _ = strings.Cut(report, "\n")
	return strings.Join(phases, " "), report
}

// TestDocuments: over MMC nothing is sent twice but after a restart, and then
// under the number that it had; no document is of a number that was used.
func TestDocuments(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := begin(t, rt)
		for range rapid.IntRange(0, 30).Draw(rt, "good answers") {
			p.event(strings.Fields(answer(p)))
		}
		for range 60 {
			before := p.s
			p.b.Reset()
			word := rapid.SampledFrom(storm).Draw(rt, "event")
			p.event(strings.Fields(word))
			if before.Way != otasp.ByCallback && before.Way != otasp.ByHandset || p.s.Way != before.Way {
				continue
			}
			for line := range strings.Lines(p.b.String()) {
				document := strings.HasPrefix(line, "    relay") || strings.HasPrefix(line, "    open") || strings.HasPrefix(line, "    write") || strings.HasPrefix(line, "    commit")
				switch {
				case !document:
				case strings.Contains(line, "(again") || strings.Contains(line, "~") || strings.Contains(line, "with a channel"):
					rt.Fatalf("%q over MMC: %s", word, line)
				case p.s.Req == before.Req && (word != "recovered" || p.s.Phase != before.Phase):
					rt.Fatalf("%q uses a number again: %s", word, line)
				case word == "recovered" && p.s.Phase == before.Phase && p.s.Req != before.Req && p.s.Phase != otasp.PhaseOTAPAStart:
					rt.Fatalf("%q changes the number: %s", word, line)
				}
			}
		}
	})
}

// TestSPCOnce: no SPC is sent when the one before was not answered, whatever way
// is tried; it surely did not arrive where the network has said so.
func TestSPCOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := begin(t, rt)
		open := false // an SPC is on its way
		for range 150 {
			before := p.s.Phase
			word := rapid.SampledFrom(append([]string{"", "", ""}, storm...)).Draw(rt, "event")
			if word == "" {
				word = answer(p)
			}
			p.b.Reset()
			p.event(strings.Fields(word))
			if before == otasp.PhaseVerifySPC || before == otasp.PhaseChangeSPC {
				open = open && !strings.HasPrefix(word, "reverse") && word != "fail not-reached"
			}
			if lines := p.b.String(); strings.Contains(lines, "Verify SPC") || strings.Contains(lines, "Change SPC") {
				if open {
					rt.Fatalf("%q: an SPC after one that was not answered: %s", word, lines)
				}
				open = true
			}
		}
	})
}

// TestDoubtKept: a session whose Commit may be in effect never ends as if it
// surely was not, and is never found to be done without a Commit or a reading.
func TestDoubtKept(t *testing.T) {
	words := []string{"", "", "", "", "", "", "fail gone", "fail refused", "fail no-answer", "expired", "recovered", "called-back esn=81234567"}
	rapid.Check(t, func(rt *rapid.T) {
		p := player{t: t, o: order()}
		for _, w := range []string{"no-nam", "mdn=5551234567", "spc="} {
			edit(t, p.o, w)
		}
		list := "otapa"
		if rapid.Bool().Draw(rt, "as object") {
			list = "list-as-object"
		}
		p.event([]string{"start", "callback", list, "then=network", "then=callback"})
		sent, read := false, false // a commit, and the handset after it
		for i := 0; p.s.Phase != otasp.Ended && i < 400; i++ {
			word := rapid.SampledFrom(words).Draw(rt, "event")
			if word == "" {
				word = answer(&p)
			}
			before, way := p.s.Phase, p.s.Way
			from := p.b.Len()
			p.event(strings.Fields(word))
			lines := p.b.String()[from:]
			switch {
			case strings.Contains(lines, "Commit Request") || strings.Contains(lines, "commit mmc"):
				sent, read = true, false
			case (before == otasp.PhaseReadOld || before == otasp.PhaseSSPRDimensions) && strings.HasPrefix(word, "reverse"):
				read = true
			case (before == otasp.PhaseCommit || before == otasp.PhaseCommitMMC) && word == "fail refused" && way == otasp.ByCallback:
				read = true // or it said so
			}
		}
		for p.s.Phase != otasp.Ended {
			p.event([]string{"expired"})
		}
		r := p.s.Result
		if sent && !read && !r.Committed && r.Reason != otasp.ReasonCommitInDoubt {
			rt.Fatalf("%+v:\n%s", r, p.b.String())
		}
		if r.Committed && !sent {
			rt.Fatalf("%+v:\n%s", r, p.b.String())
		}
	})
}

// invited is a session whose handset is to call back.
func invited(t *testing.T) otasp.Session {
	o := order()
	o.Name, o.NAM, o.IMSIT = "campaign-2026-01/5551234567", nil, nil
	o.PRL.Name = "prl/" + strings.Repeat("5f", 32)
	s := otasp.Session{}
	s, _ = s.Step(otasp.Event{Kind: otasp.Start, At: t0, Trigger: &otasp.Trigger{
		Start: otasp.ByCallback, MDN: "5551234567", MIN: "5551234567", OldMDN: "5551234566", ESN: 0x81234567, MEID: "A1000001234567",
		OrderName: o.Name, PRL: "51966", Ways: []otasp.StartKind{otasp.ByNetwork},
		Options: otasp.Options{CallbackTime: 72 * time.Hour, IdleTime: time.Minute, SessionTime: time.Minute, AwayTime: time.Hour, AskAgain: time.Hour, ChunkSize: 1024, AKeyVersions: []byte{2}},
	}}, nil)
	s, _ = s.Step(otasp.Event{Kind: otasp.Resolved, At: t0, Req: s.Req, Order: o}, nil)
	if s.Phase != otasp.PhaseInvite {
		t.Fatal(s.Phase)
	}
	return s
}

// TestInvitedSize: a million handsets may be waited for.
func TestInvitedSize(t *testing.T) {
	s := invited(t)
	b, err := s.Append(nil)
	if err != nil || len(b) > 360 {
		t.Errorf("%d octets, %v", len(b), err)
	}
}

// TestInvitedOnce: after a restart an invitation that was given to a message is
// not made again, and the handset is let in until the same time.
func TestInvitedOnce(t *testing.T) {
	s := invited(t)
	recovered := func(s otasp.Session) otasp.Effect {
		t.Helper()
		after, out := s.Step(otasp.Event{Kind: otasp.Recovered, At: t0.Add(time.Hour)}, nil)
		i := slices.IndexFunc(out, func(e otasp.Effect) bool { return e.Kind == otasp.Invite })
		if i < 0 || after.Phase != otasp.PhaseInvite || out[i].Req != s.Req || !out[i].At.Equal(s.Deadline) {
			t.Fatalf("recovered: %v in %s", out, after.Phase)
		}
		return out[i]
	}
	if recovered(s).Again {
		t.Error("an invitation that nobody has taken is not made again")
	}
	s, _ = s.Step(otasp.Event{Kind: otasp.MMCDone, At: t0, Req: s.Req}, nil)
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var stored otasp.Session
	if err := stored.Decode(b); err != nil || !recovered(stored).Again {
		t.Errorf("an invitation that is on its way is made again (%v)", err)
	}
}

// TestListGone: a list that is not in the store any more after a restart is not
// sent in part.
func TestListGone(t *testing.T) {
	for _, script := range []string{"every-phase", "otapa-every-phase", "iota-every-phase", "iota-list-object"} {
		p := player{t: t, o: order()}
		for _, words := range said(t, script) {
			if words[0] == "again" {
				break
			}
			p.event(words)
			lost := player{t: t, o: order(), s: p.s}
			if lost.s.Order.PRL != nil {
				lost.s.Order.PRL = &otasp.PRL{Name: "list", ID: lost.s.Order.PRL.ID}
			}
			lost.event([]string{"recovered"})
			list := p.s.Phase == otasp.PhaseSSPRDownload || p.s.Phase == otasp.PhasePRLObject
			if out := lost.b.String(); list && (strings.Contains(out, "write prl") || strings.Contains(out, "SSPR Download")) {
				t.Errorf("%s, %s:\n%s", script, p.s.Phase, out)
			}
			for i := 0; lost.s.Phase != otasp.Ended && lost.s.Phase != otasp.Idle && i < 100; i++ {
				lost.event(strings.Fields(answer(&lost)))
			}
			if list && lost.s.Result.Reason != otasp.ReasonNotRepresent {
				t.Errorf("%s, %s: %+v", script, p.s.Phase, lost.s.Result)
			}
		}
	}
}

// TestProfileCut: what a handset tells of itself is bounded, and is text.
func TestProfileCut(t *testing.T) {
	p := player{t: t, o: order()}
	for _, w := range []string{"start callback", "resolved", "called-back"} {
		p.event(strings.Fields(w))
	}
	p.step(otasp.Event{Kind: otasp.Opened, At: t0, Req: p.s.Req, Profile: &otasp.Profile{
		Make: strings.Repeat("x", 1000), Model: strings.Repeat("x", 63) + "\u00e9", Agent: "\xff", MMCID: "17",
	}})
	got := restored(t, p.s).Handset.Profile
	if want := (otasp.Profile{Make: strings.Repeat("x", 64), Model: strings.Repeat("x", 63), MMCID: "17"}); got != want {
		t.Errorf("%+v", got)
	}
}

// TestWaysFit: a trigger may ask for what comes after, within bounds.
func TestWaysFit(t *testing.T) {
	many := make([]otasp.StartKind, 9)
	for i := range many {
		many[i] = otasp.ByNetwork
	}
	for name, c := range map[string]struct {
		trigger otasp.Trigger
		want    otasp.Phase
	}{
		"none":       {otasp.Trigger{}, otasp.PhaseAttach},
		"both":       {otasp.Trigger{Ways: []otasp.StartKind{otasp.ByNetwork, otasp.ByCallback, otasp.ByNetwork}}, otasp.PhaseAttach},
		"too many":   {otasp.Trigger{Ways: many}, otasp.Ended},
		"a call":     {otasp.Trigger{Ways: []otasp.StartKind{otasp.ByUser}}, otasp.Ended},
		"a button":   {otasp.Trigger{Ways: []otasp.StartKind{otasp.ByHandset}}, otasp.Ended},
		"no kind":    {otasp.Trigger{Start: 4}, otasp.Ended},
		"no kind 99": {otasp.Trigger{Ways: []otasp.StartKind{99}}, otasp.Ended},
	} {
		s, _ := otasp.Session{}.Step(otasp.Event{Kind: otasp.Start, At: t0, Trigger: &c.trigger}, nil)
		if s.Phase != c.want {
			t.Errorf("%s: %s", name, s.Phase)
		}
	}
}

// TestAttemptsShared: the ways that were tried are not written into the array
// of the state that was committed.
func TestAttemptsShared(t *testing.T) {
	p := player{t: t, o: order()}
	for _, w := range []string{"start callback then=network then=callback then=network", "resolved", "fail mute"} {
		p.event(strings.Fields(w))
	}
	committed := p.s
	for _, w := range []string{"fail refused", "fail mute"} {
		p.event(strings.Fields(w))
	}
	if len(p.s.Attempts) != 3 || len(committed.Attempts) != 1 {
		t.Fatalf("%v, %v", p.s.Attempts, committed.Attempts)
	}
	other := player{t: t, o: order(), s: committed}
	other.event([]string{"stop"})
	if got := fmt.Sprint(p.s.Attempts); got != "[{callback not-invited mute} {network denied refused} {callback not-invited mute}]" {
		t.Error(got)
	}
}
