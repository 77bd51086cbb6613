package m3ua_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	_ m3ua.Association = (*sctp.TCP)(nil)
	_ m3ua.Association = (*sctp.Kernel)(nil)
	_ m3ua.Association = (*sctp.PipeEnd)(nil)
)

var (
	hlr = mtp.ANSI(1, 12, 5)
	msc = mtp.ANSI(1, 12, 6)
	far = mtp.ANSI(9, 9, 9)
)

// user records what MTP says.
type user struct {
	mu   sync.Mutex
	got  []mtp.Transfer
	said []string
	each func(t mtp.Transfer)
}

func (u *user) Transfer(t mtp.Transfer) {
	if u.each != nil {
		u.each(t)
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	t.Data = slices.Clone(t.Data)
	u.got = append(u.got, t)
}

func (u *user) say(format string, a ...any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.said = append(u.said, fmt.Sprintf(format, a...))
}

func (u *user) Pause(pc mtp.PointCode)  { u.say("pause %v", pc) }
func (u *user) Resume(pc mtp.PointCode) { u.say("resume %v", pc) }
func (u *user) Status(s mtp.Status)     { u.say("status %v %d %d", s.Affected, s.Cause, s.Level) }

// heard returns and forgets what was said.
func (u *user) heard() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	s := u.said
	u.said = nil
	return s
}

func (u *user) data() []mtp.Transfer {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.got)
}

// network is a server and clients on pipes inside one synctest bubble.
type network struct {
	t      *testing.T
	ln     atomic.Pointer[sctp.PipeListener]
	server *m3ua.Server
	user   *user
	stop   []func()
}

func newNetwork(t *testing.T, cfg m3ua.ServerConfig) *network {
	n := &network{t: t, user: &user{}}
	n.server = m3ua.NewServer(cfg, n.user, zerolog.Nop())
	n.serve()
	return n
}

func (n *network) serve() {
	ln := sctp.ListenPipe()
	n.ln.Store(ln)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.server.Serve(ctx, m3ua.Listen(ln)) }()
	n.stop = append(n.stop, func() {
		cancel()
		if err := <-ended; err != nil {
			n.t.Error(err)
		}
	})
}

func (n *network) close() {
	for _, f := range slices.Backward(n.stop) {
		f()
	}
	n.stop = nil
}

func (n *network) dial(ctx context.Context) (m3ua.Association, error) {
	a, err := n.ln.Load().Dial(ctx)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// client runs a client until stop.
func (n *network) client(cfg m3ua.ClientConfig) (c *m3ua.Client, u *user, stop func()) {
	if cfg.Peers == nil {
		cfg.Peers = []m3ua.PeerConfig{{Name: "stp", Dial: n.dial}}
	}
	u = &user{}
	c = m3ua.NewClient(cfg, u, zerolog.Nop())
	return c, u, n.run(c)
}

func (n *network) run(c *m3ua.Client) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			n.t.Error(err)
		}
	})
	n.stop = append(n.stop, stop)
	return stop
}

func (n *network) asState(i int) m3ua.ASState { return n.server.State().ASs[i].State }

func rc(v uint32) *uint32 { return &v }

// oneAS is a gateway with one AS for msc, routing context 100.
func oneAS(mode m3ua.TrafficMode) m3ua.ServerConfig {
	return m3ua.ServerConfig{Name: "sg", ASs: []m3ua.ASConfig{{Name: "msc", RoutingContext: rc(100), NetworkAppearance: rc(1), TrafficMode: mode, PointCodes: []mtp.PointCode{msc}}}}
}

func mscClient(mode m3ua.TrafficMode) m3ua.ClientConfig {
	return m3ua.ClientConfig{Name: "msc", RoutingContext: []uint32{100}, NetworkAppearance: rc(1), TrafficMode: mode}
}

func transfer(dpc mtp.PointCode, sls uint8, seq uint32) mtp.Transfer {
	return mtp.Transfer{OPC: hlr, DPC: dpc, SI: mtp.ServiceSCCP, NI: mtp.National, Priority: 1, SLS: sls, Data: binary.BigEndian.AppendUint32(nil, seq)}
}

func bubble(t *testing.T, f func(t *testing.T)) { synctest.Test(t, f) }

func waitActive(t *testing.T, c *m3ua.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.WaitActive(ctx); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func TestBothWays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer n.close()
		c, u, stop := n.client(mscClient(m3ua.Loadshare))
		if err := c.Transfer(transfer(far, 0, 0)); err != m3ua.ErrNotActive {
			t.Errorf("before active: %v", err)
		}
		waitActive(t, c)
		if err := n.server.Transfer(transfer(msc, 5, 1)); err != nil {
			t.Fatal(err)
		}
		if err := c.Transfer(transfer(far, 5, 2)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		want := transfer(msc, 5, 1)
		if got := u.data(); len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
			t.Errorf("client got %v", got)
		}
		want = transfer(far, 5, 2)
		if got := n.user.data(); len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
			t.Errorf("server got %v", got)
		}
		if err := n.server.Transfer(transfer(far, 0, 0)); err != m3ua.ErrDestinationUnavailable {
			t.Errorf("no AS: %v", err)
		}
		if got := n.user.heard(); !slices.Equal(got, []string{"resume 1-12-6"}) {
			t.Errorf("server's user heard %v", got)
		}
		stop()
		synctest.Wait()
		if s := n.asState(0); s != m3ua.ASPending {
			t.Errorf("after ASPDN: %v", s)
		}
		for _, s := range []m3ua.Stats{c.Stats(), n.server.Stats()} {
			if len(s.Anomalies)+len(s.ErrorsSent) != 0 || s.DataSent != 1 || s.DataReceived != 1 {
				t.Errorf("%+v", s)
			}
		}
	})
}

