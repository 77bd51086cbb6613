package differential

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/otagate/otagate/internal/interop/doctable"
)

const (
	defaultSeed     = 1
	defaultMessages = 3000
)

var (
	seed      = flag.Uint64("seed", defaultSeed, "what the messages are drawn from")
	number    = flag.Int("messages", defaultMessages, "messages of each peer and way, and ten times as many broken ones")
	show      = flag.Int("show", 3, "disagreements that no row explains, to be printed of each peer and way")
	writeDocs = flag.Bool("write-docs", false, "put the tables into docs/interop.md")
)

// batch is a line of the first table.
type batch struct {
	peer, what                                string
	cases, compared, agreed, explained, wrong int
}

// result is what the run found, in the order of the tests.
var result []batch

func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if *show > 0 && len(result) > 0 {
		printTables(os.Stdout)
	}
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == ""
	if status == 0 && whole && *number >= defaultMessages {
		status = unmet()
	}
	if *writeDocs && (status != 0 || !whole) {
		fmt.Println("the tables are not written: they are those of a whole run that succeeds")
		status = max(status, 1)
	} else if *writeDocs {
		if err := doctable.Put(doctable.Docs, "interop-differential", markdown()); err != nil {
			fmt.Println(err)
			status = 1
		}
	}
	os.Exit(status)
}

// unmet finds rows that the run has not met: they excuse nothing.
func unmet() (status int) {
	for _, p := range peers() {
		for _, r := range p.rows {
			if r.met == 0 {
				fmt.Printf("%s: never met: %s\n", p.name, r.what)
				status = 1
			}
		}
	}
	return status
}

// version is that of a module: of this build, or, since the information of a
// test's build may lack its modules, of the go.mod that it was built with.
func version(module string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == module {
				return m.Path + " " + m.Version
			}
		}
	}
	text, err := os.ReadFile("../../../go.mod")
	if err != nil {
		return module + ": " + err.Error()
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == module {
			return module + " " + f[1]
		}
	}
	return module + " of an unknown version"
}

func heading() string {
	var names []string
	for _, p := range peers() {
		names = append(names, version(p.module))
	}
	return fmt.Sprintf("%s, %s, %s, seed %d.", time.Now().Format(time.DateOnly), runtime.Version(), strings.Join(names, ", "), *seed)
}

func printTables(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s\n\npeer\twhat\tcases\tvalues\tagreed\texplained\tunexplained\n", heading())
	for _, b := range result {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\n", b.peer, b.what, b.cases, b.compared, b.agreed, b.explained, b.wrong)
	}
	fmt.Fprintln(w, "\npeer\tdisagreement\tfavour\tmet\t\t\t")
	for _, p := range peers() {
		for _, r := range p.rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t\t\t\n", p.name, r.what, r.favour, r.met)
		}
	}
	_ = w.Flush() // an error of the terminal shows in what follows
}

func markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n| peer | what | cases | values | agreed | explained | unexplained |\n|---|---|---:|---:|---:|---:|---:|\n", heading())
	for _, x := range result {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d |\n", x.peer, x.what, x.cases, x.compared, x.agreed, x.explained, x.wrong)
	}
	b.WriteString("\nThe disagreements, each settled:\n\n| peer | what | example | favour | reason | met |\n|---|---|---|---|---|---:|\n")
	for _, p := range peers() {
		for _, r := range p.rows {
			example := r.example
			if len(example) > 120 {
				example = fmt.Sprintf("%s… (%d octets)", example[:60], len(strings.ReplaceAll(example, " ", ""))/2)
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` | %s | %s | %d |\n", p.name, r.what, example, r.favour, r.reason, r.met)
		}
	}
	return b.String()
}
