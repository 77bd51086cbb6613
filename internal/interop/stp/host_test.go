//go:build interop

package stp

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/otagate/otagate/internal/interop/doctable"
)

// needs are the commands that the run calls, and the Debian packages that have them.
var needs = []struct{ command, pkg string }{
	{"linux.uml", "user-mode-linux"}, {"modprobe", "kmod"}, {"ip", "iproute2"}, {"tc", "iproute2"},
	{"osmo-stp", "osmo-stp"}, {"tcpdump", "tcpdump"}, {"tshark", "tshark"},
}

// sbin is where Debian keeps commands that an ordinary user's PATH lacks.
const sbin = "/usr/local/sbin:/usr/sbin:/sbin"

// guestTime bounds the guest, in seconds.
const guestTime = "600"

// host runs the tests in a guest and returns the exit status of the whole.
func host() int {
	if err := os.Setenv("PATH", os.Getenv("PATH")+":"+sbin); err != nil {
		return fail(err)
	}
	if why := missing(); why != "" {
		if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "sctp-kernel") {
			fmt.Println("SKIPPED: kernel SCTP and osmo-stp, because ALLOW_SKIP allows it:", why)
			return 0
		}
		return fail(fmt.Errorf("kernel SCTP and osmo-stp cannot be tested, and ALLOW_SKIP does not name sctp-kernel: %s", why))
	}
	shared, err := os.MkdirTemp("", "otagate-stp.")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(shared)
	program := filepath.Join(shared, "otagate")
	if out, err := exec.Command("go", "build", "-o", program, "../../../cmd/otagate").CombinedOutput(); err != nil {
		return fail(fmt.Errorf("go build: %w\n%s", err, out))
	}
	guestErr := runGuest(shared, program)
	rows, err := doctable.Rows[entry](filepath.Join(shared, tableFile))
	if err != nil {
		return fail(errors.Join(guestErr, err))
	}
	lines := table(rows)
	fmt.Print("\n", lines.text())
	if guestErr != nil {
		return fail(guestErr)
	}
	if *writeDocs {
		if run := flag.Lookup("test.run"); run.Value.String() != "" {
			return fail(errors.New("-write-docs wants all tests, not -run"))
		}
		if err := doctable.Put(doctable.Docs, "interop-stp", lines.markdown(versions())); err != nil {
			return fail(err)
		}
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "interop-stp:", err)
	return 1
}

// missing says what has to be installed, empty when all is there.
func missing() string {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "the guest kernel is there for Linux on amd64 only"
	}
	var pkgs []string
	for _, n := range needs {
		if _, err := exec.LookPath(n.command); err != nil && !slices.Contains(pkgs, n.pkg) {
			pkgs = append(pkgs, n.pkg)
		}
	}
	if pkgs == nil {
		return ""
	}
	return fmt.Sprintf("as root, apt-get install %s, or internal/interop/stp/setup.sh", strings.Join(pkgs, " "))
}

// runGuest starts this binary again, with the same flags, under the guest kernel.
func runGuest(shared, program string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := append([]string{"run-in-sctp-kernel.sh", "-t", guestTime, "-w", shared, "--", self}, os.Args[1:]...)
	c := exec.Command("bash", args...)
	c.Env = append(os.Environ(), envGuest+"=1", envShared+"="+shared, envProgram+"="+program)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("in the guest: %w", err)
	}
	return nil
}

// versions are the peers of this run.
func versions() string {
	version := func(pkg string) string {
		out, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", pkg).Output()
		if err != nil {
			return "of unknown version"
		}
		return strings.TrimSpace(string(out))
	}
	return fmt.Sprintf("osmo-stp %s; Linux kernel SCTP of user-mode-linux %s; tshark %s; %s",
		version("osmo-stp"), version("user-mode-linux"), version("tshark"), runtime.Version())
}
