//go:build interop

package libwbxml_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/interop/doctable"
)

var (
	seed      = flag.Int("seed", 1, "seed of the generated documents")
	documents = flag.Int("documents", 500, "generated documents of each kind")
	show      = flag.Int("show", 5, "differences to print of each kind")
	writeDocs = flag.Bool("write-docs", false, "put the table into docs/interop.md")
)

const tools = "wbxml2xml and xml2wbxml (Debian: apt-get install libwbxml2-utils)"

func TestMain(m *testing.M) {
	flag.Parse()
	for _, name := range []string{"wbxml2xml", "xml2wbxml"} {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "libwbxml") {
			fmt.Printf("SKIPPED: nothing was held against libwbxml: %s cannot be found, and ALLOW_SKIP allows it\n", name)
			os.Exit(0)
		}
		fmt.Printf("%s cannot be found: this needs %s, and ALLOW_SKIP does not name libwbxml\n", name, tools)
		os.Exit(1)
	}
	fmt.Printf("seed %d, %d documents of each kind\n", *seed, *documents)
	status := m.Run()
	printTable(os.Stdout)
	if *writeDocs && (status != 0 || flag.Lookup("test.run").Value.String() != "") {
		fmt.Println("the table is not written: it is that of a whole run that succeeds")
		status = max(status, 1)
	} else if *writeDocs {
		if err := doctable.Put(doctable.Docs, "interop-libwbxml", markdown()); err != nil {
			fmt.Println(err)
			status = 1
		}
	}
	os.Exit(status)
}

// convert runs one of the tools over a document.
func convert(t *testing.T, dir string, in []byte, name string, args ...string) ([]byte, error) {
	t.Helper()
	from, to := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(name, append(args, "-o", to, from)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(said))
	}
	out, err := os.ReadFile(to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(said))
	}
	return out, nil
}
