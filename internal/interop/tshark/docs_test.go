//go:build interop

package tshark_test

import (
	"fmt"
	"strings"
	"time"
)

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
