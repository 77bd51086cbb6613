//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// A process cannot be given another fsync: Go programs make system calls
// without the C library. But the kernel can be told to ask somebody else what
// comes of a system call (seccomp_unotify(2), Linux 5.5), which needs no root.

// roleFsync is to become the program of the arguments, with a filter that has
// fsync, fdatasync and pwrite64 decided elsewhere: a write to a file that was
// opened with O_DSYNC waits for the disk, too. The filter's end goes out at
// descriptor 3.
const roleFsync = "fsync"

// From linux/seccomp.h and linux/filter.h.
const (
	prSetNoNewPrivs         = 38
	seccompSetModeFilter    = 1
	seccompNewListener      = 1 << 3
	seccompRetUserNotif     = 0x7fc00000
	seccompRetAllow         = 0x7fff0000
	seccompFlagContinue     = 1
	seccompIoctlNotifRecv   = 0xc0502100
	seccompIoctlNotifSend   = 0xc0182101
	bpfLoadWord, bpfReturn  = 0x20, 0x06 // BPF_LD|BPF_W|BPF_ABS, BPF_RET|BPF_K
	bpfJumpIfEqual          = 0x15       // BPF_JMP|BPF_JEQ|BPF_K
	seccompDataOffsetOfCall = 0
)

func sysSeccomp() uintptr {
	if runtime.GOARCH == "arm64" {
		return 277
	}
	return 317
}

// becomeFiltered does not return when it succeeds.
func becomeFiltered(args []string) error {
	runtime.LockOSThread() // the filter is this thread's, and execve keeps it
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0, 0, 0, 0); errno != 0 {
		return fmt.Errorf("no_new_privs: %w", errno)
	}
	code := []syscall.SockFilter{
		{Code: bpfLoadWord, K: seccompDataOffsetOfCall},
		{Code: bpfJumpIfEqual, Jt: 3, K: syscall.SYS_FSYNC},
		{Code: bpfJumpIfEqual, Jt: 2, K: syscall.SYS_FDATASYNC},
		{Code: bpfJumpIfEqual, Jt: 1, K: syscall.SYS_PWRITE64},
		{Code: bpfReturn, K: seccompRetAllow},
		{Code: bpfReturn, K: seccompRetUserNotif},
	}
	prog := syscall.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	fd, _, errno := syscall.RawSyscall(sysSeccomp(), seccompSetModeFilter, seccompNewListener, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	if err := syscall.Sendmsg(3, []byte{0}, syscall.UnixRights(int(fd)), nil, 0); err != nil {
		return fmt.Errorf("giving the filter away: %w", err)
	}
	syscall.CloseOnExec(int(fd))
	syscall.CloseOnExec(3)
	if err := os.Unsetenv(envRole); err != nil {
		return err
	}
	return fmt.Errorf("%s: %w", args[0], syscall.Exec(args[0], args, os.Environ()))
}

// syncs decides what comes of each fsync and fdatasync of a process, and of each
// write that waits for the disk.
type syncs struct {
	t      *testing.T
	fail   atomic.Bool
	asked  atomic.Int64
	failed atomic.Int64
	wait   time.Duration // before each is decided; set before the process starts
	slow   sync.WaitGroup
}

// filtered has c started with a filter, and decides until the test ends.
func filtered(t *testing.T) (*syncs, func(c *exec.Cmd)) {
	t.Helper()
	s := &syncs{t: t}
	return s, func(c *exec.Cmd) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		theirs := os.NewFile(uintptr(pair[1]), "pair")
		c.Path, c.Args = self, append([]string{self}, c.Args...)
		c.Env = append(c.Env, envRole+"="+roleFsync)
		c.ExtraFiles = []*os.File{theirs}
		over, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- s.decide(pair[0], over) }()
		t.Cleanup(func() {
			close(over)
			if err := <-ended; err != nil {
				t.Error(err)
			}
			theirs.Close()
		})
	}
}

// fails makes all of them fail from now on.
func (s *syncs) fails() { s.fail.Store(true) }

// works ends that, and sees that something has failed: what nobody was asked about
// has shown nothing.
func (s *syncs) works() {
	s.t.Helper()
	s.fail.Store(false)
	if s.failed.Load() == 0 {
		s.t.Fatalf("no fsync has failed; %d were asked about", s.asked.Load())
	}
}

// notification is struct seccomp_notif, answer struct seccomp_notif_resp.
type notification struct {
	id          uint64
	pid, flags  uint32
	nr          int32
	arch        uint32
	instruction uint64
	args        [6]uint64
}

type answer struct {
	id    uint64
	val   int64
	errno int32
	flags uint32
}

