//go:build interop

package stp

import (
	"flag"
	"os"
	"testing"
)

var writeDocs = flag.Bool("write-docs", false, "put the table into docs/interop.md")

// Environment of the guest's half.
const (
	envGuest   = "STP_GUEST"   // set inside the guest
	envShared  = "STP_SHARED"  // directory that guest and machine share
	envProgram = "STP_OTAGATE" // the otagate command
	envRole    = "STP_ROLE"    // what a process started by a test is to be
)

func TestMain(m *testing.M) {
	flag.Parse()
	switch {
	case os.Getenv(envRole) != "":
		os.Exit(play(os.Getenv(envRole)))
	case os.Getenv(envGuest) != "":
		os.Exit(m.Run())
	}
	os.Exit(host())
}
