//go:build interop

package supply_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowed are the licences that may be linked into the program, which is under
// Apache-2.0 itself: they ask for their text and notices to be passed on, and
// for nothing else. Those of tests are not passed on with the program.
var (
	allowed        = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", publicDomain}
	allowedInTests = append([]string{"MPL-2.0"}, allowed...)
)

const publicDomain = "public domain"

// review is what a person found in a file that is not the text of one licence.
type review struct {
	module, file string
	sha256       string
	licences     []string // of what can be in the program; none: nothing of it is
	found        string
}

var reviews = []review{
	{
		"github.com/pelletier/go-toml/v2", "LICENSE", "26844e4b53c5adec04e557fd7dfef281cc0205a7d355626b1c68b778b99e9e7b",
		[]string{"MIT"}, "the text of MIT below the name of the module",
	},
	{
		"go.yaml.in/yaml/v3", "LICENSE", "d18f6323b71b0b768bb5e9616e36da390fbd39369a81807cca352de4e4e6aa0b",
		[]string{"Apache-2.0", "MIT"}, "two licences and a list of the files under each: those ported from libyaml are under MIT",
	},
	{
		"modernc.org/libc", "LICENSE-3RD-PARTY.md", "f597097efe3d97021f89170746bd3a0fb9a8b6fb26b82043ed68a4e0283bee6c",
		[]string{"BSD-2-Clause", "BSD-3-Clause", "MIT", publicDomain},
		"Go, musl, go-netdb and nixpkgs; musl names parts under BSD and notices like it, the mathematics of Sun and others among them",
	},
	{
		"modernc.org/memory", "LICENSE-LOGO", "5ae5bee3072a841376451b48d8cfcec7188e10543926d5870828d36c8a750dc5",
		nil, "the address of a picture in its documentation",
	},
	{
		"modernc.org/sqlite", "LICENSE-3RD-PARTY.md", "b4366b9c27a9364633e015011a231913ed19bf1228f335bf617e50a6f7b168a6",
		[]string{"BSD-3-Clause", "MIT", publicDomain},
		"a list of its whole module graph; its section 1 is what is linked. Apache-2.0 is there for its tests, MPL-2.0 for a module of which nothing is compiled",
	},
	{
		"modernc.org/sqlite", "LICENSE-SQLITE", "8438c9c89b849131ead81d5435cb97fcf052df5b0b286dda8a2d4c29e6cb3fd0",
		[]string{publicDomain}, "SQLite's dedication to the public domain",
	},
}

var (
	licenceName = regexp.MustCompile(`(?i)licen[cs]e|copying|copyright`)
	noticeName  = regexp.MustCompile(`(?i)^notice`)
	sourceName  = regexp.MustCompile(`(?i)\.(go|s|c|h|json|ya?ml|sh)$`)
)

// finding is what a module is under.
type finding struct {
	licences []string
	notice   bool   // has a NOTICE, which Apache-2.0 wants passed on
	reviewed []bool // which of reviews were needed
}

// files lists the files below the module's root that match, in the directories
// of the packages used and in those above them.
func (m *module) files(match func(name string) bool) (all []string, err error) {
	var dirs []string
	for _, dir := range append(slices.Clone(m.dirs), m.Dir) {
		for ; strings.HasPrefix(dir, m.Dir); dir = filepath.Dir(dir) {
			dirs = insert(dirs, dir)
		}
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if name := e.Name(); e.Type().IsRegular() && match(name) && !sourceName.MatchString(name) {
				rel, err := filepath.Rel(m.Dir, filepath.Join(dir, name))
				if err != nil {
					return nil, err
				}
				all = append(all, filepath.ToSlash(rel))
			}
		}
	}
	return all, nil
}

// examine finds the licences of a module. Every file that nobody can tell is an
// error of its own.
func examine(known []template, m *module) (f finding, errs []error) {
	f.reviewed = make([]bool, len(reviews))
	files, err := m.files(licenceName.MatchString)
	if err != nil {
		return f, []error{fmt.Errorf("%s: %w", m.Path, err)}
	}
	if len(files) == 0 {
		errs = append(errs, fmt.Errorf("%s %s has no licence file in %s", m.Path, m.Version, m.Dir))
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(m.Dir, filepath.FromSlash(file)))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		licence, err := detect(known, string(text))
		if err == nil {
			f.licences = insert(f.licences, licence)
			continue
		}
		sum := sha256.Sum256(text)
		i := slices.IndexFunc(reviews, func(r review) bool { return r.module == m.Path && r.file == file })
		switch {
		case i < 0:
			errs = append(errs, fmt.Errorf("%s %s, file %s: %w; SHA-256 %x", m.Path, m.Version, file, err, sum))
			continue
		case reviews[i].sha256 != hex.EncodeToString(sum[:]):
			errs = append(errs, fmt.Errorf("%s %s, file %s is not the one that was reviewed: read it again; SHA-256 %x", m.Path, m.Version, file, sum))
		}
		f.reviewed[i] = true
		for _, l := range reviews[i].licences {
			f.licences = insert(f.licences, l)
		}
	}
	notices, err := m.files(noticeName.MatchString)
	if err != nil {
		errs = append(errs, err)
	}
	f.notice = len(notices) > 0
	return f, errs
}

