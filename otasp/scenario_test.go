package otasp_test

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
)

var update = flag.Bool("update", false, "rewrite golden files")

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// order is what the scripts order, unless they take parts away.
func order() *otasp.Order {
	return &otasp.Order{
		Name: "A-1", MDN: "5551234567",
		NAM: &otasp.NAM{
			IMSI:   otasp.IMSI{MCC: "310", IMSI1112: "00", S: "5551234567"},
			ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
			SIDNID: []is683.SIDNID{{SID: 4139, NID: 65535}},
		},
		IMSIT: &otasp.IMSI{MCC: "310", IMSI1112: "00", S: "5551234567"},
		PRL:   &otasp.PRL{Name: "list", ID: 0xcafe, Data: make([]byte, 300)},
		SPC:   "000000",
	}
}

// edit takes a word of a script's "order" line into account.
func edit(t *testing.T, o *otasp.Order, word string) {
	t.Helper()
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "akey":
		o.AKey = true
	case "reauth":
		o.ReAuth = true
	case "newspc":
		o.NewSPC = otasp.SPC(value)
	case "mdn":
		o.MDN = value
	case "spc":
		o.SPC = otasp.SPC(value)
	case "no-prl":
		o.PRL = nil
	case "spasm":
		o.SPASM = true
	case "read-out":
		*o = otasp.Order{Name: o.Name, MDN: o.MDN, SPC: o.SPC, ReadOut: true}
	case "objects":
		o.Objects = []otasp.Object{{Name: "phone:homepage", Value: "http://wap.example/"}, {Name: "phone:nai.current", Value: "5551234567@example.net"}}
	case "objects-only":
		*o = otasp.Order{Name: o.Name, MDN: o.MDN}
		edit(t, o, "objects")
	case "no-nam":
		o.NAM, o.MDN, o.IMSIT = nil, "", nil
	case "no-imsi_t":
		o.IMSIT = nil
	case "packet":
		b, err := hex.DecodeString(value)
		if err != nil {
			t.Fatal(err)
		}
		o.PacketData = append(o.PacketData, otasp.Block{ID: 0, Data: b})
	case "extended":
		o.PRL.Extended = true
	case "pairs":
		n, _ := strconv.Atoi(value)
		for len(o.NAM.SIDNID) < n {
			o.NAM.SIDNID = append(o.NAM.SIDNID, is683.SIDNID{SID: uint16(len(o.NAM.SIDNID)), NID: 1})
		}
	default:
		t.Fatalf("unknown word %q", word)
	}
}

// TestScenarios plays testdata/scenario/otasp/*.txt: lines that begin with "> "
// are events, the rest is the transcript of what the machine answers. A "~"
// marks what may be done again after a crash.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../testdata/scenario/otasp/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios")
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(b))
			if *update {
				if err := os.WriteFile(f, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(b), got); d != "" {
				t.Errorf("transcript differs (-want +got):\n%s", d)
			}
		})
	}
}

type player struct {
	t   *testing.T
	s   otasp.Session
	o   *otasp.Order
	now time.Duration // since t0
	b   strings.Builder
}

func play(t *testing.T, script string) string {
	return replay(&player{t: t, o: order()}, script)
}

func replay(p *player, script string) string {
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "# "):
			p.b.WriteString(line + "\n")
		case strings.HasPrefix(line, "> "):
			p.b.WriteString(line + "\n")
			p.event(strings.Fields(line[2:]))
		}
	}
	return p.b.String()
}

