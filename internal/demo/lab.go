package demo

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// Lab is a gateway and a simulated network on loopback.
type Lab struct {
	Net     *sim.Network
	script  *sim.Script
	backend *sim.Backend
	config  *configs.Config
	ports   []io.Closer // of the doors of the gateway
	smpp    string      // where the IVR binds
	pap     string      // where initiators are served, once the gateway runs
	self    string      // this program, for stories that need the gateway as a process
	dir     string
	pass    string
	watch   func(sim.Sight)
	front   func(door, behind string) (string, error)
	log     zerolog.Logger
	logged  string    // what the configuration says of the log
	stderr  io.Writer // see Options

	// Of stories of messages; see push.go.
	push      *Push
	smsc      *sim.SMSC
	agent     *sim.Agent
	initiator *sim.Initiator

	// Of stories of handsets that are called back; see iota.go. They have an agent, too.
	iota      *IOTA
	handsets  string // where these are served
	provision func(url string)
	acked     chan struct{} // the MSC has said something

	stopNet context.CancelFunc
	peers   []chan error // how each of them ends

	// answered ends when the IVR has the answer to what it submitted last: of what is
	// killed before, it would not know whether the gateway has it.
	answered context.Context
	heard    context.CancelFunc

	mu      sync.Mutex
	gateway server
	crash   error // what went wrong when the gateway was killed and started again
}

// server is a running gateway.
type server interface {
	Stop() error
	Kill() error
}

const account = "ivr"

// newLab makes the temporary folder, the configuration and the network. The
// gateway is started by open.
func newLab(o *Options, rules func(*Lab) []sim.Rule) (*Lab, error) {
	dir, err := os.MkdirTemp("", "otagate-demo-")
	if err != nil {
		return nil, err
	}
	l := &Lab{dir: dir, self: o.Self, watch: o.watch, front: o.front, log: o.Log, logged: o.log, stderr: o.stderr, push: o.push, iota: o.iota, pass: rand.Text()[:8], script: &sim.Script{}, acked: make(chan struct{}, 1)}
	if l.watch == nil {
		l.watch = func(sim.Sight) {}
	}
	ctx, stop := context.WithCancel(context.Background()) // until close
	l.stopNet = stop
	l.answered, l.heard = context.WithCancel(ctx)
	if rules != nil {
		l.script.Rules = rules(l)
	}
	if err := l.network(ctx, o.Noise); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// network starts the simulated network and writes the configuration that finds it.
func (l *Lab) network(ctx context.Context, noise sim.Noise) error {
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		return err
	}
	nc := sim.LabConfig()
	nc.Script, nc.Noise, nc.Observe, nc.Log = l.script, noise, l.signal, l.log
	if l.push != nil {
		nc.Air = l.push.Radio
	}
	l.Net = sim.NewNetwork(nc)
	l.serve(func() error { return l.Net.Serve(ctx, m3ua.Listen(ln)) })
	stp, err := l.place(doorM3UA, ln.Addr().String())
	if err != nil {
		return err
	}
	l.backend = &sim.Backend{Observe: l.watch}
	reports, err := l.listen(ctx, l.backend.Serve)
	if err != nil {
		return err
	}
	if reports, err = l.place(doorReport, reports); err != nil {
		return err
	}
	if l.smpp, err = l.place(doorSMPP, ""); err != nil {
		return err
	}
	hash, err := l.password()
	if err != nil {
		return err
	}
	rest := ""
	if l.push != nil {
		if rest, err = l.pushing(ctx, hash); err != nil {
			return err
		}
	}
	if l.iota != nil {
		if rest, err = l.calling(); err != nil {
			return err
		}
	}
	logged := cmp.Or(l.logged, "{level: warn, format: console}")
	l.config, err = l.configure(logged, filepath.Join(l.dir, "otagate.db"), l.smpp, hash, stp, reports, rest)
	return err
}

// The doors between the gateway and the others.
const (
	doorM3UA   = "m3ua"
	doorSMPP   = "smpp"
	doorHTTP   = "http"
	doorReport = "report"
)

