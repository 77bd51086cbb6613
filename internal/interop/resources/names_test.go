//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"encoding/binary"
	"errors"
	"net"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// nameServer answers every question with 127.0.0.1, or not at all.
type nameServer struct {
	t     *testing.T
	conn  net.PacketConn
	ended chan struct{}
	asked atomic.Int64
	mute  atomic.Bool
}

// startNames serves names at the address that resolv.conf has.
func startNames(t *testing.T, mute bool) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:53")
	if err != nil {
		t.Fatal(err)
	}
	s := &nameServer{t: t, conn: conn, ended: make(chan struct{})}
	s.mute.Store(mute)
	go s.serve()
	t.Cleanup(s.stop)
	return s
}

func (s *nameServer) stop() {
	s.conn.Close()
	<-s.ended
}

func (s *nameServer) serve() {
	defer close(s.ended)
	b := make([]byte, 512)
	for {
		n, from, err := s.conn.ReadFrom(b)
		if err != nil {
			return
		}
		s.asked.Add(1)
		if a := reply(b[:n]); a != nil && !s.mute.Load() {
			if _, err := s.conn.WriteTo(a, from); err != nil && !errors.Is(err, net.ErrClosed) {
				s.t.Error(err)
			}
		}
	}
}

// reply is the answer to one question (RFC 1035 §4): 127.0.0.1 for an A, and
// nothing for any other type.
func reply(q []byte) []byte {
	const header = 12
	end := header
	for end < len(q) && q[end] != 0 {
		end += int(q[end]) + 1
	}
	if end += 5; end > len(q) {
		return nil
	}
	a := append([]byte(nil), q[:end]...)
	a[2], a[3] = 0x81, 0x80 // a response, recursion available
	kind := binary.BigEndian.Uint16(q[end-4:])
	clear(a[6:header]) // no answers, and no additional record of the question
	if kind != 1 {
		return a
	}
	a[7] = 1
	return append(a, 0xc0, header, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
}

// ownNames has the processes in these namespaces ask 127.0.0.1.
func ownNames(t *testing.T, l *lab) {
	t.Helper()
	for file, text := range map[string]string{"/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "/etc/nsswitch.conf": "hosts: files dns\n"} {
		ours := filepath.Join(l.dir, filepath.Base(file))
		l.write(ours, text)
		switch err := syscall.Mount(ours, file, "", syscall.MS_BIND, ""); {
		case errors.Is(err, syscall.ENOENT) && file == "/etc/nsswitch.conf":
			continue // then Go asks files and dns
		case err != nil:
			t.Fatalf("%s: %v", file, err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(file, 0); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNamesGone: one of two peers has a name that cannot be resolved.
func TestNamesGone(t *testing.T) {
	p := promises(t, "DNS gone: of two M3UA peers one has a host name; the name server is not there, then does not answer, then does, then is gone again",
		"the peer is tried again, further and further apart (0.5 to 30 s), and said once for each state; the other peer and the binds work; the peer comes when its name can be resolved; associations that stand need no name server")
	l := newLab(t, options{callers: 30, level: "debug",
		peers: `[{name: numeric, transport: tcp, addresses: ["` + m3uaAddr + `"]}, {name: named, transport: tcp, addresses: ["stp.otagate.test:2905"]}]`})
	ownNames(t, l)
	l.start()
	const cannot = "cannot connect"
	eventually(t, "three tries", func() bool { return l.gw.out.count(cannot, `"named"`) >= 3 })
	l.activate(l.callers[:10])
	mute := startNames(t, true)
	eventually(t, "it asks", func() bool { return mute.asked.Load() > 0 })
	mute.stop()
	tries, said := l.gw.out.count(cannot, `"named"`), l.gw.out.count(cannot, `"named"`, `"warn"`)
	if said != 1 {
		t.Errorf("said %d times", said)
	}
	if l.gw.out.count(cannot, `"numeric"`) != 0 {
		t.Error("the peer without a name is harmed")
	}
	names := startNames(t, false)
	began := time.Now()
	eventually(t, "the named peer is active", func() bool { return l.gw.out.count("ASP-ACTIVE", `"named"`) > 0 })
	back := time.Since(began)
	l.activate(l.callers[10:20])
	names.stop()
	asked := names.asked.Load()
	l.activate(l.callers[20:])
	l.balance()
	p.was("%d tries, said once; 10 activations meanwhile; %s after the name server is back the peer is active (%d questions); 20 more activations, 10 of them without it",
		tries, back.Round(100*time.Millisecond), asked)
}

// TestListenName: the address to listen on is a name that cannot be resolved.
func TestListenName(t *testing.T) {
	p := promises(t, "DNS gone, and smpp.listen is a host name", "the gateway does not start, and says in one sentence why")
	l := newLab(t, options{callers: 1})
	ownNames(t, l)
	l.env = []string{"OTAGATE_SMPP_LISTEN=ivr.otagate.test:2775"}
	l.launch()
	l.gw.exits()
	p.was("%q", l.sentence())
}

// TestCertificate has no test: there is no TLS to have a certificate.
func TestCertificate(t *testing.T) {
	if err := (row{Done: "certificate expired", Must: "a bind to a message centre that stands goes on; the next one is not taken, and said; a renewed file counts without a restart", Was: "tested on virtual time, by TestCertificateExpires of internal/gateway/links", OK: "not here"}).add(); err != nil {
		t.Error(err)
	}
}