// TestRecovery: what arrives while T(r) runs is kept for the ASP that comes
// back, in order, and dropped when none does.
func TestRecovery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := oneAS(m3ua.Override)
		cfg.Pending = 3
		n := newNetwork(t, cfg)
		defer n.close()
		c, _, stop := n.client(mscClient(m3ua.Override))
		waitActive(t, c)
		stop()
		synctest.Wait()
		for i := range 4 {
			if err := n.server.Transfer(transfer(msc, 0, uint32(i))); (err != nil) != (i == 3) {
				t.Errorf("message %d: %v", i, err)
			}
		}
		time.Sleep(time.Second)
		c2, u, stop2 := n.client(mscClient(m3ua.Override))
		waitActive(t, c2)
		if got := u.data(); len(got) != 3 || got[0].Data[3] != 0 || got[2].Data[3] != 2 {
			t.Errorf("after recovery: %v", got)
		}
		if got := n.user.heard(); !slices.Equal(got, []string{"resume 1-12-6"}) {
			t.Errorf("user heard %v", got)
		}
		stop2()
		synctest.Wait()
		n.server.Transfer(transfer(msc, 0, 9))
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if s := n.server.State().ASs[0]; s.State != m3ua.ASDown || s.Pending != 0 {
			t.Errorf("after T(r): %+v", s)
		}
		if err := n.server.Transfer(transfer(msc, 0, 9)); err != m3ua.ErrDestinationUnavailable {
			t.Error(err)
		}
		if got := n.user.heard(); !slices.Equal(got, []string{"pause 1-12-6"}) {
			t.Errorf("user heard %v", got)
		}
	})
}

func TestReconnect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer func() { n.close() }()
		cfg := mscClient(m3ua.Loadshare)
		cfg.PointCodes = []mtp.PointCode{far}
		var sent []string
		cfg.Tap = func(dir m3ua.Direction, _ string, b []byte) {
			if m, err := m3ua.Decode(b); err == nil && dir == m3ua.Sent {
				sent = append(sent, m.Type().String())
			}
		}
		c, u, _ := n.client(cfg)
		waitActive(t, c)
		if got := u.heard(); !slices.Equal(got, []string{"resume 9-9-9"}) {
			t.Errorf("heard %v", got)
		}
		n.stop[0]() // the gateway goes
		synctest.Wait()
		if got := u.heard(); !slices.Equal(got, []string{"pause 9-9-9"}) {
			t.Errorf("heard %v", got)
		}
		if err := c.Transfer(transfer(far, 0, 0)); err != m3ua.ErrNotActive {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		n.stop = n.stop[1:]
		n.serve()
		waitActive(t, c)
		if got := u.heard(); !slices.Equal(got, []string{"resume 9-9-9"}) {
			t.Errorf("heard %v", got)
		}
		if want := []string{"ASPUP", "ASPAC", "DAUD", "ASPUP", "ASPAC", "DAUD"}; !slices.Equal(sent, want) {
			t.Errorf("sent %v", sent)
		}
	})
}

// TestBeatLost: a peer that says nothing any more is given up, at both ends.
func TestBeatLost(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		c, _, _ := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "mute", Dial: p.dial}}})
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)
		start := time.Now()
		if b := p.expect("BEAT").(*m3ua.Beat); len(b.HeartbeatData) == 0 {
			t.Error("BEAT without data")
		}
		p.send(&m3ua.BeatAck{})
		p.expect("BEAT")
		p.expect("BEAT")
		p.ended()
		if d := time.Since(start); d != 40*time.Second {
			t.Errorf("given up after %v", d)
		}
		p.accept()
		p.expect("ASPUP")
	})
}

func TestServerBeatLost(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Override))
		defer n.close()
		p := newPeer(t)
		p.a = must(n.dial(t.Context()))
		p.send(&m3ua.ASPUp{})
		p.expect("ASPUP ACK")
		p.expect("NTFY AS-INACTIVE")
		p.expect("BEAT")
		p.expect("BEAT")
		p.ended()
	})
}

func must(a m3ua.Association, err error) m3ua.Association {
	if err != nil {
		panic(err)
	}
	return a
}

// TestAckRetransmission: ASPUP is repeated every T(ack), then the association
// is given up and made anew.
func TestAckRetransmission(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "mute", Dial: p.dial}}, AckTries: 3})
		p.accept()
		start := time.Now()
		for range 3 {
			p.expect("ASPUP")
		}
		p.ended()
		if d := time.Since(start); d != 6*time.Second {
			t.Errorf("given up after %v", d)
		}
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.Error{Code: m3ua.RefusedManagementBlocking})
		p.ended()
	})
}

