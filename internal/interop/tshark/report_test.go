//go:build interop

package tshark_test

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/otagate/otagate/internal/interop/doctable"
)

var writeDocs = flag.Bool("write-docs", false, "put the tables into docs/interop.md")

// The rows of the table come in this order.
const (
	rankBatch = iota
	rankWrong
	rankVectors
	rankDemo
)

// row is one line of the table. fields are the values compared.
type row struct {
	rank                                  int
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

// sorted are the rows in the order of the table.
func (r *report) sorted() []row {
	rows := slices.Clone(r.rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(a.what, b.what))
	})
	return rows
}

// needTshark fails where there is none, unless ALLOW_SKIP says that this is to
// be borne.
func needTshark(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "tshark") {
			t.Skip("SKIPPED: tshark cannot be found, and ALLOW_SKIP allows it")
		}
		t.Fatal("tshark cannot be found (Debian: apt-get install tshark), and ALLOW_SKIP does not name it")
	}
	result.mu.Lock()
	defer result.mu.Unlock()
	if result.version == "" {
		result.version = version(t)
	}
}

func TestMain(m *testing.M) {
	flag.Parse()
	fmt.Printf("seed %d, %d messages of every encoder\n", *seed, *messages)
	status := m.Run()
	if result.version == "" {
		fmt.Println("SKIPPED: nothing was held against tshark")
		os.Exit(status)
	}
	result.print(os.Stdout)
	whole := flag.Lookup("test.run").Value.String() == ""
	if status == 0 && whole && *seed == defaultSeed && *messages == defaultMessages {
		status = stale()
	}
	if *writeDocs && (status != 0 || !whole) {
		fmt.Println("the tables are not written: they are those of a whole run that succeeds")
		status = max(status, 1)
	} else if *writeDocs {
		if err := doctable.Put(doctable.Docs, "interop-tshark", result.tables()); err != nil {
			fmt.Println(err)
			status = 1
		}
	}
	os.Exit(status)
}

// stale finds known faults that the run has not met: they excuse nothing.
func stale() (status int) {
	for _, f := range slices.Concat(faults, demoFaults) {
		if f.met == 0 {
			fmt.Printf("known fault not met: %s, %s: %s\n", f.batch, f.field, f.reason)
			status = 1
		}
	}
	return status
}

func (r *report) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s\n\nwhat\theld against\tcases\tvalues\tagreed\tknown differences\tunknown\n", r.version)
	for _, x := range r.sorted() {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", x.what, x.against, x.cases, x.fields, x.agreed, x.known, x.unknown)
	}
	fmt.Fprintln(w, "\nwhere\twhat Wireshark gets wrong\tmet\t\t\t\t")
	for _, f := range shownFaults() {
		fmt.Fprintf(w, "%s\t%s\t%d\t\t\t\t\n", f.where, f.reason, f.met)
	}
	_ = w.Flush() // an error of the terminal shows in what follows
}
