//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

// shop is an account whose messages a gateway relays to a message centre, which is
// in this process.
type shop struct {
	site
	smsc      *sim.SMSC
	centreOff func()
	client    *smpp.Client
	killed    bool // the gateway was: what it had not answered may have come

	mu       sync.Mutex
	offered  int
	accepted map[string]message // by id
	answers  map[smpp.Status]int
	refused  map[string]bool // texts
	lost     int             // submit_sm without an answer
	heard    map[string]int  // receipts, by id
}

type message struct {
	text  string
	asked bool // for a receipt
}

// relayText has what the configuration of relay has, but pauses that a test can wait for.
const relayText = `
log: {level: info, format: json, counters: 0s}
store: {path: %[1]q}
smpp:
  listen: %[2]s
  accounts:
    - name: shop
      password_hash: ` + passwordHash + `
      networks: [127.0.0.0/8]
      max_binds: 20
      window: 100
      max_queue: 0
push: {pause: 100ms, max_pause: 500ms, attempts: 255}
links:
  - {name: %[3]s, url: "smpp://%[4]s", system_id: otagate, password_file: %[5]q, window: 100, response: 20s, doubt: 30s, resend: true, retry: {min: 50ms, max: 500ms}}
routes:
  - {name: out, to: ["1"], via: [{link: %[3]s}]}
`

const smscAddr = "127.0.0.1:2776"

// phone takes what comes.
type phone struct{}

func (phone) Receive(sim.ShortMessage) bool { return true }

// phones is how many numbers the messages are for.
const phones = 40

func relayedTo(i int) string { return fmt.Sprint(14105550000 + i%phones) }

// newShop makes the centre and the configuration. start starts the gateway.
func newShop(t *testing.T, store, link string, wrap func(*exec.Cmd)) *shop {
	t.Helper()
	s := &shop{
		site: newSite(t, store, wrap), smsc: newCentre(),
		accepted: map[string]message{}, answers: map[smpp.Status]int{}, refused: map[string]bool{}, heard: map[string]int{},
	}
	s.centreOn()
	secret := filepath.Join(s.dir, "password")
	s.write(secret, password)
	s.write(s.config, fmt.Sprintf(relayText, s.tables(), smppAddr, link, smscAddr, secret))
	return s
}

func newCentre() *sim.SMSC {
	c := sim.NewSMSC(sim.SMSCConfig{
		Server: smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: passwordHash, Window: 100}}},
		Retry:  200 * time.Millisecond, ReceiptDelay: 5 * time.Millisecond, Log: zerolog.Nop(),
	})
	for i := range phones {
		c.SwitchOn(relayedTo(i), phone{})
	}
	return c
}

// centreOn has the centre take binds, until the test ends or centreOff.
func (s *shop) centreOn() {
	s.t.Helper()
	ln, err := net.Listen("tcp", smscAddr)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.smsc.Serve(ctx, ln) }()
	s.centreOff = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			s.t.Error(err)
		}
	})
	s.t.Cleanup(s.centreOff)
}

// start starts the gateway and binds.
func (s *shop) start() {
	s.t.Helper()
	s.serve()
	s.bind()
}

func (s *shop) bind() {
	s.t.Helper()
	s.unbind()
	eventually(s.t, "the shop binds", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		c, err := smpp.Dial(ctx, smpp.ClientConfig{
			Address: smppAddr, SystemID: "shop", Password: password, Window: together, Logger: zerolog.Nop(), OnDeliver: s.receipt,
		})
		if err == nil {
			s.client = c
		}
		return err == nil || !s.gw.running()
	})
	s.lives()
	s.t.Cleanup(s.unbind)
}

func (s *shop) unbind() {
	if s.client != nil {
		s.client.Close() // the gateway may be gone
	}
	s.client = nil
}