// lateLog keeps the writer of a line of the log until T(ack) has expired.
type lateLog struct{ line string }

func (w lateLog) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(w.line)) {
		time.Sleep(2 * time.Second)
	}
	return len(b), nil
}

// TestAckOvertakesTimeout: T(ack) expires while the ack is being handled. The
// expiry is that of the message before, so that nothing is repeated early.
func TestAckOvertakesTimeout(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		cfg := m3ua.ClientConfig{Beat: -1, Peers: []m3ua.PeerConfig{{Name: "late", Dial: p.dial}}}
		n.run(m3ua.NewClient(cfg, &user{}, zerolog.New(lateLog{"unexpected ASPDN ACK"})))
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		start := time.Now()
		p.send(&m3ua.ASPDownAck{})
		for _, want := range []time.Duration{2 * time.Second, 4 * time.Second} {
			p.expect("ASPUP")
			if d := time.Since(start); d != want {
				t.Errorf("ASPUP after %v, want %v", d, want)
			}
		}
	})
}

// peer is one end of an association in the hands of the test.
type peer struct {
	t  *testing.T
	ln *sctp.PipeListener
	a  m3ua.Association
}

func newPeer(t *testing.T) *peer { return &peer{t: t, ln: sctp.ListenPipe()} }

func (p *peer) dial(ctx context.Context) (m3ua.Association, error) {
	a, err := p.ln.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (p *peer) accept() {
	a, err := p.ln.Accept()
	if err != nil {
		p.t.Fatal(err)
	}
	p.a = a
}

func (p *peer) send(m m3ua.Message) {
	p.t.Helper()
	b, err := m.Append(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.raw(b)
}

func (p *peer) raw(b []byte) {
	p.t.Helper()
	if err := p.a.WriteMessage(b, 0); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) receive() m3ua.Message {
	p.t.Helper()
	buf := make([]byte, 1<<16)
	n, _, err := p.a.ReadMessage(buf)
	if err != nil {
		p.t.Fatal(err)
	}
	m, err := m3ua.Decode(buf[:n])
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// expect reads one message: its name, with the status of NTFY or the code of ERR.
func (p *peer) expect(want string) m3ua.Message {
	p.t.Helper()
	m := p.receive()
	got := m.Type().String()
	switch m := m.(type) {
	case *m3ua.Notify:
		got += " " + m.Status.String()
	case *m3ua.Error:
		got += " " + m.Code.String()
	}
	if got != want {
		p.t.Fatalf("got %s, want %s", got, want)
	}
	return m
}

func (p *peer) ended() {
	p.t.Helper()
	if n, _, err := p.a.ReadMessage(make([]byte, 1<<16)); err == nil {
		p.t.Fatalf("%d octets, not the end", n)
	}
	p.a.Close()
}

// nothing checks that no message is waiting.
func (p *peer) nothing() {
	p.t.Helper()
	synctest.Wait()
	p.send(&m3ua.Beat{Heartbeat: m3ua.Heartbeat{HeartbeatData: []byte("sync")}})
	p.expect("BEAT ACK")
}

// TestServerDialogue is the SGP seen from the wire.
func TestServerDialogue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := oneAS(m3ua.Override)
		cfg.Beat = -1
		n := newNetwork(t, cfg)
		defer n.close()
		p := newPeer(t)
		p.a = must(n.dial(t.Context()))
		defer p.a.Close()
		active := func(rcs ...uint32) *m3ua.ASPActive {
			return &m3ua.ASPActive{Activation: m3ua.Activation{RoutingContext: rcs}}
		}
		p.send(active(100))
		p.expect("ERR unexpected message")
		p.send(&m3ua.ASPDown{})
		p.expect("ASPDN ACK")
		p.send(&m3ua.ASPUp{})
		p.expect("ASPUP ACK")
		p.expect("NTFY AS-INACTIVE")
		p.send(&m3ua.ASPUp{})
		p.expect("ASPUP ACK")
		p.send(active(7))
		p.expect("ERR invalid routing context")
		p.send(&m3ua.ASPActive{Activation: m3ua.Activation{TrafficMode: m3ua.Some(m3ua.Broadcast), RoutingContext: []uint32{100}}})
		p.expect("ERR unsupported traffic mode type")
		p.send(&m3ua.Data{RoutingContext: m3ua.Some(uint32(100)), DPC: far})
		p.expect("ERR unexpected message")
		p.send(active(100))
		ack := p.expect("ASPAC ACK").(*m3ua.ASPActiveAck)
		if len(ack.RoutingContext) != 1 || ack.RoutingContext[0] != 100 || ack.TrafficMode.V != m3ua.Override {
			t.Errorf("%+v", ack)
		}
		p.expect("NTFY AS-ACTIVE")
		p.send(active(100))
		p.expect("ASPAC ACK")
		p.send(&m3ua.Data{RoutingContext: m3ua.Some(uint32(5)), DPC: far})
		e := p.expect("ERR invalid routing context").(*m3ua.Error)
		if len(e.RoutingContext) != 1 || e.RoutingContext[0] != 5 || len(e.Diagnostic) == 0 {
			t.Errorf("%+v", e)
		}
		p.send(&m3ua.Data{RoutingContext: m3ua.Some(uint32(100)), NetworkAppearance: m3ua.Some(uint32(9)), DPC: far})
		p.expect("ERR invalid network appearance")
		p.send(&m3ua.DAUD{Destinations: m3ua.Destinations{Affected: []m3ua.AffectedPointCode{{PC: far}, {PC: msc}}}})
		p.expect("DAVA")
		p.expect("DAVA")
		n.server.Pause(far)
		p.expect("DUNA")
		n.server.Congestion(msc, 2)
		p.expect("SCON")
		p.send(&m3ua.DAUD{Destinations: m3ua.Destinations{Affected: []m3ua.AffectedPointCode{{PC: far}, {PC: msc}, {Mask: 8, PC: far}}}})
		p.expect("DUNA")
		p.expect("DAVA")
		p.expect("SCON")
		p.expect("DUNA")
		n.server.Resume(far)
		p.expect("DAVA")
		n.server.UserPartUnavailable(far, 3, m3ua.CauseUnequipped)
		p.expect("DUPU")
		p.send(&m3ua.RegistrationRequest{Keys: []m3ua.RoutingKey{{Destinations: []m3ua.KeyDestination{{PC: far}}}}})
		p.expect("ERR unsupported message class")
		p.send(&m3ua.ASPUp{})
		p.expect("ASPUP ACK")
		p.expect("ERR unexpected message")
		p.expect("NTFY AS-PENDING")
		p.send(active(100))
		p.expect("ASPAC ACK")
		p.expect("NTFY AS-ACTIVE")
		p.send(&m3ua.ASPInactive{})
		p.expect("ASPIA ACK")
		p.expect("NTFY AS-PENDING")
		p.expect("NTFY AS-INACTIVE")
		p.send(&m3ua.ASPDown{})
		p.expect("ASPDN ACK")
		p.nothing()
	})
}

