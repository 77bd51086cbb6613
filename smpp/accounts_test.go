package smpp_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// TestSetAccounts changes accounts below binds that stand.
func TestSetAccounts(t *testing.T) {
	old, fresh := quickHash(t, "secret"), quickHash(t, "fresh")
	tx := smpp.CommandBindTransmitter
	stays, changes := smpp.Account{SystemID: "stays", PasswordHash: old}, smpp.Account{SystemID: "changes", PasswordHash: old}
	goes, off := smpp.Account{SystemID: "goes", PasswordHash: old}, smpp.Account{SystemID: "off", PasswordHash: old}
	s, addr := serve(t, smpp.ServerConfig{Accounts: []smpp.Account{stays, changes, goes, off}}, handlerFunc(accept))
	peers := map[string]*peer{}
	for _, name := range []string{"stays", "changes", "goes", "off"} {
		p := connect(t, addr)
		p.send(0, 0, 1, bindPDU(tx, name, "secret"))
		p.want(tx.Response(), smpp.StatusOK, 1)
		peers[name] = p
	}
	if err := s.SetAccounts([]smpp.Account{stays, {SystemID: "off", PasswordHash: "geheim"}}); err == nil {
		t.Fatal("a password that is no hash was taken")
	}
	changes.PasswordHash, changes.RatePerSecond = fresh, 0.001
	off.Disabled = true
	if err := s.SetAccounts([]smpp.Account{stays, changes, off, {SystemID: "new", PasswordHash: fresh}}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"goes", "off"} {
		m := peers[name].read()
		if m.CommandID != smpp.CommandUnbind {
			t.Errorf("%s: %s", name, m.CommandID)
		}
		peers[name].send(smpp.CommandUnbindResp, 0, m.Sequence, nil)
		peers[name].wantEnd()
	}
	for _, name := range []string{"stays", "changes"} {
		p := peers[name]
		p.send(0, 0, 2, &smpp.SubmitSM{})
		p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 2)
	}
	peers["changes"].send(0, 0, 3, &smpp.SubmitSM{})
	peers["changes"].want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 3)
	for _, b := range []struct {
		id, password string
		want         smpp.Status
	}{
		{"stays", "secret", smpp.StatusOK}, {"new", "fresh", smpp.StatusOK}, {"changes", "fresh", smpp.StatusOK},
		{"changes", "secret", smpp.StatusInvalidPassword}, {"goes", "secret", smpp.StatusInvalidSystemID}, {"off", "secret", smpp.StatusBindFailed},
	} {
		p := connect(t, addr)
		p.send(0, 0, 1, bindPDU(tx, b.id, b.password))
		p.want(tx.Response(), b.want, 1)
	}
	if n := s.Stats().Reasons[smpp.ReasonDisabled.String()]; n != 1 {
		t.Errorf("%d binds of a disabled account", n)
	}
}

// TestSetWindow: a window that is changed counts for binds that stand.
func TestSetWindow(t *testing.T) {
	list := esme(t)
	list[0].Window = 1
	var kept []*smpp.Reply
	s, addr := serve(t, smpp.ServerConfig{Accounts: list}, handlerFunc(func(_ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
		kept = append(kept, r)
		if len(kept) == 2 {
			for _, r := range kept {
				r.Respond(smpp.StatusOK, "m1")
			}
		}
	}))
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransmitter)
	p.send(0, 0, 2, &smpp.SubmitSM{})
	p.send(0, 0, 3, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 3)
	want := smpp.AccountStats{SystemID: "esme", Binds: 1, Unanswered: 1, Window: 1, Received: 1, ThrottledWindow: 1}
	if got := s.Accounts(); len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
	list[0].Window = 2
	if err := s.SetAccounts(list); err != nil {
		t.Fatal(err)
	}
	p.send(0, 0, 4, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 2)
	p.want(smpp.CommandSubmitSMResp, smpp.StatusOK, 4)
}

