//go:build interop

package tshark_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

var writeDocs = flag.String("write-docs", "", "file whose section on tshark is written anew")

// row is one line of the report.
type row struct {
	what, against                         string
	cases, fields, agreed, known, unknown int
}

// report collects what the tests found.
type report struct {
	mu      sync.Mutex
	version string
	rows    []row
}

var result report

func (r *report) add(x row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, x)
}

// needTshark fails where there is none, unless ALLOW_SKIP says that this is to
// be borne.
func needTshark(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err == nil {
		return
	}
	if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "tshark") {
		t.Skip("SKIPPED: tshark cannot be found, and ALLOW_SKIP allows it")
	}
	t.Fatal("tshark cannot be found (Debian: apt-get install tshark), and ALLOW_SKIP does not name it")
}

func TestMain(m *testing.M) {
	flag.Parse()
	fmt.Printf("seed %d, %d messages of every encoder\n", *seed, *messages)
	status := m.Run()
	result.print()
	os.Exit(status)
}

func (r *report) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\nwhat\theld against\tcases\tfields\tagreed\tknown differences\tunknown")
	for _, x := range r.rows {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", x.what, x.against, x.cases, x.fields, x.agreed, x.known, x.unknown)
	}
	w.Flush()
}