func (p *player) event(words []string) {
	p.t.Helper()
	ev := otasp.Event{At: t0.Add(p.now), Req: p.s.Req}
	switch words[0] {
	case "order":
		for _, w := range words[1:] {
			edit(p.t, p.o, w)
		}
		return
	case "again": // another session
		*p = player{t: p.t, o: order(), b: p.b}
		return
	case "after":
		p.now += duration(p.t, words[1])
		return
	case "show":
		p.show()
		return
	case "start":
		ev.Kind, ev.Trigger = otasp.Start, trigger(p.t, words[1:])
	case "attached":
		ev.Kind = otasp.Attached
		ev.Terminal = &otasp.Terminal{ESN: 0x81234567, MIN: "0000001234", SystemID: 5, Switch: 12}
	case "located":
		ev.Kind = otasp.Located
		ev.MSC, ev.Terminal = place(p.t, words[1:])
	case "postponed":
		ev.Kind = otasp.Postponed
	case "back":
		ev.Kind = otasp.HandsetBack
		ev.MSC, ev.Terminal = place(p.t, words[1:])
	case "resolved":
		ev.Kind, ev.Order = otasp.Resolved, p.o
		if len(words) > 1 && words[1] == "none" {
			ev.Order = nil
		}
	case "reverse":
		b, err := hex.DecodeString(words[1])
		if err != nil {
			p.t.Fatal(err)
		}
		ev.Kind, ev.Message = otasp.Reverse, b
	case "ac":
		ev.Kind, ev.AC = otasp.ACAnswer, ac(words[1])
	case "called-back":
		ev.Kind = otasp.CalledBack
		_, ev.Terminal = place(p.t, words[1:])
		ev.Req = 0 // it answers none
	case "opened":
		ev.Kind, ev.Profile = otasp.Opened, profile(words[1:])
	case "mmc-done":
		ev.Kind, ev.Rejected = otasp.MMCDone, rejected(words[1:])
	case "done":
		ev.Kind = otasp.MSCDone
	case "stale":
		ev.Kind, ev.Req = otasp.MSCDone, p.s.Req-1
	case "fail":
		ev.Kind = otasp.Failed
		ev.Failure = otasp.Failure{Class: failures[words[1]], Detail: words[1]}
		if ev.Failure.Class == 0 {
			p.t.Fatalf("unknown failure %q", words[1])
		}
	case "refused":
		ev.Kind = otasp.Refused
	case "order-changed":
		ev.Kind = otasp.OrderChanged
	case "expired":
		ev.Kind = otasp.Expired
	case "stop":
		ev.Kind = otasp.Stop
	case "recovered":
		ev.Kind = otasp.Recovered
		p.s = restored(p.t, p.s)
	default:
		p.t.Fatalf("unknown event %q", words[0])
	}
	p.step(ev)
}

// trigger is what the words of a "start" line say.
func trigger(t *testing.T, words []string) *otasp.Trigger {
	t.Helper()
	tr := &otasp.Trigger{TRN: "2222222222", MSC: "msc1", ActivationMIN: "6191234000", Rand: 0x11223344}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "network":
			tr.Start, tr.TRN, tr.MSC = otasp.ByNetwork, "", ""
			tr.MDN, tr.MIN = "5551234567", "0000001234"
		case "callback":
			tr.Start, tr.TRN, tr.MSC, tr.ActivationMIN = otasp.ByCallback, "", "", ""
			tr.MDN, tr.MIN = "5551234567", "0000001234"
		case "handset":
			tr.Start, tr.TRN, tr.MSC, tr.ActivationMIN = otasp.ByHandset, "", "", ""
			tr.ESN = 0x81234567
		case "trn": // of a call, whose MDN is not known
			tr.TRN, tr.MSC, tr.ActivationMIN, tr.MDN, tr.MIN = "2222222222", "msc1", "6191234000", "", ""
		case "then":
			tr.Ways = append(tr.Ways, way(t, value))
		case "old-mdn":
			tr.OldMDN = value
		case "meid":
			tr.MEID = value
		case "list-as-object":
			tr.Options.ListAsObject = true
		case "otapa":
			tr.Options.OTAPAInMMC = true
		case "chunk":
			n, _ := strconv.Atoi(value)
			tr.Options.ChunkSize = uint16(n)
		case "callback-time":
			tr.Options.CallbackTime = duration(t, value)
		case "idle":
			tr.Options.IdleTime = duration(t, value)
		case "mdn":
			tr.MDN = value
		case "esn":
			tr.ESN = esn(t, value)
		case "skip-same":
			tr.Options.SkipSame = true
		case "away":
			tr.Options.AwayTime = duration(t, value)
		case "ask":
			tr.Options.AskAgain = duration(t, value)
		default:
			t.Fatalf("unknown word %q", w)
		}
	}
	return tr
}

