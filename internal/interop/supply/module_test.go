//go:build interop

package supply_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const ours = "github.com/otagate/otagate"

// module is somebody else's module that otagate or its tests are built from.
type module struct {
	Path, Version string
	Dir           string
	Indirect      bool // what go.mod says
	Main          bool
	Replace       *module

	linked   bool     // into the program
	imported bool     // by a package of ours: of the program if linked, else of the tests
	bringers []string // modules that import it, ours not among them
	users    []string // packages of ours that import it
	dirs     []string // of the packages used
}

// imports is what `go list -json` says of a package.
type imports struct {
	ImportPath, Dir string
	Imports         []string
	Module          *module
}

// goTool runs the go command in the root of the module, as for a Linux build.
func goTool(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.Join("..", "..", "..")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

// decodeAll reads the JSON values that the go command prints one after the other.
func decodeAll[T any](t *testing.T, b []byte) (all []T) {
	t.Helper()
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		var x T
		if err := d.Decode(&x); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
}

// modules lists the modules of others that anything of ours is built from.
func modules(t *testing.T) []*module {
	t.Helper()
	all := map[string]*module{}
	const fields = "-json=ImportPath,Dir,Imports,Module"
	collect(all, decodeAll[imports](t, goTool(t, "list", "-deps", fields, "./cmd/...")), true)
	collect(all, decodeAll[imports](t, goTool(t, "list", "-deps", "-test", "-tags", "interop", fields, "./...")), false)
	if len(all) == 0 {
		t.Fatal("no module found")
	}
	return slices.SortedFunc(maps.Values(all), func(a, b *module) int { return strings.Compare(a.Path, b.Path) })
}

// collect adds the modules of packages. A module that is linked stays as the
// program uses it: what tests use of it beside is not looked at.
func collect(all map[string]*module, packages []imports, linked bool) {
	of := map[string]string{} // module of a package
	for _, p := range packages {
		if m := p.Module; m != nil {
			of[plain(p.ImportPath)] = m.Path
			if all[m.Path] == nil && !m.Main {
				m.linked = linked
				all[m.Path] = m
			}
		}
	}
	for _, p := range packages {
		if p.Module == nil {
			continue
		}
		if m := all[p.Module.Path]; m != nil && m.linked == linked {
			m.dirs = insert(m.dirs, p.Dir)
		}
		for _, to := range p.Imports {
			m := all[of[plain(to)]]
			switch {
			case m == nil || m.linked != linked || m.Path == p.Module.Path:
			case p.Module.Main:
				m.imported = true
				m.users = insert(m.users, plain(p.ImportPath))
			default:
				m.bringers = insert(m.bringers, p.Module.Path)
			}
		}
	}
}

// reserved tells whether nothing but tools_test.go imports the module, which
// names what is required for code that is not written yet.
func (m *module) reserved() bool {
	return slices.Equal(m.users, []string{ours + "_test"})
}

// plain is a package's path without the test that it was compiled for.
func plain(pkg string) string {
	pkg, _, _ = strings.Cut(pkg, " ")
	return pkg
}

// insert adds x to a sorted list that has it once at most.
func insert(list []string, x string) []string {
	i, found := slices.BinarySearch(list, x)
	if found {
		return list
	}
	return slices.Insert(list, i, x)
}

// TestModules: the go.mod says rightly which modules we import ourselves, and
// nothing is there in the name of another.
func TestModules(t *testing.T) {
	direct := map[string]bool{}
	for _, p := range decodeAll[imports](t, goTool(t, "list", "-test", "-tags", "interop", "-json=Imports", "./...")) {
		for _, to := range p.Imports {
			direct[plain(to)] = true
		}
	}
	of := map[string]string{}
	for _, p := range decodeAll[imports](t, goTool(t, "list", "-deps", "-test", "-tags", "interop", "-json=ImportPath,Module", "./...")) {
		if p.Module != nil && direct[plain(p.ImportPath)] {
			of[p.Module.Path] = plain(p.ImportPath)
		}
	}
	for _, m := range modules(t) {
		if pkg := of[m.Path]; (pkg == "") != m.Indirect {
			t.Errorf("go.mod: %s: indirect %t, but of ours import it: %q; run go mod tidy", m.Path, m.Indirect, pkg)
		}
		if m.Replace != nil {
			t.Errorf("go.mod replaces %s by %s %s", m.Path, m.Replace.Path, m.Replace.Version)
		}
	}
}

// TestCollect: a program that needs b→c, a test that needs c and d→c, e, and
// tools_test.go, which names f.
func TestCollect(t *testing.T) {
	mod := func(path string) *module { return &module{Path: path, Main: path == ours} }
	all := map[string]*module{}
	program := []imports{
		{ImportPath: ours + "/cmd", Module: mod(ours), Imports: []string{"fmt", "b/x"}},
		{ImportPath: "b/x", Dir: "bx", Module: mod("b"), Imports: []string{"b/y", "c"}},
		{ImportPath: "b/y", Dir: "by", Module: mod("b")},
		{ImportPath: "c", Dir: "c", Module: mod("c")},
		{ImportPath: "fmt"},
	}
	collect(all, program, true)
	collect(all, append(program, []imports{
		{ImportPath: ours + "/p [" + ours + "/p.test]", Module: mod(ours), Imports: []string{"c", "d"}},
		{ImportPath: "d", Dir: "d", Module: mod("d"), Imports: []string{"c", "e [d.test]"}},
		{ImportPath: "e [d.test]", Dir: "e", Module: mod("e")},
		{ImportPath: ours + "_test [" + ours + ".test]", Module: mod(ours), Imports: []string{"f"}},
		{ImportPath: "f", Dir: "f", Module: mod("f")},
	}...), false)
	for path, want := range map[string]module{
		"b": {linked: true, imported: true, dirs: []string{"bx", "by"}},
		"c": {linked: true, bringers: []string{"b"}, dirs: []string{"c"}},
		"d": {imported: true, dirs: []string{"d"}},
		"e": {bringers: []string{"d"}, dirs: []string{"e"}},
		"f": {imported: true, dirs: []string{"f"}},
	} {
		m := all[path]
		if m == nil || m.linked != want.linked || m.imported != want.imported || !slices.Equal(m.bringers, want.bringers) || !slices.Equal(m.dirs, want.dirs) {
			t.Errorf("%s: %+v, want %+v", path, m, want)
		}
	}
	if len(all) != 5 {
		t.Errorf("%d modules, want 5", len(all))
	}
	if all["d"].reserved() || !all["f"].reserved() {
		t.Errorf("reserved: d %t, f %t", all["d"].reserved(), all["f"].reserved())
	}
}
