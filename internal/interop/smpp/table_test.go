//go:build interop

package smpp_test

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

const docsName = "interop-smpp"

// absent says that a peer has no such thing; what it says is why.
type absent string

func (a absent) Error() string { return string(a) }

// cell is what came of an exchange with a peer.
type cell struct{ role, exchange, by, peer, result string }

// What the tests have found, in their order, and what the notes below the table say.
var (
	cells []cell
	notes []string
)

// mark puts a remark under the table, and returns its number there.
func mark(text string) string {
	i := slices.Index(notes, text)
	if i < 0 {
		i = len(notes)
		notes = append(notes, text)
	}
	return fmt.Sprintf("(%d)", i+1)
}

// judge puts the result of an exchange into the table. A difference that is known has
// to show, and no other may.
func judge(t *testing.T, role, peer string, x *exchange, err error) {
	t.Helper()
	c := cell{role, x.name, x.by, peer, "passes"}
	why, known := quirks[quirk{role, peer, x.name}]
	var a absent
	switch {
	case errors.As(err, &a):
		c.result = "not there " + mark(peer+": "+string(a))
		if known {
			t.Errorf("a difference is known of what the peer does not have: %s", why)
		}
	case err != nil && known && strings.Contains(err.Error(), why.shows):
		c.result = "differs " + mark(peer+": "+why.cause)
	case err != nil:
		c.result = "FAILS"
		t.Error(err)
	case known:
		t.Errorf("the known difference does not show: %s", why.cause)
	case remarks[quirk{role, peer, x.name}] != "":
		c.result = "passes " + mark(peer+": "+remarks[quirk{role, peer, x.name}])
	}
	cells = append(cells, c)
}

// grid is the table of one role.
func grid(role string) (head []string, rows [][]string) {
	head = []string{"exchange", "our side"}
	for _, c := range cells {
		if c.role != role {
			continue
		}
		col := slices.Index(head, c.peer)
		if col < 0 {
			col = len(head)
			head = append(head, c.peer)
		}
		row := slices.IndexFunc(rows, func(r []string) bool { return r[0] == c.exchange })
		if row < 0 {
			row = len(rows)
			rows = append(rows, []string{c.exchange, c.by})
		}
		for len(rows[row]) <= col {
			rows[row] = append(rows[row], "")
		}
		rows[row][col] = c.result
	}
	return head, rows
}

func printTable(out io.Writer) {
	for _, role := range []string{asClient, asServer} {
		w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
		head, rows := grid(role)
		fmt.Fprintf(w, "\n%s:\n%s\n", role, strings.Join(head, "\t"))
		for _, r := range rows {
			fmt.Fprintln(w, strings.Join(r, "\t"))
		}
		_ = w.Flush() // an error of the terminal shows in what follows
	}
	for i, n := range notes {
		fmt.Fprintf(out, "(%d) %s\n", i+1, n)
	}
}

func docsText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, go-smpp of 2021-04-03, gosmpp 0.3.1, node-smpp 0.5.1, Kannel %s.\n", time.Now().Format(time.DateOnly), debian("kannel"))
	for _, role := range []string{asClient, asServer} {
		head, rows := grid(role)
		fmt.Fprintf(&b, "\n%s:\n\n| %s |\n|%s\n", role, strings.Join(head, " | "), strings.Repeat("---|", len(head)))
		for _, r := range rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(r, " | "))
		}
	}
	b.WriteString("\n")
	for i, n := range notes {
		fmt.Fprintf(&b, "%d. %s\n", i+1, n)
	}
	return b.String()
}

// debian is the version of a Debian package.
func debian(name string) string {
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", name).Output()
	if err != nil {
		return "of unknown version"
	}
	return strings.TrimSpace(string(out))
}
