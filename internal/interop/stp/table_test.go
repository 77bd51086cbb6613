//go:build interop

package stp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
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
		line, err := json.Marshal(entry{strings.TrimPrefix(t.Name(), "Test"), shown, *cases, !t.Failed()})
		if err != nil {
			t.Error(err)
			return
		}
		f, err := os.OpenFile(filepath.Join(os.Getenv(envShared), tableFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Error(err)
			return
		}
		_, err = f.Write(append(line, '\n'))
		if err := errors.Join(err, f.Close()); err != nil {
			t.Error(err)
		}
	})
	return cases
}

func readTable(dir string) (table, error) {
	b, err := os.ReadFile(filepath.Join(dir, tableFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("no test has run")
	}
	if err != nil {
		return nil, err
	}
	var all table
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		var e entry
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
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

// The table stands between these lines of the document.
const (
	tableBegin = "<!-- interop-stp: written by make interop-stp ARGS=-write-docs -->\n"
	tableEnd   = "<!-- interop-stp: end -->\n"
)

// write puts the table into the document.
func (all table) write(file, versions string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s: the lines that mark the table are missing", file)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s, %s.\n\n| test | what was shown | cases | result |\n|---|---|---:|---|\n",
		before, tableBegin, time.Now().Format(time.DateOnly), versions)
	for _, e := range all {
		fmt.Fprintf(&b, "| %s | %s | %d | %s |\n", e.Test, e.Shown, e.Cases, e.result())
	}
	return os.WriteFile(file, []byte(b.String()+"\n"+tableEnd+after), 0o644)
}
