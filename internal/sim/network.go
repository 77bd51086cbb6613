package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Sight is one message as somebody who watches the network sees it.
type Sight struct {
	At       time.Time
	From, To string
	Proto    string // smpp, m3ua, sccp, is683-fwd, is683-rev, wsp, http
	Octets   []byte
	Fault    string // what was done to it: lost, repeated
}

// Config is the plan of a simulated network.
type Config struct {
	Gateway  Node
	MSC      Node
	HLR      Node
	Context  uint32 // routing context of the gateway's application server
	Network  uint32 // network appearance
	FirstTRN uint64
	TRNs     int
	Script   *Script
	Noise    Noise
	Air      Air         // between the MSC and the phones
	Observe  func(Sight) // nil when nobody watches
	Log      zerolog.Logger
}

// Node is where somebody is in the signalling network.
type Node struct {
	PC  mtp.PointCode
	SSN sccp.SSN
}

// Noise is what happens to messages at random, in both directions.
type Noise struct {
	Drop, Duplicate float64 // probabilities
	Delay           time.Duration
	Seed            uint64
}

// LabConfig is the network of configs/lab.yaml.
func LabConfig() Config {
	return Config{
		Gateway: Node{mtp.ANSI(1, 12, 5), 12}, MSC: Node{mtp.ANSI(1, 12, 6), 8}, HLR: Node{mtp.ANSI(1, 12, 7), 6},
		Context: 100, Network: 1, FirstTRN: 2222220000, TRNs: 10000, Log: zerolog.Nop(),
	}
}

// Network is an STP with an MSC and an HLR behind it.
type Network struct {
	MSC *MSC
	HLR *HLR

	cfg    Config
	stp    *m3ua.Server
	msc    *node
	hlr    *node
	nodes  map[mtp.PointCode]*node
	timers timers
	news   news
	mu     sync.Mutex
	random *rand.Rand
}

// node is one signalling point: SCCP and TCAP over the network.
type node struct {
	net  *Network
	name string
	sccp *sccp.Endpoint
	tcap *tcap.Endpoint
	stp  *m3ua.Client // to an STP that is not part of the network, else nil
}

// NewNetwork builds the network; Serve opens it to the gateway, Connect takes
// it to an STP at which the gateway is.
func NewNetwork(cfg Config) *Network {
	n := &Network{cfg: cfg, nodes: map[mtp.PointCode]*node{}, random: rand.New(rand.NewPCG(cfg.Noise.Seed, 1))}
	n.MSC = &MSC{id: ansi41.MSCID{MarketID: 12, SwitchNumber: 6}, script: cfg.Script, calls: map[string]*Call{}, byMIN: map[string]*Call{}, idle: map[string]*camped{}, air: n.air}
	for i := range cfg.TRNs {
		n.MSC.pool = append(n.MSC.pool, fmt.Sprintf("%010d", cfg.FirstTRN+uint64(i)))
	}
	n.MSC.phones, n.MSC.way = map[string]Phone{}, newAir(cfg.Air, &n.timers, n.news.tell)
	n.MSC.again = n.answerAgain
	n.HLR = NewHLR(cfg.Script, n.MSC.Prove)
	n.HLR.msc, n.HLR.send = cfg.MSC, n.notify
	n.msc, n.hlr = n.add("MSC", cfg.MSC, n.MSC), n.add("HLR/AC", cfg.HLR, n.HLR)
	hlr := sccp.PointCodeAddress(sccp.ANSI, cfg.HLR.PC, cfg.HLR.SSN)
	n.MSC.send = func(op ansi41.Operation, params []byte, done func(tcap.Outcome)) {
		inv := tcap.Invoke{Called: hlr, Operation: ansi.PrivateOperation(uint8(op)), Parameters: params, Timeout: 10 * time.Second}
		if _, err := n.msc.tcap.Invoke(inv, done); err != nil {
			cfg.Log.Warn().Err(err).Msg("MSC: not sent")
		}
	}
	context, appearance := cfg.Context, cfg.Network
	n.stp = m3ua.NewServer(m3ua.ServerConfig{
		ASs: []m3ua.ASConfig{{
			Name: "otagate", RoutingContext: &context, NetworkAppearance: &appearance,
			TrafficMode: m3ua.Loadshare, PointCodes: []mtp.PointCode{cfg.Gateway.PC},
		}},
		Tap: n.watch(),
	}, n, cfg.Log)
	return n
}

func (n *Network) add(name string, at Node, h tcap.Handler) *node {
	x := &node{net: n, name: name}
	x.sccp = sccp.NewEndpoint(sccp.Config{Variant: sccp.ANSI, OPC: at.PC, NI: mtp.National, Peers: []sccp.Peer{{PointCode: n.cfg.Gateway.PC, XUDT: sccp.XUDTWhenNeeded}}}, x, n.cfg.Log)
	x.tcap = tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, at.PC, at.SSN)}, x.sccp, h, n.cfg.Log)
	x.sccp.Bind(at.SSN, x.tcap)
	n.nodes[at.PC] = x
	return x
}

