//go:build interop

package stp

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// roleASP is ASP b in a process of its own, to be killed.
const roleASP = "asp-b"

// play is what a process that a test has started does.
func play(role string) int {
	if role != roleASP {
		fmt.Fprintln(os.Stderr, "no such role:", role)
		return 2
	}
	c := m3ua.NewClient(config("b", at(2912), 102), nobody{}, zerolog.New(os.Stderr))
	ended := make(chan error, 1)
	go func() { ended <- c.Run(context.Background()) }()
	if err := c.WaitActive(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("active")
	<-ended
	return 0
}

// nobody is a user of MTP that takes nothing.
type nobody struct{}

func (nobody) Transfer(mtp.Transfer) {}
func (nobody) Pause(mtp.PointCode)   {}
func (nobody) Resume(mtp.PointCode)  {}
func (nobody) Status(mtp.Status)     {}

// process is a program that a test has started.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	out *testlog.Log
	err *testlog.Log
}

// startProcess starts a program that ends with the test at the latest.
func startProcess(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, out: &testlog.Log{}, err: &testlog.Log{}}
	cmd.Stdout, cmd.Stderr = p.out, p.err
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
		if t.Failed() {
			t.Logf("%s said:\n%s%s", cmd.Args, p.out, p.err)
		}
	})
	return p
}

// ends waits until the process ends by itself, which has to be with success.
func (p *process) ends() {
	p.t.Helper()
	err := p.cmd.Wait()
	cmd := p.cmd
	p.cmd = nil
	if err != nil {
		p.t.Fatalf("%s: %v\n%s%s", cmd.Args, err, p.out, p.err)
	}
}

// kill ends the process without a word, as kill -9 does.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Error(err)
	}
	_ = p.cmd.Wait() // says that it was killed
	p.cmd = nil
}

// startASPProcess starts ASP b as a process and waits until it is active.
func startASPProcess(t *testing.T) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), envRole+"="+roleASP)
	p := startProcess(t, cmd)
	p.out.Wait(t, patience, "active\n", 1)
	return p
}