func TestSegments(t *testing.T) {
	for _, tt := range []struct {
		coding       uint8
		octets, want int
	}{
		{0, 0, 1}, {0, 160, 1}, {0, 161, 2}, {0, 306, 2}, {0, 307, 3}, {3, 160, 1}, {8, 140, 1}, {8, 141, 2}, {8, 268, 2}, {4, 269, 3}, {245, 64000, 478},
	} {
		text := make([]byte, tt.octets)
		payload := smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: text}}
		for what, n := range map[string]int{
			"octets": smpp.Segments(tt.coding, tt.octets), "submit_sm": (&smpp.SubmitSM{DataCoding: tt.coding, TLVs: payload}).Segments(),
			"short_message": (&smpp.SubmitSM{DataCoding: tt.coding, ShortMessage: text}).Segments(),
			"data_sm":       (&smpp.DataSM{DataCoding: tt.coding, TLVs: payload}).Segments(),
			"submit_multi":  (&smpp.SubmitMulti{DataCoding: tt.coding, TLVs: payload}).Segments(),
		} {
			if n != tt.want {
				t.Errorf("%s of %d octets in %d: %d, want %d", what, tt.octets, tt.coding, n, tt.want)
			}
		}
	}
}

// TestRateOfSegments: who sends long messages gets fewer of them through.
func TestRateOfSegments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newOrigins()
		s := smpp.NewServer(smpp.ServerConfig{EnquireLink: -1, Inactivity: -1, Accounts: []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), RatePerSecond: 10}}},
			handlerFunc(accept), zerolog.Nop())
		stop := l.serve(t, s)
		defer stop()
		p := l.connect(t, "192.0.2.1")
		defer p.nc.Close()
		p.bind(smpp.CommandBindTransmitter)
		long := &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 4*153)}}}
		huge := &smpp.SubmitSM{TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 20*153)}}}
		seq := uint32(1)
		submit := func(m *smpp.SubmitSM, want smpp.Status) {
			t.Helper()
			seq++
			p.send(0, 0, seq, m)
			p.want(smpp.CommandSubmitSMResp, want, seq)
		}
		submit(long, smpp.StatusOK)
		submit(long, smpp.StatusOK)
		submit(long, smpp.StatusThrottled)
		submit(&smpp.SubmitSM{}, smpp.StatusOK)
		submit(&smpp.SubmitSM{}, smpp.StatusOK)
		submit(&smpp.SubmitSM{}, smpp.StatusThrottled)
		time.Sleep(time.Second)
		submit(huge, smpp.StatusOK) // more than a second's worth: it goes, and the next pay
		time.Sleep(time.Second)
		submit(&smpp.SubmitSM{}, smpp.StatusThrottled)
		time.Sleep(time.Second)
		submit(&smpp.SubmitSM{}, smpp.StatusOK)
	})
}

// origins is a listener of connections in memory that come from addresses.
type origins struct{ *pipes }

func newOrigins() *origins {
	return &origins{&pipes{conns: make(chan net.Conn), done: make(chan struct{})}}
}

func (l *origins) serve(t *testing.T, s *smpp.Server) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
}

type from struct {
	net.Conn
	addr netip.AddrPort
}

func (c from) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.addr) }

func (l *origins) connect(t *testing.T, addr string) *peer {
	ours, theirs := net.Pipe()
	l.conns <- from{theirs, netip.AddrPortFrom(netip.MustParseAddr(addr), 1024)}
	return &peer{t, ours}
}

// closed tells whether the server has closed the connection.
func (p *peer) closed() bool {
	p.nc.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := p.nc.Read(make([]byte, 1))
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
}

// guess tries a password, and returns when the answer is there.
func (p *peer) guess(seq uint32, id, password string) smpp.Status {
	p.send(0, 0, seq, bindPDU(smpp.CommandBindTransmitter, id, password))
	return p.read().Status
}

