//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/otagate/otagate/internal/interop/doctable"
)

// host runs the tests in namespaces of their own and returns the exit status.
func host() int {
	shared, err := os.MkdirTemp("", "otagate-resources.")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(shared)
	program := filepath.Join(shared, "otagate")
	build := exec.Command("go", "build", "-o", program, "../../../cmd/otagate")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fail(fmt.Errorf("go build: %w\n%s", err, out))
	}
	runErr := inside(shared, program)
	lines, err := doctable.Rows[row](filepath.Join(shared, tableFile))
	if err != nil {
		return fail(errors.Join(runErr, err))
	}
	rows := table(lines)
	fmt.Print("\n", rows.text())
	if runErr != nil {
		return fail(runErr)
	}
	if *writeDocs {
		if run := flag.Lookup("test.run"); run.Value.String() != "" {
			return fail(errors.New("-write-docs wants all tests, not -run"))
		}
		text, err := rows.markdown()
		if err == nil {
			err = doctable.Put(doctable.Docs, "resources", text)
		}
		if err != nil {
			return fail(err)
		}
	}
	return 0
}

// inside starts this binary again, with the same flags, in namespaces.
func inside(shared, program string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.Command(self, os.Args[1:]...)
	c.Env = append(os.Environ(), envInside+"="+shared, envProgram+"="+program)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	runtime.LockOSThread() // whose end would be the child's
	defer runtime.UnlockOSThread()
	if err := c.Run(); err != nil {
		return fmt.Errorf("in namespaces of its own: %w", err)
	}
	return nil
}

// settle makes the namespaces usable: mounts stay in here, and there is a
// loopback interface.
func settle() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	var ifreq [40]byte // name of 16 octets, then the flags
	copy(ifreq[:], "lo")
	binary.NativeEndian.PutUint16(ifreq[16:], syscall.IFF_UP|syscall.IFF_RUNNING)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&ifreq))); errno != 0 {
		return fmt.Errorf("setting lo up: %w", errno)
	}
	return nil
}

// needRoot fails the test without root of the machine, or leaves it out when
// ALLOW_SKIP names root. In a user namespace everybody is user 0.
func needRoot(t *testing.T, what string) {
	t.Helper()
	owner, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		t.Fatal(err)
	}
	if f := strings.Fields(string(owner)); len(f) == 3 && f[0] == "0" && f[1] == "0" {
		return
	}
	if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "root") {
		t.Skipf("SKIPPED: %s needs root, and ALLOW_SKIP allows to do without", what)
	}
	t.Fatalf("%s needs root, and ALLOW_SKIP does not name root", what)
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "resources:", err)
	return 1
}
