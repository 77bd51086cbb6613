package smpp_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// waitForOutbind runs ServeOutbind on loopback until the test ends.
func waitForOutbind(t *testing.T, cfg smpp.ClientConfig) (addr string, clients <-chan *smpp.Client) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln.Addr().String(), serveOutbind(t, ln, cfg)
}

func serveOutbind(t *testing.T, ln net.Listener, cfg smpp.ClientConfig) <-chan *smpp.Client {
	t.Helper()
	ch := make(chan *smpp.Client, 10)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- smpp.ServeOutbind(ctx, ln, cfg, func(cl *smpp.Client) { ch <- cl }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ServeOutbind: %v", err)
		}
		close(ch)
		for cl := range ch {
			cl.Close()
		}
	})
	return ch
}

func outbound() smpp.ClientConfig {
	return smpp.ClientConfig{SystemID: "esme", Password: "secret", OutbindSystemID: "centre", OutbindPassword: "ring"}
}

// serveForOutbind is serve, for those who do not connect to the server: Outbind is
// refused until Serve runs, which is sure when a connection has been answered.
func serveForOutbind(t *testing.T, cfg smpp.ServerConfig, h smpp.Handler) *smpp.Server {
	t.Helper()
	s, addr := serve(t, cfg, h)
	p := connect(t, addr)
	p.send(smpp.CommandEnquireLink, 0, 1, nil)
	p.want(smpp.CommandEnquireLinkResp, 0, 1)
	return s
}

// TestOutbind has our server call our client, which binds and takes a message.
func TestOutbind(t *testing.T) {
	h := newEverything()
	s := serveForOutbind(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, h)
	got := make(chan string, 1)
	cfg := outbound()
	cfg.OnDeliver = func(p *smpp.DeliverSM) smpp.Status { got <- string(p.ShortMessage); return smpp.StatusOK }
	addr, clients := waitForOutbind(t, cfg)
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Outbind(context.Background(), nc, &smpp.Outbind{SystemID: []byte("centre"), Password: []byte("ring")})
	if err != nil {
		t.Fatal(err)
	}
	if b.Account() != "esme" || b.Version() != smpp.Version34 || !b.CanReceive() || b != waitFor(t, "the bind", h.bound) {
		t.Errorf("bound as %s, %s", b.Account(), b.Version())
	}
	cl := waitFor(t, "the client", clients)
	if st, err := b.DeliverSM(context.Background(), &smpp.DeliverSM{ShortMessage: []byte("hello")}); st != smpp.StatusOK || err != nil || <-got != "hello" {
		t.Error(st, err)
	}
	if r, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); err != nil || r.MessageID != "m1" {
		t.Error(r, err)
	}
	if string(cl.Peer().SystemID) != "otagate" {
		t.Errorf("peer %q", cl.Peer().SystemID)
	}
	if err := cl.Close(); err != nil {
		t.Error(err)
	}
}

// TestOutbindRefused: a client binds for nobody but the centre that it knows.
func TestOutbindRefused(t *testing.T) {
	addr, clients := waitForOutbind(t, outbound())
	for _, c := range [][2]string{{"centre", "rings"}, {"centre", ""}, {"somebody", "ring"}, {"", ""}} {
		p := connect(t, addr)
		p.send(0, 0, 1, &smpp.Outbind{SystemID: []byte(c[0]), Password: []byte(c[1])})
		p.wantEnd()
	}
	p := connect(t, addr)
	p.send(smpp.CommandEnquireLink, 0, 1, nil)
	p.want(smpp.CommandEnquireLinkResp, 0, 1)
	p.send(0, 0, 2, &smpp.DeliverSM{})
	p.want(smpp.CommandDeliverSMResp, smpp.StatusInvalidBindStatus, 2)
	p.send(smpp.CommandOutbind, 0, 3, &smpp.Opaque{ID: smpp.CommandOutbind, Octets: []byte("no NUL")})
	p.want(smpp.CommandGenericNack, smpp.StatusInvalidCommandLength, 3)
	p.send(0, 0, 4, &smpp.Outbind{SystemID: []byte("centre"), Password: []byte("ring")})
	bind := p.read()
	if b, ok := bind.Body.(*smpp.Bind); !ok || string(b.SystemID) != "esme" || b.Kind != smpp.CommandBindTransceiver {
		t.Fatalf("got %s", bind.CommandID)
	}
	p.send(0, 0, 5, &smpp.Outbind{SystemID: []byte("centre"), Password: []byte("ring")})
	p.want(smpp.CommandGenericNack, smpp.StatusAlreadyBound, 5)
	p.send(smpp.CommandBindTransceiverResp, smpp.StatusOK, bind.Sequence, &smpp.BindResp{Kind: smpp.CommandBindTransceiverResp})
	cl := waitFor(t, "the client", clients)
	p.send(0, 0, 6, &smpp.Outbind{})
	p.want(smpp.CommandGenericNack, smpp.StatusAlreadyBound, 6)
	p.nc.Close()
	waitFor(t, "the end", cl.Done())
}