func (s *shop) receipt(p *smpp.DeliverSM) smpp.Status {
	r, err := smpp.ParseReceipt(p.ShortMessage, nil)
	if err != nil || r.Stat != smpp.MessageDelivered {
		s.t.Errorf("receipt %q", p.ShortMessage)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[r.ID]++
	return smpp.StatusOK
}

// together is how many messages of the shop have no answer.
const together = 40

// load submits until end is called, or the gateway is gone: one message after each
// pause, or as many as it takes.
func (s *shop) load(pause time.Duration) (end func()) {
	over := make(chan struct{})
	var all sync.WaitGroup
	var tick <-chan time.Time
	ticker := time.NewTicker(max(pause, time.Microsecond))
	if pause > 0 {
		tick = ticker.C
	}
	for range together {
		all.Go(func() {
			for s.submit() {
				if tick != nil {
					select {
					case <-tick:
					case <-over:
					}
				}
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	end = sync.OnceFunc(func() {
		close(over)
		all.Wait()
		ticker.Stop()
	})
	s.t.Cleanup(end)
	return end
}

// submit submits one message, and tells whether there was an answer. After a refusal it
// waits, as clients do.
func (s *shop) submit() bool {
	s.mu.Lock()
	n := s.offered
	s.offered++
	s.mu.Unlock()
	m := message{text: fmt.Sprintf("message %d", n), asked: n%4 != 0}
	p := smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte(relayedTo(n)), ShortMessage: []byte(m.text)}
	if m.asked {
		p.RegisteredDelivery = 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	res, err := s.client.Submit(ctx, &p)
	s.mu.Lock()
	switch {
	case err != nil:
		s.lost++
	case res.Status == smpp.StatusOK:
		s.accepted[res.MessageID] = m
	default:
		s.refused[m.text] = true
	}
	if err == nil {
		s.answers[res.Status]++
	}
	s.mu.Unlock()
	if err == nil && res.Status != smpp.StatusOK {
		pass(20 * time.Millisecond)
	}
	return err == nil
}

// count is how many were accepted, and how many refused.
func (s *shop) count() (accepted, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.accepted), len(s.refused)
}

// takes waits until so many more messages are accepted.
func (s *shop) takes(n int) {
	s.t.Helper()
	before, _ := s.count()
	eventually(s.t, fmt.Sprintf("%d messages are accepted", n), func() bool {
		now, _ := s.count()
		return now >= before+n || !s.gw.running()
	})
	s.lives()
}

// refuses waits until so many more are refused.
func (s *shop) refuses(n int) {
	s.t.Helper()
	_, before := s.count()
	eventually(s.t, fmt.Sprintf("%d messages are refused", n), func() bool {
		_, now := s.count()
		return now >= before+n || !s.gw.running()
	})
	s.lives()
}

// fills waits until the log has gone on in so many files, or refuses something.
func (s *shop) fills(files int) {
	s.t.Helper()
	seen := map[string]bool{} // each has another name than any before
	_, before := s.count()
	eventually(s.t, fmt.Sprintf("the log goes through %d files", files), func() bool {
		names, err := filepath.Glob(filepath.Join(s.log(), "*.seg"))
		if err != nil {
			s.t.Fatal(err)
		}
		for _, name := range names {
			seen[name] = true
		}
		_, refused := s.count()
		return len(seen) > files || refused > before || !s.gw.running()
	})
	s.lives()
}

// missing is how many receipts have not come.
func (s *shop) missing() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, m := range s.accepted {
		if m.asked && s.heard[id] == 0 {
			n++
		}
	}
	return n
}

// arrived waits until all is over: each receipt that was asked for is there, each message
// is at the centre, and the gateway has taken all that the centre had to say.
func (s *shop) arrived() {
	s.t.Helper()
	const lease = 90 * time.Second // of a receipt whose way could not be kept
	if !testwait.For(lease+patience, func() bool { return s.missing() == 0 }) {
		s.t.Errorf("%d receipts have not come", s.missing())
	}
	eventually(s.t, "all messages are at the centre, and the gateway has all receipts", func() bool {
		taken := s.taken()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, m := range s.accepted {
			if taken[m.text] == 0 {
				return false
			}
		}
		return !slices.ContainsFunc(s.smsc.Receipts(), func(r sim.Receipt) bool { return !r.Done })
	})
}

// taken is how often the centre has each text.
func (s *shop) taken() map[string]int {
	taken := map[string]int{}
	for _, m := range s.smsc.Submits() {
		if m.Taken {
			taken[string(m.PDU.ShortMessage)]++
		}
	}
	return taken
}

// balance is what came though it need not have.
type balance struct {
	twice    int // accepted messages at the centre
	receipts int // of accepted messages at the shop, after the first
	others   int // messages that were not accepted
}

// balance stops the gateway and holds its records against the ledger of the centre and
// what the shop was told.
func (s *shop) balance() (b balance) {
	s.t.Helper()
	s.arrived()
	s.unbind()
	s.gw.stop()
	records, taken := map[string][]record{}, s.taken()
	s.cdrs(func(r record, line string) {
		records[r.Session] = append(records[r.Session], r)
		if r.Outcome != "done" {
			s.t.Errorf("CDR: %s", line)
		}
	})
	for status := range s.answers {
		if status != smpp.StatusOK && !comesBack(status) {
			s.t.Errorf("%d messages were answered with %s", s.answers[status], status)
		}
	}
	for id, m := range s.accepted {
		s.checkAccepted(id, m, records[id], taken[m.text])
		b.twice += max(taken[m.text]-1, 0)
		b.receipts += max(s.heard[id]-1, 0)
		delete(taken, m.text)
		delete(records, id)
	}
	s.checkOthers(records, taken)
	b.others = len(taken)
	if b.receipts > 0 && !s.killed && s.gw.out.count("receipts not settled") == 0 {
		s.t.Errorf("%d receipts came again, and it was not said that they would", b.receipts)
	}
	return b
}

// checkAccepted looks at one message.
func (s *shop) checkAccepted(id string, m message, records []record, taken int) {
	s.t.Helper()
	if len(records) != 1 {
		s.t.Errorf("message %s (%s) has %d records", id, m.text, len(records))
		return
	}
	// What has no receipt is sent again when its answer is lost: nothing else could tell.
	again := s.killed && records[0].Recovered > 0 && !m.asked
	if taken == 0 || taken > 1 && !again {
		s.t.Errorf("message %s (%s) has come %d times, receipt asked for: %t, %+v", id, m.text, taken, m.asked, records[0])
	}
	if n := s.heard[id]; m.asked != (n > 0) {
		s.t.Errorf("message %s (%s) has %d receipts, asked for: %t", id, m.text, n, m.asked)
	}
}

// checkOthers looks at what was not accepted and is there all the same. It may be when
// the gateway was killed before it said so, or when nobody knew what is on the disk.
func (s *shop) checkOthers(records map[string][]record, taken map[string]int) {
	s.t.Helper()
	most := s.lost
	if s.killed {
		most += len(s.refused)
	}
	if len(records) > most || len(taken) > most {
		s.t.Errorf("%d records and %d messages of none that was accepted; %d may be", len(records), len(taken), most)
	}
	for text, n := range taken {
		if n > 1 || s.refused[text] && !s.killed {
			s.t.Errorf("%s has come %d times, refused: %t", text, n, s.refused[text])
		}
	}
	for id, recs := range records {
		if len(recs) > 1 {
			s.t.Errorf("message %s, which was not accepted, has %d records", id, len(recs))
		}
	}
}

// trouble takes something away while messages come, and looks at how they are refused.
func (s *shop) trouble(p *promise, pause time.Duration, begin func()) {
	s.t.Helper()
	end := s.load(pause)
	s.takes(500)
	begin()
	before, _ := s.count()
	s.refuses(300)
	end()
	after, refused := s.count()
	load := s.rests()
	p.was("under load %d messages more are taken, then %d ESME_RSYSERR and %d ESME_RTHROTTLED; %.0f %% of a processor when nobody submits",
		after-before, s.answers[smpp.StatusSystemError], s.answers[smpp.StatusThrottled], 100*load)
	if refused != s.answers[smpp.StatusSystemError]+s.answers[smpp.StatusThrottled] {
		s.t.Errorf("answers: %v", s.answers)
	}
}

// kill kills the gateway while messages come, which it refuses.
func (s *shop) kill() {
	s.t.Helper()
	end := s.load(time.Millisecond)
	s.refuses(50)
	s.gw.kill()
	s.killed = true
	end()
}

// better looks at what must happen when nothing is missing any more.
func (s *shop) better(p *promise) {
	s.t.Helper()
	end := s.load(time.Millisecond)
	s.takes(500)
	end()
	b := s.balance()
	p.was("afterwards messages are taken again; all %d that were answered with ESME_ROK are at the centre, with one record each, and a receipt where one was asked for", len(s.accepted))
	if s.killed {
		p.was("%d of them, which asked for none, came twice; %d more came, of %d that were refused or not answered", b.twice, b.others, len(s.refused)+s.lost)
	}
	if b.receipts > 0 {
		p.was("%d receipts came again, whose answer could not be kept", b.receipts)
	}
}
