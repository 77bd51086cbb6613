package gateway

import (
	"context"
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/testcert"
	"github.com/otagate/otagate/internal/testclock"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// heard is a replier that keeps its answer.
type heard struct {
	status smpp.Status
	times  int
}

func (h *heard) Respond(status smpp.Status, _ string) { h.status, h.times = status, h.times+1 }

// TestAdmit: what an account may submit, and what of that counts.
func TestAdmit(t *testing.T) {
	hands := testclock.At(time.Date(2026, 3, 4, 23, 30, 0, 0, time.UTC))
	waiting := 0
	counts := &counters{}
	accounts := []configs.Account{
		{Name: "free"},
		{Name: "shop", Sources: []configs.Pattern{"2280", "^ACME$"}, Destinations: []configs.Pattern{"1"}, MaxQueue: 2},
		{Name: "small", Quota: configs.Quota{Messages: 5, Per: "day"}},
	}
	lim, err := newLimits(accounts, hands.Clock(), func(string) int { return waiting }, counts, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	// submit gives the status of the admission, or else what the message is answered.
	submit := func(account, from, to string, segments int, answer smpp.Status) smpp.Status {
		h := &heard{}
		r, status := lim.admit(account, []byte(from), []byte(to), segments, h)
		if status != smpp.StatusOK {
			return status
		}
		r.Respond(answer, "")
		if h.times != 1 {
			t.Errorf("answered %d times", h.times)
		}
		return h.status
	}
	ok, throttled := smpp.StatusOK, smpp.StatusThrottled
	for i, tt := range []struct {
		before            func()
		account, from, to string
		segments          int
		answer, want      smpp.Status
	}{
		{nil, "free", "anything", "anywhere", 100, ok, ok},
		{nil, "shop", "22801", "15551234567", 1, ok, ok},
		{nil, "shop", "ACME", "+15551234567", 1, ok, ok},
		{nil, "shop", "ACME1", "15551234567", 1, ok, smpp.StatusInvalidSourceAddress},
		{nil, "shop", "", "15551234567", 1, ok, smpp.StatusInvalidSourceAddress},
		{nil, "shop", "2280", "445551234567", 1, ok, smpp.StatusInvalidDestinationAddress},
		{func() { waiting = 2 }, "shop", "2280", "1555", 1, ok, smpp.StatusMessageQueueFull},
		{func() { waiting = 1 }, "shop", "2280", "1555", 1, ok, ok},
		{nil, "small", "", "", 3, ok, ok},
		{nil, "small", "", "", 2, smpp.StatusSubmitFailed, smpp.StatusSubmitFailed}, // not taken, so it does not count
		{nil, "small", "", "", 3, ok, throttled},
		{nil, "small", "", "", 2, ok, ok},
		{nil, "small", "", "", 1, ok, throttled},
		{func() { hands.Pass(time.Hour) }, "small", "", "", 5, ok, ok}, // of the next day
	} {
		if tt.before != nil {
			tt.before()
		}
		if got := submit(tt.account, tt.from, tt.to, tt.segments, tt.answer); got != tt.want {
			t.Errorf("%d: %s, want %s", i, got, tt.want)
		}
	}
	if s := counts.snapshot(); s.BadSource != 2 || s.BadDestination != 1 || s.QueueFull != 1 || s.OverQuota != 2 {
		t.Errorf("%+v", s)
	}
	accounts[2].Quota = configs.Quota{Messages: 7, Per: "day"}
	if err := lim.set(accounts); err != nil { // as a reload does
		t.Fatal(err)
	}
	if a, b := submit("small", "", "", 2, ok), submit("small", "", "", 1, ok); a != ok || b != throttled {
		t.Errorf("after the quota was raised by 2: %s, %s", a, b)
	}
	accounts[1].Sources = []configs.Pattern{"^("}
	if lim.set(accounts) == nil || submit("shop", "22801", "1", 1, ok) != ok {
		t.Error("a bad pattern was taken")
	}
}

// TestQuotaIsKept: a restart does not give a new quota.
func TestQuotaIsKept(t *testing.T) {
	hands := testclock.At(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC))
	accounts := []configs.Account{{Name: "small", Quota: configs.Quota{Messages: 2, Per: "hour"}}}
	path := filepath.Join(t.TempDir(), "store.db")
	// life is one run of the gateway that submits one message.
	life := func() smpp.Status {
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		lim, err := newLimits(accounts, hands.Clock(), func(string) int { return 0 }, &counters{}, zerolog.Nop())
		if err == nil {
			err = lim.load(t.Context(), s)
		}
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		r, status := lim.admit("small", nil, nil, 1, &heard{})
		if status == smpp.StatusOK {
			r.Respond(status, "")
		}
		stop()
		lim.keep(ctx, s)
		return status
	}
	for i, want := range []smpp.Status{smpp.StatusOK, smpp.StatusOK, smpp.StatusThrottled} {
		if got := life(); got != want {
			t.Errorf("run %d: %s, want %s", i, got, want)
		}
	}
	hands.Pass(time.Hour)
	if got := life(); got != smpp.StatusOK {
		t.Errorf("an hour later: %s", got)
	}
}

// TestSMPPOverTLS: the port over TLS takes binds, and of an account that has to
// have a certificate only with it.
func TestSMPPOverTLS(t *testing.T) {
	l := newLab(t, nil)
	ca := testcert.New(t)
	dir := t.TempDir()
	stem := filepath.Join(dir, "smpp")
	cert, key := ca.Write(stem, ca.Pair("127.0.0.1"))
	l.cfg.SMPP.Listen, l.cfg.SMPP.ListenTLS = "", "127.0.0.1:0"
	l.cfg.SMPP.TLS = configs.ServerTLS{Certificate: cert, Key: key, ClientCA: ca.WriteOwn(filepath.Join(dir, "ca"))}
	another(&l.cfg.SMPP, "named").CertificateName = "shop.example.org"
	g, err := New(t.Context(), l.cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if g.Addr() != nil {
		t.Error("SMPP is served without TLS")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	bind := func(account string, certificates ...tls.Certificate) error {
		cl, err := smpp.Dial(ctx, smpp.ClientConfig{
			Address: g.TLSAddr().String(), SystemID: account, Password: ivrPassword, TLS: &tls.Config{RootCAs: ca.Pool, Certificates: certificates},
		})
		if err == nil {
			err = cl.Close()
		}
		return err
	}
	for _, tt := range []struct {
		account string
		with    []tls.Certificate
		want    bool
	}{
		{"ivr", nil, true},
		{"named", nil, false},
		{"named", []tls.Certificate{ca.Pair("other.example.org")}, false},
		{"named", []tls.Certificate{ca.Pair("shop.example.org")}, true},
		{"ivr", []tls.Certificate{testcert.New(t).Pair("shop.example.org")}, false}, // of nobody that we know
	} {
		if err := bind(tt.account, tt.with...); (err == nil) != tt.want {
			t.Errorf("%s with %d certificates: %v", tt.account, len(tt.with), err)
		}
	}
	// New certificates are for the next handshake.
	was := ca
	ca = testcert.New(t)
	ca.Write(stem, ca.Pair("127.0.0.1"))
	if err := g.certs.set(&l.cfg.SMPP.TLS); err != nil {
		t.Fatal(err)
	}
	if err := bind("ivr"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(cert, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.certs.set(&l.cfg.SMPP.TLS); err == nil {
		t.Error("a file without a certificate was taken")
	}
	if err := bind("ivr"); err != nil {
		t.Errorf("after a file that is bad: %v", err)
	}
	ca = was
	if err := bind("ivr"); err == nil {
		t.Error("the old certificate is still shown")
	}
	nc, err := net.Dial("tcp", g.TLSAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := nc.Write([]byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	nc.SetReadDeadline(time.Now().Add(10 * time.Second))
	for err == nil { // an alert, and the end
		_, err = nc.Read(make([]byte, 100))
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
