package killed

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// shop is an account whose messages are relayed.
type shop struct {
	*world
	offered  int
	accepted map[string]string // text, by message id

	mu    sync.Mutex
	heard map[string]int  // receipts that say delivered, by message id
	sent  map[string]bool // texts of handsets that the gateway has taken
	had   map[string]int  // and those that came
}

// phone takes what comes.
type phone struct{}

func (phone) Receive(sim.ShortMessage) bool { return true }

// relayedTo is one of the numbers that the messages are for: a receipt that comes
// again must not be taken for that of another message to its number.
func relayedTo(i int) string { return fmt.Sprint(14105550000 + i%phones) }

const phones = 40

// deliver takes a receipt, or a message of a handset.
func (s *shop) deliver(p *smpp.DeliverSM) smpp.Status {
	if p.ESMClass == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.had[string(p.ShortMessage)]++
		return smpp.StatusOK
	}
	r, err := smpp.ParseReceipt(p.ShortMessage, nil)
	if err != nil || r.Stat != smpp.MessageDelivered {
		s.t.Errorf("seed %d: receipt %q", *seed, p.ShortMessage)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[r.ID]++
	return smpp.StatusOK
}

// together is how many messages of the account have no answer.
const together = 80

// offer submits until the gateway is dead, with a full window, and says of each
// message that it was accepted.
func (s *shop) offer(ctx context.Context, c *smpp.Client, accepted chan<- struct{}) {
	var all sync.WaitGroup
	defer all.Wait()
	room, dead := make(chan struct{}, together), make(chan struct{})
	var once sync.Once
	for {
		select {
		case <-dead:
			return
		case room <- struct{}{}:
		}
		text, to := fmt.Sprintf("message %d", s.offered), relayedTo(s.offered)
		s.offered++
		all.Go(func() {
			defer func() { <-room }()
			res, err := c.Submit(ctx, &smpp.SubmitSM{
				SourceAddr: []byte("2280"), DestinationAddr: []byte(to), RegisteredDelivery: 1, ShortMessage: []byte(text),
			})
			switch {
			case err != nil:
				once.Do(func() { close(dead) })
			case res.Status == smpp.StatusOK:
				s.mu.Lock()
				s.accepted[res.MessageID] = text
				s.mu.Unlock()
				select {
				case accepted <- struct{}{}:
				default: // enough to be killed
				}
			default:
				s.t.Errorf("seed %d: a message was refused: %s", *seed, res.Status)
			}
		})
	}
}

// originate has handsets send until ctx ends.
func (s *shop) originate(ctx context.Context, life int) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		text := fmt.Sprintf("from a handset %d %d", life, n)
		one, cancel := context.WithTimeout(ctx, time.Second)
		status, err := s.smsc.Originate(one, "otagate", &smpp.DeliverSM{SourceAddr: []byte(relayedTo(n)), DestinationAddr: []byte("7000"), ShortMessage: []byte(text)})
		cancel()
		if err == nil && status == smpp.StatusOK {
			s.mu.Lock()
			s.sent[text] = true
			s.mu.Unlock()
		}
	}
}

// mostAccepted is how many messages a life may accept before it ends.
const mostAccepted = 300

// mostOwed is how many receipts the centre may have in hand before a life is given messages.
// With more and more of them one would not come before its message is taken for one that
// never arrived.
const mostOwed = 300

// TestKilledRelay: after each kill, every message that was answered is relayed or still
// queued. In the end the centre has it once, and the account a receipt, however often the
// gateway was killed; and the account has each message of a handset that was answered.
func TestKilledRelay(t *testing.T) {
	s := &shop{world: newWorld(t), accepted: map[string]string{}, heard: map[string]int{}, sent: map[string]bool{}, had: map[string]int{}}
	for i := range phones {
		s.smsc.SwitchOn(relayedTo(i), phone{})
	}
	for i := range max(*kills/4, 1) {
		s.serve(i)
		s.checkKept()
	}
	s.listen()
	s.checkRelayed()
}

