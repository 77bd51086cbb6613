//go:build interop

package libwbxml_test

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the table. same are documents of which the octets are the
// same too; known differ for a reason that is known.
type row struct {
	what, compared              string
	cases, same, known, unknown int
}

// result is what the tests have found, in their order.
var result []row

func printTable(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\nwhat\tcompared\tcases\tagreed\tknown differences\tunknown")
	for _, r := range result {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\n", r.what, r.compared, r.cases, r.same, r.known, r.unknown)
	}
	_ = w.Flush() // an error of the terminal shows in what follows
}

// markdown is the table for the document.
func markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, libwbxml2-utils %s, seed %d.\n\n| what | compared | cases | agreed | known differences | unknown |\n|---|---|---:|---:|---:|---:|\n",
		time.Now().Format(time.DateOnly), toolsVersion(), *seed)
	for _, r := range result {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d |\n", r.what, r.compared, r.cases, r.same, r.known, r.unknown)
	}
	return b.String()
}

// toolsVersion is that of the Debian package: the tools do not say it.
func toolsVersion() string {
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", "libwbxml2-utils").Output()
	if err != nil {
		return "of unknown version"
	}
	return strings.TrimSpace(string(out))
}