// TestOutbindToStrangers has ESMEs that do not bind.
func TestOutbindToStrangers(t *testing.T) {
	s := serveForOutbind(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept))
	for name, script := range map[string]func(p *peer, seq uint32){
		"closes":     func(p *peer, _ uint32) {},
		"nack":       func(p *peer, seq uint32) { p.send(smpp.CommandGenericNack, smpp.StatusInvalidCommandID, seq, nil) },
		"bad binds":  func(p *peer, _ uint32) { badBinds(p) },
		"wrong nack": func(p *peer, seq uint32) { p.send(smpp.CommandGenericNack, 0, seq+1, nil) },
	} {
		addr, accepted := centre(t)
		var esme sync.WaitGroup
		esme.Go(func() {
			p := <-accepted
			m := p.read()
			if m.CommandID != smpp.CommandOutbind {
				t.Errorf("%s: got %s", name, m.CommandID)
			}
			script(p, m.Sequence)
			if name != "nack" && name != "bad binds" {
				p.nc.Close()
				return
			}
			p.wantEnd()
			p.nc.Close()
		})
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := s.Outbind(context.Background(), nc, &smpp.Outbind{SystemID: []byte("centre")}); err == nil || errors.Is(err, smpp.ErrNotServing) {
			t.Errorf("%s: bound %v, %v", name, b, err)
		}
		esme.Wait()
	}
	if n := s.Stats().Reasons[smpp.ReasonOutbindRefused.String()]; n != 1 {
		t.Errorf("%d were refused", n)
	}
}

func badBinds(p *peer) {
	for seq := range uint32(smpp.MaxBindAttempts) {
		p.send(0, 0, seq+1, bindPDU(smpp.CommandBindReceiver, "esme", "wrong"))
		p.want(smpp.CommandBindReceiverResp, smpp.StatusInvalidPassword, seq+1)
	}
}

// TestOutbindTimes: neither side waits for ever.
func TestOutbindTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a server and an ESME that is silent
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept), zerolog.Nop())
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		out := &smpp.Outbind{SystemID: []byte("centre")}
		_, early := net.Pipe()
		if _, err := s.Outbind(ctx, early, out); !errors.Is(err, smpp.ErrNotServing) {
			t.Errorf("before Serve: %v", err)
		}
		go func() { ended <- s.Serve(ctx, l) }()
		synctest.Wait()
		ours, theirs := net.Pipe()
		go (&peer{t, ours}).readUntilEnd()
		began := time.Now()
		if _, err := s.Outbind(ctx, theirs, out); err == nil || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		ours, theirs = net.Pipe()
		go (&peer{t, ours}).readUntilEnd()
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		began = time.Now()
		if _, err := s.Outbind(short, theirs, out); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_, theirs = net.Pipe()
		if _, err := s.Outbind(context.Background(), theirs, out); !errors.Is(err, smpp.ErrNotServing) {
			t.Errorf("after Serve: %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) { // a client, and somebody who connects and says nothing
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- smpp.ServeOutbind(ctx, l, outbound(), func(*smpp.Client) { t.Error("bound") }) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		_, at := (&peer{t, ours}).readUntilEnd()
		wantTimes(t, at, 5*time.Second)
		ours, theirs = net.Pipe()
		l.conns <- theirs
		go (&peer{t, ours}).readUntilEnd()
		synctest.Wait()
		cancel() // does not wait for it
		began := time.Now()
		if err := <-ended; err != nil || time.Since(began) > time.Second {
			t.Error(err, time.Since(began))
		}
	})
	if err := smpp.ServeOutbind(context.Background(), nil, smpp.ClientConfig{}, nil); err == nil {
		t.Error("an outbind of anybody would be taken")
	}
}

// TestManyOutbinds: those who say nothing do not keep out more than their share.
func TestManyOutbinds(t *testing.T) {
	addr, _ := waitForOutbind(t, outbound())
	var idle []*peer
	for range 16 {
		p := connect(t, addr)
		p.send(smpp.CommandEnquireLink, 0, 1, nil)
		p.want(smpp.CommandEnquireLinkResp, 0, 1)
		idle = append(idle, p)
	}
	connect(t, addr).wantEnd()
	idle[0].nc.Close()
}
