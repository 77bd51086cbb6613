package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/internal/testpassword"
)

// patience is how long a command may take to print something.
const patience = 30 * time.Second

// begin runs a command until the test ends.
func begin(t *testing.T, args ...string) *testlog.Log {
	t.Helper()
	p := &testlog.Log{}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- execute(ctx, p, args...) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("otagate %s: %v", strings.Join(args, " "), err)
		}
		if t.Failed() {
			t.Logf("otagate %s:\n%s", strings.Join(args, " "), p)
		}
	})
	return p
}

func execute(ctx context.Context, out *testlog.Log, args ...string) error {
	c := newRoot()
	c.SetArgs(args)
	c.SetOut(out)
	c.SetErr(out)
	return c.ExecuteContext(ctx)
}

// pushLab is a gateway between the two networks; the hash is that of "secret".
const pushLab = `
store: {path: %q}
smpp:
  listen: 127.0.0.1:0
  accounts:
    - {name: ivr, password_hash: "` + testpassword.Hash + `", networks: [127.0.0.0/8]}
ss7:
  point_code: 1-12-5
  m3ua:
    routing_context: 100
    network_appearance: 1
    peers: [{name: stp, transport: tcp, addresses: [%q]}]
  mscs: [{name: msc1, route: {point_code: 1-12-6, ssn: 8}, trn_ranges: [{first: "2222220000", last: "2222229999"}]}]
  acs: [{name: hlr1, route: {point_code: 1-12-7, ssn: 6}}]
  screening:
    peers: [{name: hlr1, point_codes: [1-12-7], operations: [SMSNOT]}]
otasp:
  activation_mins: {first: "6191230000", last: "6191239999"}
push:
  ss7: {hlr: hlr1, min_of_mdn: true, octets: 40}
  profiles: [{name: internet, file: %[5]q}]
links: [{name: smsc, url: "smpp://%[3]s", system_id: otagate, password_file: %[4]q, source: "7474"}]
routes:
  - {name: centre, to: ["1"], via: [{link: smsc}]}
  - {name: network, to: ["555"], via: [{ss7: true}]}
triggers:
  - {name: push, account: ivr, destination: "74", flow: push}
`

const internet = `<wap-provisioningdoc><characteristic type="NAPDEF"><parm name="NAPID" value="acme"/><parm name="NAME" value="Acme"/>
<parm name="BEARER" value="GSM-GPRS"/><parm name="NAP-ADDRESS" value="internet"/><parm name="NAP-ADDRTYPE" value="APN"/></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w2"/><parm name="TO-NAPID" value="acme"/></characteristic></wap-provisioningdoc>`

// TestSimPush sends messages by both ways to handsets that are programs of their
// own: `sim smsc` and `sim network`, whose handset is away at first.
func TestSimPush(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	password := write("password", "secret\n")
	smsc := begin(t, "sim", "smsc", "--listen", "127.0.0.1:0", "--password-file", password, "--subscriber", "12025550123", "--pin", "9999", "--pin", "1234")
	network := begin(t, "sim", "network", "--listen", "127.0.0.1:0", "--subscriber", "5551234567:81234567", "--away", "50ms")
	config := fmt.Sprintf(pushLab, filepath.Join(dir, "otagate.db"), network.After(t, patience, "listening on "), smsc.After(t, patience, "listening on "), password, write("internet.xml", internet))
	address := startBetween(t, write("otagate.yaml", config))

	out := &testlog.Log{}
	args := []string{"sim", "ivr", "--address", address, "--password-file", password, "--destination", "74", "--wait", "30s",
		"TYPE=sl;MDN=5551234567;HREF=http://example.org/a-page-that-takes-more-than-one-segment-of-40",
		"TYPE=cp;MDN=12025550123;PROFILE=internet;SEC=USERPIN;PIN=1234",
		"TYPE=si;MDN=12025550123;TEXT=New mail;HREF=http://example.org/mail",
	}
	if err := execute(t.Context(), out, args...); err != nil || strings.Count(out.String(), "DELIVERED, err 000") != 3 {
		t.Errorf("sim ivr: %v\n%s", err, out)
	}
	relayed := &testlog.Log{}
	args = []string{"sim", "esme", "--address", address, "--password-file", password, "--from", "Shop", "--wait", "30s", "hello", "world"}
	if err := execute(t.Context(), relayed, args...); err != nil || strings.Count(relayed.String(), "DELIVERED, err 000\n") != 2 {
		t.Errorf("sim esme: %v\n%s", err, relayed)
	}
	for _, x := range []struct {
		out  *testlog.Log
		text string
	}{
		{network, "handset 5551234567 is on: ESN=81234567"},
		{network, "handset 5551234567 is back"},
		{network, "handset 5551234567 opened URL http://example.org/a-page-that-takes-more-than-one-segment-of-40"},
		{smsc, "handset 12025550123 settings NAPDEF, APPLICATION w2"},
		{smsc, `handset 12025550123 shows signal-medium "New mail", http://example.org/mail`},
	} {
		x.out.After(t, patience, x.text)
		if n := strings.Count(x.out.String(), x.text); n != 1 {
			t.Errorf("%q was printed %d times", x.text, n)
		}
	}
}

// startBetween runs a gateway until the test ends, and returns its SMPP address.
func startBetween(t *testing.T, file string) string {
	t.Helper()
	cfg, err := configs.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	g, err := gateway.New(ctx, cfg, zerolog.Nop())
	if err != nil {
		stop()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("gateway: %v", err)
		}
	})
	return g.Addr().String()
}
