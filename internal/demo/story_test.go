package demo

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// TestStories plays every story: each has to end as it promises.
func TestStories(t *testing.T) {
	self, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Stories() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			var out, capture, log bytes.Buffer
			if err := Play(t.Context(), s, Options{Out: &out, PCAP: &capture, Self: self, Log: zerolog.New(zerolog.SyncWriter(&log)).Level(zerolog.WarnLevel)}); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			for line := range strings.Lines(log.String()) {
				if strings.Contains(line, "anomaly") {
					t.Errorf("nobody waits for that: %s", line)
				}
			}
			checkOutput(t, out.String())
			if b := capture.Bytes(); len(b) < 1000 {
				t.Errorf("a capture of %d octets", len(b))
			}
		})
	}
}

var ladderLine = regexp.MustCompile(`^ *\d+\.\d{3} ms  (IVR|PI|otagate|STP|MSC|HLR/AC|SMSC|air|handset) +→ (IVR|PI|otagate|STP|MSC|HLR/AC|SMSC|handset|back-end) +\S`)

// checkOutput: ladder, table, record, each line of its form; no message that
// passed was unreadable and nothing differs.
func checkOutput(t *testing.T, out string) {
	t.Helper()
	steps, table, records := 0, 0, 0
	for line := range strings.Lines(out) {
		switch {
		case strings.Contains(line, "→"):
			steps++
			if !ladderLine.MatchString(line) || strings.Contains(line, "wire:") {
				t.Errorf("odd line: %s", line)
			}
		case strings.HasPrefix(line, "CDR {"):
			records++
		case strings.Contains(line, "equal") || strings.Contains(line, "left out, as promised"):
			table++
		case strings.Contains(line, "DIFFERENT"):
			t.Errorf("%s", line)
		}
	}
	if steps < 10 || table < 5 || records < 1 {
		t.Errorf("%d steps, %d lines of the table, %d records:\n%s", steps, table, records, out)
	}
}

// TestFolder: the temporary folder may have a name that YAML reads as something else.
func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a, {b}: #c")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	l, err := newLab(&Options{Log: zerolog.Nop()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.config.Store.Path, filepath.Join(l.dir, "otagate.db"); got != want {
		t.Errorf("the store is at %s, want %s", got, want)
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
}

// TestNames: the stories that are promised to be there are there, each once.
func TestNames(t *testing.T) {
	var names []string
	for _, s := range Stories() {
		if s.Promise == "" || slices.Contains(names, s.Name) {
			t.Errorf("story %q", s.Name)
		}
		names = append(names, s.Name)
	}
	for _, n := range []string{
		"activate", "activate-akey", "extended-prl", "unknown-trn", "wrong-spc", "handset-refuses-block", "hang-up-in-prl", "busy-mdn",
		"no-order", "duplicate-trigger", "lost-answer", "crash-before-commit", "crash-after-commit",
		"push-sl", "push-cp-userpin", "push-cp-wrong-pin", "push-postponed", "push-relay", "relay",
		"otapa-prl", "otapa-nam-lock", "otapa-postponed",
		"iota-one-button", "iota-ivr", "iota-prl", "iota-fails-then-otapa", "iota-replayed-url", "iota-expired",
	} {
		if _, ok := Find(n); !ok {
			t.Errorf("no story %s", n)
		}
	}
	if _, ok := Find("no such story"); ok {
		t.Error("found what is not there")
	}
}

func TestLists(t *testing.T) {
	for name, b := range map[string][]byte{"classic": classicList(), "extended": extendedList()} {
		l, err := prl.Decode(b)
		if err != nil || (l.PRev == prl.Extended) != (name == "extended") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(classicList()) <= 2*180 {
		t.Error("the list has not three segments of 180 octets")
	}
}

// steps are the messages that the handset heard in a story.
func steps(t *testing.T, name string) []string {
	t.Helper()
	s, ok := Find(name)
	if !ok {
		t.Fatal(name)
	}
	var mu sync.Mutex
	var heard []string
	o := Options{Out: &bytes.Buffer{}, Log: zerolog.Nop()}
	o.watch = func(m sim.Sight) {
		if m.Proto != "is683-fwd" {
			return
		}
		msg, err := is683.DecodeForward(m.Octets)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, is683.Name(msg))
	}
	if err := newRun(t.Context(), &s).play(&o); err != nil {
		t.Fatal(err)
	}
	return heard
}

