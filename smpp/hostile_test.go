package smpp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// pipes is a listener of in-memory connections, for tests on virtual time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { close(l.done); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// onVirtualTime runs a server and a scripted peer in a bubble.
func onVirtualTime(t *testing.T, cfg smpp.ServerConfig, h smpp.Handler, script func(t *testing.T, s *smpp.Server, p *peer)) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		cfg.Accounts = esme(t)
		s := smpp.NewServer(cfg, h, zerolog.Nop())
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		script(t, s, &peer{t, ours})
		ours.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// readUntilEnd reads PDUs without a deadline and returns when each came.
func (p *peer) readUntilEnd() (ids []smpp.CommandID, at []time.Duration) {
	began := time.Now()
	head := make([]byte, smpp.HeaderLen)
	for {
		if _, err := io.ReadFull(p.nc, head); err != nil {
			return ids, append(at, time.Since(began))
		}
		ids = append(ids, smpp.CommandID(uint32(head[4])<<24|uint32(head[5])<<16|uint32(head[6])<<8|uint32(head[7])))
		at = append(at, time.Since(began))
	}
}

func wantTimes(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestSessionInit(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		_, at := p.readUntilEnd()
		wantTimes(t, at, 5*time.Second)
	})
}

// TestOneOctetASecond: a bind that never gets finished does not hold the
// session-init timer up.
func TestOneOctetASecond(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		began := time.Now()
		for _, o := range encode(t, 0, 0, 1, bindPDU(smpp.CommandBindTransmitter, "esme", "secret")) {
			if _, err := p.nc.Write([]byte{o}); err != nil {
				break
			}
			<-time.After(time.Second)
		}
		if d := time.Since(began); d < 5*time.Second || d > 6*time.Second {
			t.Errorf("held out %v", d)
		}
	})
}

// TestSlowAfterBind: octets that never make a PDU do not pass for life.
func TestSlowAfterBind(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		var drip sync.WaitGroup
		drip.Go(func() {
			b := make([]byte, 60000)
			copy(b, []byte{0, 0, 0xea, 0x60, 0, 0, 0, 4})
			for _, o := range b {
				if _, err := p.nc.Write([]byte{o}); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		})
		defer drip.Wait()
		p.nc.SetReadDeadline(time.Time{})
		ids, at := p.readUntilEnd()
		if len(ids) != 1 || ids[0] != smpp.CommandEnquireLink {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 30*time.Second, 90*time.Second)
	})
}

func TestEnquireLink(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		began := time.Now()
		for i := range 3 {
			p.nc.SetReadDeadline(time.Time{})
			m := &smpp.PDU{}
			b := make([]byte, smpp.HeaderLen)
			if _, err := io.ReadFull(p.nc, b); err != nil {
				t.Fatal(err)
			}
			m, err := smpp.DecodePDU(b)
			if err != nil || m.CommandID != smpp.CommandEnquireLink {
				t.Fatal(m, err)
			}
			if d := time.Since(began); d != time.Duration(i+1)*30*time.Second {
				t.Errorf("asked after %v", d)
			}
			p.send(smpp.CommandEnquireLinkResp, 0, m.Sequence, nil)
		}
		ids, at := p.readUntilEnd() // silent from now on
		if len(ids) != 1 {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 30*time.Second, 90*time.Second)
		synctest.Wait()
		if n := s.Stats().Reasons[smpp.ReasonEnquireLink.String()]; n != 1 {
			t.Errorf("stats %v", s.Stats().Reasons)
		}
	})
}

func TestInactivity(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{EnquireLink: -1}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		p.nc.SetReadDeadline(time.Time{})
		ids, at := p.readUntilEnd()
		if len(ids) != 1 || ids[0] != smpp.CommandUnbind {
			t.Errorf("got %v", ids)
		}
		wantTimes(t, at, 300*time.Second, 360*time.Second)
	})
}

// TestNeverReads: a peer that sends and never reads is closed, and nothing
// piles up meanwhile.
func TestNeverReads(t *testing.T) {
	onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindTransmitter)
		began := time.Now()
		msg := encode(t, 0, 0, 2, &smpp.SubmitSM{ShortMessage: make([]byte, 140)})
		sent := 0
		for {
			if _, err := p.nc.Write(msg); err != nil {
				break
			}
			sent++
		}
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("closed after %v", d)
		}
		if most := 3 * smpp.QueueLimit / smpp.HeaderLen; sent > most {
			t.Errorf("%d messages were read from a peer that does not read, more than %d", sent, most)
		}
		synctest.Wait()
		if n := s.Stats().Reasons[smpp.ReasonWriteTimeout.String()]; n != 1 {
			t.Errorf("stats %v", s.Stats().Reasons)
		}
	})
}

// TestRefusalTakesAsLong: nobody learns from the time of a refusal what was wrong.
func TestRefusalTakesAsLong(t *testing.T) {
	for _, c := range [][2]string{{"esme", "wrong"}, {"nobody", "secret"}, {"esme", "much too long"}} {
		onVirtualTime(t, smpp.ServerConfig{}, handlerFunc(accept), func(t *testing.T, s *smpp.Server, p *peer) {
			began := time.Now()
			p.send(0, 0, 1, bindPDU(smpp.CommandBindTransmitter, c[0], c[1]))
			if m := p.read(); m.Status == smpp.StatusOK {
				t.Errorf("%v let in", c)
			}
			if d := time.Since(began); d != time.Second {
				t.Errorf("%v: refused after %v", c, d)
			}
		})
	}
}

func TestResponseTimeout(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{EnquireLink: -1}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		began := time.Now()
		go p.readUntilEnd()
		p.nc.SetReadDeadline(time.Time{})
		if _, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); !errors.Is(err, smpp.ErrResponseTimeout) {
			t.Error(err)
		}
		if d := time.Since(began); d != 60*time.Second {
			t.Errorf("given up after %v", d)
		}
	})
}

