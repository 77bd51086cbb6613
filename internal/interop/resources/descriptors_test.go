//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// idle is a connection to the gateway on which nothing is ever said.
func idle(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", smppAddr, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// refusedConn tells whether the gateway closes c within d, or leaves it be.
func refusedConn(t *testing.T, c net.Conn, d time.Duration) bool {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(d)); err != nil {
		t.Fatal(err)
	}
	_, err := c.Read(make([]byte, 1))
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return true
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false
	}
	t.Fatalf("an idle connection: %v", err)
	return false
}

// connections is how many connections the test is about: 10,000, or what the
// machine allows each of two processes.
func connections(t *testing.T) int {
	t.Helper()
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		t.Fatal(err)
	}
	const wanted, beside = 10_000, 200
	if l.Cur >= wanted+beside {
		return wanted
	}
	t.Logf("only %d file descriptors are allowed here", l.Cur)
	return int(l.Cur) - beside
}

// TestDescriptors fills the gateway with idle connections, up to what is
// configured, and then beyond what the process may have open.
func TestDescriptors(t *testing.T) {
	n := connections(t)
	most := promises(t, fmt.Sprintf("%[1]d connections that say nothing, where max_connections is %[1]d", n),
		"one more is closed at once, the binds that stand work on; when some have gone others are taken")
	gone := promises(t, fmt.Sprintf("file descriptors gone: with nearly %d connections open the process may not open one more (RLIMIT_NOFILE), and more come; then it may again", n),
		"it neither ends nor spins, and says it once; binds, signalling and store work on; who waited is served as soon as there are descriptors")
	const some = 100
	l := newLab(t, options{callers: 30, connections: n, sessionInit: 10 * time.Minute})
	l.start()
	first := l.gw.descriptors()
	var conns []net.Conn
	for range n - 1 { // and the IVR
		conns = append(conns, idle(t))
	}
	eventually(t, "all are accepted", func() bool { return l.gw.descriptors() >= first+n-1 })
	for range 10 {
		if !refusedConn(t, idle(t), patience) {
			t.Fatal("one connection too many is not closed")
		}
	}
	l.activate(l.callers[:10])
	most.was("%d open, 10 more closed at once; 10 activations meanwhile; %d MiB of memory", n, l.gw.memory("VmRSS")>>20)
	for _, c := range conns[len(conns)-some:] { // a limit is of their numbers: the highest must be free
		c.Close()
	}
	eventually(t, "the gateway has closed them too", func() bool { return l.gw.descriptors() <= first+n-1-some })
	kept := idle(t)
	if refusedConn(t, kept, time.Second) {
		t.Error("closed, though there is room")
	}

	eventually(t, "accepted", func() bool { return l.gw.descriptors() == first+n-some })
	was := l.gw.limit(uint64(l.gw.descriptors()))
	var waiting []net.Conn
	for range some / 2 {
		waiting = append(waiting, idle(t)) // the kernel's queue takes them
	}
	v := make(chan error, 1)
	go func() { // and an IVR that gives up
		v1, err := dial()
		if err == nil {
			_ = v1.Close(t.Context())
			err = errors.New("an IVR has bound")
		} else {
			err = nil
		}
		v <- err
	}()
	eventually(t, "it is said", func() bool { return l.gw.out.count("accept failed", "too many open files") > 0 })
	load := l.gw.load(12 * time.Second) // a hundred tries
	if load > 0.1 {
		t.Errorf("%.0f %% of a processor", 100*load)
	}
	if err := <-v; err != nil {
		t.Error(err)
	}
	if !l.gw.running() {
		t.Fatalf("the gateway has ended: %v", l.gw.err)
	}
	l.activate(l.callers[10:20])
	said := l.gw.out.count("accept failed")
	if said != 1 {
		t.Errorf("said %d times", said)
	}
	l.gw.limit(was)
	eventually(t, "those that waited are accepted", func() bool { return l.gw.descriptors() >= first+n-some+len(waiting) })
	l.bind()
	l.activate(l.callers[20:])
	l.balance()
	gone.was("%d open, %d wait for 12 s: %.1f %% of a processor, said once; 10 activations meanwhile; then all that waited are accepted, an IVR binds, 10 more activations", n-some+1, len(waiting), 100*load)
}

// TestDescriptorsTooFew starts a gateway that may have fewer descriptors than
// connections are configured, and one that has just enough.
func TestDescriptorsTooFew(t *testing.T) {
	const connections, beside = 100, 50
	p := promises(t, "a gateway is started that may open fewer files than max_connections and what it needs itself",
		"it says so, and what to do, and serves; with enough of them it says nothing")
	for i, want := range []int{1, 0} {
		allowed := connections + beside - 1 + i
		l := newLab(t, options{callers: 1, connections: connections, wrap: func(c *exec.Cmd) {
			c.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d; exec "$0" "$@"`, allowed)}, c.Args...)
			c.Path = "/bin/sh"
		}})
		l.start()
		l.activate(l.callers)
		if said := l.gw.out.count(`"warn"`, "ulimit"); said != want {
			t.Errorf("%d allowed: said %d times", allowed, said)
		}
		p.was("%d descriptors: said %d times", allowed, want)
		l.balance()
		l.end()
	}
}