// place is where a handset is: an MSC, and an ESN when that is told.
func place(t *testing.T, words []string) (msc string, terminal *otasp.Terminal) {
	t.Helper()
	for _, w := range words {
		if v, ok := strings.CutPrefix(w, "esn="); ok {
			terminal = &otasp.Terminal{ESN: esn(t, v)}
		} else if v, ok := strings.CutPrefix(w, "meid="); ok {
			terminal = &otasp.Terminal{MEID: v}
		} else {
			msc = w
		}
	}
	return msc, terminal
}

func way(t *testing.T, word string) otasp.StartKind {
	t.Helper()
	for _, w := range []otasp.StartKind{otasp.ByUser, otasp.ByNetwork, otasp.ByCallback, otasp.ByHandset} {
		if w.String() == word {
			return w
		}
	}
	t.Fatalf("unknown way %q", word)
	return 0
}

// profile is what a handset tells of itself, nothing for "nobody".
func profile(words []string) *otasp.Profile {
	p := otasp.Profile{MDN: "5551234567", MSID: "0000001234", Make: "Acme", Model: "M1", Software: "1.2", Agent: "PSA/2", MMCID: "1234"}
	for _, w := range words {
		if w == "nobody" {
			return nil
		}
		if v, ok := strings.CutPrefix(w, "mdn="); ok {
			p.MDN = v
		}
	}
	return &p
}

// rejected are words OBJECT=WHY.
func rejected(words []string) (all []otasp.Rejection) {
	for _, w := range words {
		object, why, _ := strings.Cut(w, "=")
		all = append(all, otasp.Rejection{Object: object, Why: why})
	}
	return all
}

