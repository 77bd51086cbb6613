//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
)

// followed is a gateway that only validates and compares.
type followed struct {
	mu   sync.Mutex
	cfg  *configs.Config
	came chan struct{}
}

func (f *followed) Reload(_ context.Context, next *configs.Config) (configs.Difference, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() { f.came <- struct{}{} }()
	if err := next.Validate(); err != nil {
		return configs.Difference{}, err
	}
	d := f.cfg.Compare(next)
	f.cfg = f.cfg.Follow(next)
	return d, nil
}

// TestReloadOnHangup: the file is read again on a signal; the log has every
// change, every key that needs a restart, and every problem.
func TestReloadOnHangup(t *testing.T) {
	text, err := os.ReadFile("../../configs/lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "gateway.yaml")
	write := func(replace ...string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write()
	cfg, err := configs.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	g := &followed{cfg: cfg, came: make(chan struct{}, 10)}
	stop := reloadOnHangup(t.Context(), file, g, zerolog.New(&log))
	write("window: 10            # submit_sm without an answer, per bind\n      rate", "window: 20\n      rate", "max_connections: 100", "max_connections: 200")
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-g.came
	stop() // when it has returned the log is complete
	for _, want := range []string{
		`"change":"smpp.accounts[ivr]: changed: window","message":"reloaded"`,
		`"key":"smpp.max_connections","message":"has changed in the file, but not in the running gateway: it needs a restart"`,
		`"changes":1,"need a restart":1,"message":"configuration reloaded"`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no line has %s:\n%s", want, &log)
		}
	}
	log.Reset()
	write("max_binds: 2", "max_binds: -1", "hop_counter: 15", "hop_counter: 99")
	reload(t.Context(), file, g, zerolog.New(&log))
	for _, want := range []string{"max_binds: -1;", "hop_counter: 99;", "configuration not reloaded, nothing has changed"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no line has %s:\n%s", want, &log)
		}
	}
	log.Reset()
	write("max_binds: 2", "max_bindz: 2")
	reload(t.Context(), file, g, zerolog.New(&log))
	if got := log.String(); !strings.Contains(got, "gateway.yaml:") || !strings.Contains(got, "max_bindz: unknown key") {
		t.Error(got)
	}
	if g.cfg.SMPP.Accounts[0].Window != 20 {
		t.Error("what was good is not followed")
	}
}
