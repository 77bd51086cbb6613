package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

// TestCDROfRunning: the records of a store that a gateway has are printed all the same.
func TestCDROfRunning(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "otagate.yaml")
	if err := os.WriteFile(file, []byte("store: {path: otagate.db}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "otagate.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan sessions.Result, 1)
	s.Apply(&sessions.Change{ID: 1, Key: sessions.MDNKey(5551234567), Finish: true, CDR: []cdr.Record{{Session: "0000000000000001", Flow: "relay"}}},
		func(r sessions.Result) { done <- r })
	if r := <-done; r.Err != nil {
		t.Fatal(r.Err)
	}
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetArgs([]string{"cdr", "-c", file})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], "0000000000000001,relay,") {
		t.Errorf("%q", lines)
	}
}
