package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"otagate": func() { os.Exit(run()) }})
}

// TestScripts runs testdata/*.txt: what a user types, and what he sees.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			wd, err := os.Getwd()
			e.Vars = append(e.Vars, "CONFIGS="+wd+"/../../configs", "TMPDIR="+e.WorkDir)
			return err
		},
	})
}
