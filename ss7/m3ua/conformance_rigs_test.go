package m3ua_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// sgpRig is a Server. A state is the name of its configuration and the state
// of each association: "override: active, inactive".
type sgpRig struct {
	tester
	net *network
}

func newSGPRig(t *testing.T) rig { return &sgpRig{tester: tester{t: t}} }

func (r *sgpRig) enter(state string) {
	name, ends, _ := strings.Cut(state, ":")
	cfg, known := sgpConfigs()[name]
	if !known {
		r.fatalf("no configuration %q", name)
	}
	r.net = newNetwork(r.t, cfg)
	r.user = r.net.user
	r.user.each = func(t mtp.Transfer) { r.user.say("DATA %v>%v", t.OPC, t.DPC) }
	for i, s := range strings.Split(ends, ",") {
		s, with, _ := strings.Cut(strings.TrimSpace(s), " ")
		r.do("connect")
		if s == "down" {
			continue
		}
		r.send(i, fmt.Sprintf("ASPUP id=%d", i+1))
		if s == "active" {
			r.send(i, strings.TrimSpace("ASPAC "+with))
		}
	}
}

// sgpConfigs are the gateways of the tables. 1-12-6 is behind AS 100, 1-12-5
// behind AS 200, 9-9-9 in the network.
func sgpConfigs() map[string]m3ua.ServerConfig {
	one := func(mode m3ua.TrafficMode) m3ua.ServerConfig {
		c := oneAS(mode)
		c.Beat, c.ASs[0].NetworkAppearance = -1, nil
		return c
	}
	all := map[string]m3ua.ServerConfig{"override": one(m3ua.Override), "loadshare": one(m3ua.Loadshare), "broadcast": one(m3ua.Broadcast)}
	beat := one(m3ua.Override)
	beat.Beat = 10 * time.Second
	all["beat"] = beat
	na := one(m3ua.Override)
	na.ASs[0].NetworkAppearance = rc(1)
	all["na"] = na
	ids := one(m3ua.Override)
	ids.ASs[0].ASPs = []uint32{1, 2}
	all["ids"] = ids
	required := one(m3ua.Loadshare)
	required.ASs[0].Required = 2
	all["required"] = required
	two := one(m3ua.Loadshare)
	two.ASs = append(two.ASs, m3ua.ASConfig{Name: "hlr", RoutingContext: rc(200), TrafficMode: m3ua.Override, PointCodes: []mtp.PointCode{hlr}})
	all["two"] = two
	bare := one(m3ua.Override)
	bare.ASs[0].RoutingContext = nil
	all["bare"] = bare
	blocked := one(m3ua.Override)
	blocked.Blocked = []uint32{3}
	all["blocked"] = blocked
	all["none"] = m3ua.ServerConfig{Beat: -1}
	known := one(m3ua.Override)
	known.Destinations = []mtp.PointCode{far}
	all["known"] = known
	return all
}

func (r *sgpRig) do(step string) {
	i, step := which(step)
	if r.common(i, step) {
		return
	}
	verb, arg, _ := strings.Cut(step, " ")
	pc, number, _ := strings.Cut(arg, " ")
	switch verb {
	case "connect":
		r.add(must(r.net.dial(r.t.Context())), len(r.ends))
	case "transfer":
		var sls int
		fmt.Sscanf(number, "sls=%d", &sls)
		if err := r.net.server.Transfer(transfer(point(pc), uint8(sls), 1)); err != nil {
			r.user.say("%v", err)
		}
	case "pause":
		r.net.server.Pause(point(pc))
	case "restrict":
		r.net.server.Restrict(point(pc))
	case "resume":
		r.net.server.Resume(point(pc))
	case "congestion":
		r.net.server.Congestion(point(pc), number[0]-'0')
	case "upu":
		r.net.server.UserPartUnavailable(point(pc), mtp.ServiceSCCP, m3ua.CauseUnequipped)
	default:
		r.fatalf("no event %q", step)
	}
	synctest.Wait()
}

// state is each AS with its ASPs that are up and active.
func (r *sgpRig) state() string {
	var s []string
	for _, a := range r.net.server.State().ASs {
		s = append(s, fmt.Sprintf("%v %d/%d", a.State, a.Up, a.Active))
	}
	if s == nil {
		return "no AS"
	}
	return strings.Join(s, ", ")
}

