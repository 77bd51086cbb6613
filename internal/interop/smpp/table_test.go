//go:build interop

package smpp_test

import (
	"io"
	"os/exec"
	"runtime"
	"strings"
)

const docsName = "interop-smpp"

var cells []int

func printTable(io.Writer) {}
func docsText() string     { return "" }

func cores() int { return runtime.NumCPU() }

// debian is the version of a Debian package.
func debian(name string) string {
	out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", name).Output()
	if err != nil {
		return "of unknown version"
	}
	return strings.TrimSpace(string(out))
}
