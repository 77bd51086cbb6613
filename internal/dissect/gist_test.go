package dissect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/testvec"
)

// TestGists prints the line of every vector.
func TestGists(t *testing.T) {
	var s strings.Builder
	for _, file := range vectorFiles(t) {
		vs, err := testvec.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range vs {
			v := &vs[i]
			if known(v.Proto) {
				g := dissect.Gister{Options: options(t, v.Args)}
				dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "../../testdata/")
				fmt.Fprintf(&s, "%s/%s\t%s\n", dir, v.Name, g.Gist(v.Proto, v.Octets))
			}
		}
	}
	const golden = "testdata/gists.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(s.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(s.String(), "\n")); d != "" {
		t.Errorf("the lines have changed; -update writes them:\n%s", d)
	}
}
