package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/status"
	"github.com/otagate/otagate/internal/testcert"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/smpp"
)

// hostileFull has the tests of hostile peers do all that `make fault` does: ten
// thousand connections, and waiting for timers of ten seconds.
var hostileFull = flag.Bool("hostile-full", false, "hostile peers in full number, and to their end")

// besieged is a gateway with a port of each kind, that hostile peers connect to from
// addresses of their own while the account shop goes about its business.
type besieged struct {
	*running
	t    *testing.T
	a    *smsc
	ca   *testcert.Authority
	log  *testlog.Log
	shop *pusher
	sent int
}

func besiege(t *testing.T, edit func(c *configs.SMPP)) *besieged {
	t.Helper()
	l, a := edgeLab(t)
	b := &besieged{t: t, a: a, ca: testcert.New(t), log: &testlog.Log{}}
	dir := t.TempDir()
	c := &l.cfg.SMPP
	c.TLS.Certificate, c.TLS.Key = b.ca.Write(filepath.Join(dir, "smpp"), b.ca.Pair("127.0.0.1"))
	c.Listen, c.ListenTLS = "127.0.0.1:0", "127.0.0.1:0"
	c.Accounts[0].Destinations = []configs.Pattern{"^[*]"} // what it floods with goes nowhere
	l.cfg.Store.Path = filepath.Join(dir, "otagate.db")
	if edit != nil {
		edit(c)
	}
	g, err := New(t.Context(), l.cfg, zerolog.New(b.log))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.running = &running{Gateway: g, lab: l, cancel: cancel, done: make(chan error, 1)}
	go func() { b.done <- g.Run(ctx) }()
	t.Cleanup(b.stop)
	b.shop = b.esme("shop")
	return b
}

// unharmed has shop push messages over the bind that it has, and another one over a
// new bind: all are taken, and come out. It is called while an attack goes on.
func (b *besieged) unharmed() {
	b.t.Helper()
	again, err := b.bind("shop", ivrPassword)
	if err != nil {
		b.t.Fatalf("a good account cannot bind: %v", err)
	}
	defer again.cl.Close()
	for i := range 50 {
		by := b.shop
		if i%10 == 9 {
			by = again
		}
		b.sent++
		if st := by.push(fmt.Sprintf("1555%07d", b.sent)); st != smpp.StatusOK {
			b.t.Fatalf("a good account is told %s", st)
		}
	}
	until(b.t, "all messages of the good account", func() bool { n, _ := b.a.took(); return n == b.sent })
}

// from connects to a port from an address of 127/8.
func from(address string, port net.Addr) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}, Timeout: 10 * time.Second}
	return d.Dial("tcp", port.String())
}

func (b *besieged) connect(address string) net.Conn {
	b.t.Helper()
	nc, err := from(address, b.Addr())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { nc.Close() })
	return nc
}

