package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// lab is a gateway, a simulated network and an IVR on loopback, all in this
// process.
type lab struct {
	net     *sim.Network
	gateway *gateway.Gateway
	ivr     *ivr

	stopNet, stopGateway context.CancelFunc
	netDone, gatewayDone chan error
}

const account = "ivr"

// labConfig leaves the timers at their defaults. That of SMDPP is longer than a
// bench has patience, so that a lost message is an error and is not repeated.
const labConfig = `
log: {level: error, format: json}
store: {path: %q}
smpp:
  listen: 127.0.0.1:0
  accounts:
    - {name: ivr, password_hash: "%s", networks: [127.0.0.0/8], max_binds: 2, window: 1000}
ss7:
  point_code: 1-12-5
  ssn: 12
  m3ua:
    routing_context: 100
    network_appearance: 1
    peers:
      - {name: stp, transport: tcp, addresses: ["%s"]}
  mscs:
    - name: msc1
      route: {point_code: 1-12-6, ssn: 8}
      trn_ranges: [{first: "2222220000", last: "2222229999"}]
      segment_size: 180
  acs:
    - name: hlr1
      route: {point_code: 1-12-7, ssn: 6}
otasp:
  activation_mins: {first: "6190000000", last: "6199999999"} # more than rest at full speed
triggers:
  - {name: star228, account: ivr, destination: "*228", prefix: true, flow: otasp}
`

// openLab starts everything, with a store in dir.
func openLab(ctx context.Context, dir string) (_ *lab, err error) {
	l := &lab{}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l.serveNet(ctx, ln)
	password := rand.Text()[:8]
	cfg, err := labConfigFile(dir, password, ln.Addr().String())
	if err != nil {
		return nil, err
	}
	if l.gateway, err = gateway.New(ctx, cfg, zerolog.Nop()); err != nil {
		return nil, err
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stopGateway, l.gatewayDone = stop, make(chan error, 1)
	go func() { l.gatewayDone <- l.gateway.Run(run) }()
	ready, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := l.gateway.Ready(ready); err != nil {
		return nil, fmt.Errorf("the gateway does not reach the network: %w", err)
	}
	l.ivr, err = dialIVR(ready, l.gateway.Addr().String(), password, 1000)
	return l, err
}

func (l *lab) serveNet(ctx context.Context, ln *sctp.TCPListener) {
	c := sim.LabConfig()
	l.net = sim.NewNetwork(c)
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stopNet, l.netDone = stop, make(chan error, 1)
	go func() { l.netDone <- l.net.Serve(run, m3ua.Listen(ln)) }()
}

func labConfigFile(dir, password, m3uaAddr string) (*configs.Config, error) {
	hash, err := smpp.HashPassword(password)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "otagate.yaml")
	text := fmt.Sprintf(labConfig, filepath.Join(dir, "otagate.db"), hash, m3uaAddr)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return configs.Load(file)
}

// close ends everything that was started.
func (l *lab) close() error {
	var err error
	if l.ivr != nil && l.ivr.client != nil {
		err = l.ivr.client.Close()
	}
	if l.stopGateway != nil {
		l.stopGateway()
		err = errors.Join(err, <-l.gatewayDone)
	}
	if l.stopNet != nil {
		l.stopNet()
		err = errors.Join(err, <-l.netDone)
	}
	return err
}