// TestLockOut: who tries passwords is not served for a while; others are.
func TestLockOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newOrigins()
		s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), LockOut: smpp.LockOut{Failures: 4, For: time.Minute}}, handlerFunc(accept), zerolog.Nop())
		stop := l.serve(t, s)
		defer stop()
		guesses := func(addr string, n int) {
			t.Helper()
			p := l.connect(t, addr)
			defer p.nc.Close()
			for i := range n {
				began := time.Now()
				if st := p.guess(uint32(i+1), "esme", "wrong"); st != smpp.StatusInvalidPassword {
					t.Errorf("%s: %s", addr, st)
				}
				if d := time.Since(began); d < time.Second {
					t.Errorf("refused after %s", d)
				}
			}
		}
		served := func(addr string, want bool) {
			t.Helper()
			p := l.connect(t, addr)
			defer p.nc.Close()
			synctest.Wait()
			if p.closed() == want {
				t.Errorf("%s: served %t, want %t", addr, !want, want)
			}
		}
		guesses("192.0.2.1", 3)
		served("192.0.2.1", true)
		guesses("192.0.2.1", 1)
		served("192.0.2.1", false)
		served("192.0.2.2", true)
		guesses("2001:db8::1", 2)
		guesses("2001:db8::2", 2) // of the same host
		served("2001:db8::3", false)
		served("2001:db8:0:1::3", true)
		time.Sleep(time.Minute)
		served("192.0.2.1", true)
		guesses("192.0.2.1", 3)
		time.Sleep(time.Minute) // forgotten
		guesses("192.0.2.1", 3)
		served("192.0.2.1", true)
		st := s.Stats().Reasons
		if st[smpp.ReasonLockOut.String()] != 2 || st[smpp.ReasonLockedOut.String()] != 2 {
			t.Error(st)
		}
	})
}

// TestLockOutIsBounded: only so many addresses are watched. Those that were
// refused last are.
func TestLockOutIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newOrigins()
		s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), BindFailureDelay: time.Millisecond, LockOut: smpp.LockOut{Failures: 1, For: time.Hour, Addresses: 2}},
			handlerFunc(accept), zerolog.Nop())
		stop := l.serve(t, s)
		defer stop()
		for _, addr := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
			p := l.connect(t, addr)
			p.guess(1, "nobody", "wrong")
			p.nc.Close()
			time.Sleep(time.Second)
		}
		for addr, want := range map[string]bool{"192.0.2.1": false, "192.0.2.2": true, "192.0.2.3": true} {
			p := l.connect(t, addr)
			synctest.Wait()
			if p.closed() != want {
				t.Errorf("%s: locked out %t", addr, !want)
			}
			p.nc.Close()
		}
	})
}

// TestUnboundOfAnAddress: one address cannot take all connections by not binding.
func TestUnboundOfAnAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newOrigins()
		s := smpp.NewServer(smpp.ServerConfig{Accounts: esme(t), MaxUnbound: 3}, handlerFunc(accept), zerolog.Nop())
		stop := l.serve(t, s)
		defer stop()
		var all []*peer
		for i := range 5 {
			p := l.connect(t, "192.0.2.1")
			all = append(all, p)
			synctest.Wait()
			if p.closed() != (i >= 3) {
				t.Errorf("connection %d", i)
			}
		}
		other := l.connect(t, "192.0.2.2")
		other.bind(smpp.CommandBindTransmitter)
		all[0].bind(smpp.CommandBindTransmitter) // makes room
		more := l.connect(t, "192.0.2.1")
		synctest.Wait()
		if more.closed() {
			t.Error("no room although one has bound")
		}
		time.Sleep(6 * time.Second) // session-init
		again := l.connect(t, "192.0.2.1")
		synctest.Wait()
		if again.closed() {
			t.Error("no room although all others have gone")
		}
		for _, p := range append(all, other, more, again) {
			p.nc.Close()
		}
	})
}
