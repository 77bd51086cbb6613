//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
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

func (r row) add() error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(os.Getenv(envInside), tableFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
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
		var r row
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// text is the table for a terminal.
func (all table) text() string {
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "%-12s %s\n  must: %s\n  was:  %s\n", r.OK, r.Done, r.Must, r.Was)
	}
	return b.String()
}

// The table stands between these lines of the document.
const (
	tableBegin = "<!-- resources: written by make fault ARGS=-write-docs -->\n"
	tableEnd   = "<!-- resources: end -->\n"
)

// write puts the table into the document.
func (all table) write(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s: the lines that mark the table are missing", file)
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(kernel)), "-") // without what a distributor adds
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s, Linux %s, %s.\n\n| what was done | what must happen | what happened | |\n|---|---|---|---|\n",
		before, tableBegin, time.Now().Format(time.DateOnly), number, runtime.Version())
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.Done, r.Must, r.Was, r.OK)
	}
	return os.WriteFile(file, []byte(b.String()+"\n"+tableEnd+after), 0o644)
}
