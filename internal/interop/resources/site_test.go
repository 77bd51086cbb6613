//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/smpp"
)

// site is a gateway in a process of its own, with what it is given.
type site struct {
	t      *testing.T
	dir    string
	store  string // directory of the store
	config string
	wrap   func(*exec.Cmd) // changes how the gateway is started
	env    []string
	gw     *process
}

const (
	smppAddr = "127.0.0.1:2775"
	password = "otagate1"
	// of the password
	passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$Z3v5dYR5C3tceRRX8JQk/g$hUPhsRI82NnweS3I8/s4vBCnTW3HEZ2/SYqnB+4bxco"
)

// newSite makes a site, whose store is in its own directory unless another is given.
func newSite(t *testing.T, store string, wrap func(*exec.Cmd)) site {
	s := site{t: t, dir: t.TempDir(), store: store, wrap: wrap}
	if store == "" {
		s.store = s.dir
	}
	s.config = filepath.Join(s.dir, "otagate.yaml")
	return s
}

// The store has its tables in a file, and messages in a log beside it.
func (s *site) tables() string { return filepath.Join(s.store, "otagate.db") }
func (s *site) log() string    { return s.tables() + ".messages" }

func (s *site) write(file, text string) {
	s.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// command is otagate with arguments.
func (s *site) command(args ...string) *exec.Cmd {
	c := exec.Command(os.Getenv(envProgram), args...)
	c.Env = append(os.Environ(), s.env...)
	return c
}

// serve starts the gateway and does not wait.
func (s *site) serve(args ...string) {
	s.t.Helper()
	c := s.command(append([]string{"serve", "-c", s.config}, args...)...)
	if s.wrap != nil {
		s.wrap(c)
	}
	s.gw = startProcess(s.t, c)
}

// lives fails the test when the gateway does not run any more.
func (s *site) lives() {
	s.t.Helper()
	if !s.gw.running() {
		s.t.Fatalf("the gateway has ended: %v", s.gw.err)
	}
}

// rests looks at how busy a gateway is that can store nothing, and lives on.
func (s *site) rests() (load float64) {
	s.t.Helper()
	load = s.gw.load(2 * time.Second)
	if load > 0.5 {
		s.t.Errorf("%.0f %% of a processor while nothing can be stored", 100*load)
	}
	s.lives()
	return load
}

// comesBack tells whether a status says that it is worth to try again later.
func comesBack(s smpp.Status) bool {
	return s == smpp.StatusSystemError || s == smpp.StatusThrottled
}

// sentence is what a gateway that would not start has said: one line, without
// what a programmer only understands.
func (s *site) sentence() string {
	s.t.Helper()
	out := strings.TrimSpace(s.gw.out.String())
	if s.gw.err == nil || !strings.HasPrefix(out, "otagate: ") || strings.Contains(out, "\n") || strings.Contains(out, "goroutine") {
		s.t.Errorf("%v, and not one sentence: %s", s.gw.err, out)
	}
	return strings.ReplaceAll(out, s.store, "STORE")
}

// record is what of a CDR is looked at.
type record struct {
	Session, Outcome, Reason, MDN string
	Recovered                     int
}

// cdrs gives the records of a gateway, which may have ended, to each.
func (s *site) cdrs(each func(r record, line string)) {
	s.t.Helper()
	out, err := s.command("cdr", "-c", s.config, "--json").Output()
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			s.t.Fatalf("%v: %s", err, line)
		}
		each(r, line)
	}
}
