//go:build interop

package supply_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sums are the lines of a go.sum: "PATH VERSION" or "PATH VERSION/go.mod" to the
// checksum.
type sums map[string]string

func readSums(file string) (sums, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := sums{}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		f := strings.Fields(line)
		if len(f) != 3 || !strings.HasPrefix(f[2], "h1:") {
			return nil, fmt.Errorf("%s:%d: not a checksum: %q", file, i+1, line)
		}
		key := f[0] + " " + f[1]
		if old, ok := s[key]; ok && old != f[2] {
			return nil, fmt.Errorf("%s:%d: two checksums of %s", file, i+1, key)
		}
		s[key] = f[2]
	}
	return s, nil
}

// cachedSum is the checksum that the go command took of the module when it
// came; `go mod verify` holds the cache against it.
func cachedSum(m *module) (string, error) {
	// DIR is CACHE/ESCAPED_PATH@VERSION.
	path, version, found := strings.Cut(filepath.ToSlash(m.Dir), "@")
	cache := path
	for range strings.Count(m.Path, "/") + 1 {
		cache = filepath.Dir(cache)
	}
	if !found {
		return "", fmt.Errorf("%s is not in a module cache: %q", m.Path, m.Dir)
	}
	escaped := strings.TrimPrefix(path, filepath.ToSlash(cache))
	b, err := os.ReadFile(filepath.Join(cache, "cache", "download", escaped, "@v", version+".ziphash"))
	return strings.TrimSpace(string(b)), err
}

// check says what is wrong with the checksums of a module.
func (s sums) check(m *module, cached string) (wrong []string) {
	key := m.Path + " " + m.Version
	switch sum := s[key]; {
	case sum == "":
		wrong = append(wrong, "go.sum does not know "+key)
	case sum != cached:
		wrong = append(wrong, fmt.Sprintf("%s in the module cache has the checksum %q, in go.sum %q", key, cached, sum))
	}
	if s[key+"/go.mod"] == "" {
		wrong = append(wrong, "go.sum does not know the go.mod of "+key)
	}
	return wrong
}

// TestSums: go.sum has every module that anything is built from, with the
// checksum of what is in the module cache; and the go.mod of every module that
// ours requires.
func TestSums(t *testing.T) {
	s, err := readSums(filepath.Join("..", "..", "..", "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules(t) {
		cached, err := cachedSum(m)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, wrong := range s.check(m, cached) {
			t.Error(wrong)
		}
	}
	for _, goMod := range decodeAll[struct{ Require []module }](t, goTool(t, "mod", "edit", "-json")) {
		for _, m := range goMod.Require {
			if s[m.Path+" "+m.Version+"/go.mod"] == "" {
				t.Errorf("go.sum does not know the go.mod of %s %s", m.Path, m.Version)
			}
		}
	}
}

// TestSumsCheck: what TestSums must find.
func TestSumsCheck(t *testing.T) {
	m := &module{Path: "example.org/m", Version: "v1.0.0"}
	const zip, mod = "example.org/m v1.0.0", "example.org/m v1.0.0/go.mod"
	for name, tt := range map[string]struct {
		sums sums
		want string
	}{
		"right":         {sums{zip: "h1:a", mod: "h1:b"}, ""},
		"another":       {sums{zip: "h1:x", mod: "h1:b"}, `has the checksum "h1:a", in go.sum "h1:x"`},
		"no sum":        {sums{mod: "h1:b"}, "does not know " + zip},
		"no mod":        {sums{zip: "h1:a"}, "does not know the go.mod of " + zip},
		"older version": {sums{"example.org/m v0.9.0": "h1:a", mod: "h1:b"}, "does not know " + zip},
	} {
		got := strings.Join(tt.sums.check(m, "h1:a"), "; ")
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	file := filepath.Join(t.TempDir(), "go.sum")
	for text, ok := range map[string]bool{
		zip + " h1:a\n" + mod + " h1:b\n": true,
		zip + " h1:a\n" + zip + " h1:b\n": false,
		zip + " sha256:a\n":               false,
		zip + "\n":                        false,
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readSums(file); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
