//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// lab is a gateway in a process of its own, between an IVR and a network in
// this one.
type lab struct {
	site
	opts options
	net  *sim.Network
	held atomic.Bool // the network loses every Download Request: sessions wait there
	lost atomic.Int64
	mute atomic.Bool // the network loses everything
	end  func()      // of the network
	ivr  *sim.IVR

	callers []*caller
}

// options are what differs between laboratories.
type options struct {
	store                  string // directory of the store; the laboratory's own when empty
	peers                  string // of ss7.m3ua
	level                  string // of the log
	connections            int
	callers                int
	sessions               int
	wrap                   func(*exec.Cmd)
	env                    []string
	sessionInit, timeSMDPP time.Duration
}

// caller is one subscriber that has dialled the star code.
type caller struct {
	n       int
	call    *sim.Call
	mdn     string
	session string // once the trigger was taken
}

const m3uaAddr = "127.0.0.1:2905"

const configText = `
log: {level: %[1]s, format: json, counters: 0s}
store: {path: %[2]q}
smpp:
  listen: %[3]s
  max_connections: %[4]d
  max_unbound: %[4]d # the idle ones are all of one address
  session_init: %[5]s
  accounts:
    - name: ivr
      password_hash: ` + passwordHash + `
      networks: [127.0.0.0/8]
      max_binds: 20
      window: 100
ss7:
  point_code: 1-12-5
  ssn: 12
  m3ua:
    routing_context: 100
    network_appearance: 1
    peers: %[6]s
  mscs:
    - name: msc1
      route: {point_code: 1-12-6, ssn: 8}
      trn_ranges: [{first: "2222220000", last: "2222999999"}]
  acs:
    - name: hlr1
      route: {point_code: 1-12-7, ssn: 6}
  timers: {smdpp: %[7]s, otaspreq: 2s}
otasp:
  activation_mins: {first: "6191000000", last: "6191999999"}
  session_time: 5m
  repeats: 10
  max_sessions: %[8]d
triggers:
  - {name: star228, account: ivr, destination: "*228", prefix: true, flow: otasp}
`

// newLab makes the network, the callers with their orders, and the
// configuration. start starts the gateway.
func newLab(t *testing.T, o options) *lab {
	t.Helper()
	l := &lab{site: newSite(t, o.store, o.wrap), opts: o}
	l.env = o.env
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	def(&l.opts.peers, `[{name: sim, transport: tcp, addresses: ["`+m3uaAddr+`"]}]`)
	def(&l.opts.level, "info")
	if o.connections == 0 {
		l.opts.connections = 100
	}
	if o.sessions == 0 {
		l.opts.sessions = 1000
	}
	if o.sessionInit == 0 {
		l.opts.sessionInit = 5 * time.Second
	}
	if o.timeSMDPP == 0 {
		l.opts.timeSMDPP = time.Second
	}
	l.network()
	l.orders(o.callers)
	text := fmt.Sprintf(configText, l.opts.level, l.tables(), smppAddr, l.opts.connections,
		l.opts.sessionInit, l.opts.peers, l.opts.timeSMDPP, l.opts.sessions)
	l.write(l.config, text)
	return l
}

// network serves the simulated network until the test ends.
func (l *lab) network() {
	l.t.Helper()
	ln, err := sctp.ListenTCP(m3uaAddr)
	if err != nil {
		l.t.Fatal(err)
	}
	cfg := sim.LabConfig()
	cfg.Script = &sim.Script{Every: func(step string) sim.Do {
		if l.mute.Load() || l.held.Load() && strings.Contains(step, "Download") {
			l.lost.Add(1)
			return sim.LoseRequest
		}
		return sim.Nothing
	}}
	l.net = sim.NewNetwork(cfg)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.net.Serve(ctx, m3ua.Listen(ln)) }()
	l.end = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			l.t.Error(err)
		}
	})
	l.t.Cleanup(l.end)
}

// orders has callers dial, and writes what each is to get.
func (l *lab) orders(callers int) {
	l.t.Helper()
	var b strings.Builder
	b.WriteString("orders:\n")
	for n := range callers {
		hc := sim.DefaultHandset()
		hc.ESN = 0x82000000 + uint32(n)
		call, err := l.net.MSC.Dial(sim.NewHandset(hc))
		if err != nil {
			l.t.Fatal(err)
		}
		c := &caller{n: n, call: call, mdn: fmt.Sprintf("555%07d", n)}
		l.callers = append(l.callers, c)
		fmt.Fprintf(&b, `  - name: order-%[1]d
    mdn: "%[2]s"
    esn: %08[3]X
    spc: "000000"
    nam: {mcc: "310", imsi_11_12: "00", imsi_s: "%[2]s", sid_nid: [{sid: 4139, nid: 65535}]}
`, n, c.mdn, hc.ESN)
	}
	l.write(filepath.Join(l.dir, "orders.yaml"), b.String())
}

