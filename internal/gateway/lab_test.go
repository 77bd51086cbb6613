package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// The password of the account, and its bcrypt hash of the lowest cost: a bind
// in a test needs no 20 ms.
const (
	ivrPassword = testpassword.Text
	ivrHash     = testpassword.Hash
)

// lab is a simulated network, a configuration that finds it, and the file of
// a store. Gateways are started and stopped on it.
type lab struct {
	t    *testing.T
	net  *sim.Network
	cfg  *configs.Config
	path string
	log  zerolog.Logger
}

func newLab(t *testing.T, script *sim.Script, orders ...configs.Order) *lab {
	t.Helper()
	nc := sim.LabConfig()
	nc.Script = script
	return newLabOn(t, nc, orders...)
}

func newLabOn(t *testing.T, nc sim.Config, orders ...configs.Order) *lab {
	t.Helper()
	ln, err := sctp.ListenTCP("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nc.TRNs = 100
	l := &lab{t: t, net: sim.NewNetwork(nc), path: filepath.Join(t.TempDir(), "otagate.db"), log: zerolog.Nop()}
	l.cfg = labConfig(ln.Addr().String())
	l.cfg.Store.Path = l.path
	serve(t, "network", func(ctx context.Context) error { return l.net.Serve(ctx, m3ua.Listen(ln)) })
	if len(orders) > 0 {
		l.with(func(s *sqlite.Store) {
			if err := ImportOrders(t.Context(), s, orders); err != nil {
				t.Fatal(err)
			}
		})
	}
	return l
}

// serve has something serve until the test ends.
func serve(t *testing.T, what string, run func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	})
}

// another adds an account like the first.
func another(c *configs.SMPP, name string) *configs.Account {
	one := c.Accounts[0]
	one.Name = name
	c.Accounts = append(c.Accounts, one)
	return &c.Accounts[len(c.Accounts)-1]
}

// labConfig is the lab's configuration. A test that has something lost shortens
// the timers: in all others a busy machine must not make them expire.
func labConfig(stp string) *configs.Config {
	rc, na := uint32(100), uint32(1)
	c := configs.Default()
	c.SMPP.Accounts = []configs.Account{{Name: "ivr", PasswordHash: ivrHash, Networks: []string{"127.0.0.0/8"}, MaxBinds: 4, Window: 100, MessageID: "hex", ReceiptTTL: time.Hour, Deliver: configs.DeliverFair}}
	c.SS7.PointCode = "1-12-5"
	c.SS7.M3UA = configs.M3UA{
		RoutingContext: &rc, NetworkAppearance: &na, TrafficMode: "loadshare",
		Peers: []configs.Peer{{Name: "stp", Transport: "tcp", Addresses: []string{stp}}},
	}
	c.SS7.MSCs = []configs.MSC{{
		Name: "msc1", Route: configs.Route{PointCode: "1-12-6", SSN: 8},
		TRNRanges: []configs.TRNRange{{First: "2222220000", Last: "2222229999"}}, SegmentSize: 180,
	}}
	c.SS7.ACs = []configs.AC{{Name: "hlr1", Route: configs.Route{PointCode: "1-12-7", SSN: 6}}}
	c.SS7.Timers.SMDPP, c.SS7.Timers.OTASPREQ, c.SS7.Timers.SSDUpdate = 10*time.Second, 10*time.Second, 10*time.Second
	c.OTASP.ActivationMINs = configs.MINRange{First: "6191230000", Last: "6191239999"}
	c.OTASP.SessionTime = 30 * time.Second
	c.Triggers = []configs.Trigger{{Name: "star228", Account: "ivr", Destination: "*228", Prefix: true, Flow: "otasp"}}
	return c
}

// testOrder is found by the ESN of the default handset.
func testOrder() configs.Order {
	l := prl.List{ID: 1001, PRev: prl.Classic, Acquisition: []prl.AcquisitionRecord{{Type: prl.CellularCDMAPreferred, AB: prl.SideB}}}
	for i := range 60 {
		l.System = append(l.System, prl.SystemRecord{SID: uint16(4100 + i), Preferred: true, RoamInd: 1})
	}
	list, err := l.Append(nil)
	if err != nil {
		panic(err)
	}
	return configs.Order{
		Name: "A-1", MDN: "5551234567", ESN: "81234567", SPC: "000000",
		NAM: &configs.OrderNAM{
			MCC: "310", IMSI1112: "00", S: "5551234567", ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
			SIDNID: []configs.OrderSystem{{SID: 4139, NID: 65535}},
		},
		IMSIT: &configs.OrderIMSI{MCC: "310", IMSI1112: "00", S: "5551234567"}, PRL: list,
	}
}

// with opens the store while no gateway has it.
func (l *lab) with(do func(*sqlite.Store)) {
	l.t.Helper()
	s := l.open()
	do(s)
	if err := s.Close(); err != nil {
		l.t.Error(err)
	}
}