// TestDeliverSMRespBody: what stands in the unused message_id does not undo the
// status, or the message would be sent again and again.
func TestDeliverSMRespBody(t *testing.T) {
	for name, octets := range map[string][]byte{
		"none": nil, "empty": {0}, "without NUL": []byte("m1"), "of 70 octets": append(bytes.Repeat([]byte{'1'}, 70), 0), "odd TLV": {0, 1, 2},
	} {
		bound := make(chan *smpp.BoundPeer, 1)
		onVirtualTime(t, smpp.ServerConfig{}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
			p.bind(smpp.CommandBindReceiver)
			b := <-bound
			go func() {
				m := p.read()
				p.send(smpp.CommandDeliverSMResp, smpp.StatusOK, m.Sequence, &smpp.Opaque{ID: smpp.CommandDeliverSMResp, Octets: octets})
			}()
			if status, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); status != smpp.StatusOK || err != nil {
				t.Errorf("message_id %s: %s, %v", name, status, err)
			}
		})
	}
}

// TestOtherResponse: a submit_sm_resp does not pass for the answer to a
// deliver_sm, and an answer that comes right after unbind does.
func TestOtherResponse(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		var sender sync.WaitGroup
		sender.Go(func() {
			if status, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{}); status != smpp.StatusReceiverRejects || err != nil {
				t.Errorf("%s, %v", status, err)
			}
		})
		seq := p.read().Sequence
		p.send(0, 0, seq, &smpp.SubmitSMResp{MessageID: []byte("m1")})
		batch := encode(t, smpp.CommandUnbind, 0, 2, nil)
		p.raw(append(batch, encode(t, smpp.CommandDeliverSMResp, smpp.StatusReceiverRejects, seq, nil)...))
		p.want(smpp.CommandUnbindResp, smpp.StatusOK, 2)
		p.wantEnd()
		sender.Wait()
		if n := s.Stats().Reasons[smpp.ReasonUnexpectedResponse.String()]; n != 1 {
			t.Errorf("%d responses were unexpected, want 1", n)
		}
	})
}

// TestTurnIsHandedOn: a sender that waited for room and then has nothing that
// can be sent leaves the room to the next.
func TestTurnIsHandedOn(t *testing.T) {
	bound := make(chan *smpp.BoundPeer, 1)
	onVirtualTime(t, smpp.ServerConfig{OutboundWindow: 1, EnquireLink: -1}, bindWatcher{accept, bound}, func(t *testing.T, s *smpp.Server, p *peer) {
		p.bind(smpp.CommandBindReceiver)
		b := <-bound
		var senders sync.WaitGroup
		defer senders.Wait()
		deliver := func(m *smpp.DeliverSM, good bool) {
			senders.Go(func() {
				if _, err := b.DeliverSM(context.Background(), m); (err == nil) != good {
					t.Errorf("%.10s: %v", m.SourceAddr, err)
				}
			})
			synctest.Wait()
		}
		deliver(&smpp.DeliverSM{SourceAddr: []byte("first")}, true)
		deliver(&smpp.DeliverSM{SourceAddr: []byte("an address that is too long")}, false)
		deliver(&smpp.DeliverSM{SourceAddr: []byte("last")}, true)
		for _, want := range []string{"first", "last"} {
			m := p.read()
			if got := string(m.Body.(*smpp.DeliverSM).SourceAddr); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			p.send(smpp.CommandDeliverSMResp, 0, m.Sequence, nil)
		}
	})
}

type bindWatcher struct {
	handlerFunc
	bound chan<- *smpp.BoundPeer
}

func (w bindWatcher) Bound(b *smpp.BoundPeer)              { w.bound <- b }
func (w bindWatcher) Unbound(*smpp.BoundPeer, smpp.Reason) {}

// failing is a listener that fails a number of times and then works.
type failing struct {
	*pipes
	left  int
	fault error
}

func (l *failing) Accept() (net.Conn, error) {
	if l.left--; l.left >= 0 {
		return nil, l.fault
	}
	return l.pipes.Accept()
}

// TestAcceptFails: a listener that fails on and on ends the server, unless the
// machine is short of something. Then it is said once and tried ten times a
// second, and who waits is served in the end.
func TestAcceptFails(t *testing.T) {
	const fails = 1000
	for _, tt := range []struct {
		fault error
		ends  bool
	}{
		{errors.New("no good"), true},
		{&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}, false},
		{&net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.ENFILE)}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			l := &failing{&pipes{conns: make(chan net.Conn, 1), done: make(chan struct{})}, fails, tt.fault}
			s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), BindFailureDelay: time.Millisecond}, handlerFunc(accept), zerolog.New(&log))
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			ours, theirs := net.Pipe()
			defer ours.Close()
			l.conns <- theirs
			ended := make(chan error, 1)
			began := time.Now()
			go func() { ended <- s.Serve(ctx, l) }()
			if tt.ends {
				if err := <-ended; !errors.Is(err, tt.fault) {
					t.Errorf("Serve: %v", err)
				}
				return
			}
			p := &peer{t, ours}
			p.bind(smpp.CommandBindTransceiver)
			if d := time.Since(began); d < fails*100*time.Millisecond {
				t.Errorf("%d tries in %s", fails, d)
			}
			cancel()
			go io.Copy(io.Discard, ours)
			if err := <-ended; err != nil {
				t.Errorf("Serve: %v", err)
			}
			if n := strings.Count(log.String(), "accept failed"); n != 1 {
				t.Errorf("said %d times", n)
			}
		})
	}
}
