//go:build interop

package supply_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var writeDocs = flag.Bool("write-docs", false, "write docs/dependencies.md anew")

var document = filepath.Join("..", "..", "..", "docs", "dependencies.md")

// group is a table of the document.
type group struct {
	title            string
	linked, imported bool
}

var groups = []group{
	{"Linked into otagate, chosen by us", true, true},
	{"Linked into otagate, brought by others", true, false},
	{"Tests only, chosen by us", false, true},
	{"Tests only, brought by others", false, false},
}

const head = `# Dependencies

<!-- Written by make licences ARGS=-write-docs; the reasons are in internal/interop/supply/reason_test.go. -->

Every module of others that otagate (a Linux build) or its tests are built from: %d are linked into the program, %d more are needed by tests
only. Beside them the program contains Go's standard library (BSD-3-Clause), of the version in ` + "`go.mod`" + `. ` + "`make verify`" + ` and ` + "`make licences`" + `,
which ` + "`.ci/run`" + ` runs, hold the modules against ` + "`go.sum`" + `, their licence files against the texts of the licences, and this page against both;
` + "`make vulncheck`" + ` asks for known vulnerabilities.

Allowed in the program: %s. In tests also MPL-2.0. A module with several licences
has parts under each. Whoever passes the program on passes on the licences of the linked modules, and the NOTICE files of those marked so. No module
is changed or replaced.
`

// render is the document.
func render(t *testing.T, all []*module) []byte {
	known := readTemplates(t)
	linked := 0
	for _, m := range all {
		if m.linked {
			linked++
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, head, linked, len(all)-linked, strings.Join(allowed, ", "))
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n| module | version | licence | why |\n|---|---|---|---|\n", g.title)
		for _, m := range all {
			if m.linked != g.linked || m.imported != g.imported {
				continue
			}
			f, _ := examine(known, m) // TestLicences reports the errors
			licences := strings.Join(f.licences, ", ")
			if f.notice {
				licences += "; NOTICE"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.Path, m.Version, licences, m.why())
		}
	}
	return b.Bytes()
}

// why is the reason, with who brings a module that we did not choose.
func (m *module) why() string {
	switch {
	case !m.imported:
		return "brought by " + strings.Join(m.bringers, ", ") + ": " + reasons[m.Path]
	case m.reserved():
		return reasons[m.Path] + "; required for what is not written yet"
	}
	return reasons[m.Path]
}

// TestReasons: every module has a reason, and every reason a module.
func TestReasons(t *testing.T) {
	there := map[string]bool{}
	for _, m := range modules(t) {
		there[m.Path] = true
		if reasons[m.Path] == "" {
			t.Errorf("reason_test.go does not say why %s is there (linked %t, brought by %q)", m.Path, m.linked, m.bringers)
		}
		if !m.imported && len(m.bringers) == 0 {
			t.Errorf("nobody brings %s", m.Path)
		}
	}
	for path := range reasons {
		if !there[path] {
			t.Errorf("reason_test.go has a reason for %s, which is not there", path)
		}
	}
}

// TestDocument: docs/dependencies.md is what the modules say.
func TestDocument(t *testing.T) {
	want := render(t, modules(t))
	if *writeDocs {
		if err := os.WriteFile(document, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	t.Error("docs/dependencies.md is not up to date; run make licences ARGS=-write-docs, read the difference and commit it")
	lines := func(b []byte) map[string]bool {
		m := map[string]bool{}
		for _, l := range strings.Split(string(b), "\n") {
			m[l] = true
		}
		return m
	}
	for l := range lines(want) {
		if !lines(got)[l] {
			t.Errorf("missing: %s", l)
		}
	}
	for l := range lines(got) {
		if !lines(want)[l] {
			t.Errorf("too much: %s", l)
		}
	}
}
