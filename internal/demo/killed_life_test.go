package demo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// wordLife is the word by which this program becomes a gateway that is to be killed.
const wordLife = "life"

// life is a gateway from its start to its end.
type life struct {
	cmd    *exec.Cmd
	stdin  io.Closer // closed when it is to end
	stderr bytes.Buffer
	heard  chan struct{} // closed when it says nothing more
	once   sync.Once
	end    error

	up    chan struct{} // closed when it listens
	doors map[string]string
}

func begin(file string) (*life, error) {
	self, err := Self()
	if err != nil {
		return nil, err
	}
	l := &life{cmd: exec.Command(self, wordLife, "-c", file), up: make(chan struct{}), heard: make(chan struct{})}
	l.cmd.Stderr = &l.stderr
	if l.stdin, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(l.heard)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if f := strings.Fields(lines.Text()); len(f) == 2 {
				l.doors = map[string]string{doorSMPP: f[0], doorHTTP: f[1]}
				close(l.up)
			}
		}
	}()
	return l, nil
}

// kill ends it with SIGKILL: it has no chance to write anything. One that is about
// to end as it should may do so before.
func (l *life) kill() (killed bool, err error) {
	if err := l.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return false, err
	}
	err = l.wait()
	if st, ok := l.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signal() == syscall.SIGKILL {
		return true, nil
	}
	return false, err
}

// settle has it end when nothing is in work any more.
func (l *life) settle() error {
	_ = l.stdin.Close() // one that is dead is told so by wait
	return l.wait()
}

func (l *life) wait() error {
	l.once.Do(func() {
		<-l.heard
		if err := l.cmd.Wait(); err != nil {
			l.end = fmt.Errorf("%w: %s", err, l.stderr.String())
		}
	})
	return l.end
}

// bury makes sure that nothing is left of it.
func (l *life) bury() {
	_ = l.cmd.Process.Kill() // it may be over
	_ = l.wait()
}

// Times of a gateway that is killed, short enough for those who wait for their
// end, and long enough for a handset that comes again while it starts.
const (
	lifeIdle     = 2 * time.Second
	lifeValidity = 3 * time.Second
	lifeAsk      = time.Second
	lifeSettle   = 25 * time.Second
	lifeSlow     = lifeIdle / 2 // one that takes longer to answer a handset may be too late for it
)

// live is the life of a gateway. It listens where there is room, and says where. When
// its standard input ends, it goes on until nothing is in work, and ends.
func live(file string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	cfg, err := configs.Load(file)
	if err != nil {
		return err
	}
	cfg.SMPP.Listen = "127.0.0.1:0"
	cfg.OTASP.AskAgain = lifeAsk
	if cfg.IOTA.Listen != "" {
		cfg.IOTA.Listen, cfg.IOTA.Idle, cfg.IOTA.AnswerTime = "127.0.0.1:0", lifeIdle, lifeIdle
		cfg.IOTA.Validity = min(cfg.IOTA.Validity, lifeValidity)
	}
	g, err := gateway.New(ctx, cfg, zerolog.Nop())
	if err != nil {
		return err
	}
	handsets := "-"
	if at := g.HandsetAddr(); at != nil {
		handsets = at.String()
	}
	fmt.Println(g.Addr(), handsets)
	settled := make(chan error, 1)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // its end is the sign
		settled <- settle(g)
		stop()
	}()
	if err := g.Run(ctx); err != nil {
		return err
	}
	return <-settled
}

// settle waits until no session and no message is in work, and nothing is lent.
func settle(g *gateway.Gateway) error {
	tick, limit := time.NewTicker(5*time.Millisecond), time.After(lifeSettle)
	defer tick.Stop()
	<-g.Loaded()
	for {
		messages, _ := g.Messages()
		live, loans := g.Live(), g.Loans()
		if live == 0 && messages == 0 && loans == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-limit:
			return fmt.Errorf("%d sessions and %d messages do not end, %d activation MINs are lent", live, messages, loans)
		}
	}
}
