package killed

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/process"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

var (
	kills = flag.Int("kills", 200, "how often the gateway is killed")
	seed  = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments; it is printed when something is found")
)

func TestMain(m *testing.M) {
	process.Become()
	os.Exit(m.Run())
}

// The numbers of the subscribers: the first half is served by the message
// centre, the other by the MSC.
const (
	subscribers = 24
	byCentre    = 13105550000
	byMSC       = 5551230000
)

func number(i int) int {
	if i < subscribers/2 {
		return byCentre + i
	}
	return byMSC + i
}

// world is all around the gateway.
type world struct {
	t               *testing.T
	dir             string
	config          string
	smpp            string // where the gateway listens
	smsc            *sim.SMSC
	net             *sim.Network
	agents          []*sim.Agent
	random, moments *rand.Rand // one for the messages, one for the kills
	gw              *process.Process

	accepted map[string]push // by session
	offered  map[string]push // by URL; what was not answered may be there, too
	unready  int             // lives that ended before the gateway took a bind
}

// push is one message.
type push struct {
	to   int // index of the subscriber
	href string
}

// The password of all binds, and its bcrypt hash of the lowest cost: a bind in
// a test needs no 20 ms.
const (
	password = testpassword.Text
	hash     = testpassword.Hash
)

// A doubt lasts longer than a receipt needs to get through a gateway that is
// killed several times a second, on a busy machine too: only what the centre has
// not got is sent again then.
const config = `
log: {level: error, counters: 0s}
store: {path: %q}
smpp:
  listen: %s
  session_init: 1s
  accounts:
    - {name: ivr, password_hash: %q, networks: [127.0.0.0/8], max_binds: 4, window: 100}
    - {name: shop, password_hash: %[3]q, networks: [127.0.0.0/8], max_binds: 4, window: 100}
ss7:
  point_code: 1-12-5
  ssn: 12
  m3ua:
    routing_context: 100
    network_appearance: 1
    peers:
      - {name: stp, transport: tcp, addresses: [%[4]q]}
  mscs:
    - name: msc1
      route: {point_code: 1-12-6, ssn: 8}
      trn_ranges: [{first: "2222220000", last: "2222229999"}]
  acs:
    - name: hlr1
      route: {point_code: 1-12-7, ssn: 6}
  screening:
    peers: [{name: hlr, point_codes: [1-12-7], operations: [SMSNOT]}]
  timers: {smdpp: 2s, otaspreq: 2s}
otasp:
  activation_mins: {first: "6191230000", last: "6191239999"}
push:
  pause: 100ms
  max_pause: 500ms
  attempts: 255
  grace: 20s
  ss7: {hlr: hlr1, min_of_mdn: true, octets: 40, smsreq: 2s, ask_again: 20s, resend: true}
links:
  - {name: smsc, url: "smpp://%[5]s", system_id: otagate, password_file: %[6]q, source: "2280", octets: 60, window: 100, response: 2s, doubt: 15s, resend: true}
routes:
  - {name: handsets, from: [smsc], via: [{account: shop}]}
  - {name: centre, to: ["1"], via: [{link: smsc}]}
  - {name: network, to: ["555"], via: [{ss7: true}]}
triggers:
  - {name: push, account: ivr, destination: "74", flow: push}
`

func newWorld(t *testing.T) *world {
	w := &world{t: t, dir: t.TempDir(), random: rand.New(rand.NewPCG(*seed, 0)), moments: rand.New(rand.NewPCG(*seed, 1)), accepted: map[string]push{}, offered: map[string]push{}}
	ctx, cancel := context.WithCancel(context.Background())
	centre, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.smsc = sim.NewSMSC(sim.SMSCConfig{
		Server: smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: hash, Window: 100}}},
		Retry:  200 * time.Millisecond, ReceiptDelay: 5 * time.Millisecond, Log: zerolog.Nop(),
	})
	stp, err := sctp.ListenTCP("127.0.0.1:0")
	w.must(err)
	w.net = sim.NewNetwork(sim.LabConfig())
	ended := make(chan error, 2)
	go func() { ended <- w.smsc.Serve(ctx, centre) }()
	go func() { ended <- w.net.Serve(ctx, m3ua.Listen(stp)) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("network: %v", err)
			}
		}
	})
	for i := range subscribers {
		a := sim.NewAgent(sim.AgentConfig{Remember: time.Hour, Timeout: time.Hour})
		w.agents = append(w.agents, a)
		if to := fmt.Sprint(number(i)); i < subscribers/2 {
			w.smsc.SwitchOn(to, a)
		} else {
			w.net.Subscribe(sim.Subscriber{MIN: to, ESN: 0x82000000 + uint32(i), Phone: a})
		}
	}
	addr, taken, err := sim.FreePort()
	w.must(err)
	t.Cleanup(func() { taken.Close() })
	w.smpp = addr
	secret := filepath.Join(w.dir, "password")
	w.must(os.WriteFile(secret, []byte(password), 0o600))
	w.config = filepath.Join(w.dir, "otagate.yaml")
	text := fmt.Sprintf(config, w.store(), w.smpp, hash, stp.Addr().String(), centre.Addr().String(), secret)
	w.must(os.WriteFile(w.config, []byte(text), 0o600))
	return w
}