// refused are the licences among those of a module that may not be there.
func refused(m *module, licences []string) (no []string) {
	list := allowedInTests
	if m.linked {
		list = allowed
	}
	for _, l := range licences {
		if !slices.Contains(list, l) {
			no = append(no, l)
		}
	}
	return no
}

// TestLicences: the licence of every module is known and allowed where it is.
func TestLicences(t *testing.T) {
	known := readTemplates(t)
	needed := make([]bool, len(reviews))
	count := map[bool]int{}
	for _, m := range modules(t) {
		f, errs := examine(known, m)
		for _, err := range errs {
			t.Error(err)
		}
		for _, l := range refused(m, f.licences) {
			t.Errorf("%s %s is under %s, which is not allowed (linked: %t)", m.Path, m.Version, l, m.linked)
		}
		for i, x := range f.reviewed {
			needed[i] = needed[i] || x
		}
		count[m.linked]++
	}
	for i, r := range reviews {
		if !needed[i] {
			t.Errorf("the review of %s, file %s, is of no use any more", r.module, r.file)
		}
	}
	if count[true] == 0 || count[false] == 0 {
		t.Errorf("%d modules linked, %d of tests: some are not seen", count[true], count[false])
	}
	t.Logf("%d modules linked, %d of tests only", count[true], count[false])
}

// TestOurLicence: what the list of allowed licences is measured by.
func TestOurLicence(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := detect(readTemplates(t), string(text)); err != nil || got != "Apache-2.0" {
		t.Errorf("LICENSE: %q, %v", got, err)
	}
}

// TestExamine: a module in which a licence is missing, hidden, or not allowed.
func TestExamine(t *testing.T) {
	known := readTemplates(t)
	mit, mpl := sample(t, "MIT"), sample(t, "MPL-2.0")
	for name, tt := range map[string]struct {
		files  map[string]string
		linked bool
		want   string // licences, those refused after a bar, then what is wrong
	}{
		"one":              {map[string]string{"LICENSE": mit}, true, "MIT||"},
		"two":              {map[string]string{"LICENSE": mit, "COPYING.txt": sample(t, "ISC")}, true, "ISC MIT||"},
		"none":             {map[string]string{"README": mit}, true, "||has no licence file"},
		"unknown":          {map[string]string{"LICENCE.md": "All yours."}, true, "||example.org/m v1.0.0, file LICENCE.md"},
		"within":           {map[string]string{"LICENSE": mit, "in/LICENSE": mpl}, true, "MIT MPL-2.0|MPL-2.0|"},
		"within, in tests": {map[string]string{"LICENSE": mit, "in/LICENSE": mpl}, false, "MIT MPL-2.0||"},
		"above a package":  {map[string]string{"LICENSE": mit, "in/side/p.go": "", "in/COPYING": "All yours."}, true, "MIT||file in/COPYING"},
		"not used":         {map[string]string{"LICENSE": mit, "other/LICENSE": "All yours."}, true, "MIT||"},
		"source":           {map[string]string{"LICENSE": mit, "license.go": "package m"}, true, "MIT||"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &module{Path: "example.org/m", Version: "v1.0.0", Dir: t.TempDir(), linked: tt.linked}
			m.dirs = []string{m.Dir, filepath.Join(m.Dir, "in", "side")}
			if err := os.MkdirAll(m.dirs[1], 0o755); err != nil {
				t.Fatal(err)
			}
			for file, text := range tt.files {
				file = filepath.Join(m.Dir, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			f, errs := examine(known, m)
			wantList, rest, _ := strings.Cut(tt.want, "|")
			wantNo, wantErr, _ := strings.Cut(rest, "|")
			if got := strings.Join(f.licences, " "); got != wantList {
				t.Errorf("licences %q, want %q", got, wantList)
			}
			if got := strings.Join(refused(m, f.licences), " "); got != wantNo {
				t.Errorf("refused %q, want %q", got, wantNo)
			}
			if got := fmt.Sprint(errs); (wantErr == "") != (len(errs) == 0) || !strings.Contains(got, wantErr) {
				t.Errorf("errors %s, want %q", got, wantErr)
			}
		})
	}
}