func pduOf(t testing.TB, id smpp.CommandID, seq uint32, body smpp.Body) []byte {
	t.Helper()
	out, err := smpp.AppendPDU(nil, smpp.Header{CommandID: id, Sequence: seq}, body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func bindAs(account string) *smpp.Bind {
	return bindOf(smpp.CommandBindTransceiver, account)
}

// next reads the header of the next PDU.
func next(nc net.Conn) (id smpp.CommandID, status smpp.Status, err error) {
	nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	var head [smpp.HeaderLen]byte
	if _, err := io.ReadFull(nc, head[:]); err != nil {
		return 0, 0, err
	}
	n := int64(binary.BigEndian.Uint32(head[:])) - smpp.HeaderLen
	_, err = io.CopyN(io.Discard, nc, n)
	return smpp.CommandID(binary.BigEndian.Uint32(head[4:])), smpp.Status(binary.BigEndian.Uint32(head[8:])), err
}

// held is how much memory is in use.
func held() int64 {
	for range 3 { // what is in pools takes two
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// TestHostilePDUs: what is not as it has to be gets its status, or the end of its
// connection, and reaches nobody.
func TestHostilePDUs(t *testing.T) {
	b := besiege(t, nil)
	text := &smpp.SubmitSM{DestinationAddr: []byte("74"), ShortMessage: []byte("abc")}
	payload := &smpp.SubmitSM{DestinationAddr: []byte("74"), TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("abc")}}}
	patched := func(body smpp.Body, at int, with ...byte) []byte {
		p := pduOf(t, 0, 7, body)
		if at < 0 {
			at += len(p)
		}
		copy(p[at:], with)
		return p
	}
	submit, nack := smpp.CommandSubmitSMResp, smpp.CommandGenericNack
	for _, r := range []struct {
		name   string
		bound  bool
		octets []byte
		id     smpp.CommandID
		status smpp.Status
		ends   bool
	}{
		{"command_length 0", true, patched(&smpp.EnquireLink{}, 0, 0, 0, 0, 0), nack, smpp.StatusInvalidCommandLength, true},
		{"command_length 15", true, patched(&smpp.EnquireLink{}, 0, 0, 0, 0, 15), nack, smpp.StatusInvalidCommandLength, true},
		{"command_length 2^31", true, patched(&smpp.EnquireLink{}, 0, 0x80, 0, 0, 0), nack, smpp.StatusInvalidCommandLength, true},
		{"command_length -1", false, patched(&smpp.EnquireLink{}, 0, 0xff, 0xff, 0xff, 0xff), nack, smpp.StatusInvalidCommandLength, true},
		{"sm_length past the PDU", true, patched(text, -4, 200), submit, smpp.StatusInvalidMessageLength, false},
		{"sm_length of -1", true, patched(text, -4, 0xff), submit, smpp.StatusInvalidMessageLength, false},
		{"a TLV past the end", true, patched(payload, -5, 0, 4), submit, smpp.StatusInvalidTLVLength, false},
		{"a TLV of -1 octets", true, patched(payload, -5, 0xff, 0xff), submit, smpp.StatusInvalidTLVLength, false},
		{"a bind that is bound", true, pduOf(t, 0, 7, bindAs("shop")), smpp.CommandBindTransceiverResp, smpp.StatusAlreadyBound, false},
		{"submit_sm before a bind", false, pduOf(t, 0, 7, text), submit, smpp.StatusInvalidBindStatus, false},
		{"deliver_sm from an account", true, pduOf(t, 0, 7, &smpp.DeliverSM{}), smpp.CommandDeliverSMResp, smpp.StatusInvalidBindStatus, false},
		{"an operation of no edition", true, pduOf(t, 0x300, 7, nil), nack, smpp.StatusInvalidCommandID, false},
	} {
		nc := b.connect("127.0.0.77")
		if r.bound {
			nc.Write(pduOf(t, 0, 1, bindAs("shop")))
			if _, st, err := next(nc); st != smpp.StatusOK || err != nil {
				t.Fatalf("%s: bind: %s, %v", r.name, st, err)
			}
		}
		nc.Write(r.octets)
		id, st, err := next(nc)
		if id != r.id || st != r.status || err != nil {
			t.Errorf("%s: %s %s %v, want %s %s", r.name, id, st, err, r.id, r.status)
		}
		if r.ends {
			if _, _, err := next(nc); !errors.Is(err, io.EOF) {
				t.Errorf("%s: the connection goes on: %v", r.name, err)
			}
		}
		nc.Close()
	}
	if n := b.smpp.Stats().Received; n != 0 {
		t.Errorf("%d of them reached the gateway", n)
	}
	b.unharmed()
}

// TestHostileIdle: connections that only stand are bounded in number, one address
// cannot have them all, and they cost what the documentation says. Who is
// bound goes on.
func TestHostileIdle(t *testing.T) {
	n, most := 300, 200
	if *hostileFull {
		n, most = 10_000, 9_500
	}
	b := besiege(t, func(c *configs.SMPP) { c.MaxConnections, c.SessionInit = most, 5*time.Minute })
	taken := func(reason smpp.Reason) int { return int(b.smpp.Stats().Reasons[reason.String()]) }

	// Of one address.
	one := b.idle(50, func(int) string { return "127.0.0.66" })
	until(t, "those that are too many of an address to be closed", func() bool { return taken(smpp.ReasonTooManyOfAddress) == 50-32 })
	b.unharmed()
	for _, nc := range one {
		nc.Close()
	}
	until(t, "them to be gone", func() bool { return b.smpp.Stats().Connections == 1 })

	// Of many, until the gateway takes no more.
	before := held()
	b.idle(n, func(i int) string { return fmt.Sprintf("127.1.%d.%d", i/32/200, 1+i/32%200) })
	until(t, "what is too many to be closed", func() bool { return taken(smpp.ReasonTooManyConnections) >= n-(most-1) })
	if s := b.smpp.Stats(); s.Connections != int64(most) {
		t.Errorf("%d connections, %d are allowed", s.Connections, most)
	}
	each := (held() - before) / int64(most)
	t.Logf("%d idle connections: %d octets each, with their other ends", most, each)
	if each > 64<<10 {
		t.Errorf("%d octets for an idle connection", each)
	}
	for range 50 { // of the bind that stands
		b.sent++
		if st := b.shop.push(fmt.Sprintf("1555%07d", b.sent)); st != smpp.StatusOK {
			t.Fatalf("a good account is told %s", st)
		}
	}
}

// idle makes connections that do nothing.
func (b *besieged) idle(n int, address func(i int) string) []net.Conn {
	b.t.Helper()
	all := make([]net.Conn, n)
	var dialing sync.WaitGroup
	var at atomic.Int64
	for range 16 {
		dialing.Go(func() {
			for i := int(at.Add(1)) - 1; i < n; i = int(at.Add(1)) - 1 {
				nc, err := from(address(i), b.Addr())
				if err != nil {
					b.t.Errorf("connection %d: %v", i, err)
					return
				}
				all[i] = nc
			}
		})
	}
	dialing.Wait()
	b.t.Cleanup(func() {
		for _, nc := range all {
			if nc != nil {
				nc.Close()
			}
		}
	})
	return all
}

// TestHostileDrip: an octet at a time makes no bind in time.
func TestHostileDrip(t *testing.T) {
	const time0 = 500 * time.Millisecond
	b := besiege(t, func(c *configs.SMPP) { c.SessionInit = time0 })
	var drips sync.WaitGroup
	for i := range 20 {
		nc := b.connect(fmt.Sprintf("127.0.0.%d", 100+i))
		drips.Go(func() {
			began := time.Now()
			pdu := pduOf(t, 0, 1, bindAs("shop"))
			tick := time.NewTicker(time0 / 10)
			defer tick.Stop()
			for _, o := range pdu {
				if _, err := nc.Write([]byte{o}); err != nil {
					break
				}
				<-tick.C
			}
			if _, _, err := next(nc); err == nil {
				t.Error("it has bound")
			}
			if d := time.Since(began); d < time0*9/10 {
				t.Errorf("closed after %s", d)
			}
		})
	}
	b.unharmed()
	drips.Wait()
	until(t, "all to be counted", func() bool { return b.smpp.Stats().Reasons[smpp.ReasonSessionInit.String()] == 20 })
}

// TestHostileNeverReads: who submits and does not read is not read in its turn: what
// waits for it is bounded, and in the end it is closed.
func TestHostileNeverReads(t *testing.T) {
	b := besiege(t, nil)
	before := held()
	const peers = 3
	for i := range peers {
		nc := b.connect(fmt.Sprintf("127.0.0.%d", 100+i))
		nc.Write(pduOf(t, 0, 1, bindAs("ivr")))
		if _, st, err := next(nc); st != smpp.StatusOK || err != nil {
			t.Fatal(st, err)
		}
		many := bytes.Repeat(pduOf(t, 0, 2, &smpp.SubmitSM{DestinationAddr: []byte("none"), ShortMessage: make([]byte, 140)}), 100)
		for { // until nobody takes more
			nc.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
			if _, err := nc.Write(many); err != nil {
				break
			}
		}
	}
	grown := held() - before
	t.Logf("%d peers that do not read: %d KiB", peers, grown>>10)
	if most := int64(peers*(2*smpp.QueueLimit+256<<10) + 4<<20); grown > most {
		t.Errorf("%d octets are held, more than %d", grown, most)
	}
	b.unharmed()
	if *hostileFull {
		until(t, "them to be closed", func() bool { return b.smpp.Stats().Reasons[smpp.ReasonWriteTimeout.String()] == peers })
	}
}

// TestHostileFlood: what an account submits above its rate is refused, and costs
// nobody else a message.
func TestHostileFlood(t *testing.T) {
	const rate, messages = 20, 4000
	b := besiege(t, func(c *configs.SMPP) {
		flood := c.Accounts[1]
		flood.Name, flood.Rate, flood.Destinations = "flood", rate, []configs.Pattern{"1"}
		c.Accounts = append(c.Accounts, flood)
	})
	began := time.Now()
	nc := b.connect("127.0.0.66")
	nc.Write(pduOf(t, 0, 1, bindAs("flood")))
	if _, st, err := next(nc); st != smpp.StatusOK || err != nil {
		t.Fatal(st, err)
	}
	var flood sync.WaitGroup
	flood.Go(func() {
		one := pduOf(t, 0, 2, &smpp.SubmitSM{DestinationAddr: []byte("none"), ShortMessage: []byte("x")})
		for range messages {
			if _, err := nc.Write(one); err != nil {
				t.Error(err)
				return
			}
		}
	})
	got := map[smpp.Status]int{}
	flood.Go(func() {
		for range messages {
			_, st, err := next(nc)
			if err != nil {
				t.Error(err)
				return
			}
			got[st]++
		}
	})
	b.unharmed()
	flood.Wait()
	through, most := messages-got[smpp.StatusThrottled], int(rate*(2+time.Since(began).Seconds()))
	if through > most || through < rate || got[smpp.StatusInvalidDestinationAddress] != through {
		t.Errorf("%v; at most %d may come through", got, most)
	}
}

// TestHostilePasswords: who tries passwords waits for each answer, and is not heard
// any more after some; the log says it once.
func TestHostilePasswords(t *testing.T) {
	const failures, peers = 6, 4
	b := besiege(t, func(c *configs.SMPP) { c.LockOut = configs.LockOut{Failures: failures, For: time.Hour} })
	var guesses atomic.Int64
	var loops sync.WaitGroup
	for range peers {
		loops.Go(func() {
			for {
				nc, err := from("127.0.0.66", b.Addr())
				if err != nil {
					t.Error(err)
					return
				}
				heard := 0
				for i := range uint32(10) {
					bad := bindAs("shop")
					bad.Password = []byte("guess")
					asked := time.Now()
					nc.Write(pduOf(t, 0, 1+i, bad))
					if _, st, err := next(nc); err != nil {
						break
					} else if d := time.Since(asked); st != smpp.StatusInvalidPassword || d < 900*time.Millisecond {
						t.Errorf("%s after %s", st, d)
					}
					heard++
					guesses.Add(1)
				}
				nc.Close()
				if heard == 0 {
					return // it is not served any more
				}
			}
		})
	}
	b.unharmed()
	loops.Wait()
	if n := guesses.Load(); n < failures || n > failures+3*peers {
		t.Errorf("%d guesses were judged", n)
	}
	if got := linesWith(b.log.String(), "address locked out"); len(got) != 1 {
		t.Errorf("the log says it %d times", len(got))
	}
	b.unharmed()
}

// TestHostileTLS: who speaks something else than TLS, or nothing, is closed, and
// keeps nobody from binding over TLS.
func TestHostileTLS(t *testing.T) {
	b := besiege(t, func(c *configs.SMPP) { c.SessionInit = time.Second })
	const peers = 30
	chance := rand.New(rand.NewSource(1))
	for i := range peers {
		nc, err := from(fmt.Sprintf("127.0.0.%d", 100+i), b.TLSAddr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		var say []byte
		switch i % 3 {
		case 0:
			say = make([]byte, 1000)
			chance.Read(say)
		case 1: // the beginning of a hello of 2^14 octets, and no more of it
			say = []byte{22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc}
		}
		if _, err := nc.Write(say); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Log(err)
		}
	}
	cl, err := smpp.Dial(t.Context(), smpp.ClientConfig{Address: b.TLSAddr().String(), SystemID: "shop", Password: ivrPassword, TLS: &tls.Config{RootCAs: b.ca.Pool}})
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	b.sent++
	if st := (&pusher{t, cl}).push(fmt.Sprintf("1555%07d", b.sent)); st != smpp.StatusOK {
		t.Error(st)
	}
	b.unharmed()
	until(t, "all to be closed", func() bool { return b.smpp.Stats().Reasons[smpp.ReasonTLSHandshake.String()] == peers })
}

// TestStatusSocket: a gateway is asked over the socket beside its store, which is
// gone when it has stopped.
func TestStatusSocket(t *testing.T) {
	b := besiege(t, nil)
	b.unharmed()
	store := b.lab.cfg.Store.Path
	d, err := status.Ask(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if d.Limit != "nothing: what comes goes out" || d.Stages[0].Total != 50 || d.Links[0].BindsUp != 1 || d.CommitMS <= 0 {
		t.Errorf("%+v", d)
	}
	b.cancel()
	err = <-b.done
	b.done <- err // for the end of the test
	if _, err := os.Stat(status.Socket(store)); err == nil {
		t.Error("the socket is still there")
	}
}