// place is where a door is found: where its server is, or is to be, unless
// somebody stands in front of it.
func (l *Lab) place(door, server string) (string, error) {
	switch {
	case l.front != nil:
		return l.front(door, server)
	case server != "":
		return server, nil
	}
	address, taken, err := sim.FreePort()
	if err == nil {
		l.ports = append(l.ports, taken)
	}
	return address, err
}

// password is the hash of the IVR's password. One that binds again and again, at
// a gateway that has just been started, has one that costs nothing.
func (l *Lab) password() (hash string, err error) {
	if l.front != nil {
		l.pass = centrePassword
		return centreHash, nil
	}
	return smpp.HashPassword(l.pass)
}

// serve runs a peer, for whose end close waits.
func (l *Lab) serve(run func() error) {
	done := make(chan error, 1)
	l.peers = append(l.peers, done)
	go func() { done <- run() }()
}

func (l *Lab) configure(values ...any) (*configs.Config, error) {
	file := filepath.Join(l.dir, "otagate.yaml")
	text := fmt.Sprintf(labConfig, values...)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return configs.Load(file)
}

// labConfig is a small network with short timers; of messages it knows what
// pushing adds.
const labConfig = `
log: %s
store: {path: %q}
smpp:
  listen: %s
  accounts:
    - {name: ivr, password_hash: "%s", networks: [127.0.0.0/8], max_binds: 2, window: 100}
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
  timers: {smdpp: 1s, otaspreq: 2s, ssd_update: 5s}
  screening:
    peers:
      - {name: hlr1, point_codes: [1-12-7], operations: [SMSNOT]}
otasp:
  activation_mins: {first: "6191230000", last: "6191239999"}
  session_time: 1m
backend: {report: "http://%s/sessions", pause: 100ms, max_pause: 500ms}
triggers:
  - {name: star228, account: ivr, destination: "*228", prefix: true, flow: otasp}
  - {name: update, account: ivr, destination: "*228", prefix: true, flow: otapa}
%s
`

// importOrders puts orders into the store before the gateway opens it.
func (l *Lab) importOrders(ctx context.Context, orders []configs.Order) error {
	store, err := sqlite.Open(ctx, l.config.Store.Path, sqlite.Options{})
	if err != nil {
		return err
	}
	return errors.Join(gateway.ImportOrders(ctx, store, orders), store.Close())
}

// open starts the gateway.
func (l *Lab) open(ctx context.Context, process bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if process {
		var err error
		l.gateway, err = startProcess(l.self, l.config.File, l.stderr)
		return err
	}
	l.config.SMPP.Listen = "127.0.0.1:0" // a port of its own, and told below
	h, err := startHere(ctx, l.config, l.log)
	if err != nil {
		return err
	}
	l.gateway, l.smpp, l.pap = h, h.addr, h.pap
	return nil
}

// Crash kills the gateway and starts it again on the same store. It is called
// by a rule, in the middle of an exchange, and waits for the answer to the IVR.
func (l *Lab) Crash() {
	<-l.answered.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gateway == nil { // the story was given up
		return
	}
	l.crash = l.gateway.Kill()
	if l.crash == nil {
		l.gateway, l.crash = startProcess(l.self, l.config.File, l.stderr)
	}
}

// forgetKeys has the authentication centre fail.
func (l *Lab) forgetKeys() { l.Net.HLR.Spoil() }

// dial binds an IVR, as soon as the gateway listens.
func (l *Lab) dial(ctx context.Context) (*sim.IVR, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		v, err := sim.DialIVR(ctx, sim.IVRConfig{Address: l.smpp, SystemID: account, Password: l.pass, Observe: l.watch})
		if err == nil {
			return v, nil
		}
		var refused *smpp.BindError
		if errors.As(err, &refused) && refused.Status != smpp.StatusSystemError {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the gateway does not listen: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the gateway.
func (l *Lab) stop() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gateway == nil {
		return l.crash
	}
	err := errors.Join(l.crash, l.gateway.Stop())
	l.gateway = nil
	return err
}

// close ends everything and removes the folder.
func (l *Lab) close() error {
	err := l.stop()
	l.stopNet()
	for _, done := range l.peers {
		err = errors.Join(err, <-done)
	}
	for _, taken := range l.ports {
		err = errors.Join(err, taken.Close())
	}
	return errors.Join(err, os.RemoveAll(l.dir))
}
