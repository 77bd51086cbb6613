package soak

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
)

// The password of the account, and its bcrypt hash of the lowest cost: binds come back
// all the time.
const (
	password = "secret"
	hash     = "$2b$04$8Y4f55R98nsKy/du/X1ANuv4Pjgv9hIVkynQM8JDkPlY6cvaaOP9e"
)

// What the gateway may have waiting is bounded by max_queue: an account that is quicker
// than its links is told so.
const config = `
log: {level: info, format: json, counters: 1s}
store: {path: %q}
smpp:
  listen: %s
  accounts:
    - {name: shop, password_hash: %q, networks: [127.0.0.0/8], max_binds: 16, window: 100, max_queue: 5000}
links:
%s
routes:
  - {name: all, via: [%s]}
`

const linkConfig = `  - {name: %s, url: "smpp://%s", system_id: otagate, binds: %d, window: %d, retry: {min: 20ms, max: 200ms}, doubt: %s, resend: %t, relay: {failover: 100ms}}
`

// world is all around the gateway, and the gateway.
type world struct {
	t       *testing.T
	ledger  *ledger
	centres []*centre
	shop    *shop
	dir     string
	addr    string
	gw      *exec.Cmd
	watch   *watch
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) store() string { return filepath.Join(w.dir, "otagate.db") }

func newWorld(t *testing.T, messages int, doubt time.Duration, resend bool) *world {
	w := &world{t: t, ledger: newLedger(messages, resend), dir: t.TempDir()}
	links, via := "", ""
	for _, k := range kinds {
		c, err := openCentre(k, w.ledger)
		w.must(err)
		w.centres = append(w.centres, c)
		links += fmt.Sprintf(linkConfig, k.name, c.ln.Addr(), linkBinds, *window, doubt, resend)
		via += fmt.Sprintf("{link: %s}, ", k.name)
	}
	addr, taken, err := sim.FreePort()
	w.must(err)
	t.Cleanup(func() { taken.Close() })
	w.addr = addr
	file := filepath.Join(w.dir, "otagate.yaml")
	w.must(os.WriteFile(file, fmt.Appendf(nil, config, w.store(), w.addr, hash, links, via), 0o600))
	w.start(file)
	return w
}

// start starts the gateway, and waits until it listens.
func (w *world) start(file string) {
	w.gw = exec.Command(os.Args[0])
	w.gw.Env = append(os.Environ(), gatewayOf+"="+file)
	log, err := w.gw.StderrPipe()
	w.must(err)
	w.must(w.gw.Start())
	w.watch = newWatch(log, w.gw.Process.Pid, w.store())
	t := time.NewTicker(10 * time.Millisecond)
	defer t.Stop()
	for range 2000 {
		if nc, err := net.Dial("tcp", w.addr); err == nil {
			w.must(nc.Close())
			return
		}
		<-t.C
	}
	_ = w.gw.Process.Kill() // it has not begun anything
	w.t.Fatalf("the gateway does not start:\n%s", w.watch.tail())
}

// stop ends everything, the gateway as an operator does.
func (w *world) stop() {
	w.ledger.leave()
	w.shop.close()
	w.must(w.gw.Process.Signal(syscall.SIGTERM))
	w.watch.wait() // the log ends with the process
	if err := w.gw.Wait(); err != nil {
		w.t.Errorf("the gateway: %v\n%s", err, w.watch.tail())
	}
	for _, c := range w.centres {
		c.close()
	}
}