// TestMalformed: every broken message is answered with its code, none with ERR
// for ERR, and the association works afterwards, on both sides.
func TestMalformed(t *testing.T) {
	broken := []struct {
		b    []byte
		want string
	}{
		{[]byte{1, 0, 1, 1, 0, 0, 0}, "ERR protocol error"},
		{[]byte{1}, "ERR protocol error"},
		{[]byte{2, 0, 1, 1, 0, 0, 0, 8}, "ERR invalid version"},
		{[]byte{1, 0, 5, 1, 0, 0, 0, 8}, "ERR unsupported message class"},
		{[]byte{1, 0, 1, 9, 0, 0, 0, 8}, "ERR unsupported message type"},
		{[]byte{1, 0, 1, 1, 0, 0, 0, 8}, "ERR missing parameter"},
		{[]byte{1, 0, 1, 1, 0, 0, 0, 12, 2, 16, 0, 3}, "ERR parameter field error"},
		{[]byte{1, 0, 1, 1, 0, 0, 0, 16, 0x7f, 0xff, 0, 8, 0, 0, 0, 0}, "ERR missing parameter"},
		{[]byte{1, 0, 1, 1, 0, 0, 255, 0}, "ERR protocol error"},
		{[]byte{1, 0, 3, 6, 0, 0, 0, 8}, ""},
		{[]byte{1, 0, 0, 0, 0, 0, 0, 8}, ""},
		{[]byte{1, 0, 0, 0, 0, 0, 0, 16, 0, 12, 0, 8, 0, 0, 0, 99}, ""},
	}
	check := func(p *peer, dpc mtp.PointCode, u *user, dialogue func()) {
		for i, b := range broken {
			p.raw(b.b)
			if b.want != "" {
				p.expect(b.want)
			}
			p.nothing()
			p.send(&m3ua.Data{DPC: dpc})
			synctest.Wait()
			if got := len(u.data()); got != i+1 {
				p.t.Fatalf("after %x: %d DATA delivered, want %d", b.b, got, i+1)
			}
		}
		dialogue()
	}
	t.Run("server", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			n := newNetwork(t, oneAS(m3ua.Override))
			defer n.close()
			p := newPeer(t)
			p.a = must(n.dial(t.Context()))
			defer p.a.Close()
			p.send(&m3ua.ASPUp{})
			p.expect("ASPUP ACK")
			p.expect("NTFY AS-INACTIVE")
			p.send(&m3ua.ASPActive{})
			p.expect("ASPAC ACK")
			p.expect("NTFY AS-ACTIVE")
			check(p, far, n.user, func() {
				p.send(&m3ua.ASPDown{})
				p.expect("ASPDN ACK")
			})
			if s := n.server.Stats(); s.ErrorsSent["missing parameter"] != 2 || s.ErrorsReceived["error code 0x63"] != 1 {
				t.Errorf("%+v", s)
			}
		})
	})
	t.Run("client", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			p := newPeer(t)
			n := &network{t: t}
			c, u, _ := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "odd", Dial: p.dial}}})
			p.accept()
			p.expect("ASPUP")
			p.send(&m3ua.ASPUpAck{})
			p.expect("ASPAC")
			p.send(&m3ua.ASPActiveAck{})
			waitActive(t, c)
			check(p, msc, u, func() {
				p.send(&m3ua.ASPActive{})
				p.expect("ERR unexpected message")
			})
			go n.close()
			p.expect("ASPDN")
			p.send(&m3ua.ASPDownAck{})
			p.ended()
		})
	})
}