func (w *world) store() string { return filepath.Join(w.dir, "otagate.db") }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// start starts a gateway on what the last one left.
func (w *world) start() {
	var err error
	w.gw, err = process.Start(process.Again(w.config))
	w.must(err)
}

// kill ends it with SIGKILL.
func (w *world) kill() {
	w.must(w.gw.Kill())
}

// stop ends it as an operator does.
func (w *world) stop() {
	if err := w.gw.Stop(); err != nil {
		w.t.Error(err)
	}
}

// bind waits for the gateway, until ctx ends.
func (w *world) bind(ctx context.Context) *smpp.Client {
	return w.bindAs(ctx, "ivr", func(*smpp.DeliverSM) smpp.Status { return smpp.StatusOK })
}

func (w *world) bindAs(ctx context.Context, name string, deliver func(*smpp.DeliverSM) smpp.Status) *smpp.Client {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := smpp.Dial(ctx, smpp.ClientConfig{
			Address: w.smpp, SystemID: name, Password: password, Window: 100, Logger: zerolog.Nop(), OnDeliver: deliver,
		})
		if err == nil {
			return c
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// offer submits triggers until ctx ends, keeps what was accepted, and says of
// each that it was.
func (w *world) offer(ctx context.Context, c *smpp.Client, most int, accepted chan<- struct{}) {
	for range most {
		p := push{to: w.random.IntN(subscribers), href: fmt.Sprintf("http://m.example/%d/", len(w.offered))}
		p.href += strings.Repeat(fmt.Sprintf("%d.", len(w.offered)), w.random.IntN(25)) // every part is one of its kind
		w.offered[p.href] = p
		res, err := c.Submit(ctx, &smpp.SubmitSM{
			SourceAddr: []byte("18005551000"), DestinationAddr: []byte("74"), RegisteredDelivery: 1,
			ShortMessage: fmt.Appendf(nil, "FLOW=push;TYPE=sl;MDN=%d;HREF=%s", number(p.to), p.href),
		})
		switch {
		case err != nil:
			return // the gateway is dead
		case res.Status == smpp.StatusOK:
			w.accepted[res.MessageID] = p
			accepted <- struct{}{}
		case res.Status == smpp.StatusThrottled, res.Status == smpp.StatusSystemError: // it leaves
		default:
			w.t.Errorf("a message was refused: %s", res.Status)
		}
	}
}

// live is one life of the gateway: it is killed while it starts, or while it is
// given messages and delivers them. On a busy machine that may take it longer
// than the nap.
func (w *world) live(start time.Duration, end func()) {
	w.start()
	if w.moments.IntN(4) == 0 {
		w.nap(start)
		w.unready++
		w.kill()
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c := w.bind(ctx)
	if c == nil {
		w.t.Fatalf("the gateway does not start: %s", w.gw.Said())
	}
	const most = 40
	offered, accepted := make(chan struct{}), make(chan struct{}, most)
	go func() {
		defer close(offered)
		w.offer(ctx, c, most, accepted)
	}()
	w.nap(60 * time.Millisecond)
	for range w.moments.IntN(7) {
		select {
		case <-accepted:
		case <-offered:
		}
	}
	end()
	<-offered
	c.Close()
}

// nap waits for some part of most.
func (w *world) nap(most time.Duration) {
	<-time.After(time.Duration(w.moments.Int64N(int64(most))))
}

// stopEvery is after how many kills the gateway is stopped in an orderly way, with
// as much to do: what comes while it leaves must come again.
const stopEvery = 8

// TestKilled kills the gateway at so many moments and looks at what is left.
func TestKilled(t *testing.T) {
	w := newWorld(t)
	w.net.HLR.Deny(fmt.Sprint(number(subscribers-1)), ansi41.AccessPostponed)
	w.start()
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	c := w.bind(ctx)
	cancel()
	if c == nil {
		t.Fatalf("the gateway does not start: %s", w.gw.Said())
	}
	needs := time.Since(began) // to start, on this machine
	w.kill()
	c.Close()
	for i := range *kills {
		if i == *kills/2 {
			w.net.HLR.Appear(fmt.Sprint(number(subscribers - 1)))
		}
		w.live(needs, w.kill)
		if i%stopEvery == 0 {
			w.live(needs, w.stop)
		}
	}
	w.settle()
	w.check()
	t.Logf("seed %d: %d kills, %d of them at its start; %d messages accepted, %d submit_sm, %d SMDPP", *seed, *kills, w.unready,
		len(w.accepted), len(w.smsc.Submits()), len(w.net.MSC.HandOvers()))
}

// settle lets the gateway live until nothing is on its way any more.
func (w *world) settle() {
	for range 60 {
		w.start()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if c := w.bind(ctx); c != nil {
			<-time.After(time.Second)
			c.Close()
		}
		cancel()
		w.stop()
		if w.onTheirWay() == 0 {
			return
		}
	}
	w.t.Errorf("seed %d: %d messages do not end", *seed, w.onTheirWay())
}

// with opens the store while no gateway has it.
func (w *world) with(do func(*sqlite.Store)) {
	s, err := sqlite.Open(context.Background(), w.store(), sqlite.Options{})
	w.must(err)
	do(s)
	w.must(s.Close())
}

func (w *world) onTheirWay() (n int) {
	w.with(func(s *sqlite.Store) {
		m, err := disk.OpenMessages(context.Background(), s, pages.Options{})
		w.must(err)
		for _, store := range []sessions.Journal{s, m} {
			w.must(store.Load(context.Background(), func(sessions.Record) error { n++; return nil }))
		}
		w.must(m.Close())
	})
	return n
}

// check holds the records against the ledgers of those who were sent something.
func (w *world) check() {
	records := map[string][]cdr.Record{}
	w.with(func(s *sqlite.Store) {
		w.must(s.CDRs(context.Background(), cdr.Filter{}, func(r cdr.Record) error {
			records[r.Session] = append(records[r.Session], r)
			return nil
		}))
	})
	recovered, again := 0, 0
	for _, recs := range records {
		if recs[0].Recovered > 0 {
			recovered++
		}
		if recs[0].Attempts > len(recs[0].Steps) {
			again++
		}
	}
	w.t.Logf("%d messages went through a kill, of %d a part was sent again", recovered, again)
	if recovered < *kills {
		w.t.Errorf("seed %d: only %d messages were on their way at one of %d kills", *seed, recovered, *kills)
	}
	opened := map[string]int{}
	for _, a := range w.agents {
		for _, url := range a.Opened() {
			opened[url]++
		}
	}
	for id, p := range w.accepted {
		switch recs := records[id]; {
		case len(recs) != 1:
			w.t.Errorf("seed %d: message %s has %d records", *seed, id, len(recs))
		case recs[0].Outcome != cdr.Done:
			w.t.Errorf("seed %d: message %s ended as %s, %s (%s), %v", *seed, id, recs[0].Outcome, recs[0].Reason, recs[0].Detail, recs[0].Steps)
		case opened[p.href] != 1:
			w.t.Errorf("seed %d: message %s is recorded as done, and its handset has it %d times", *seed, id, opened[p.href])
		}
	}
	for url, n := range opened {
		if _, ours := w.offered[url]; !ours || n != 1 {
			w.t.Errorf("seed %d: %d times %s", *seed, n, url)
		}
	}
	w.checkCentre()
}

// checkCentre: the centre has answered, or would have, no part twice.
func (w *world) checkCentre() {
	taken := map[string]int{}
	for _, s := range w.smsc.Submits() {
		if s.Taken {
			mark, _ := s.PDU.TLVs.Find(smpp.TagUserMessageReference) // a last part may be one octet
			taken[fmt.Sprintf("%s %x %x", s.PDU.DestinationAddr, mark, s.PDU.ShortMessage)]++
		}
	}
	for part, n := range taken {
		if n != 1 {
			w.t.Errorf("seed %d: the message centre has taken a part %d times: %s", *seed, n, part)
		}
	}
}
