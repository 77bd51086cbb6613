//go:build interop

package tshark_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/pcap"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// The password of all binds, and its bcrypt hash of the lowest cost.
const (
	pushPassword = testpassword.Text
	pushHash     = testpassword.Hash
)

// pushConfig has a link for each way to write segments, all to the same message
// centre, and the one through the MSC.
const pushConfig = `
store: {path: %q}
smpp:
  listen: 127.0.0.1:0
  accounts: [{name: ivr, password_hash: %q, networks: [127.0.0.0/8]}]
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
  ss7: {hlr: hlr1, min_of_mdn: true, source: "7474", octets: 60}
  profiles: [{name: internet, file: %[6]q}]
links:
  - &link {name: udh8, system_id: udh8, way: udh8, octets: 60, url: "smpp://%[4]s", password_file: %[5]q, source: "7474"}
  - {<<: *link, name: udh16, system_id: udh16, way: udh16}
  - {<<: *link, name: sar, system_id: sar, way: sar}
  - {<<: *link, name: payload, system_id: payload, way: payload}
routes: [{name: network, via: [{ss7: true}]}]
triggers:
  - {name: push, account: ivr, destination: "*228", prefix: true, flow: push}
`

// page is a URL that takes three segments of 60 octets.
const page = "http://push.example.org/a/page/whose/address/is/long/enough/to/take/three/segments/of/sixty/octets/0123456789/0123456789"

const internet = `<wap-provisioningdoc><characteristic type="NAPDEF"><parm name="NAPID" value="acme"/><parm name="NAME" value="Acme"/>
<parm name="BEARER" value="GSM-GPRS"/><parm name="NAP-ADDRESS" value="internet.example.org"/><parm name="NAP-ADDRTYPE" value="APN"/></characteristic>
<characteristic type="APPLICATION"><parm name="APPID" value="w2"/><parm name="TO-NAPID" value="acme"/></characteristic></wap-provisioningdoc>`

// pushTriggers are the messages that go each way.
var pushTriggers = []string{
	"TYPE=si;TEXT=New mail;HREF=http://push.example.org/mail",
	"TYPE=sl;HREF=" + page,
	"TYPE=cp;PROFILE=internet;SEC=USERPIN;PIN=1234",
}

// pushWire writes what is seen of SMPP to the message centre and of M3UA.
type pushWire struct{ w *pcap.Writer }

var (
	wireGateway = netip.MustParseAddr("192.0.2.1")
	wireCentre  = netip.MustParseAddrPort("192.0.2.2:2775")
	wireSTP     = netip.MustParseAddrPort("192.0.2.3:2905")
)

func (p pushWire) see(m sim.Sight) {
	peer, own := wireCentre, netip.AddrPortFrom(wireGateway, 40001)
	if m.Proto == "m3ua" {
		peer, own = wireSTP, netip.AddrPortFrom(wireGateway, 2905)
	}
	from, to := own, peer
	if m.From != "otagate" {
		from, to = peer, own
	}
	switch m.Proto {
	case "smpp":
		p.w.TCP(m.At, from, to, m.Octets)
	case "m3ua":
		p.w.SCTP(m.At, from, to, 3, 1, m.Octets)
	}
}

// pushLab sends all messages all ways and returns the capture, and how many
// short messages have gone out.
func pushLab(t *testing.T) (file string, submits, smdpps int) {
	t.Helper()
	var capture bytes.Buffer
	wire := pushWire{pcap.New(&capture)}
	nc := sim.LabConfig()
	nc.Observe = wire.see
	network := sim.NewNetwork(nc)
	smsc := sim.NewSMSC(sim.SMSCConfig{Server: smpp.ServerConfig{SystemID: "smsc", Accounts: centreAccounts()}, Observe: wire.see, Log: zerolog.Nop()})
	agent := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}})
	smsc.SwitchOn("5551234567", agent)
	network.Subscribe(sim.Subscriber{MIN: "5551234567", ESN: 0x81234567, Phone: agent})
	stp, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	centre, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sent := t.Run("messages", func(t *testing.T) { // what it starts ends with it
		background(t, func(ctx context.Context) error { return network.Serve(ctx, m3ua.Listen(stp)) })
		background(t, func(ctx context.Context) error { return smsc.Serve(ctx, centre) })
		sendAll(t, pushGateway(t, stp.Addr().String(), centre.Addr().String()))
	})
	if !sent {
		t.FailNow()
	}
	if err := wire.w.Close(); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "push.pcap")
	if err := os.WriteFile(file, capture.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, len(smsc.Submits()), len(network.MSC.HandOvers())
}

// centreAccounts are those of the links: a receipt comes to a bind of the account.
func centreAccounts() (all []smpp.Account) {
	for _, link := range pushLinks[:len(pushLinks)-1] {
		all = append(all, smpp.Account{SystemID: link, PasswordHash: pushHash})
	}
	return all
}

// background runs f until the test ends.
func background(t *testing.T, f func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func pushGateway(t *testing.T, stp, centre string) (address string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	text := fmt.Sprintf(pushConfig, filepath.Join(dir, "otagate.db"), pushHash, stp, centre, write("password", pushPassword), write("internet.xml", internet))
	cfg, err := configs.Load(write("otagate.yaml", text))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gateway.New(t.Context(), cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	background(t, g.Run)
	return g.Addr().String()
}

// sendAll sends one message after the other: they are told apart by their order.
func sendAll(t *testing.T, gateway string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	v, err := sim.DialIVR(ctx, sim.IVRConfig{Address: gateway, SystemID: "ivr", Password: pushPassword})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close(ctx)
	for _, link := range pushLinks {
		for _, text := range pushTriggers {
			status, id, err := v.Trigger(ctx, strings.Join([]string{text, "MDN=5551234567", "LINK=" + link}, ";"))
			if err != nil || status != smpp.StatusOK {
				t.Fatalf("%s: %v %v", text, status, err)
			}
			if r, err := v.Receipt(ctx, id); err != nil || r.Stat != smpp.MessageDelivered {
				t.Fatalf("%s: %v %v", text, r, err)
			}
		}
	}
}