func (r *sgpRig) close() {
	r.end()
	if r.net != nil {
		r.net.close()
	}
}

// aspRig is a Client; the tester plays one SGP or two. A state is the name of
// its configuration and how far each association has come.
type aspRig struct {
	tester
	net    *network
	client *m3ua.Client
	stop   func()
	lns    []*sctp.PipeListener
	double bool
}

func newASPRig(t *testing.T) rig { return &aspRig{tester: tester{t: t}} }

// aspConfigs are the processes of the tables; they serve 1-12-6.
func aspConfigs() map[string]m3ua.ClientConfig {
	plain := m3ua.ClientConfig{Name: "asp", RoutingContext: []uint32{100}, TrafficMode: m3ua.Loadshare, Beat: -1, AckTries: 3}
	all := map[string]m3ua.ClientConfig{"plain": plain}
	with := func(name string, change func(c *m3ua.ClientConfig)) {
		c := plain
		change(&c)
		all[name] = c
	}
	with("beat", func(c *m3ua.ClientConfig) { c.Beat = 10 * time.Second })
	with("na", func(c *m3ua.ClientConfig) { c.NetworkAppearance = rc(1) })
	with("id", func(c *m3ua.ClientConfig) { c.ASPID = rc(7) })
	with("contexts", func(c *m3ua.ClientConfig) { c.RoutingContext = []uint32{100, 200} })
	with("bare", func(c *m3ua.ClientConfig) { c.RoutingContext, c.TrafficMode = nil, 0 })
	with("override", func(c *m3ua.ClientConfig) { c.TrafficMode = m3ua.Override })
	with("audit", func(c *m3ua.ClientConfig) { c.PointCodes = []mtp.PointCode{far} })
	with("keys", func(c *m3ua.ClientConfig) { c.RoutingContext, c.RoutingKeys = nil, twoKeys() })
	with("single", func(c *m3ua.ClientConfig) { c.IPSP = m3ua.SingleExchange })
	with("waiting", func(c *m3ua.ClientConfig) { c.IPSP, c.Peers = m3ua.SingleExchange, []m3ua.PeerConfig{{Waits: true}} })
	with("waiting, beat", func(c *m3ua.ClientConfig) {
		c.IPSP, c.Peers, c.Beat = m3ua.SingleExchange, []m3ua.PeerConfig{{Waits: true}}, 10*time.Second
	})
	with("double", func(c *m3ua.ClientConfig) { c.IPSP, c.ASPID = m3ua.DoubleExchange, rc(7) })
	with("pair", func(c *m3ua.ClientConfig) { c.TrafficMode, c.Peers = m3ua.Override, make([]m3ua.PeerConfig, 2) })
	return all
}

// stages are the answers that bring an association from one state to the next.
var stages = map[string][]string{
	"down":        nil,
	"inactive":    {"ASPUP ACK"},
	"active":      {"ASPUP ACK", "ASPAC ACK"},
	"overridden":  {"ASPUP ACK", "ASPAC ACK", "NTFY status=2.2"},
	"registering": {"ASPUP ACK"},
	"registered":  {"ASPUP ACK", "REG RSP result=7:0:701 result=8:0:801"},
	"idle":        nil,
	"called up":   {"ASPUP"},
	"called":      {"ASPUP", "ASPAC rc=100"},
	"ours":        {"ASPUP ACK", "ASPAC ACK"},
	"theirs":      {"ASPUP", "ASPAC rc=200"},
	"both":        {"ASPUP ACK", "ASPAC ACK", "ASPUP", "ASPAC rc=200"},
	"keyed":       {"ASPUP ACK", "REG RSP result=7:0:701 result=8:0:801", "ASPAC ACK"},
}

