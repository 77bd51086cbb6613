//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/interop/doctable"
)

// row is one line of the table.
type row struct {
	Done string // what was done
	Must string // what must happen
	Was  string // what happened
	OK   string
}

type table []row

const tableFile = "table.jsonl"

// promise puts a line into the table when the test ends. What happened is added
// with was.
type promise struct {
	t *testing.T
	row
}

func promises(t *testing.T, done, must string) *promise {
	p := &promise{t, row{Done: done, Must: must}}
	t.Cleanup(func() {
		switch {
		case t.Failed():
			p.OK = "FAILED"
		case t.Skipped():
			p.OK = "SKIPPED: needs root"
		default:
			p.OK = "as it must"
		}
		if err := p.row.add(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// was says what happened.
func (p *promise) was(format string, a ...any) {
	if p.Was != "" {
		p.Was += "; "
	}
	p.Was += fmt.Sprintf(format, a...)
}

func (r row) add() error { return doctable.Add(filepath.Join(os.Getenv(envInside), tableFile), r) }

// text is the table for a terminal.
func (all table) text() string {
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "%-12s %s\n  must: %s\n  was:  %s\n", r.OK, r.Done, r.Must, r.Was)
	}
	return b.String()
}

// markdown is the table for the document, with what it was made on.
func (all table) markdown() (string, error) {
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(kernel)), "-") // without what a distributor adds
	var b strings.Builder
	fmt.Fprintf(&b, "%s, Linux %s, %s.\n\n| what was done | what must happen | what happened | |\n|---|---|---|---|\n",
		time.Now().Format(time.DateOnly), number, runtime.Version())
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.Done, r.Must, r.Was, r.OK)
	}
	return b.String() + "\n", nil
}
