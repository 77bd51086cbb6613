package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// ChildCommand is the first argument of a program that is to be a child of
// relay: role and file follow, for [Child].
const ChildCommand = "bench-child"

// profileEnv has the folder in which a child leaves its profiles.
const profileEnv = "OTAGATE_BENCH_PROFILE"

// usage is what a child has used so far.
type usage struct {
	CPU     time.Duration
	Mallocs uint64
	Octets  uint64 // allocated
}

// hello is the first line of a child.
type hello struct{ Addr string }

// Child is what runs in a process of its own, so that its processor time is its
// own: the gateway of a configuration file, or the bare relay. It tells its
// address in a line, then what it has used whenever it is sent a line, and ends
// with the end of in.
func Child(ctx context.Context, role, file string, in io.Reader, out io.Writer) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, err := profileChild(role, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	addr, run, err := childRole(ctx, role, file)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	where, err := addr(ctx)
	say := json.NewEncoder(out)
	if err == nil {
		err = say.Encode(hello{where})
	}
	for asked := bufio.NewScanner(in); err == nil && asked.Scan(); {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		cpu, _ := processor()
		err = say.Encode(usage{cpu, m.Mallocs, m.TotalAlloc})
	}
	cancel()
	return errors.Join(err, <-done)
}

func childRole(ctx context.Context, role, file string) (addr func(context.Context) (string, error), run func(context.Context) error, err error) {
	switch role {
	case "gateway":
		cfg, err := configs.Load(file)
		if err != nil {
			return nil, nil, err
		}
		g, err := gateway.New(ctx, cfg, zerolog.New(os.Stderr).Level(zerolog.ErrorLevel))
		if err != nil {
			return nil, nil, err
		}
		return func(ctx context.Context) (string, error) { return g.Addr().String(), g.Ready(ctx) }, g.Run, nil
	case "bare":
		r, err := openBareRelay(file)
		if err != nil {
			return nil, nil, err
		}
		return func(context.Context) (string, error) { return r.ln.Addr().String(), nil }, r.run, nil
	}
	return nil, nil, fmt.Errorf("bench: no child %q", role)
}

// profileChild profiles into the folder that the environment names, if any.
func profileChild(role, file string) (stop func() error, err error) {
	dir := os.Getenv(profileEnv)
	if dir == "" {
		return func() error { return nil }, nil
	}
	name := filepath.Join(dir, role+"-"+filepath.Base(filepath.Dir(file)))
	cpu, err := os.Create(name + ".cpu")
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(err, cpu.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		mem, err := os.Create(name + ".allocs")
		if err != nil {
			return errors.Join(err, cpu.Close())
		}
		return errors.Join(pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close(), cpu.Close())
	}, nil
}

// child is one as its parent has it.
type child struct {
	addr string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *json.Decoder
}

// startChild starts this program again.
func startChild(role, file string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(self, ChildCommand, role, file)}
	c.cmd.Args[0] = os.Args[0] // what the program goes by, where it is several in one
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = json.NewDecoder(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	var h hello
	if err := c.out.Decode(&h); err != nil {
		return nil, errors.Join(fmt.Errorf("bench: the %s does not start: %w", role, err), c.stop())
	}
	c.addr = h.Addr
	return c, nil
}

func (c *child) usage() (u usage, err error) {
	if _, err = io.WriteString(c.in, "\n"); err == nil {
		err = c.out.Decode(&u)
	}
	return u, err
}

// stop ends it and waits for it.
func (c *child) stop() error {
	return errors.Join(c.in.Close(), c.cmd.Wait())
}
