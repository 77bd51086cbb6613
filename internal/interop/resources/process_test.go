//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testwait"
)

// patience is how long anything may take that has to happen.
const patience = 40 * time.Second

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	if !testwait.For(patience, ok) {
		t.Fatalf("not within %s: %s", patience, what)
	}
}

// pass lets time go by, in which something must not happen.
func pass(d time.Duration) { <-time.After(d) }

// lines keeps what a process prints.
type lines struct{ testlog.Log }

// count is how many lines have all the words.
func (l *lines) count(words ...string) (n int) {
	for line := range strings.Lines(l.String()) {
		all := true
		for _, w := range words {
			all = all && strings.Contains(line, w)
		}
		if all {
			n++
		}
	}
	return n
}

// process is a program that a test has started.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	out   *lines
	ended chan struct{}
	err   error // once ended is closed
}

// startProcess starts a program that ends with the test at the latest.
func startProcess(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, out: &lines{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.out, p.out
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // whose end would be the child's
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", cmd.Args, tail(p.out.String()))
		}
	})
	return p
}

// tail is the end of a text that may be long.
func tail(s string) string {
	const most = 6000
	if len(s) <= most {
		return s
	}
	return "... " + s[len(s)-most:]
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// kill ends the process without a word, as kill -9 does.
func (p *process) kill() {
	if p.running() {
		_ = p.cmd.Process.Kill() // it may end just now
		<-p.ended
	}
}

// stop ends the process in an orderly way, in which it must succeed.
func (p *process) stop() {
	p.t.Helper()
	if !p.running() {
		p.t.Fatalf("it has ended: %v\n%s", p.err, tail(p.out.String()))
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	p.exits()
	if p.err != nil {
		p.t.Fatalf("stopping: %v\n%s", p.err, tail(p.out.String()))
	}
}

func (p *process) exits() {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("it does not end within %s", patience)
	}
}

// cpu is the processor time that the process has used.
func (p *process) cpu() time.Duration {
	p.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid()))
	if err != nil {
		p.t.Fatal(err)
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:])) // from field 3
	var ticks int64
	for _, s := range f[11:13] { // utime and stime, fields 14 and 15
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ, on every machine that Go knows
	return time.Duration(ticks) * time.Second / perSecond
}

// load is the processor time used while d goes by, as a share of d.
func (p *process) load(d time.Duration) float64 {
	p.t.Helper()
	before := p.cpu()
	pass(d)
	return (p.cpu() - before).Seconds() / d.Seconds()
}

// memory is a figure of the status file, in octets: VmRSS, VmHWM.
func (p *process) memory(name string) int64 {
	p.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid()))
	if err != nil {
		p.t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == name+":" {
			kb, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				p.t.Fatal(err)
			}
			return kb << 10
		}
	}
	p.t.Fatalf("no %s in the status of process %d", name, p.pid())
	return 0
}

// descriptors is how many the process has open.
func (p *process) descriptors() int {
	p.t.Helper()
	d, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.pid()))
	if err != nil {
		p.t.Fatal(err)
	}
	return len(d)
}

// limit sets how many descriptors the running process may have, up to what it
// may set itself, and returns what was before.
func (p *process) limit(soft uint64) uint64 {
	p.t.Helper()
	var old syscall.Rlimit
	prlimit := func(set, get *syscall.Rlimit) {
		_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.pid()), syscall.RLIMIT_NOFILE,
			uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), 0, 0)
		if errno != 0 {
			p.t.Fatalf("prlimit: %v", errno)
		}
	}
	prlimit(nil, &old)
	prlimit(&syscall.Rlimit{Cur: min(soft, old.Max), Max: old.Max}, nil)
	return old.Cur
}
