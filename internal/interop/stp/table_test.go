//go:build interop

package stp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/otagate/otagate/internal/interop/doctable"
)

// entry is one line of the table: what a test has shown.
type entry struct {
	Test, Shown string
	Cases       int
	Passed      bool
}

type table []entry

const tableFile = "table.jsonl"

// show puts a line into the table when the test ends. What it returns is to be
// increased with each case.
func show(t *testing.T, shown string) (cases *int) {
	cases = new(int)
	t.Cleanup(func() {
		e := entry{strings.TrimPrefix(t.Name(), "Test"), shown, *cases, !t.Failed()}
		if err := doctable.Add(filepath.Join(os.Getenv(envShared), tableFile), e); err != nil {
			t.Error(err)
		}
	})
	return cases
}

func (e entry) result() string {
	if e.Passed {
		return "as it should be"
	}
	return "FAILED"
}

// text is the table for a terminal.
func (all table) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "TEST\tCASES\tRESULT\tSHOWN")
	for _, e := range all {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", e.Test, e.Cases, e.result(), e.Shown)
	}
	_ = w.Flush() // to a strings.Builder
	return b.String()
}

// markdown is the table for the document.
func (all table) markdown(versions string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s.\n\n| test | what was shown | cases | result |\n|---|---|---:|---|\n", time.Now().Format(time.DateOnly), versions)
	for _, e := range all {
		fmt.Fprintf(&b, "| %s | %s | %d | %s |\n", e.Test, e.Shown, e.Cases, e.result())
	}
	return b.String() + "\n"
}
