//go:build interop

package smpp_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/otagate/otagate/internal/process"
)

// gateway is otagate serve as a process.
type gateway struct {
	*process.Process
	addr string
	stop func()
}

// config has the binds of an account on one side and a link on the other.
const config = `
log: {level: warn, counters: 0s}
store: {path: %q}
smpp:
  listen: %s
  enquire_link: %s
  accounts:
    - {name: esme, password_hash: %q, networks: [127.0.0.0/8], max_binds: 10, window: 1000}
    - {name: slow, password_hash: %[4]q, networks: [127.0.0.0/8], max_binds: 10, window: 1000, rate: 3}
    - {name: data, password_hash: %[4]q, networks: [127.0.0.0/8], max_binds: 10, window: 1000}
links:
  - {name: centre, url: %q, system_id: esme, password_file: %q, window: %d, retry: {min: 100ms, max: 1s}, slow_down: {min: 200ms, max: 1s}, %s}
routes:
  - {name: data, from: [centre], to: ["99"], via: [{account: data}]}
  - {name: handsets, from: [centre], via: [{account: esme}]}
  - {name: all, via: [{link: centre}]}
`

// setting is what differs between gateways.
type setting struct {
	listen      string // address; empty: any
	centre      string // URL
	enquireLink string // to accounts
	window      int    // of the link
	link        string // more of the link
	password    string // of the link
}

// serveGateway starts a gateway and waits until it takes connections.
func serveGateway(t *testing.T, s setting) *gateway {
	t.Helper()
	dir := t.TempDir()
	g := &gateway{addr: s.listen}
	if g.addr == "" {
		g.addr = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	}
	secret, file := filepath.Join(dir, "password"), filepath.Join(dir, "otagate.yaml")
	if s.enquireLink == "" {
		s.enquireLink = "30s"
	}
	if s.link == "" {
		s.link = "kind: transceiver"
	}
	text := fmt.Sprintf(config, filepath.Join(dir, "otagate.db"), g.addr, s.enquireLink, hash, s.centre, secret, max(s.window, 10), s.link)
	if err := errors.Join(os.WriteFile(secret, []byte(s.password), 0o600), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	var err error
	if g.Process, err = process.Start(exec.Command(program, "serve", "-c", file)); err != nil {
		t.Fatal(err)
	}
	g.stop = sync.OnceFunc(func() {
		if err := g.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		g.stop()
		if t.Failed() {
			t.Logf("otagate serve: %s", g.Said())
		}
	})
	reach(t, g.addr)
	return g
}