func (s *syncs) decide(socket int, over <-chan struct{}) error {
	defer syscall.Close(socket)
	oob := make([]byte, syscall.CmsgSpace(4))
	if err := syscall.SetsockoptTimeval(socket, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: int64(patience / time.Second)}); err != nil {
		return err
	}
	_, n, _, _, err := syscall.Recvmsg(socket, make([]byte, 1), oob, 0)
	if err != nil {
		return fmt.Errorf("no filter comes: %w", err)
	}
	messages, err := syscall.ParseSocketControlMessage(oob[:n])
	if err != nil || len(messages) != 1 {
		return fmt.Errorf("no filter came: %d messages, %v", len(messages), err)
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return err
	}
	defer syscall.Close(fds[0])
	defer s.slow.Wait()
	for {
		select {
		case <-over:
			return nil
		default:
		}
		ready, err := readable(fds[0])
		if err != nil {
			return err
		}
		if !ready {
			continue
		}
		if gone, err := s.one(fds[0]); gone || err != nil {
			return err
		}
	}
}

// readable waits for a notification, for a tenth of a second at most.
func readable(fd int) (bool, error) {
	p := struct {
		fd              int32
		events, revents int16
	}{fd: int32(fd), events: 1} // POLLIN
	wait := syscall.Timespec{Nsec: int64(100 * time.Millisecond)}
	n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&wait)), 0, 0, 0)
	if errno != 0 && errno != syscall.EINTR {
		return false, errno
	}
	return errno == 0 && n > 0, nil
}

// one takes one call, and decides it when its time is over: a disk that is slow
// has many at once. It tells whether the process is gone.
func (s *syncs) one(fd int) (gone bool, err error) {
	var q notification
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), seccompIoctlNotifRecv, uintptr(unsafe.Pointer(&q)))
	switch {
	case errno == syscall.ENOENT || errno == syscall.EINTR:
		return errno == syscall.ENOENT && !isOpen(fd), nil
	case errno != 0:
		return false, fmt.Errorf("seccomp: %w", errno)
	}
	if q.nr == syscall.SYS_PWRITE64 && !q.waits() {
		_, err := q.answer(fd, 0)
		return false, err
	}
	s.asked.Add(1)
	if s.wait == 0 {
		return false, s.decideOne(fd, &q)
	}
	s.slow.Go(func() {
		pass(s.wait)
		if err := s.decideOne(fd, &q); err != nil {
			s.t.Error(err)
		}
	})
	return false, nil
}

func (s *syncs) decideOne(fd int, q *notification) error {
	if !s.fail.Load() {
		_, err := q.answer(fd, 0)
		return err
	}
	s.failed.Add(1)
	var written error
	if q.nr == syscall.SYS_PWRITE64 {
		written = q.write()
	}
	gone, err := q.answer(fd, syscall.EIO)
	if gone {
		return nil // and its memory, perhaps
	}
	return errors.Join(written, err)
}

// answer lets the call go on, or end with an error. It tells whether nobody waits
// for that any more, because the process was killed.
func (q *notification) answer(fd int, with syscall.Errno) (gone bool, err error) {
	a := answer{id: q.id, flags: seccompFlagContinue}
	if with != 0 {
		a.flags, a.errno = 0, -int32(with)
	}
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), seccompIoctlNotifSend, uintptr(unsafe.Pointer(&a)))
	if errno != 0 && errno != syscall.ENOENT {
		return false, fmt.Errorf("seccomp: %w", errno)
	}
	return errno == syscall.ENOENT, nil
}

// waits tells whether a write is to a file that was opened with O_DSYNC.
func (q *notification) waits() bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", q.pid, q.args[0]))
	if err != nil {
		return false // it is gone
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == "flags:" {
			flags, err := strconv.ParseUint(f[1], 8, 32)
			return err == nil && flags&syscall.O_DSYNC != 0
		}
	}
	return false
}

// write writes what the process wants to, and does not wait for the disk: when a
// sync fails, what was written is in the kernel's cache, and may yet count.
func (q *notification) write() error {
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", q.pid))
	if err != nil {
		return err
	}
	defer memory.Close()
	f, err := os.OpenFile(fmt.Sprintf("/proc/%d/fd/%d", q.pid, q.args[0]), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	b := make([]byte, q.args[2])
	if _, err = memory.ReadAt(b, int64(q.args[1])); err == nil {
		_, err = f.WriteAt(b, int64(q.args[3]))
	}
	return errors.Join(err, f.Close())
}

// isOpen tells whether somebody still has the filter.
func isOpen(fd int) bool {
	p := struct {
		fd              int32
		events, revents int16
	}{fd: int32(fd), events: 1}
	var none syscall.Timespec
	_, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&none)), 0, 0, 0)
	return errno == 0 && p.revents&0x10 == 0 // POLLHUP
}
