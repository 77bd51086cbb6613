package delivery_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/delivery"
)

var update = flag.Bool("update", false, "rewrite golden files")

var t0 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// message is what the scripts send, unless their "message" line says otherwise.
func message() delivery.Session {
	return delivery.Session{
		Bearer: delivery.ByCentre, Parts: delivery.NewParts(2), Validity: t0.Add(time.Hour),
		Policy: delivery.Policy{Receipts: true, Doubt: time.Minute, Attempts: 4, Pause: 10 * time.Second, MaxPause: time.Minute, Grace: 5 * time.Minute},
	}
}

// edit takes a word of a script's "message" line into account.
func edit(t *testing.T, s *delivery.Session, word string) {
	t.Helper()
	key, value, _ := strings.Cut(word, "=")
	p := &s.Policy
	switch key {
	case "parts":
		s.Parts = delivery.NewParts(number(t, value))
	case "msc":
		s.Bearer, p.Receipts = delivery.ByMSC, false
	case "no-receipts":
		p.Receipts = false
	case "resend":
		p.Resend = true
	case "doubt":
		p.Doubt = period(t, value)
	case "attempts":
		p.Attempts = uint8(number(t, value))
	case "pause":
		p.Pause = period(t, value)
	case "max-pause":
		p.MaxPause = period(t, value)
	case "ask-again":
		p.AskAgain = period(t, value)
	case "not-before":
		s.NotBefore = t0.Add(period(t, value))
	case "gather":
		s.Wake = t0.Add(period(t, value))
	case "validity":
		s.Validity = t0.Add(period(t, value))
	default:
		t.Fatalf("unknown word %q", word)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func period(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestScenarios plays testdata/scenario/delivery/*.txt: lines that begin with
// "> " are events, the rest is the transcript of what the machine answers. In
// the states of the parts a "?" marks one that is in doubt.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../../testdata/scenario/delivery/*.txt")
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
	t    *testing.T
	s    delivery.Session
	now  time.Time
	rows int64 // of the outbox, for the next answer
	b    strings.Builder

	before delivery.Session // of the last event, and what came of it
	ev     delivery.Event
	out    []delivery.Effect
}

func newPlayer(t *testing.T) *player { return &player{t: t, s: message(), now: t0} }

func play(t *testing.T, script string) string {
	p := newPlayer(t)
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "# "):
			p.b.WriteString(line + "\n")
		case strings.HasPrefix(line, "> "):
			p.b.WriteString(line + "\n")
			p.event(line[2:])
		}
	}
	return p.b.String()
}

var classes = map[string]delivery.Class{
	"temporary": delivery.Temporary, "postponed": delivery.Postponed, "permanent": delivery.Permanent, "late": delivery.Late,
}

var outcomes = map[string]delivery.PartState{
	"delivered": delivery.Delivered, "undelivered": delivery.Undelivered, "unknown": delivery.Unknown, "accepted": delivery.Accepted,
}

// event plays one line. An answer is about the part in hand and comes with the
// row of the outbox; "stale" before it makes it one about the sending before.
func (p *player) event(line string) {
	p.t.Helper()
	words := strings.Fields(line)
	stale := words[0] == "stale"
	if stale {
		words = words[1:]
	}
	words = append(words, "", "", "") // so that what is left out is empty
	ev := delivery.Event{At: p.now, Part: p.s.Part, Sending: p.s.Sending, Req: p.s.Req}
	switch words[0] {
	case "message":
		for _, w := range strings.Fields(line)[1:] {
			edit(p.t, &p.s, w)
		}
		return
	case "after": // time passes
		p.now = p.now.Add(period(p.t, words[1]))
		return
	case "start":
		ev.Kind = delivery.Start
	case "taken":
		ev.Kind, ev.MessageID = delivery.Taken, words[1]
	case "failed":
		ev.Kind, ev.Failure = delivery.Failed, p.failure(words[1], words[2])
	case "doubt":
		ev.Kind, ev.Failure.Detail = delivery.InDoubt, "no answer"
	case "receipt":
		ev.Kind, ev.Part, ev.Outcome, ev.Failure.Detail = delivery.Receipt, uint8(number(p.t, words[1])), outcomes[words[2]], words[2]
	case "located":
		ev.Kind, ev.MSC = delivery.Located, words[1]
	case "not-here":
		ev.Kind, ev.Failure = delivery.NotHere, p.failure(words[1], words[2])
	case "notified":
		ev.Kind, ev.MSC = delivery.Notified, words[1]
	case "withdrawn", "kept": // to the Withdraw with this ask
		ev.Kind, ev.OK = delivery.Withdrawn, words[0] == "withdrawn"
		if words[1] != "" {
			ev.Ask = uint64(number(p.t, words[1]))
		}
		ev.Again = words[2] == "again"
	case "expired": // when the timer is due, or now
		ev.Kind = delivery.Expired
		if words[1] != "early" && p.s.Wake.After(p.now) {
			p.now = p.s.Wake
			ev.At = p.now
		}
	case "recovered":
		ev.Kind = delivery.Recovered
		p.s = restored(p.t, p.s)
	case "cancel":
		ev.Kind, ev.Ask = delivery.Cancel, uint64(number(p.t, words[1]))
	case "recall": // with a validity that ends so long after now
		ev.Kind, ev.Ask = delivery.Recall, uint64(number(p.t, words[1]))
		if words[2] != "" {
			ev.Validity = p.now.Add(period(p.t, words[2]))
		}
	case "alone":
		ev.Kind = delivery.Alone
	case "join": // with a validity that ends so long after now
		ev.Kind = delivery.Join
		if words[1] != "" {
			ev.Validity = p.now.Add(period(p.t, words[1]))
		}
	case "joined":
		ev.Kind = delivery.Joined
	case "absorb":
		ev.Kind = delivery.Absorb
	default:
		p.t.Fatalf("unknown event %q", line)
	}
	if stale {
		ev.Sending--
		ev.Req--
	}
	if ev.Kind == delivery.Taken || ev.Kind == delivery.Failed || ev.Kind == delivery.InDoubt {
		p.rows++
		ev.Row = p.rows
	}
	p.step(ev)
}

func (p *player) failure(class, after string) (f delivery.Failure) {
	p.t.Helper()
	f.Class, f.Detail = classes[class], class
	if f.Class == 0 {
		p.t.Fatalf("unknown class %q", class)
	}
	if after != "" {
		f.After = period(p.t, after)
	}
	return f
}

// restored passes a session through its stored form, as a restart does.
func restored(t *testing.T, s delivery.Session) delivery.Session {
	t.Helper()
	if s.Phase == delivery.Idle {
		return s // never stored
	}
	b, err := s.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back delivery.Session
	if err := back.Decode(b); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] = 0xee // what was borrowed must not be in the state
	}
	return back
}

// step holds that a step leaves the state before it as it was.
func (p *player) step(ev delivery.Event) {
	p.t.Helper()
	before := p.s
	before.Parts = slices.Clone(p.s.Parts)
	next, out := p.s.Step(ev, nil)
	if d := cmp.Diff(before, p.s); d != "" {
		p.t.Fatalf("%s has changed the state before it (-before +after):\n%s", ev.Kind, d)
	}
	for i := range out {
		fmt.Fprintf(&p.b, "    %s\n", effectLine(&out[i]))
	}
	fmt.Fprintf(&p.b, "  = %s\n", stateLine(&next))
	p.before, p.ev, p.out, p.s = before, ev, out, next
}

func stateLine(s *delivery.Session) string {
	var b strings.Builder
	b.WriteString(s.Phase.String())
	for _, part := range s.Parts {
		b.WriteString(" " + part.State.String())
		if part.Doubt {
			b.WriteString("?")
		}
	}
	return b.String()
}

func effectLine(e *delivery.Effect) string {
	line := e.Kind.String()
	switch e.Kind {
	case delivery.Hand, delivery.Withdraw:
		line += fmt.Sprintf(" part %d #%d", e.Part, e.Sending)
		if e.MSC != "" {
			line += " to " + e.MSC
		}
		if e.Ask != 0 {
			line += fmt.Sprintf(" for %d", e.Ask)
		}
		if e.Again {
			line += " again"
		}
	case delivery.Settle:
		line += fmt.Sprintf(" row %d", e.Row)
	case delivery.Correlate:
		line += fmt.Sprintf(" %s part %d", e.MessageID, e.Part)
	case delivery.Locate:
		line += fmt.Sprintf(" #%d", e.Req)
	case delivery.SetTimer:
		line = "timer " + e.At.Sub(t0).String()
	case delivery.Answer:
		line += fmt.Sprintf(" %d %v", e.Ask, e.OK)
	case delivery.Report:
		line += fmt.Sprintf(" %s %s %q", e.Result.Outcome, e.Result.Reason, e.Result.Detail)
	case delivery.Anomaly:
		line += ": " + e.Note
	}
	return line
}