func esn(t *testing.T, word string) uint32 {
	t.Helper()
	v, err := strconv.ParseUint(word, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(v)
}

func duration(t *testing.T, word string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(word)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// show prints what was read from the handset, after a restart.
func (p *player) show() {
	s := restored(p.t, p.s)
	h := &s.Handset
	fmt.Fprintf(&p.b, "    features %v firmware %04x model %02x\n", h.Features, h.Firmware, h.Model)
	fmt.Fprintf(&p.b, "    mdn %s imsi_m %s imsi_t %s sid/nid %v of %d\n", h.MDN, h.IMSI, h.IMSIT, h.SIDNID, h.MaxSIDNID)
	fmt.Fprintf(&p.b, "    list %d, %d octets of %d, revision %d, read %v\n", h.PRLID, h.CurPRL, h.MaxPRL, h.PRLPRev, h.HasPRL)
	if h.Profile != (otasp.Profile{}) {
		fmt.Fprintf(&p.b, "    profile %+v\n", h.Profile)
	}
	fmt.Fprintf(&p.b, "    esn %08x, min %s at %s, accepted %v, there already %v\n", s.Terminal.ESN, s.Terminal.MIN, s.Trigger.MSC, s.Parts(), s.Same())
}

var failures = map[string]otasp.FailureClass{
	"no-answer": otasp.NoAnswer, "not-reached": otasp.NotReached, "refused": otasp.PeerRefused,
	"unknown-trn": otasp.UnknownTRN, "gone": otasp.HandsetGone, "mute": otasp.HandsetMute, "store": otasp.StoreTrouble,
}

func ac(word string) *otasp.ACResult {
	switch word {
	case "values":
		return &otasp.ACResult{HasResult: true, AKeyVersion: 2, Modulus: []byte{23}, Primitive: []byte{2}, BSKey: []byte{18}}
	case "values-v3":
		return &otasp.ACResult{HasResult: true, AKeyVersion: 3, Modulus: []byte{23}, Primitive: []byte{2}, BSKey: []byte{18}}
	case "values-unsaid":
		return &otasp.ACResult{HasResult: true, Modulus: []byte{23}, Primitive: []byte{2}, BSKey: []byte{18}}
	case "ssd-ok":
		return &otasp.ACResult{HasResult: true, SSDUpdate: 3, UniqueChall: 3}
	case "ssd-failed":
		return &otasp.ACResult{HasResult: true, SSDUpdate: 4}
	case "refused":
		return &otasp.ACResult{HasResult: true, Result: 2}
	case "denied":
		return &otasp.ACResult{DenyAccess: 5}
	case "authbs":
		return &otasp.ACResult{HasResult: true, AuthBS: 0x2abcd}
	case "long-authbs":
		return &otasp.ACResult{HasResult: true, AuthBS: 1 << 18}
	}
	return &otasp.ACResult{HasResult: true}
}

// restored passes a session through its stored form, as a restart does.
func restored(t *testing.T, s otasp.Session) otasp.Session {
	t.Helper()
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back otasp.Session
	if err := back.Decode(b); err != nil {
		t.Fatal(err)
	}
	if s.Order.PRL != nil {
		back.Order.PRL.Data = s.Order.PRL.Data
	}
	return back
}

func (p *player) step(ev otasp.Event) {
	next, out := p.s.Step(ev, nil)
	for i := range ev.Message {
		ev.Message[i] = 0xee // what was borrowed must not be in the state
	}
	for _, e := range out {
		line := effectLine(&e)
		if e.Repeatable {
			line += " ~"
		}
		fmt.Fprintf(&p.b, "    %s\n", line)
	}
	for _, a := range next.Attempts[min(len(p.s.Attempts), len(next.Attempts)):] {
		fmt.Fprintf(&p.b, "    %s after %s: %s %q\n", next.Way, a.Way, a.Reason, a.Detail)
	}
	fmt.Fprintf(&p.b, "  = %s\n", next.Phase)
	p.s = next
}

func effectLine(e *otasp.Effect) string {
	switch e.Kind {
	case otasp.Relay:
		msg, err := is683.DecodeForward(e.Message)
		if err != nil {
			return "relay " + err.Error()
		}
		channel := ""
		if e.Channel {
			channel = ", with a channel"
		}
		return fmt.Sprintf("relay #%d %s%s%s", e.Req, is683.Gist(msg), channel, repetition(e))
	case otasp.AskAC:
		challenge := ""
		if e.AC.RandBS != 0 {
			challenge = fmt.Sprintf(" RANDBS %08x", e.AC.RandBS)
		}
		return fmt.Sprintf("ac #%d action %d%s%s", e.Req, e.AC.Action, challenge, repetition(e))
	case otasp.Resolve:
		return fmt.Sprintf("resolve #%d mdn=%s esn=%08x", e.Req, e.Query.MDN, e.Query.ESN)
	case otasp.AwaitHandset:
		return "await handset"
	case otasp.TakeMDN:
		return "take mdn " + e.MDN
	case otasp.Invite:
		return fmt.Sprintf("invite #%d until %s%s", e.Req, e.At.Sub(t0), repetition(e))
	case otasp.WriteObjects:
		return fmt.Sprintf("write objects #%d %v", e.Req, e.Objects)
	case otasp.WritePRL:
		return fmt.Sprintf("write prl #%d %d octets at %d of %d", e.Req, len(e.Message), e.Offset, e.Total)
	case otasp.SetTimer:
		return "timer " + e.At.Sub(t0).String()
	case otasp.Report:
		return fmt.Sprintf("report %s %s committed=%v %v %q", e.Result.Outcome, e.Result.Reason, e.Result.Committed, e.Result.Skipped, e.Result.Detail)
	case otasp.Anomaly:
		return "anomaly: " + e.Note
	}
	return fmt.Sprintf("%s #%d%s", e.Kind, e.Req, repetition(e))
}

func repetition(e *otasp.Effect) string {
	if e.Attempt == 0 {
		return ""
	}
	return fmt.Sprintf(" (again, %d)", e.Attempt)
}
