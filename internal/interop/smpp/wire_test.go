//go:build interop

package smpp_test

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

// seen is a PDU that was on the wire.
type seen struct {
	byPeer bool // or by us
	*smpp.PDU
}

func (s seen) String() string {
	who := "we  "
	if s.byPeer {
		who = "peer"
	}
	return fmt.Sprintf("%s %s %s %d", who, s.CommandID, s.Status, s.Sequence)
}

// wire keeps all PDUs between a peer and us, in their order.
type wire struct {
	t    *testing.T
	addr string // where a relay listens, if there is one

	mu  sync.Mutex
	log []seen
	bad []string
}

func (w *wire) see(byPeer bool) func([]byte) {
	return func(b []byte) {
		w.mu.Lock()
		defer w.mu.Unlock()
		p, err := smpp.DecodePDU(slices.Clone(b))
		if err != nil {
			w.bad = append(w.bad, fmt.Sprintf("%x: %v", b, err))
			return
		}
		w.log = append(w.log, seen{byPeer, p})
	}
}

// tap is for smpp.TapListener on our side.
func (w *wire) tap(net.Addr) (sent, received func([]byte)) { return w.see(false), w.see(true) }

// newWire fails the test for what is no PDU, and shows what there was when it failed.
func newWire(t *testing.T) *wire {
	w := &wire{t: t}
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, b := range w.bad {
			t.Errorf("on the wire was %s", b)
		}
		if t.Failed() {
			t.Logf("on the wire:\n%s", w.lines())
		}
	})
	return w
}

func (w *wire) lines() string {
	var b strings.Builder
	for _, s := range w.log[max(0, len(w.log)-200):] {
		fmt.Fprintln(&b, s)
	}
	return b.String()
}

// relay has the wire stand before an address, on which one side listens: the peer, or we.
func (w *wire) relay(to string, peerListens bool) *wire {
	w.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.addr = ln.Addr().String()
	var all sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]struct{}{}
	keep := func(c net.Conn) {
		mu.Lock()
		defer mu.Unlock()
		open[c] = struct{}{}
	}
	pass := func(dst, src net.Conn) {
		_, _ = io.Copy(dst, src) // either end may close, which shows at the other
		_ = dst.(interface{ CloseWrite() error }).CloseWrite()
	}
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			d, err := net.Dial("tcp", to)
			if err != nil {
				_ = c.Close()
				continue
			}
			keep(c)
			keep(d)
			tapped := &halfClosing{smpp.TapConn(c, w.see(peerListens), w.see(!peerListens)), c}
			all.Go(func() { pass(d, tapped) })
			all.Go(func() { pass(tapped, d) })
		}
	})
	w.t.Cleanup(func() {
		_ = ln.Close()
		mu.Lock()
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return w
}

// halfClosing is a tapped connection that can be closed one way.
type halfClosing struct {
	net.Conn
	under net.Conn
}

func (h *halfClosing) CloseWrite() error { return h.under.(*net.TCPConn).CloseWrite() }

// patience is how long anything may take on a busy machine.
const patience = 20 * time.Second

// eventually waits for something that others do.
func eventually(there func() bool) bool { return testwait.For(patience, there) }

// all are the PDUs of a kind from one side.
func (w *wire) all(byPeer bool, id smpp.CommandID) (out []seen) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.log {
		if s.byPeer == byPeer && s.CommandID == id {
			out = append(out, s)
		}
	}
	return out
}

// wait waits for n PDUs of a kind from one side, and returns the last of them.
func (w *wire) wait(byPeer bool, id smpp.CommandID, n int) (seen, error) {
	if !eventually(func() bool { return len(w.all(byPeer, id)) >= n }) {
		return seen{}, fmt.Errorf("there are %d %s on the wire instead of %d", len(w.all(byPeer, id)), id, n)
	}
	return w.all(byPeer, id)[n-1], nil
}

// answered waits for the answer to a request, and wants it to have a status.
func (w *wire) answered(q seen, want smpp.Status) (seen, error) {
	var a seen
	found := eventually(func() bool {
		for _, s := range w.all(!q.byPeer, q.CommandID.Response()) {
			if s.Sequence == q.Sequence {
				a = s
				return true
			}
		}
		return false
	})
	switch {
	case !found:
		return a, fmt.Errorf("%s has no answer", q)
	case a.Status != want:
		return a, fmt.Errorf("%s is answered with %s instead of %s", q, a.Status, want)
	}
	return a, nil
}

// exchanged waits for the nth request of a kind, and its answer.
func (w *wire) exchanged(byPeer bool, id smpp.CommandID, n int, want smpp.Status) (q, a seen, err error) {
	if q, err = w.wait(byPeer, id, n); err == nil {
		a, err = w.answered(q, want)
	}
	return q, a, err
}

// had waits as exchanged does, and tells only what was wrong.
func (w *wire) had(byPeer bool, id smpp.CommandID, n int, want smpp.Status) error {
	_, _, err := w.exchanged(byPeer, id, n, want)
	return err
}

// heard waits until a peer says that it has heard a text.
func heard(peer interface{ Heard(part string) bool }, part string) error {
	if !eventually(func() bool { return peer.Heard(part) }) {
		return fmt.Errorf("the peer does not say that it has heard %q", part)
	}
	return nil
}

// forget begins a new exchange.
func (w *wire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = nil
}
