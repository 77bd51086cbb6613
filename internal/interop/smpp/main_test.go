//go:build interop

package smpp_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/interop/doctable"
)

var writeDocs = flag.Bool("write-docs", false, "put the table into docs/interop.md")

// What TestMain has found or made.
var (
	program  string          // otagate
	nodePeer string          // directory of node-smpp and our script
	skipped  map[string]bool // peers that are not there, and need not be
)

// tools are what the peers need, and how it is had.
var tools = []struct{ peer, command, how string }{
	{"node", "node", "Node.js and npm (Debian: apt-get install nodejs npm)"},
	{"node", "npm", "Node.js and npm (Debian: apt-get install nodejs npm)"},
	{"kannel", "bearerbox", "Kannel (Debian: apt-get install kannel)"},
	{"kannel", "smsbox", "Kannel (Debian: apt-get install kannel)"},
}

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "otagate-interop-smpp")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	status := 1
	if err := prepare(dir); err != nil {
		fmt.Println(err)
	} else {
		status = finish(m.Run())
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Println(err)
		status = 1
	}
	os.Exit(status)
}

// prepare looks for the tools, and makes what the tests start.
func prepare(dir string) error {
	skipped = map[string]bool{}
	may := strings.Fields(os.Getenv("ALLOW_SKIP"))
	for _, tool := range tools {
		if _, err := exec.LookPath(tool.command); err == nil || skipped[tool.peer] {
			continue
		}
		if !slices.Contains(may, tool.peer) {
			return fmt.Errorf("%s cannot be found: this needs %s, and ALLOW_SKIP does not name %s", tool.command, tool.how, tool.peer)
		}
		fmt.Printf("SKIPPED: nothing was held against %s: %s cannot be found, and ALLOW_SKIP allows it\n", tool.peer, tool.command)
		skipped[tool.peer] = true
	}
	program = filepath.Join(dir, "otagate")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/otagate/otagate/cmd/otagate").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	if skipped["node"] {
		return nil
	}
	nodePeer = filepath.Join(dir, "node")
	if err := os.CopyFS(nodePeer, os.DirFS(filepath.Join("testdata", "node"))); err != nil {
		return err
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = nodePeer
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return nil
}

// finish prints the table, and writes it when it is asked to.
func finish(status int) int {
	if len(cells) == 0 {
		return status // nothing, or the throughput, which writes its own
	}
	printTable(os.Stdout)
	if !*writeDocs {
		return status
	}
	if status != 0 || len(skipped) > 0 || flag.Lookup("test.run").Value.String() != "" {
		fmt.Println("the table is not written: it is that of a whole run that succeeds")
		return max(status, 1)
	}
	if err := doctable.Put(doctable.Docs, docsName, docsText()); err != nil {
		fmt.Println(err)
		return 1
	}
	return status
}