// TestNetworkManagement: what the SGP tells of destinations reaches the user
// and holds for Transfer.
func TestNetworkManagement(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer n.close()
		c, u, _ := n.client(mscClient(m3ua.Loadshare))
		waitActive(t, c)
		steps := []struct {
			do   func()
			said []string
			err  error
		}{
			{func() { n.server.Pause(far) }, []string{"pause 9-9-9"}, m3ua.ErrDestinationUnavailable},
			{func() { n.server.Pause(far) }, nil, m3ua.ErrDestinationUnavailable},
			{func() { n.server.Resume(far) }, []string{"resume 9-9-9"}, nil},
			{func() { n.server.Congestion(far, 1) }, []string{"status 9-9-9 0 1"}, nil},
			{func() { n.server.Congestion(far, 2) }, []string{"status 9-9-9 0 2"}, m3ua.ErrCongested},
			{func() { time.Sleep(6 * time.Second) }, nil, nil},
			{func() { n.server.Congestion(far, 3) }, []string{"status 9-9-9 0 3"}, m3ua.ErrCongested},
			{func() { n.server.Congestion(far, 0) }, []string{"status 9-9-9 0 0"}, nil},
			{func() { n.server.UserPartUnavailable(far, 3, m3ua.CauseUnequipped) }, []string{"status 9-9-9 2 0"}, nil},
		}
		for i, s := range steps {
			s.do()
			synctest.Wait()
			if got := u.heard(); !slices.Equal(got, s.said) {
				t.Errorf("step %d: heard %v, want %v", i, got, s.said)
			}
			if err := c.Transfer(transfer(far, 0, 0)); err != s.err {
				t.Errorf("step %d: %v, want %v", i, err, s.err)
			}
		}
	})
}

// TestAuditOfMany: every destination is asked about, in order, and what a peer
// does not answer stops nothing.
func TestAuditOfMany(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		var codes []mtp.PointCode
		for i := range mtp.PointCode(1500) {
			codes = append(codes, far-i)
		}
		c, u, _ := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "mute", Dial: p.dial}}, Beat: -1, PointCodes: codes})
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		var asked []mtp.PointCode
		for range 2 {
			for _, a := range p.expect("DAUD").(*m3ua.DAUD).Affected {
				asked = append(asked, a.PC)
			}
		}
		slices.Reverse(codes)
		if !slices.Equal(asked, codes) {
			t.Errorf("asked about %d destinations, want %d in ascending order", len(asked), len(codes))
		}
		synctest.Wait()
		if got := u.heard(); len(got) != len(codes) || got[0] != "resume "+codes[0].String() {
			t.Errorf("heard %d indications, want %d resumes", len(got), len(codes))
		}
		if err := c.Transfer(transfer(far, 0, 0)); err != nil {
			t.Fatal(err)
		}
		p.expect("DATA")
	})
}

// TestRanges: DUNA and DAVA name whole clusters; the last statement wins.
func TestRanges(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		c, u, _ := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "stp", Dial: p.dial}},
			PointCodes: []mtp.PointCode{far}, UnknownProhibited: true})
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		p.expect("DAUD")
		waitActive(t, c)
		other := mtp.ANSI(9, 9, 1)
		say := func(can bool, mask uint8, pc mtp.PointCode) {
			d := m3ua.Destinations{Affected: []m3ua.AffectedPointCode{{Mask: mask, PC: pc}}}
			if can {
				p.send(&m3ua.DAVA{Destinations: d})
			} else {
				p.send(&m3ua.DUNA{Destinations: d})
			}
			synctest.Wait()
		}
		check := func(wantFar, wantOther error, said ...string) {
			t.Helper()
			if err := c.Transfer(transfer(far, 0, 0)); err != wantFar {
				t.Errorf("far: %v, want %v", err, wantFar)
			} else if err == nil {
				p.expect("DATA")
			}
			if err := c.Transfer(transfer(other, 0, 0)); err != wantOther {
				t.Errorf("other: %v, want %v", err, wantOther)
			} else if err == nil {
				p.expect("DATA")
			}
			if got := u.heard(); !slices.Equal(got, said) {
				t.Errorf("heard %v, want %v", got, said)
			}
		}
		no := m3ua.ErrDestinationUnavailable
		check(no, no)
		say(true, 0, far)
		check(nil, no, "resume 9-9-9")
		say(true, 8, far)
		check(nil, nil)
		say(false, 0, far)
		check(no, nil, "pause 9-9-9")
		say(true, 16, far)
		check(nil, nil, "resume 9-9-9")
		say(false, 24, 0)
		check(no, no, "pause 9-9-9")
		p.a.Close()
		synctest.Wait()
		go n.close()
	})
}

