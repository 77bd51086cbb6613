package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/ss7/sctp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// signalling is the way to the signalling network. Without a section ss7 there is
// none, and it is nil.
type signalling struct {
	m3ua   *m3ua.Client
	sccp   *sccp.Endpoint
	screen *screen.Screen
	tcap   *tcap.Endpoint
}

// nodeBits is how many bits of a transaction id are the node's number.
const nodeBits = 4

// link breaks the circle of the stack: M3UA needs its user, SCCP, before SCCP
// can be given M3UA to send with.
type link struct{ *sccp.Endpoint }

// newSignalling builds M3UA, SCCP and TCAP with the screen before it, and behind
// that the operations that g serves.
func newSignalling(g *Gateway) (*signalling, error) {
	c := &g.cfg.SS7
	pc, err := mtp.ParsePointCode(c.PointCode)
	if err != nil {
		return nil, fmt.Errorf("ss7.point_code: %w", err)
	}
	user := &link{}
	cc, err := clientConfig(c)
	if err != nil {
		return nil, err
	}
	if g.tracer != nil {
		cc.Tap = g.tracer.m3ua
	}
	s := &signalling{m3ua: m3ua.NewClient(cc, user, g.log)}
	translations, err := translations(c)
	if err != nil {
		return nil, err
	}
	var below sccp.Transferer = s.m3ua
	if g.out.Network != nil {
		below = g.out.Network
	}
	s.sccp = sccp.NewEndpoint(sccp.Config{
		Variant: sccp.ANSI, OPC: pc, NI: c.NetworkIndicator, Priority: c.Priority,
		HopCounter: c.HopCounter, ReassemblyTimeout: c.Timers.Reassembly, Translations: translations,
		Peers: xudtPeers(c),
	}, below, g.log)
	user.Endpoint = s.sccp
	rules, err := screening(c, translations)
	if err != nil {
		return nil, err
	}
	rules.Now = g.out.Clock.Now
	s.screen = screen.New(rules, served{g}, g.log)
	s.tcap = tcap.NewEndpoint(tcap.Config{
		Node: g.cfg.Node.Number, NodeBits: nodeBits, MaxTransactions: c.MaxTransactions, InvokeTimeout: c.Timers.SMDPP,
		LocalAddress: sccp.PointCodeAddress(sccp.ANSI, pc, sccp.SSN(c.SSN)),
		Screen:       s.screen,
	}, user.Endpoint, s.screen, g.log)
	user.Bind(sccp.SSN(c.SSN), s.tcap)
	return s, nil
}

var errNoSignalling = errors.New("no signalling network is configured")

// Invoke sends one invoke. Sessions and messages of a time when there was a network
// hear that there is none.
func (s *signalling) Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error) {
	if s == nil {
		return 0, errNoSignalling
	}
	return s.tcap.Invoke(inv, done)
}

// counters adds those of its layers to a line of the log.
func (s *signalling) counters(e *zerolog.Event) *zerolog.Event {
	if s == nil {
		return e
	}
	sc, tc, screened := s.sccp.Stats(), s.tcap.Stats(), s.screen.Stats()
	return e.Interface("m3ua", s.m3ua.Stats()).
		Dict("sccp", counted(sc.Counts[:], func(i int) fmt.Stringer { return sccp.Counter(i) })).
		Dict("tcap", counted(tc.Counts[:], func(i int) fmt.Stringer { return tcap.Counter(i) }).
			Int("open outgoing", tc.OpenOutgoing).Int("open incoming", tc.OpenIncoming)).
		Dict("screening", counted(screened.Counts[:], func(i int) fmt.Stringer { return screen.Counter(i) }).
			Interface("refused operations", screened.Refused))
}

func clientConfig(c *configs.SS7) (m3ua.ClientConfig, error) {
	cc := m3ua.ClientConfig{
		Name: "otagate", NetworkAppearance: c.M3UA.NetworkAppearance,
		TrafficMode: trafficMode(c.M3UA.TrafficMode), ASPID: c.M3UA.ASPID,
		TAck: c.Timers.Ack, Beat: c.Timers.Beat,
	}
	if c.M3UA.RoutingContext != nil {
		cc.RoutingContext = []uint32{*c.M3UA.RoutingContext}
	}
	for _, p := range c.M3UA.Peers {
		dial, err := Dialer(p)
		if err != nil {
			return cc, fmt.Errorf("ss7.m3ua.peers[%s]: %w", p.Name, err)
		}
		cc.Peers = append(cc.Peers, m3ua.PeerConfig{Name: p.Name, Dial: dial})
	}
	cc.PointCodes = destinations(c)
	return cc, nil
}

