package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions/sqlite"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path    string
		pragmas []string
		want    string // in the error
	}{
		"memory":            {":memory:", nil, "not the path of a file"},
		"no path":           {"", nil, "not the path of a file"},
		"a URI":             {"file:x.db", nil, "not the path of a file"},
		"no directory":      {filepath.Join(dir, "none", "x.db"), nil, "locking"},
		"text":              {text, nil, "the file is something else"},
		"synchronous off":   {filepath.Join(dir, "a.db"), []string{"synchronous(OFF)"}, "synchronous is 0"},
		"synchronous":       {filepath.Join(dir, "a.db"), []string{"synchronous(NORMAL)"}, "synchronous is 1"},
		"journal":           {filepath.Join(dir, "b.db"), []string{"journal_mode(DELETE)"}, "journal_mode is delete"},
		"journal in memory": {filepath.Join(dir, "c.db"), []string{"journal_mode(MEMORY)"}, "journal_mode is memory"},
	} {
		s, err := sqlite.Open(context.Background(), c.path, sqlite.Options{Pragmas: c.pragmas})
		if err == nil {
			t.Errorf("%s: opened", name)
			_ = s.Close()
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// A safer setting is welcome, and a refusal holds no lock.
	s := openWith(t, filepath.Join(dir, "a.db"), sqlite.Options{Pragmas: []string{"synchronous(EXTRA)"}})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesForeignFile(t *testing.T) {
	for name, prepare := range map[string]string{
		"other tables": "CREATE TABLE invoices (id INTEGER)",
		"other id":     "PRAGMA application_id = 1234",
	} {
		path := filepath.Join(t.TempDir(), "x.db")
		edit(t, path, prepare)
		if _, err := sqlite.Open(context.Background(), path, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "belongs to another program") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenRefusesNewerTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := openWith(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	if _, err := sqlite.Open(context.Background(), path, sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "use the newer program") {
		t.Errorf("%v", err)
	}
}

func edit(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a name with ? and %.db")
	s := openWith(t, path, sqlite.Options{})
	if _, err := sqlite.Open(context.Background(), path, sqlite.Options{}); !errors.Is(err, sqlite.ErrInUse) || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("the second: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := openWith(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
}

// TestNewFileIsTheOwners: nobody else on the machine reads a new store, nor the
// files beside it; the mode of one that is there is its owner's affair.
func TestNewFileIsTheOwners(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openWith(t, path, sqlite.Options{})
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		st, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if st.Mode().Perm() != 0o600 {
			t.Errorf("%s is %s", filepath.Base(file), st.Mode())
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := openWith(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
}
