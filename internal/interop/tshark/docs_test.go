//go:build interop

package tshark_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// The tables stand between these lines of the document.
const (
	docsBegin = "<!-- interop-tshark: written by make interop-tshark ARGS=-write-docs -->\n"
	docsEnd   = "<!-- interop-tshark: end -->\n"
)

// write puts the tables into the document, which has to have the two lines.
func (r *report) write(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: it has the text around the tables, and must be there", file)
	}
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), docsBegin)
	_, after, ok2 := strings.Cut(rest, docsEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s: the lines that mark the tables are missing", file)
	}
	return os.WriteFile(file, []byte(before+docsBegin+r.tables()+docsEnd+after), 0o644)
}

func (r *report) tables() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, seed %d.\n\n", time.Now().Format(time.DateOnly), r.version, *seed)
	b.WriteString("| what | held against | cases | values | agreed | known differences | unknown |\n|---|---|---:|---:|---:|---:|---:|\n")
	for _, x := range r.sorted() {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d |\n", x.what, x.against, x.cases, x.fields, x.agreed, x.known, x.unknown)
	}
	b.WriteString("\nWhat Wireshark gets wrong, and how often the run met it:\n\n| where | field | Wireshark | met |\n|---|---|---|---:|\n")
	for _, f := range shownFaults() {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %d |\n", f.where, strings.Join(f.fields, "`, `"), f.reason, f.met)
	}
	b.WriteString("\nVectors that we refuse and tshark takes, and (those without an error of ours) the other way round:\n\n| vectors | our error | reason | number |\n|---|---|---|---:|\n")
	for _, x := range reasons {
		text := x.text
		if text == "" {
			text = "none"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", x.vectors, text, x.why, x.met)
	}
	return b.String()
}
