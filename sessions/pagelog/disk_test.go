package pagelog_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// TestDirectory: the directory is made for a new log only, and nobody else reads it.
func TestDirectory(t *testing.T) {
	dir, tab := filepath.Join(t.TempDir(), "log"), &tables{}
	l := openLog(t, dir, tab, pagelog.Options{Segment: 10_000})
	put(t, l, 1, 1, 100)
	put(t, l, 2, 1, 20_000) // a segment of its own
	closeLog(t, l)
	for name, want := range map[string]struct {
		mode fs.FileMode
		size int64
	}{"": {0o700, 0}, "0000000000000001.seg": {0o600, 12288}, "0000000000000002.seg": {0o600, 20480}} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want.mode || !info.IsDir() && info.Size() != want.size {
			t.Errorf("%q: %v %v", name, info, err)
		}
	}
	if err := os.Rename(dir, dir+".lost"); err != nil {
		t.Fatal(err)
	}
	_, err := pagelog.Open(t.Context(), dir, tab, pagelog.Options{})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "not there") {
		t.Errorf("without its directory: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
	if err := os.Rename(dir+".lost", dir); err != nil {
		t.Fatal(err)
	}
	l = openLog(t, dir, tab, pagelog.Options{})
	if got := pagesOf(t, l); len(got) != 2 {
		t.Errorf("%d pages", len(got))
	}
	closeLog(t, l)
}

// TestStrangeFiles: what is no file of a log is not touched, and not read without end.
func TestStrangeFiles(t *testing.T) {
	dir, tab := t.TempDir(), &tables{}
	l := openLog(t, dir, tab, pagelog.Options{})
	put(t, l, 1, 1, 100)
	closeLog(t, l)
	for _, name := range []string{"00000000000000ff.seg", "00000000000000FE.seg", "notes"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	l = openLog(t, dir, tab, pagelog.Options{})
	closeLog(t, l)
	huge := filepath.Join(dir, "00000000000000fd.seg")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Fatal(err)
	}
	_, err := pagelog.Open(t.Context(), dir, tab, pagelog.Options{})
	if err == nil || !strings.Contains(err.Error(), huge) {
		t.Errorf("a file of 1 TiB: %v", err)
	}
}

// TestNoDirectory: without a place for the directory there is no log, and the tables
// know of none.
func TestNoDirectory(t *testing.T) {
	tab := &tables{}
	if _, err := pagelog.Open(t.Context(), filepath.Join(t.TempDir(), "a", "b"), tab, pagelog.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pagelog.Open(t.Context(), file, tab, pagelog.Options{}); err == nil {
		t.Error("a file was opened as a directory")
	}
	if tab.mark.Log != 0 {
		t.Errorf("%+v", tab.mark)
	}
}

// TestAllocs: to append a page with records makes no garbage.
func TestAllocs(t *testing.T) {
	l := openLog(t, t.TempDir(), &tables{}, pagelog.Options{Segment: 2 << 20})
	defer closeLog(t, l)
	p := sessions.Page{Body: body(1, 3000), Records: []cdr.Block{blockOf(1, 2, 3)}}
	page := func() {
		p.Seq++
		p.First = p.Seq
		if err := l.AppendPage(&p); err != nil {
			t.Fatal(err)
		}
	}
	for range 200 {
		page()
	}
	if n := testing.AllocsPerRun(100, page); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