// Serve takes associations of the gateway until ctx ends.
func (n *Network) Serve(ctx context.Context, ln m3ua.Listener) error {
	err := n.stp.Serve(ctx, ln)
	return errors.Join(err, n.shutdown(ctx))
}

func (n *Network) shutdown(ctx context.Context) (err error) {
	// What a script has lost is never answered, so there is nothing to wait for.
	done, cancel := context.WithCancel(context.WithoutCancel(ctx))
	cancel()
	n.timers.stop()
	n.HLR.timers.stop()
	for _, x := range n.nodes {
		if e := x.tcap.Shutdown(done); e != nil && !errors.Is(e, context.Canceled) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// Transfer is MTP-TRANSFER of a node: to another node here, or to the gateway.
func (x *node) Transfer(t mtp.Transfer) error {
	n := x.net
	if x.stp != nil {
		return n.noisy(x.name, n.nameOf(t.DPC), t, x.stp.Transfer)
	}
	if to, here := n.nodes[t.DPC]; here {
		n.see(x.name, to.name, "sccp", t.Data, "")
		to.sccp.Transfer(t)
		return nil
	}
	return n.noisy(x.name, "otagate", t, n.stp.Transfer)
}

// Transfer is MTP-TRANSFER from the gateway.
func (n *Network) Transfer(t mtp.Transfer) {
	to, here := n.nodes[t.DPC]
	if !here {
		return // as an STP does: the gateway hears DUNA for such a point code
	}
	// An error can only come from the network side, which there is none of here.
	_ = n.noisy("otagate", to.name, t, func(t mtp.Transfer) error { to.sccp.Transfer(t); return nil })
}

// Inject gives the gateway a message that no node of this network has sent, such
// as one of somebody who means it ill.
func (n *Network) Inject(t mtp.Transfer) error { return n.stp.Transfer(t) }

// noisy passes a message on, or loses, repeats or delays it.
func (n *Network) noisy(from, to string, t mtp.Transfer, pass func(mtp.Transfer) error) error {
	q := n.cfg.Noise
	if q.Drop == 0 && q.Duplicate == 0 && q.Delay == 0 {
		return pass(t)
	}
	n.mu.Lock()
	drop, twice := n.random.Float64() < q.Drop, n.random.Float64() < q.Duplicate
	var wait time.Duration
	if q.Delay > 0 {
		wait = time.Duration(n.random.Int64N(int64(q.Delay)))
	}
	n.mu.Unlock()
	if drop {
		n.see(from, to, "sccp", t.Data, "lost")
		return nil
	}
	if twice {
		n.see(from, to, "sccp", t.Data, "repeated")
		if err := pass(t); err != nil {
			return err
		}
	}
	if wait == 0 {
		return pass(t)
	}
	t.Data = append([]byte(nil), t.Data...)
	time.AfterFunc(wait, func() { _ = pass(t) }) // a late message with nobody to take it is lost, as on a real link
	return nil
}

// Pause, Resume and Status make Network a user of MTP; it has no use for them.
func (n *Network) Pause(mtp.PointCode) {}

// Resume is MTP-RESUME.
func (n *Network) Resume(mtp.PointCode) {}

// Status is MTP-STATUS.
func (n *Network) Status(mtp.Status) {}

func (n *Network) see(from, to, proto string, b []byte, fault string) {
	if n.cfg.Observe == nil {
		return
	}
	n.cfg.Observe(Sight{At: time.Now(), From: from, To: to, Proto: proto, Octets: append([]byte(nil), b...), Fault: fault})
}

// watch is the tap of an observed network.
func (n *Network) watch() m3ua.Tap {
	if n.cfg.Observe == nil {
		return nil
	}
	return n.tap
}

// tap is told of every M3UA message at the STP.
func (n *Network) tap(d m3ua.Direction, _ string, message []byte) {
	from, to := "STP", "otagate"
	if d == m3ua.Received {
		from, to = to, from
	}
	var data m3ua.Data
	if data.Decode(message) == nil {
		if x, ok := n.nodes[data.OPC]; ok {
			from = x.name
		}
		if x, ok := n.nodes[data.DPC]; ok {
			to = x.name
		}
	}
	n.see(from, to, "m3ua", message, "")
}

func (n *Network) air(toHandset bool, msg []byte) {
	if toHandset {
		n.see("MSC", "handset", "is683-fwd", msg, "")
		return
	}
	n.see("handset", "MSC", "is683-rev", msg, "")
}
