//go:build interop

package smpp_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// gateway is otagate serve as a process.
type gateway struct {
	t    *testing.T
	addr string
	cmd  *exec.Cmd
	out  bytes.Buffer
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
	g := &gateway{t: t, addr: s.listen}
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
	g.cmd = exec.Command(program, "serve", "-c", file)
	g.cmd.Stdout, g.cmd.Stderr = &g.out, &g.out
	if err := g.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	g.stop = sync.OnceFunc(func() {
		if err := g.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := g.cmd.Wait(); err != nil {
			t.Errorf("otagate serve: %v\n%s", err, g.out.String())
		}
	})
	t.Cleanup(func() {
		g.stop()
		if t.Failed() {
			t.Logf("otagate serve: %s", g.out.String())
		}
	})
	if !eventually(func() bool {
		c, err := net.Dial("tcp", g.addr)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}) {
		t.Fatal("otagate serve takes no connections")
	}
	return g
}