// TestSteps pins what a handset hears, in order.
func TestSteps(t *testing.T) {
	begin := []string{"Protocol Capability Request", "Validation Request", "Configuration Request"}
	list := []string{"SSPR Configuration Request", "SSPR Download Request", "SSPR Download Request", "SSPR Download Request"}
	plain := slices.Concat(begin, []string{"Download Request"}, list, []string{"Commit Request"})
	for name, want := range map[string][]string{
		"activate": plain,
		"activate-akey": slices.Concat(begin, []string{"MS Key Request", "Key Generation Request", "Re-Authenticate Request", "Download Request"}, list,
			[]string{"Validation Request", "Commit Request"}),
		"wrong-spc":      begin[:2],
		"no-features":    {begin[0], begin[2], "Download Request", "Commit Request"},
		"hang-up-in-prl": slices.Concat(begin, []string{"Download Request"}, list[:2]),
		"lost-commit":    slices.Concat(plain, []string{"Configuration Request"}),
		"unknown-trn":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(want, steps(t, name)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestWrongPromise: a story that ends in another way than it promises is told so.
func TestWrongPromise(t *testing.T) {
	s, _ := Find("activate")
	for name, spoil := range map[string]func(*Story){
		"receipt":  func(s *Story) { s.Ends.Stat = "UNDELIVERABLE" },
		"reason":   func(s *Story) { s.Ends.Reason = "hang-up" },
		"outcome":  func(s *Story) { s.Ends.Outcome = "failed" },
		"memory":   func(s *Story) { s.Ends.Changed = false },
		"skipped":  func(s *Story) { s.Ends.Skipped = []string{"prl"} },
		"restart":  func(s *Story) { s.Ends.Recovered = true },
		"second":   func(s *Story) { s.Ends.Second = &Ending{} },
		"loan":     func(s *Story) { s.Play = func(r *run) error { r.balance = 1; return oneCall(r) } },
		"programs": func(s *Story) { s.Ends.Extra = func(r *run) error { r.lab.forgetKeys(); return sameAKey(r) } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := s
			spoil(&wrong)
			if err := Play(t.Context(), wrong, Options{Out: &bytes.Buffer{}, Log: zerolog.Nop()}); err == nil {
				t.Error("as promised")
			}
		})
	}
}

// TestUnchanged: no part of a handset may change unseen, and no Commit pass.
func TestUnchanged(t *testing.T) {
	for name, change := range map[string]func(*sim.Memory){
		"nothing": func(*sim.Memory) {},
		"MCC":     func(m *sim.Memory) { m.IMSIM.MCC = "311" },
		"access":  func(m *sim.Memory) { m.Access.ACCOLC++ },
		"analog":  func(m *sim.Memory) { m.Analog.EX = true },
		"IMSI_T":  func(m *sim.Memory) { m.IMSIT.IMSI1112 = "99" },
		"A-key":   func(m *sim.Memory) { m.HasAKey = true },
		"3GPD":    func(m *sim.Memory) { m.Packet = map[uint8]string{1: "a"} },
	} {
		c := sim.DefaultHandset()
		before := c.Memory
		change(&c.Memory)
		if same := printRows(io.Discard, unchanged(&before, sim.NewHandset(c))); same != (name == "nothing") {
			t.Errorf("%s: unchanged is %t", name, same)
		}
	}
	h := sim.NewHandset(sim.DefaultHandset())
	before := h.Memory()
	for _, m := range []is683.Message{&is683.ValidationRequest{Blocks: []is683.Block{{ID: is683.ValidationChangeSPC, Data: make([]byte, 3)}}}, &is683.CommitRequest{}} {
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		h.Answer(b)
	}
	if printRows(io.Discard, unchanged(&before, h)) {
		t.Errorf("%d Commits are overlooked", h.Commits())
	}
}

// TestWrongSecond: neither the record nor the receipt of a second trigger is overlooked.
func TestWrongSecond(t *testing.T) {
	s, _ := Find("busy-mdn")
	for name, spoil := range map[string]func(*Ending){
		"outcome": func(e *Ending) { e.Outcome = "failed" },
		"reason":  func(e *Ending) { e.Reason = "busy-mdn-not" },
		"receipt": func(e *Ending) { e.Stat = "UNDELIVERABLE" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong, e := s, *s.Ends.Second
			spoil(&e)
			wrong.Ends.Second = &e
			if err := Play(t.Context(), wrong, Options{Out: io.Discard, Log: zerolog.Nop()}); err == nil {
				t.Error("as promised")
			}
		})
	}
}

func importAll(t *testing.T, l *Lab, orders ...configs.Order) {
	t.Helper()
	if err := l.importOrders(t.Context(), orders); err != nil {
		t.Fatal(err)
	}
}
