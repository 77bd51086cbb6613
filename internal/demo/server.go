package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// here is a gateway in this process.
type here struct {
	*gateway.Gateway
	addr   string // of SMPP
	pap    string // of push initiators, empty without them
	cancel context.CancelFunc
	done   chan error
}

func startHere(ctx context.Context, cfg *configs.Config, log zerolog.Logger) (*here, error) {
	g, err := gateway.New(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h := &here{Gateway: g, addr: g.Addr().String(), cancel: cancel, done: make(chan error, 1)}
	if web := g.HTTPAddr(); web != nil {
		h.pap = web.String()
	}
	go func() { h.done <- g.Run(ctx) }()
	ready, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if err := g.Ready(ready); err != nil {
		return nil, errors.Join(fmt.Errorf("the gateway does not reach the network: %w", err), h.stop())
	}
	return h, nil
}

func (h *here) stop() error {
	h.cancel()
	return <-h.done
}

func (h *here) kill() error { return fmt.Errorf("a gateway in this process cannot be killed") }

// process is a gateway as a process of its own.
type process struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
}

// startProcess starts one; who wants to hear what it says gives a writer.
func startProcess(self, file string, heard io.Writer) (server, error) {
	p := &process{cmd: exec.Command(self, "serve", "-c", file)}
	p.cmd.Stderr = &p.stderr
	if heard != nil {
		p.cmd.Stderr = io.MultiWriter(&p.stderr, heard)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, nil
}

// stop asks the gateway to end and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("otagate serve: %w: %s", err, p.stderr.String())
	}
	return nil
}

// kill ends the gateway with SIGKILL: it has no chance to write anything.
func (p *process) kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	err := p.cmd.Wait()
	if st, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signal() == syscall.SIGKILL {
		return nil
	}
	return fmt.Errorf("the gateway ended before it was killed: %w: %s", err, p.stderr.String())
}

// Self is the path of the running program.
func Self() (string, error) { return os.Executable() }
