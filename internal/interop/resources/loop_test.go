//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// disk is an ext4 file system on a loop device, whose blocks are in memory.
type disk struct {
	t        *testing.T
	dir      string
	blocks   *os.File // a memfd
	onErrors string
}

const diskSize = 64 << 20

// newDisk makes and mounts one, for which it needs root. With a journal it makes itself read-only at the
// first error; without, each call meets its own.
func newDisk(t *testing.T, journal bool) *disk {
	t.Helper()
	needRoot(t, "a file system on a loop device")
	d := &disk{t: t, dir: t.TempDir(), blocks: memfd(t), onErrors: "errors=remount-ro"}
	features := "has_journal"
	if !journal {
		features, d.onErrors = "^has_journal", "errors=continue"
	}
	d.run("mkfs.ext4", "-q", "-F", "-O", features, d.image())
	d.mount()
	t.Cleanup(func() { _ = syscall.Unmount(d.dir, syscall.MNT_DETACH) }) // of whatever the test has left
	return d
}

// memfd is a file in memory that nobody else has, and that can be sealed.
func memfd(t *testing.T) *os.File {
	t.Helper()
	call := uintptr(319)
	if runtime.GOARCH == "arm64" {
		call = 279
	}
	const closeOnExec, allowSealing = 1, 2
	name := []byte("blocks\x00")
	fd, _, errno := syscall.Syscall(call, uintptr(unsafe.Pointer(&name[0])), closeOnExec|allowSealing, 0)
	if errno != 0 {
		t.Fatalf("memfd_create: %v", errno)
	}
	f := os.NewFile(fd, "blocks")
	t.Cleanup(func() { f.Close() })
	if err := f.Truncate(diskSize); err != nil {
		t.Fatal(err)
	}
	return f
}

func (d *disk) image() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), d.blocks.Fd()) }

// From linux/loop.h.
const (
	loopGetFree     = 0x4c82
	loopSetFD       = 0x4c00
	loopSetStatus64 = 0x4c04
	loopAutoclear   = 4 // the device goes with its mount
	loopFlagsAt     = 52
	loopInfoSize    = 232
)

func (d *disk) ioctl(f *os.File, request, arg uintptr) uintptr {
	d.t.Helper()
	n, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, arg)
	if errno != 0 {
		d.t.Fatalf("%s, ioctl %#x: %v", f.Name(), request, errno)
	}
	return n
}

func (d *disk) open(name string) *os.File {
	d.t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

func (d *disk) mount() {
	d.t.Helper()
	control := d.open("/dev/loop-control")
	defer control.Close()
	device := d.open(fmt.Sprintf("/dev/loop%d", d.ioctl(control, loopGetFree, 0)))
	defer device.Close()
	d.ioctl(device, loopSetFD, d.blocks.Fd())
	var info [loopInfoSize]byte
	binary.NativeEndian.PutUint32(info[loopFlagsAt:], loopAutoclear)
	d.ioctl(device, loopSetStatus64, uintptr(unsafe.Pointer(&info)))
	if err := syscall.Mount(device.Name(), d.dir, "ext4", 0, d.onErrors); err != nil {
		d.t.Fatalf("mounting %s: %v", device.Name(), err)
	}
}

// fails makes every further write of a block end with an error.
func (d *disk) fails() {
	d.t.Helper()
	const addSeals, futureWrite = 1033, 0x10
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, d.blocks.Fd(), addSeals, futureWrite); errno != 0 {
		d.t.Fatalf("sealing the blocks: %v", errno)
	}
}

// aborts makes ext4 do what it does when its journal cannot be written.
func (d *disk) aborts() {
	d.t.Helper()
	if err := syscall.Mount("", d.dir, "", syscall.MS_REMOUNT, "abort"); err != nil {
		d.t.Fatal(err)
	}
}

// repaired mounts what is on the disk from another one, as an operator does
// after trouble.
func (d *disk) repaired() {
	d.t.Helper()
	if err := syscall.Unmount(d.dir, 0); err != nil {
		d.t.Fatal(err)
	}
	fresh := memfd(d.t)
	if _, err := io.Copy(fresh, io.NewSectionReader(d.blocks, 0, diskSize)); err != nil {
		d.t.Fatal(err)
	}
	d.blocks = fresh
	_ = exec.Command("/sbin/e2fsck", "-f", "-y", d.image()).Run() // its status says that it has repaired something
	d.run("e2fsck", "-f", "-n", d.image())
	d.mount()
}

func (d *disk) run(name string, args ...string) {
	d.t.Helper()
	c := exec.Command(name, args...)
	if _, err := exec.LookPath(name); err != nil {
		c = exec.Command("/sbin/"+name, args...)
	}
	if out, err := c.CombinedOutput(); err != nil {
		d.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// afterwards repairs the disk and starts the gateway on it again.
func (l *lab) afterwards(p *promise, d *disk) {
	l.t.Helper()
	l.gw.kill()
	d.repaired()
	l.restarted(p)
}

// TestReadOnlyWhileRunning: ext4 gives up and makes itself read-only, as it does
// when its journal cannot be written.
func TestReadOnlyWhileRunning(t *testing.T) {
	p := promises(t, "read-only: the store's file system (ext4) makes itself read-only while sessions are in work (remount with abort); then the gateway is killed, the file system repaired and mounted, the gateway started",
		"as with a full disk while it lasts; such a file system does not come back by itself, so that the gateway is to be started again; nothing that was taken is lost")
	d := newDisk(t, true)
	l := newLab(t, options{store: d.dir, callers: before + within + during})
	l.start()
	l.trouble(p, d.aborts)
	l.afterwards(p, d)
}

// TestDiskFails: blocks cannot be written, which the kernel finds out when it
// writes its cache back. So fsync says it, and what was not written is lost.
func TestDiskFails(t *testing.T) {
	p := promises(t, "fsync failing in the kernel: the blocks under the store's file system (ext4 without a journal, on a loop device) can be written no more, so that write-back ends with EIO; then as above",
		"as with a full disk while it lasts; nothing that was taken is lost")
	d := newDisk(t, false)
	l := newLab(t, options{store: d.dir, callers: before + within + during})
	l.start()
	l.trouble(p, d.fails)
	const ioerrFsync = "disk I/O error (1034)" // SQLITE_IOERR_FSYNC
	if l.gw.out.count(ioerrFsync) == 0 {
		t.Errorf("no fsync has failed:\n%s", tail(l.gw.out.String()))
	}
	l.afterwards(p, d)
}
