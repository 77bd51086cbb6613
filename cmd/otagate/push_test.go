package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// The password of all accounts, and its bcrypt hash of the lowest cost.
const (
	testPassword = testpassword.Text
	testHash     = testpassword.Hash
)

// TestPushToHandset sends every kind of push to two handsets behind a gateway:
// one gets its short messages from a message centre, one from an MSC of CDMA.
func TestPushToHandset(t *testing.T) {
	const gsmNumber, cdmaNumber = "12025550123", "5551234567"
	gsm, cdma := newPhone(), newPhone()
	url := startGateway(t, startCentre(t, gsmNumber, gsm), startNetwork(t, cdmaNumber, cdma))
	t.Setenv("OTAGATE_PASSWORD", testPassword)
	t.Setenv("OTAGATE_SERVER_PASSWORD", "ssec")
	t.Setenv("OTAGATE_PIN", "1234")

	push := func(args ...string) {
		t.Helper()
		var out bytes.Buffer
		c := newRoot()
		c.SetOut(&out)
		c.SetArgs(append([]string{"push", args[0], "--pap", url, "--user", "acme", "--to", gsmNumber, "--to", "+" + cdmaNumber}, args[1:]...))
		if err := c.ExecuteContext(t.Context()); err != nil {
			t.Fatalf("push %s: %v\n%s", args[0], err, &out)
		}
	}
	apn := []string{"cp", "--profile", "apn", "--set", "nap-name=Acme", "--set", "apn=internet.acme", "--sec"}
	push("si", "--href", "http://www.example.com/", "--text", "hello")
	push("sl", "--href", "http://www.example.com/load", "--action", "execute-high")
	push(append(apn, "userpin")...)
	push(append(apn, "netwpin", "--imsi", "310150123456789")...)
	push("dm", "--server", "dm.acme.example", "--session", "0x2a", "--nonce", "Tm9uY2U=")

	hasAll(t, "the handset of GSM", gsm)
	hasAll(t, "the handset of CDMA", cdma)
}

// newPhone is a handset that knows the one who pushes.
func newPhone() *sim.Agent {
	return sim.NewAgent(sim.AgentConfig{
		IMSI: "310150123456789", PINs: []string{"1234"},
		DM: map[string]sim.DMAccount{"dm.acme.example": {Password: "ssec", Nonce: []byte("Nonce")}},
	})
}

// hasAll waits until a handset has taken all that was sent.
func hasAll(t *testing.T, who string, phone *sim.Agent) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	there := func() bool {
		return len(phone.Indications()) == 1 && len(phone.Opened()) == 1 && len(phone.Settings()) == 2 && len(phone.DMSessions()) == 1
	}
	if err := phone.Wait(ctx, there); err != nil {
		t.Fatalf("%s: %v: indications %v, opened %v, settings %d, sessions %v, counts %+v",
			who, err, phone.Indications(), phone.Opened(), len(phone.Settings()), phone.DMSessions(), phone.Counts())
	}
	if c := phone.Counts(); c.MACFailures+c.DigestFailures+c.Malformed+c.Duplicates != 0 {
		t.Errorf("%s: %+v", who, c)
	}
}

// startNetwork runs the laboratory's signalling network with one subscriber.
func startNetwork(t *testing.T, number string, phone sim.Phone) net.Addr {
	t.Helper()
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	network := sim.NewNetwork(sim.LabConfig())
	network.Subscribe(sim.Subscriber{MIN: number, ESN: 0x81234567, Phone: phone})
	runUntilEnd(t, func(ctx context.Context) error { return network.Serve(ctx, m3ua.Listen(ln)) })
	return ln.Addr()
}

// startCentre runs a message centre with one phone switched on.
func startCentre(t *testing.T, number string, phone sim.Phone) net.Addr {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	centre := sim.NewSMSC(sim.SMSCConfig{
		Server: smpp.ServerConfig{Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: testHash}}}, Log: zerolog.Nop(),
	})
	centre.SwitchOn(number, phone)
	runUntilEnd(t, func(ctx context.Context) error { return centre.Serve(ctx, ln) })
	return ln.Addr()
}

// startGateway runs a gateway between a centre and a network, and returns the
// URL of its PAP.
func startGateway(t *testing.T, centre, network net.Addr) string {
	t.Helper()
	dir := t.TempDir()
	password := filepath.Join(dir, "centre.password")
	if err := os.WriteFile(password, []byte(testPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := configs.Load("../../configs/lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Store.Path = filepath.Join(dir, "otagate.db")
	cfg.SMPP.Listen = "127.0.0.1:0"
	cfg.HTTP.Listen = "127.0.0.1:0"
	cfg.HTTP.Initiators = []configs.Initiator{{Name: "acme", PasswordHash: testHash, Networks: []string{"127.0.0.0/8"}}}
	cfg.Links = []configs.Link{{
		Name: "smsc", URL: "smpp://" + centre.String(), Binds: 1, Kind: configs.KindTransceiver, Version: "3.4", Bind: 10 * time.Second, SystemID: "otagate", PasswordFile: password, Window: 10, Response: time.Minute,
		EnquireLink: 30 * time.Second, DestTON: 1, DestNPI: 1, DataCoding: 4, Way: "udh8", Octets: 140, Parts: 5,
		Receipts: true, MessageID: "any", Doubt: time.Minute,
		Retry: configs.Backoff{Min: 100 * time.Millisecond, Max: time.Second}, SlowDown: configs.Backoff{Min: time.Second, Max: time.Second},
	}}
	cfg.Routes = []configs.MessageRoute{
		{Name: "network", To: []configs.Pattern{"555"}, Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}},
		{Name: "centre", Via: []configs.Via{{Link: "smsc", Weight: 1, Tier: 1}}},
	}
	cfg.SS7.M3UA.Peers[0].Addresses = []string{network.String()}
	g, err := gateway.New(t.Context(), cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	runUntilEnd(t, g.Run)
	return "http://" + g.HTTPAddr().String() + cfg.HTTP.Path
}

// runUntilEnd runs a server until the test ends.
func runUntilEnd(t *testing.T, serve func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