// serve is one life of the gateway, which is killed under load: with a full window, when it
// has accepted so many messages as chance wants, and a moment later.
func (s *shop) serve(i int) {
	s.start()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c := s.bindAs(ctx, "shop", s.deliver)
	if c == nil {
		s.t.Fatalf("the gateway does not start: %s", s.gw.Said())
	}
	accepted, offered, originated := make(chan struct{}, mostAccepted), make(chan struct{}), make(chan struct{})
	life, end := context.WithCancel(ctx)
	go func() {
		defer close(originated)
		s.originate(life, i)
	}()
	s.drain(ctx)
	go func() {
		defer close(offered)
		s.offer(ctx, c, accepted)
	}()
	for range s.moments.IntN(mostAccepted) {
		select {
		case <-accepted:
		case <-ctx.Done():
			s.t.Fatalf("seed %d: the gateway accepts nothing any more", *seed)
		}
	}
	s.nap(5 * time.Millisecond)
	s.kill()
	end()
	<-offered
	<-originated
	c.Close()
}

// drain waits until the centre has no more receipts than it may have.
func (s *shop) drain(ctx context.Context) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for s.owed() > mostOwed {
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("seed %d: the gateway takes no receipts any more", *seed)
		}
	}
}

// owed is how many receipts the centre has that are not answered.
func (s *shop) owed() (n int) {
	for _, r := range s.smsc.Receipts() {
		if !r.Done {
			n++
		}
	}
	return n
}

// checkKept looks into what a kill has left: each message that was answered is on its way,
// or its record says that it was relayed.
func (s *shop) checkKept() {
	there := map[string]bool{}
	s.with(func(st *sqlite.Store) {
		m, err := disk.OpenMessages(context.Background(), st, pages.Options{})
		s.must(err)
		s.must(m.Load(context.Background(), func(r sessions.Record) error {
			there[r.ID.String()] = true
			return nil
		}))
		s.must(m.Close())
		s.must(st.CDRs(context.Background(), cdr.Filter{Flow: "relay", Outcome: cdr.Done}, func(r cdr.Record) error {
			there[r.Session] = true
			return nil
		}))
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, text := range s.accepted {
		if !there[id] {
			s.t.Errorf("seed %d: message %s was answered, and a kill has left nothing of it: %s", *seed, id, text)
		}
	}
}

// listen lets the gateway live until every message has its receipt.
func (s *shop) listen() {
	s.start()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := s.bindAs(ctx, "shop", s.deliver)
	if c == nil {
		s.t.Fatalf("the gateway does not start: %s", s.gw.Said())
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for s.missing() > 0 && ctx.Err() == nil {
		<-tick.C
	}
	c.Close()
	s.stop()
	if n := s.missing(); n > 0 {
		s.t.Errorf("seed %d: %d messages have no receipt, or have not come", *seed, n)
	}
}

func (s *shop) missing() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.accepted {
		if s.heard[id] == 0 {
			n++
		}
	}
	for text := range s.sent {
		if s.had[text] == 0 {
			n++
		}
	}
	return n
}

func (s *shop) checkRelayed() {
	records := map[string][]cdr.Record{}
	s.with(func(st *sqlite.Store) {
		s.must(st.CDRs(context.Background(), cdr.Filter{Flow: "relay"}, func(r cdr.Record) error {
			records[r.Session] = append(records[r.Session], r)
			return nil
		}))
	})
	taken, recovered := map[string]int{}, 0
	for _, m := range s.smsc.Submits() {
		if m.Taken {
			taken[string(m.PDU.ShortMessage)]++
		}
	}
	for text, n := range taken {
		if n != 1 {
			s.t.Errorf("seed %d: the message centre has taken a message %d times: %s", *seed, n, text)
		}
	}
	for id, text := range s.accepted {
		switch recs := records[id]; {
		case len(recs) != 1 || recs[0].Outcome != cdr.Done:
			s.t.Errorf("seed %d: message %s has the records %+v", *seed, id, recs)
		case taken[text] != 1:
			s.t.Errorf("seed %d: message %s is recorded as done, and the centre has it %d times: %+v", *seed, id, taken[text], recs[0])
		case recs[0].Recovered > 0:
			recovered++
		}
	}
	s.t.Logf("seed %d: %d messages accepted, of which %d went through a kill; %d submit_sm; %d of handsets", *seed, len(s.accepted), recovered, len(s.smsc.Submits()), len(s.sent))
	if len(s.accepted) == 0 || *kills >= 20 && len(s.sent) == 0 || *kills >= 20 && recovered == 0 {
		s.t.Errorf("seed %d: nothing was on its way at a kill", *seed)
	}
}