// destinations are the nodes that messages go to: the MSCs, the ACs and those
// that translate titles.
func destinations(c *configs.SS7) (codes []mtp.PointCode) {
	add := func(s string) {
		if pc, err := mtp.ParsePointCode(s); err == nil { // a route by title has none
			codes = append(codes, pc)
		}
	}
	for _, m := range c.MSCs {
		add(m.Route.PointCode)
	}
	for _, a := range c.ACs {
		add(a.Route.PointCode)
	}
	for _, t := range c.Translations {
		add(t.PointCode)
	}
	own, err := mtp.ParsePointCode(c.PointCode)
	slices.Sort(codes)
	return slices.DeleteFunc(slices.Compact(codes), func(pc mtp.PointCode) bool { return err == nil && pc == own })
}

func trafficMode(word string) m3ua.TrafficMode {
	switch word {
	case "override":
		return m3ua.Override
	case "broadcast":
		return m3ua.Broadcast
	}
	return m3ua.Loadshare
}

// Dialer makes associations to a peer, which has an address.
func Dialer(p configs.Peer) (func(context.Context) (m3ua.Association, error), error) {
	switch {
	case p.Transport != "sctp" && p.Transport != "tcp":
		return nil, fmt.Errorf("transport %q: want sctp or tcp", p.Transport)
	case p.Transport == "tcp" && (len(p.Addresses) > 1 || len(p.Local) > 0):
		return nil, errors.New("tcp takes one address, and no local one")
	case p.Transport == "tcp":
		return func(ctx context.Context) (m3ua.Association, error) {
			return sctp.DialTCP(ctx, p.Addresses[0])
		}, nil
	}
	var addr sctp.KernelAddr
	var err error
	if addr.Remote, addr.RemotePort, err = hosts(p.Addresses); err != nil {
		return nil, err
	}
	if addr.Local, addr.LocalPort, err = hosts(p.Local); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (m3ua.Association, error) {
		return sctp.DialKernel(ctx, addr)
	}, nil
}

// hosts splits the addresses of one end, which share a port.
func hosts(list []string) (addrs []netip.Addr, port uint16, err error) {
	for i, s := range list {
		a, err := netip.ParseAddrPort(s)
		if err != nil {
			return nil, 0, fmt.Errorf("%q: sctp takes numeric addresses with a port: %w", s, err)
		}
		if i > 0 && a.Port() != port {
			return nil, 0, fmt.Errorf("%q: sctp takes one port for all addresses of an end, the first has %d", s, port)
		}
		addrs, port = append(addrs, a.Addr()), a.Port()
	}
	return addrs, port, nil
}

// xudtPeers are the nodes that take segmented messages.
func xudtPeers(c *configs.SS7) []sccp.Peer {
	var peers []sccp.Peer
	add := func(r configs.Route) {
		if pc, err := mtp.ParsePointCode(r.PointCode); err == nil && r.XUDT {
			peers = append(peers, sccp.Peer{PointCode: pc, XUDT: sccp.XUDTWhenNeeded})
		}
	}
	for _, m := range c.MSCs {
		add(m.Route)
	}
	for _, a := range c.ACs {
		add(a.Route)
	}
	return peers
}

// translations is the table of global titles; titles of type GTI 2 are what
// ANSI networks use.
func translations(c *configs.SS7) (*sccp.Table, error) {
	var rules []sccp.Rule
	for _, t := range c.Translations {
		pc, err := mtp.ParsePointCode(t.PointCode)
		if err != nil {
			return nil, fmt.Errorf("ss7.translations[%s]: %w", t.Name, err)
		}
		rules = append(rules, sccp.Rule{
			Variant: sccp.ANSI, GTI: 2, TranslationType: t.TranslationType, Prefix: t.Prefix,
			PointCode: pc, SSN: sccp.SSN(t.SSN), RouteOnSSN: t.SSN != 0,
		})
	}
	return sccp.NewTable(rules)
}
