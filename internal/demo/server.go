package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/process"
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
		return nil, errors.Join(fmt.Errorf("the gateway does not reach the network: %w", err), h.Stop())
	}
	return h, nil
}

func (h *here) Stop() error {
	h.cancel()
	return <-h.done
}

func (h *here) Kill() error { return fmt.Errorf("a gateway in this process cannot be killed") }

// startProcess starts one as a process of its own; who wants to hear what it says gives a
// writer.
func startProcess(self, file string, heard io.Writer) (server, error) {
	cmd := exec.Command(self, "serve", "-c", file)
	cmd.Stderr = heard
	p, err := process.Start(cmd)
	if err != nil {
		return nil, err // and no *Process that is nil
	}
	return p, nil
}

// Self is the path of the running program.
func Self() (string, error) { return os.Executable() }