func TestLoadshare(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer n.close()
		c1, u1, _ := n.client(mscClient(m3ua.Loadshare))
		c2, u2, stop2 := n.client(mscClient(m3ua.Loadshare))
		waitActive(t, c1)
		waitActive(t, c2)
		for i := range 100 {
			if err := n.server.Transfer(transfer(msc, uint8(i), uint32(i))); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		a, b := u1.data(), u2.data()
		if len(a) != 50 || len(b) != 50 {
			t.Errorf("%d and %d", len(a), len(b))
		}
		for i := range a {
			if a[i].SLS%2 != a[0].SLS%2 {
				t.Fatalf("SLS %d on the wrong ASP", a[i].SLS)
			}
		}
		stop2()
		synctest.Wait()
		if err := n.server.Transfer(transfer(msc, 1, 0)); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if got := len(u1.data()); got != 51 {
			t.Errorf("after the other left: %d", got)
		}
	})
}

func TestBroadcast(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Broadcast))
		defer n.close()
		c1, u1, _ := n.client(mscClient(m3ua.Broadcast))
		c2, u2, _ := n.client(mscClient(m3ua.Broadcast))
		waitActive(t, c1)
		waitActive(t, c2)
		if err := n.server.Transfer(transfer(msc, 0, 0)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(u1.data()) != 1 || len(u2.data()) != 1 {
			t.Errorf("%d and %d", len(u1.data()), len(u2.data()))
		}
	})
}

// TestOverride: the ASP that comes last has the traffic, the other stands by
// and takes it when it is gone.
func TestOverride(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Override))
		defer n.close()
		cfg, asked := mscClient(m3ua.Override), 0
		cfg.Tap = func(dir m3ua.Direction, _ string, b []byte) {
			if m, err := m3ua.Decode(b); err == nil && m.Type() == m3ua.TypeASPActive {
				asked++
			}
		}
		c1, u1, _ := n.client(cfg)
		waitActive(t, c1)
		c2, u2, stop2 := n.client(mscClient(m3ua.Override))
		waitActive(t, c2)
		if s := c1.State().Links[0].State; s != m3ua.StateInactive {
			t.Fatalf("the one overridden is %v", s)
		}
		if asked != 1 {
			t.Errorf("the one overridden asked %d times", asked)
		}
		n.server.Transfer(transfer(msc, 0, 0))
		synctest.Wait()
		if len(u1.data()) != 0 || len(u2.data()) != 1 {
			t.Errorf("%d and %d", len(u1.data()), len(u2.data()))
		}
		stop2()
		waitActive(t, c1)
		n.server.Transfer(transfer(msc, 0, 0))
		synctest.Wait()
		if len(u1.data()) != 1 {
			t.Error("the stand-by did not take over")
		}
		c1.Activate()
		if s := c1.State().Links[0].State; s != m3ua.StateActive {
			t.Errorf("%v", s)
		}
	})
}

// TestOverrideAmongOwnAssociations: of several associations of one client one
// is active, the first; another takes over when it is lost.
func TestOverrideAmongOwnAssociations(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Override))
		defer n.close()
		var ends []m3ua.Association
		dial := func(ctx context.Context) (m3ua.Association, error) {
			a, err := n.dial(ctx)
			ends = append(ends, a)
			return a, err
		}
		cfg := mscClient(m3ua.Override)
		cfg.Peers = []m3ua.PeerConfig{{Name: "stp1", Dial: dial}, {Name: "stp2", Dial: n.dial}}
		c, u, _ := n.client(cfg)
		waitActive(t, c)
		states := func() (s [2]m3ua.ASPState) {
			for i, l := range c.State().Links {
				s[i] = l.State
			}
			return s
		}
		time.Sleep(time.Second)
		s := states()
		if s[0]+s[1] != m3ua.StateActive+m3ua.StateInactive {
			t.Fatalf("%v", s)
		}
		if s[0] == m3ua.StateActive {
			ends[0].Close()
			time.Sleep(10 * time.Second)
			if s := states(); s != [2]m3ua.ASPState{m3ua.StateInactive, m3ua.StateActive} {
				t.Errorf("after the loss: %v", s)
			}
		}
		n.server.Transfer(transfer(msc, 0, 0))
		synctest.Wait()
		if len(u.data()) != 1 {
			t.Error("no traffic")
		}
	})
}

// TestTwoASs: an AS that goes is told to the ASPs of the others.
func TestTwoASs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := oneAS(m3ua.Loadshare)
		cfg.ASs[0].ASPs = []uint32{1}
		cfg.ASs = append(cfg.ASs, m3ua.ASConfig{Name: "hlr", RoutingContext: rc(200), TrafficMode: m3ua.Loadshare, PointCodes: []mtp.PointCode{hlr}, ASPs: []uint32{2}})
		n := newNetwork(t, cfg)
		defer n.close()
		mc := mscClient(m3ua.Loadshare)
		mc.ASPID = rc(1)
		mc.PointCodes = []mtp.PointCode{hlr}
		m, u, _ := n.client(mc)
		waitActive(t, m)
		if err := m.Transfer(transfer(hlr, 0, 0)); err != m3ua.ErrDestinationUnavailable {
			t.Errorf("nobody serves hlr: %v", err)
		}
		u.heard()
		h, _, stop := n.client(m3ua.ClientConfig{Name: "hlr", RoutingContext: []uint32{200}, TrafficMode: m3ua.Loadshare, ASPID: rc(2)})
		waitActive(t, h)
		if got := u.heard(); !slices.Equal(got, []string{"resume 1-12-5"}) {
			t.Errorf("heard %v", got)
		}
		stop()
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got := u.heard(); !slices.Equal(got, []string{"pause 1-12-5"}) {
			t.Errorf("heard %v", got)
		}
		x := newPeer(t)
		x.a = must(n.dial(t.Context()))
		defer x.a.Close()
		x.send(&m3ua.ASPUp{})
		x.expect("ERR ASP identifier required")
		x.send(&m3ua.ASPUp{StateMaintenance: m3ua.StateMaintenance{ASPIdentifier: m3ua.Some(uint32(3))}})
		x.expect("ERR invalid ASP identifier")
	})
}

