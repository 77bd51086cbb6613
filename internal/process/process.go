// Package process has the gateway as a process of its own, for those who kill it, or want
// its memory and its processor time to be its own: tests, and the stories of demo.
//
// A test has no program to start but itself:
//
//	func TestMain(m *testing.M) {
//		process.Become()
//		os.Exit(m.Run())
//	}
//
//	p, err := process.Start(process.Again(file))
//	...
//	err = p.Kill()
package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// file is the environment variable that makes a program a gateway: its configuration.
const file = "OTAGATE_PROCESS_CONFIG"

// Become is the gateway, to its end, in a program that was started by [Again]; in any other
// it does nothing.
func Become() {
	if name := os.Getenv(file); name != "" {
		if err := Serve(name, zerolog.New(os.Stderr)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// Again is this program as the gateway of a configuration file.
func Again(name string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), file+"="+name)
	return c
}

// Serve is a gateway until SIGTERM.
func Serve(name string, log zerolog.Logger) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, err := configs.Load(name)
	if err != nil {
		return err
	}
	level, err := zerolog.ParseLevel(cfg.Log.Level)
	if err != nil {
		return err
	}
	g, err := gateway.New(ctx, cfg, log.Level(level))
	if err != nil {
		return err
	}
	return g.Run(ctx)
}

// Process is a program that was started.
type Process struct {
	*exec.Cmd
	said tail
}

// Start starts a program. What it says goes to the writers of cmd, too, if there are some.
func Start(cmd *exec.Cmd) (*Process, error) {
	p := &Process{Cmd: cmd}
	for _, w := range []*io.Writer{&cmd.Stdout, &cmd.Stderr} {
		if *w == nil {
			*w = &p.said
		} else {
			*w = io.MultiWriter(&p.said, *w)
		}
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return p, nil
}

// Stop asks the process to end as an operator does, and waits for it.
func (p *Process) Stop() error {
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := p.Wait(); err != nil {
		return fmt.Errorf("the gateway: %w: %s", err, p.Said())
	}
	return nil
}

// Kill ends the process with SIGKILL: it has no chance to write anything.
func (p *Process) Kill() error {
	if err := p.Process.Kill(); err != nil {
		return err
	}
	err := p.Wait()
	if st, ok := p.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signal() == syscall.SIGKILL {
		return nil
	}
	return fmt.Errorf("the gateway ended before it was killed: %w: %s", err, p.Said())
}

// Said is what the process has said last.
func (p *Process) Said() string { return p.said.String() }

// Await waits until somebody takes connections at an address.
func Await(ctx context.Context, addr string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		nc, err := net.Dial("tcp", addr)
		if err == nil {
			return nc.Close()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// tail keeps the end of what is written.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const mostSaid = 16 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.b = append(t.b, b...); len(t.b) > 2*mostSaid {
		t.b = t.b[:copy(t.b, t.b[len(t.b)-mostSaid:])]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
