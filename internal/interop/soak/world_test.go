package soak

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/process"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
)

// The password of the account, and its bcrypt hash of the lowest cost: binds come back
// all the time.
const (
	password = testpassword.Text
	hash     = testpassword.Hash
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
	gw      *process.Process
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
	cmd := process.Again(file)
	w.watch = newWatch(w.store())
	cmd.Stderr = w.watch
	var err error
	w.gw, err = process.Start(cmd)
	w.must(err)
	w.watch.pid.Store(int64(w.gw.Process.Pid))
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	if err := process.Await(ctx, w.addr); err != nil {
		w.t.Fatalf("the gateway does not start: %v, %v", err, w.gw.Kill())
	}
}

// stop ends everything, the gateway as an operator does.
func (w *world) stop() {
	w.ledger.leave()
	w.shop.close()
	if err := w.gw.Stop(); err != nil { // all of its log has been looked at then
		w.t.Error(err)
	}
	for _, c := range w.centres {
		c.close()
	}
}
