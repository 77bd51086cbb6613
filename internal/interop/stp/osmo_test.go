//go:build interop

package stp

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testwait"
)

// osmoSTP is a running osmo-stp.
type osmoSTP struct {
	t      *testing.T
	config string
	within []string // command that runs it elsewhere, such as in another network
	cmd    *exec.Cmd
	log    *testlog.Log
}

// patience is how long anything in the guest may take.
const patience = 60 * time.Second

// startSTP starts osmo-stp with a configuration of testdata; it ends with the test.
func startSTP(t *testing.T, config string, within ...string) *osmoSTP {
	t.Helper()
	s := &osmoSTP{t: t, config: filepath.Join("testdata", config), within: within, log: &testlog.Log{}}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("osmo-stp said:\n%s", s.log)
		}
	})
	s.start()
	return s
}

func (s *osmoSTP) start() {
	s.t.Helper()
	s.cmd = exec.Command("osmo-stp", "-c", s.config)
	if len(s.within) > 0 {
		s.cmd = exec.Command(s.within[0], append(s.within[1:], s.cmd.Args...)...)
	}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "osmo-stp listens", func() bool { return listens(s.within, 2905) })
}

// listens reports whether somebody listens on an SCTP port.
func listens(within []string, port int) bool {
	args := append(append([]string{}, within...), "cat", "/proc/net/sctp/eps")
	out, err := exec.Command(args[0], args[1:]...).Output()
	return err == nil && strings.Contains(string(out), fmt.Sprintf(" %d ", port))
}

// kill ends osmo-stp as a crash would.
func (s *osmoSTP) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Error(err)
	}
	_ = s.cmd.Wait() // says that it was killed
	s.cmd = nil
}

// ask gives a command to osmo-stp's console and returns what it prints.
func (s *osmoSTP) ask(command string) string {
	s.t.Helper()
	conn, err := net.DialTimeout("tcp", "127.0.0.1:4239", patience)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	const prompt = "OsmoSTP> "
	readTo(s.t, in, prompt)
	var answer string
	for _, line := range []string{"terminal length 0", command} {
		if _, err := fmt.Fprintf(conn, "%s\n", line); err != nil {
			s.t.Fatal(err)
		}
		answer = readTo(s.t, in, prompt)
	}
	return answer
}

func readTo(t *testing.T, in *bufio.Reader, mark string) string {
	t.Helper()
	var b strings.Builder
	for !strings.HasSuffix(b.String(), mark) {
		c, err := in.ReadByte()
		if err != nil {
			t.Fatalf("osmo-stp's console: %v after %q", err, b.String())
		}
		b.WriteByte(c)
	}
	return b.String()
}

// says waits until the answer to a console command has a line with all words.
func (s *osmoSTP) says(command string, words ...string) {
	s.t.Helper()
	var answer string
	ok := testwait.For(patience, func() bool {
		answer = s.ask(command)
		for line := range strings.Lines(answer) {
			if containsAll(line, words) {
				return true
			}
		}
		return false
	})
	if !ok {
		s.t.Fatalf("osmo-stp has no %q in its answer to %s:\n%s", words, command, answer)
	}
}

func containsAll(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	if !testwait.For(patience, ok) {
		t.Fatalf("not within %s: %s", patience, what)
	}
}

// shared is a file in the directory that the machine sees too.
func shared(name string) string { return filepath.Join(os.Getenv(envShared), name) }