func (r *aspRig) enter(state string) {
	name, ends, _ := strings.Cut(state, ":")
	cfg, known := aspConfigs()[name]
	if !known {
		r.fatalf("no configuration %q", name)
	}
	r.net = &network{t: r.t}
	if cfg.Peers == nil {
		cfg.Peers = make([]m3ua.PeerConfig, 1)
	}
	for i := range cfg.Peers {
		p := newPeer(r.t)
		r.lns = append(r.lns, p.ln)
		cfg.Peers[i].Dial = p.dial
	}
	r.double = cfg.IPSP == m3ua.DoubleExchange
	r.client, r.user, r.stop = r.net.client(cfg)
	r.user.each = func(t mtp.Transfer) { r.user.say("DATA %v>%v", t.OPC, t.DPC) }
	synctest.Wait()
	for i, s := range strings.Split(ends, ",") {
		if s = strings.TrimSpace(s); s == "connecting" {
			continue
		}
		r.accept(i)
		for _, m := range stages[s] {
			r.send(i, m)
		}
	}
}

func (r *aspRig) accept(i int) {
	a, err := r.lns[i].Accept()
	if err != nil {
		r.fatalf("%v", err)
	}
	r.add(a, i)
}

func (r *aspRig) do(step string) {
	i, step := which(step)
	if r.common(i, step) {
		return
	}
	verb, arg, _ := strings.Cut(step, " ")
	switch verb {
	case "accept":
		r.accept(i)
	case "leave":
		go r.stop()
	case "activate":
		r.client.Activate()
	case "transfer":
		if err := r.client.Transfer(transfer(point(arg), 3, 1)); err != nil {
			r.user.say("%v", err)
		}
	default:
		r.fatalf("no event %q", step)
	}
	synctest.Wait()
}

func (r *aspRig) state() string {
	var s []string
	for _, l := range r.client.State().Links {
		if !l.Connected {
			s = append(s, "no association")
			continue
		}
		if s = append(s, l.State.String()); r.double {
			s[len(s)-1] += fmt.Sprintf(", peer %v", l.Remote)
		}
	}
	return strings.Join(s, ", ")
}

func (r *aspRig) close() {
	r.end()
	if r.net != nil {
		r.net.close()
	}
}

// asRig is the machine of figure 4 alone, of two ASPs or more. A state is
// "MODE STATE UP/ACTIVE", in which ASP 1 is active first.
type asRig struct {
	t   *testing.T
	as  m3ua.AS
	out []string
}

func newASRig(t *testing.T) rig { return &asRig{t: t} }

func (r *asRig) fatalf(format string, args ...any) { r.t.Fatalf(format, args...) }

func (r *asRig) enter(state string) {
	var mode, st string
	if _, err := fmt.Sscanf(strings.Replace(state, "/", " ", 1), "%s %s %d %d", &mode, &st, &r.as.Up, &r.as.Active); err != nil {
		r.fatalf("%q: %v", state, err)
	}
	states := []string{"AS-DOWN", "AS-INACTIVE", "AS-ACTIVE", "AS-PENDING"}
	r.as.State = m3ua.ASState(slices.Index(states, st))
	r.as.Mode, r.as.Required, r.as.Gen = m3ua.TrafficMode(modes[mode]), 2, 7
	if r.as.Active > 0 {
		r.as.Holder = 1
	}
}

func (r *asRig) do(step string) {
	evs := map[string]m3ua.Event{"ASP up": {Kind: m3ua.ASPIsUp}, "ASP active": {Kind: m3ua.ASPIsActive}, "ASP inactive": {Kind: m3ua.ASPIsInactive},
		"ASP down": {Kind: m3ua.ASPIsDown}, "active ASP down": {Kind: m3ua.ASPIsDown, WasActive: true},
		"T(r) expired": {Kind: m3ua.RecoveryTimeout}, "old T(r) expired": {Kind: m3ua.RecoveryTimeout}}
	i, step := which(step)
	ev, known := evs[step]
	if !known {
		r.fatalf("no event %q", step)
	}
	ev.ASP, ev.Gen = uint64(i+1), r.as.Gen
	if strings.HasPrefix(step, "old") {
		ev.Gen--
	}
	var out []m3ua.Effect
	r.as, out = r.as.Step(ev, nil)
	for _, e := range out {
		r.out = append(r.out, e.String())
	}
}

func (r *asRig) answers() string {
	s := strings.Join(r.out, "; ")
	r.out = nil
	if s == "" {
		return "-"
	}
	return s
}

func (r *asRig) state() string { return fmt.Sprintf("%v %d/%d", r.as.State, r.as.Up, r.as.Active) }

func (r *asRig) close() {}