// launch starts the gateway and does not wait.
func (l *lab) launch() {
	l.t.Helper()
	l.serve("--orders", filepath.Join(l.dir, "orders.yaml"))
}

// start starts the gateway and binds the IVR.
func (l *lab) start() {
	l.t.Helper()
	l.launch()
	eventually(l.t, "the association is active", func() bool { return l.gw.out.count("ASP-ACTIVE") > 0 || !l.gw.running() })
	l.bind()
}

// bind binds an IVR in place of the one before, which would get receipts too.
func (l *lab) bind() {
	l.t.Helper()
	l.unbind()
	eventually(l.t, "the IVR binds", func() bool {
		v, err := dial()
		if err == nil {
			l.ivr = v
		}
		return err == nil || !l.gw.running()
	})
	l.lives()
	l.t.Cleanup(l.unbind)
}

func (l *lab) unbind() {
	if l.ivr == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.ivr.Close(ctx) // the gateway may be gone
	l.ivr = nil
}

func dial() (*sim.IVR, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return sim.DialIVR(ctx, sim.IVRConfig{Address: smppAddr, SystemID: "ivr", Password: password})
}

// trigger submits the trigger of a caller, and says how it was answered. The
// error is that nobody answered.
func (l *lab) trigger(c *caller) (smpp.Status, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, id, err := l.ivr.Trigger(ctx, fmt.Sprintf("TRN=%s;CORR=call-%d", c.call.TRN, c.n))
	if err == nil && status == smpp.StatusOK {
		if c.session != "" && c.session != id {
			return status, fmt.Errorf("taken as session %s, and before as %s", id, c.session)
		}
		c.session = id
	}
	return status, err
}

// taken submits triggers that have to be taken.
func (l *lab) taken(callers []*caller) {
	l.t.Helper()
	l.each(callers, func(c *caller) error {
		status, err := l.trigger(c)
		if err == nil && status != smpp.StatusOK {
			err = errors.New(status.String())
		}
		return err
	})
}

// answers submits triggers and returns how often each answer came.
func (l *lab) answers(callers []*caller) map[smpp.Status]int {
	l.t.Helper()
	var mu sync.Mutex
	got := map[smpp.Status]int{}
	l.each(callers, func(c *caller) error {
		status, err := l.trigger(c)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			got[status]++
		}
		return err
	})
	return got
}

// each does something for all callers at once.
func (l *lab) each(callers []*caller, do func(*caller) error) {
	l.t.Helper()
	var wg sync.WaitGroup
	for _, c := range callers {
		wg.Go(func() {
			if err := do(c); err != nil {
				l.t.Errorf("caller %d: %v", c.n, err)
			}
		})
	}
	wg.Wait()
	if l.t.Failed() {
		l.t.FailNow()
	}
}

// delivered waits until each caller has what was ordered, and the IVR its receipt.
func (l *lab) delivered(callers []*caller) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	l.each(callers, func(c *caller) error {
		r, err := l.ivr.Receipt(ctx, c.session)
		if err != nil {
			return fmt.Errorf("session %s: %w", c.session, err)
		}
		if r.Stat != smpp.MessageDelivered || r.Text != "ok" {
			return fmt.Errorf("receipt %v %s %s", r.Stat, r.Err, r.Text)
		}
		return nil
	})
	l.programmed(callers)
}

func (l *lab) programmed(callers []*caller) {
	l.t.Helper()
	for _, c := range callers {
		h := c.call.Handset
		if m := h.Memory(); m.MDN != c.mdn || h.Commits() != 1 {
			l.t.Errorf("caller %d: the handset has MDN %s after %d commits, ordered is %s", c.n, m.MDN, h.Commits(), c.mdn)
		}
	}
}

// activate is the whole way of some callers.
func (l *lab) activate(callers []*caller) {
	l.t.Helper()
	l.taken(callers)
	l.delivered(callers)
}

// balance stops the gateway and holds its records against what it promised: one
// for each session that was taken, done, and none for a refusal that said that
// it could not be recorded.
func (l *lab) balance() {
	l.t.Helper()
	l.gw.stop()
	l.records()
}

// records does the same with a gateway that has ended.
func (l *lab) records() {
	l.t.Helper()
	got := map[string]int{}
	l.cdrs(func(r record, line string) {
		got[r.Session]++
		if r.Outcome != "done" || r.Reason != "ok" {
			l.t.Errorf("CDR: %s", line)
		}
	})
	taken := 0
	for _, c := range l.callers {
		if c.session == "" {
			continue
		}
		taken++
		if got[c.session] != 1 {
			l.t.Errorf("caller %d, session %s: %d records", c.n, c.session, got[c.session])
		}
	}
	if len(got) != taken {
		l.t.Errorf("records of %d sessions, taken were %d", len(got), taken)
	}
	if n := l.net.MSC.Attached(); n != 0 {
		l.t.Errorf("%d activation MINs stay attached", n)
	}
}