// TestOrder: 50,000 DATA arrive in the order they were given, each way.
func TestOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer n.close()
		c, u, _ := n.client(mscClient(m3ua.Loadshare))
		waitActive(t, c)
		const total = 50000
		for name, way := range map[string]struct {
			u    *user
			send func(mtp.Transfer) error
			dpc  mtp.PointCode
		}{"to the server": {n.user, c.Transfer, far}, "to the client": {u, n.server.Transfer, msc}} {
			next, wrong := uint32(0), 0
			done := make(chan struct{})
			way.u.each = func(t mtp.Transfer) {
				if binary.BigEndian.Uint32(t.Data) != next {
					wrong++
				}
				if next++; next == total {
					close(done)
				}
			}
			for i := range uint32(total) {
				for {
					err := way.send(transfer(way.dpc, uint8(i), i))
					if err == nil {
						break
					}
					if !errors.Is(err, m3ua.ErrBusy) {
						t.Fatal(err)
					}
					synctest.Wait()
				}
			}
			<-done
			if wrong != 0 {
				t.Errorf("%s: %d out of order", name, wrong)
			}
		}
	})
}

// TestPeerThatNeverReads: the queue fills, Transfer says so, and the
// association is given up instead of being stuck.
func TestPeerThatNeverReads(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		c, _, _ := n.client(m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "deaf", Dial: p.dial}}, Queue: 10})
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)
		busy := 0
		for range 200 {
			if err := c.Transfer(transfer(far, 0, 0)); errors.Is(err, m3ua.ErrBusy) {
				busy++
			}
			synctest.Wait()
		}
		if busy == 0 || c.Stats().Refused != uint64(busy) {
			t.Errorf("%d busy, %d counted", busy, c.Stats().Refused)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if s := c.State().Links[0]; s.State != m3ua.StateDown {
			t.Errorf("%+v", s)
		}
	})
}

func TestRunRefusesWhatCannotWork(t *testing.T) {
	if err := m3ua.NewClient(m3ua.ClientConfig{}, &user{}, zerolog.Nop()).Run(t.Context()); err == nil {
		t.Error("no peers, no error")
	}
	if err := m3ua.NewClient(m3ua.ClientConfig{Peers: make([]m3ua.PeerConfig, 1), TrafficMode: 9}, &user{}, zerolog.Nop()).Run(t.Context()); err == nil {
		t.Error("mode 9, no error")
	}
	for _, ass := range [][]m3ua.ASConfig{
		{{Name: "a", RoutingContext: rc(1)}, {Name: "b", RoutingContext: rc(1)}},
		{{Name: "a", PointCodes: []mtp.PointCode{1}}, {Name: "b", PointCodes: []mtp.PointCode{1}}},
		{{Name: "a", TrafficMode: 9}}, make([]m3ua.ASConfig, 65),
	} {
		s := m3ua.NewServer(m3ua.ServerConfig{ASs: ass}, &user{}, zerolog.Nop())
		if err := s.Serve(t.Context(), m3ua.Listen(sctp.ListenPipe())); err == nil {
			t.Errorf("%v: no error", ass)
		}
	}
}

// faulty is a listener that fails a few times, then for good.
type faulty struct {
	n, after int
	fault    error
	ln       m3ua.Listener
}

func (f *faulty) Accept() (m3ua.Association, error) {
	if f.n++; f.n <= f.after {
		return nil, f.fault
	}
	return f.ln.Accept()
}

func (f *faulty) Close() error { return f.ln.Close() }

// TestAcceptFaults: a listener that fails on and on is given up, unless the
// machine is short of something; each is said once.
func TestAcceptFaults(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, c := range []struct {
			after int
			fault error
			bad   bool
		}{
			{5, errors.New("no good"), false},
			{1000, errors.New("no good"), true},
			{1000, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}, false},
		} {
			var log bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			s := m3ua.NewServer(oneAS(m3ua.Override), &user{}, zerolog.New(&log))
			ln := &faulty{after: c.after, fault: c.fault, ln: m3ua.Listen(sctp.ListenPipe())}
			err := s.Serve(ctx, ln)
			cancel()
			if (err != nil) != c.bad {
				t.Errorf("%d times %v: %v", c.after, c.fault, err)
			}
			if n := strings.Count(log.String(), "cannot accept"); n != 1 {
				t.Errorf("%d times %v: said %d times", c.after, c.fault, n)
			}
			if !c.bad && ln.n != c.after+1 {
				t.Errorf("%d times %v: accepted %d times", c.after, c.fault, ln.n)
			}
		}
	})
}

