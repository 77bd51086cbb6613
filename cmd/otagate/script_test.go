package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
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
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "pap": papCommand},
		Setup: func(e *testscript.Env) error {
			wd, err := os.Getwd()
			e.Vars = append(e.Vars, "CONFIGS="+wd+"/../../configs", "TMPDIR="+e.WorkDir)
			return err
		},
	})
}

// exits is "! exec" that holds the exit status against a number: exits 2 otagate nonsense.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG...]")
	}
	var exit *exec.ExitError
	err := ts.Exec(args[1], args[2:]...)
	if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
		ts.Fatalf("want exit status %s, got: %v", args[0], err)
	}
}
