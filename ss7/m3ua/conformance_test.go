package m3ua_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// purpose is one line of a conformance table: in this state, after these
// events, these answers and this next state, because the reference says so.
type purpose struct {
	file  string
	line  int
	id    string
	role  string
	state string
	event string
	want  string
	next  string
	ref   string
	known string // why it is not fulfilled
}

// rig is an implementation under test with the tester around it.
type rig interface {
	enter(state string)                // bring it into the state
	do(step string)                    // one event
	answers() string                   // all that came since the last call
	state() string                     // the state it is in
	close()                            // end everything
	fatalf(format string, args ...any) // the line itself is wrong
}

// rigs are the roles that a line may name.
var rigs = map[string]func(t *testing.T) rig{
	"SGP": newSGPRig, "ASP": newASPRig, "IPSP": newASPRig, "AS": newASRig,
}

// TestConformance runs the tables of testdata/m3ua/conformance*.txt: the test
// purposes of ETSI TS 102 381 and the procedures of RFC 4666 behind them. A
// line that is known not to be fulfilled must still not be.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob(vectors + "/conformance*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	var all []purpose
	for _, f := range files {
		all = append(all, readPurposes(t, f)...)
	}
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.id] {
			t.Errorf("%s:%d: %s is there twice", p.file, p.line, p.id)
		}
		seen[p.id] = true
		t.Run(p.id, func(t *testing.T) { bubble(t, p.run) })
	}
	summary(t, all)
}

func (p purpose) run(t *testing.T) {
	mk, known := rigs[p.role]
	if !known {
		t.Fatalf("%s:%d: no role %q", p.file, p.line, p.role)
	}
	r := mk(t)
	defer r.close()
	r.enter(p.state)
	r.answers()
	for step := range strings.SplitSeq(p.event, ";") {
		r.do(strings.TrimSpace(step))
	}
	got, next := r.answers(), r.state()
	fulfilled := got == p.want && next == p.next
	switch {
	case p.known == "" && !fulfilled:
		t.Errorf("%s:%d: %s in %s, %s (%s)\n got: %s | %s\nwant: %s | %s", p.file, p.line, p.role, p.state, p.event, p.ref, got, next, p.want, p.next)
	case p.known != "" && fulfilled:
		t.Errorf("%s:%d: %s is fulfilled; it is known not to be: %s", p.file, p.line, p.id, p.known)
	}
}

// readPurposes reads one table:
//
//	ID | role | state | events | answers | next state | reference [| not fulfilled: reason]
func readPurposes(t *testing.T, file string) (ps []purpose) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range strings.Split(string(b), "\n") {
		if text = strings.TrimSpace(text); text == "" || text[0] == '#' {
			continue
		}
		f := strings.Split(text, "|")
		for j := range f {
			f[j] = strings.TrimSpace(f[j])
		}
		if len(f) < 7 || len(f) > 8 || slices.Contains(f, "") {
			t.Fatalf("%s:%d: %d fields, or an empty one", file, i+1, len(f))
		}
		p := purpose{filepath.Base(file), i + 1, f[0], f[1], f[2], f[3], f[4], f[5], f[6], ""}
		if len(f) == 8 {
			reason, is := strings.CutPrefix(f[7], "not fulfilled: ")
			if !is {
				t.Fatalf("%s:%d: %q is no reason", file, i+1, f[7])
			}
			p.known = reason
		}
		ps = append(ps, p)
	}
	return ps
}

// summary prints what docs/interop.md has as a table.
func summary(t *testing.T, all []purpose) {
	var roles []string
	lines, known := map[string]int{}, map[string]int{}
	for _, p := range all {
		if lines[p.role] == 0 {
			roles = append(roles, p.role)
		}
		lines[p.role]++
		if p.known != "" {
			known[p.role]++
			t.Logf("not fulfilled: %s %s: %s", p.id, p.ref, p.known)
		}
	}
	for _, r := range roles {
		t.Logf("%-8s %3d test purposes, %3d fulfilled, %2d known not to be", r, lines[r], lines[r]-known[r], known[r])
	}
	t.Logf("%-8s %3d", "all", len(all))
}