// TestCannotConnect: why a peer cannot be reached is said once, and again when
// it has changed; the tries go on, further and further apart.
func TestCannotConnect(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var log bytes.Buffer
		var at []time.Duration
		began := time.Now()
		lookup := func(port int) error {
			return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{
				Err: fmt.Sprintf("read udp 127.0.0.1:%d->127.0.0.1:53: connection refused", port), Name: "stp.example"}}
		}
		cfg := mscClient(m3ua.Loadshare)
		cfg.Peers = []m3ua.PeerConfig{{Name: "stp", Dial: func(context.Context) (m3ua.Association, error) {
			at = append(at, time.Since(began))
			if n := len(at); n <= 10 {
				return nil, lookup(n)
			}
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		}}}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		if err := m3ua.NewClient(cfg, &user{}, zerolog.New(&log).Level(zerolog.InfoLevel)).Run(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "cannot connect"); n != 2 {
			t.Errorf("said %d times:\n%s", n, &log)
		}
		if len(at) < 20 || len(at) > 200 {
			t.Errorf("%d tries in 20 minutes", len(at))
		}
	})
}

// TestInsufficient: when fewer ASPs are active than required, those that stand
// by are told.
func TestInsufficient(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := oneAS(m3ua.Loadshare)
		cfg.ASs[0].Required = 2
		cfg.Beat = -1
		n := newNetwork(t, cfg)
		defer n.close()
		var ps [3]*peer
		for i := range ps {
			ps[i] = newPeer(t)
			ps[i].a = must(n.dial(t.Context()))
			defer ps[i].a.Close()
			ps[i].send(&m3ua.ASPUp{})
			ps[i].expect("ASPUP ACK")
			ps[i].receive() // NTFY
		}
		for i := range 2 {
			ps[i].send(&m3ua.ASPActive{})
			ps[i].expect("ASPAC ACK")
			ps[i].expect("NTFY AS-ACTIVE")
			if i == 0 {
				ps[1].expect("NTFY AS-ACTIVE")
				ps[2].expect("NTFY AS-ACTIVE")
			}
		}
		ps[1].send(&m3ua.ASPInactive{})
		ps[1].expect("ASPIA ACK")
		ps[1].expect("NTFY insufficient ASP resources active in AS")
		ps[2].expect("NTFY insufficient ASP resources active in AS")
		ps[0].nothing()
	})
}

// TestClientRefusesForeignData: DATA for others is answered, DATA before
// ASP-ACTIVE silently discarded.
func TestClientRefusesForeignData(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		cfg := mscClient(m3ua.Override)
		cfg.Peers = []m3ua.PeerConfig{{Name: "stp", Dial: p.dial}}
		c, u, _ := n.client(cfg)
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.Data{DPC: msc})
		p.nothing()
		p.send(&m3ua.ASPUpAck{})
		p.expect("ASPAC")
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)
		p.send(&m3ua.Data{DPC: msc, RoutingContext: m3ua.Some(uint32(7))})
		if e := p.expect("ERR invalid routing context").(*m3ua.Error); len(e.RoutingContext) != 1 || e.RoutingContext[0] != 7 {
			t.Errorf("%+v", e)
		}
		p.send(&m3ua.Data{DPC: msc, NetworkAppearance: m3ua.Some(uint32(7))})
		if e := p.expect("ERR invalid network appearance").(*m3ua.Error); e.NetworkAppearance.V != 7 {
			t.Errorf("%+v", e)
		}
		p.send(&m3ua.Notify{Status: m3ua.StatusAlternateASP, RoutingContext: []uint32{7}})
		p.expect("ERR invalid routing context")
		if s := c.State().Links[0].State; s != m3ua.StateActive {
			t.Errorf("NTFY for another AS made us %v", s)
		}
		p.send(&m3ua.Notify{Status: m3ua.StatusAlternateASP, RoutingContext: []uint32{100}})
		p.nothing()
		p.send(&m3ua.Data{DPC: msc})
		p.nothing()
		if got := len(u.data()); got != 0 {
			t.Errorf("%d DATA delivered", got)
		}
		if a := c.Stats().Anomalies; a["DATA discarded in ASP-INACTIVE"] != 1 || a["discarded in ASP-DOWN"] != 1 {
			t.Errorf("%v", a)
		}
		c.Activate()
		p.expect("ASPAC")
		p.a.Close()
		synctest.Wait()
		n.close()
	})
}

// TestUserMayTransfer: a user may call Transfer from within an indication.
func TestUserMayTransfer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNetwork(t, oneAS(m3ua.Loadshare))
		defer n.close()
		c, u, _ := n.client(mscClient(m3ua.Loadshare))
		u.each = func(in mtp.Transfer) {
			in.OPC, in.DPC = in.DPC, in.OPC
			if err := c.Transfer(in); err != nil {
				t.Error(err)
			}
		}
		waitActive(t, c)
		for i := range 10 {
			if err := n.server.Transfer(transfer(msc, 1, uint32(i))); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if got := n.user.data(); len(got) != 10 || got[9].Data[3] != 9 || got[0].DPC != hlr {
			t.Errorf("%v", got)
		}
	})
}