func (l *lab) open() *sqlite.Store {
	l.t.Helper()
	s, err := sqlite.Open(context.Background(), l.path, sqlite.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// running is a gateway at work.
type running struct {
	*Gateway
	lab    *lab
	cancel context.CancelFunc
	done   chan error
}

// start runs a gateway over s, which it closes when it stops.
func (l *lab) start(s sessions.Store) *running {
	l.t.Helper()
	g, err := assemble(l.t.Context(), l.cfg, s, Outside{}, l.log)
	if err != nil {
		l.t.Fatal(err)
	}
	g.listener = listen(l.t)
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{Gateway: g, lab: l, cancel: cancel, done: make(chan error, 1)}
	go func() { r.done <- g.Run(ctx) }()
	ready, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	if err := g.Ready(ready); err != nil {
		l.t.Fatal(err)
	}
	return r
}

func (r *running) stop() {
	r.lab.t.Helper()
	r.cancel()
	if err := <-r.done; err != nil {
		r.lab.t.Errorf("gateway: %v", err)
	}
}

// ivr binds. The bind ends with the test, or with the gateway.
func (r *running) ivr() *sim.IVR {
	r.lab.t.Helper()
	v, err := sim.DialIVR(r.lab.t.Context(), sim.IVRConfig{Address: r.Addr().String(), SystemID: "ivr", Password: ivrPassword})
	if err != nil {
		r.lab.t.Fatal(err)
	}
	return v
}

// dial is a handset calling the star code.
func (l *lab) dial(h *sim.Handset) *sim.Call {
	l.t.Helper()
	c, err := l.net.MSC.Dial(h)
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// submit triggers and wants this status.
func (l *lab) submit(v *sim.IVR, text string, want smpp.Status) (id string) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), time.Minute)
	defer cancel()
	status, id, err := v.Trigger(ctx, text)
	if err != nil || status != want {
		l.t.Fatalf("%s: %s %v, want %s", text, status, err, want)
	}
	return id
}

func (l *lab) receipt(v *sim.IVR, id string) smpp.Receipt {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), time.Minute)
	defer cancel()
	r, err := v.Receipt(ctx, id)
	if err != nil {
		l.t.Fatalf("no receipt for %q: %v", id, err)
	}
	return r
}

// records are all CDRs of the store.
func records(t *testing.T, s sessions.Store) []cdr.Record {
	t.Helper()
	var all []cdr.Record
	if err := s.CDRs(context.Background(), cdr.Filter{}, func(r cdr.Record) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// left says what sessions, receipts and loans stay behind when everything is over.
func (l *lab) left(s sessions.Store) error {
	var problems []error
	live := 0
	if err := s.Load(context.Background(), func(sessions.Record) error { live++; return nil }); err != nil {
		return err
	}
	if live > 0 {
		problems = append(problems, fmt.Errorf("%d live sessions", live))
	}
	if due, err := s.NextDue(context.Background(), destOf("ivr")); err != nil || !due.IsZero() {
		problems = append(problems, fmt.Errorf("a receipt waits in the outbox until %v, %v", due, err))
	}
	for what, n := range map[string]int{
		"TRNs taken": l.net.MSC.Taken(), "activation MINs attached": l.net.MSC.Attached(), "temporary A-keys": l.net.HLR.Temporary(),
	} {
		if n != 0 {
			problems = append(problems, fmt.Errorf("%d %s", n, what))
		}
	}
	return errors.Join(problems...)
}

// programmed says what of the order the handset does not hold.
func programmed(o *configs.Order, m sim.Memory) error {
	var wrong []string
	check := func(what, want, have string) {
		if want != have {
			wrong = append(wrong, fmt.Sprintf("%s is %s, ordered is %s", what, have, want))
		}
	}
	check("MDN", o.MDN, m.MDN)
	check("IMSI_M", o.NAM.S, m.IMSIM.S)
	check("IMSI_T", o.IMSIT.S, m.IMSIT.S)
	check("list", fmt.Sprintf("%x", o.PRL), fmt.Sprintf("%x", m.PRL))
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

// mortal is a store whose process dies at its nth change: before that is
// committed, or right after. From then on it commits nothing and acknowledges
// nothing, as the store of a killed process.
type mortal struct {
	sessions.Store
	late bool // the fatal change is committed, but nobody hears of it
	died chan struct{}

	mu   sync.Mutex
	n    int
	dead bool
}

func newMortal(s sessions.Store, n int, late bool) *mortal {
	return &mortal{Store: s, n: n, late: late, died: make(chan struct{})}
}

func gone() error { return fmt.Errorf("%w: the process is dead", sessions.ErrStore) }

func (m *mortal) Apply(c *sessions.Change, done func(sessions.Result)) {
	m.mu.Lock()
	was := m.dead
	if !m.dead {
		m.n--
		m.dead = m.n == 0
	}
	now := m.dead && !was
	m.mu.Unlock()
	lost := func(sessions.Result) { done(sessions.Result{Err: gone()}) }
	switch {
	case was:
		lost(sessions.Result{})
	case now && m.late:
		m.Store.Apply(c, func(r sessions.Result) {
			close(m.died)
			lost(r)
		})
	case now:
		close(m.died)
		lost(sessions.Result{})
	default:
		m.Store.Apply(c, done)
	}
}

// kill ends the process between two changes.
func (m *mortal) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.dead {
		m.dead = true
		close(m.died)
	}
}

func (m *mortal) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

func (m *mortal) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if m.isDead() {
		return nil, gone()
	}
	return m.Store.Claim(ctx, dest, now, n, lease)
}

func (m *mortal) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if m.isDead() {
		return nil, gone()
	}
	return m.Store.Orphans(ctx, dest, now, lease)
}

func (m *mortal) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	if m.isDead() {
		return gone()
	}
	return m.Store.Settle(ctx, rows...)
}

// changes is how many changes there were.
func (m *mortal) changes(of int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return of - m.n
}
