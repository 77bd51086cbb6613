//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"flag"
	"os"
	"testing"
)

var writeDocs = flag.Bool("write-docs", false, "put the table into docs/interop.md")

// Environment of the half that has namespaces.
const (
	envInside  = "RESOURCES_INSIDE"  // directory that both halves see
	envProgram = "RESOURCES_OTAGATE" // the otagate command
	envRole    = "RESOURCES_ROLE"    // what a process started by a test is to be
)

func TestMain(m *testing.M) {
	flag.Parse()
	switch {
	case os.Getenv(envRole) == roleFsync:
		os.Exit(fail(becomeFiltered(os.Args[1:])))
	case os.Getenv(envInside) != "":
		if err := settle(); err != nil {
			os.Exit(fail(err))
		}
		os.Exit(m.Run())
	}
	os.Exit(host())
}
