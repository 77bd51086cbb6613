package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// box is a Postbox in memory.
type box struct {
	mu     sync.Mutex
	rows   []sessions.Outbox
	deaf   bool // settlements fail
	closed bool
}

func (b *box) Claim(_ context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, sessions.ErrStore
	}
	var out []sessions.Outbox
	for i := range b.rows {
		r := &b.rows[i]
		if r.Dest == dest && !r.Due.After(now) && !r.LeaseUntil.After(now) && len(out) < n {
			r.Attempt++
			r.LeaseUntil = now.Add(lease)
			out = append(out, *r)
		}
	}
	return out, nil
}

func (b *box) Orphans(_ context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, sessions.ErrStore
	}
	var out []sessions.Outbox
	for i := range b.rows {
		if r := &b.rows[i]; r.Dest == dest && !r.LeaseUntil.IsZero() {
			r.LeaseUntil = now.Add(lease)
			out = append(out, *r)
		}
	}
	return out, nil
}

func (b *box) setDeaf(deaf bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deaf = deaf
}

func (b *box) Settle(_ context.Context, done ...sessions.Settlement) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.deaf {
		return sessions.ErrStore
	}
	for _, d := range done {
		kept := b.rows[:0]
		for _, r := range b.rows {
			switch {
			case r.Row != d.Row:
			case d.Retry.IsZero():
				continue
			case r.Attempt == d.Attempt:
				r.Due, r.LeaseUntil = d.Retry, time.Time{}
			}
			kept = append(kept, r)
		}
		b.rows = kept
	}
	return nil
}

func (b *box) NextDue(context.Context, string) (time.Time, error) {
	return time.Time{}, errors.New("not asked for")
}

func (b *box) left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.rows)
}

// put adds a receipt that is of use for the given time.
func (b *box) put(t *testing.T, row int64, validity time.Duration) {
	t.Helper()
	body, err := json.Marshal(&letter{ID: "00000000000000ab", State: uint8(smpp.MessageDelivered), Text: "ok", Submitted: time.Now(), Finished: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows = append(b.rows, sessions.Outbox{Row: row, Dest: "smpp/ivr", Due: time.Now(), Validity: time.Now().Add(validity), Body: body})
}

// pipes is a listener of connections in memory.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if nc, ok := <-p; ok {
		return nc, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// answerTime is how long a peer may take to answer.
const answerTime = 30 * time.Second

// office is a postman at work on virtual time, with a real server between him
// and the peers.
type office struct {
	t     *testing.T
	box   *box
	conns pipes
	*postman
	began time.Time
}

// observer tells the postman of binds, as the gateway does.
type observer struct{ o *office }

func (observer) SubmitSM(*smpp.BoundPeer, *smpp.SubmitSM, *smpp.Reply) {}
func (o observer) Bound(*smpp.BoundPeer)                               { o.o.binds.Wake() }
func (observer) Unbound(*smpp.BoundPeer, smpp.Reason)                  {}

func withOffice(t *testing.T, script func(o *office)) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{t: t, box: &box{}, conns: make(pipes), began: time.Now()}
		s := smpp.NewServer(smpp.ServerConfig{
			Accounts: []smpp.Account{{SystemID: "ivr", PasswordHash: ivrHash}}, Response: answerTime,
		}, observer{o}, zerolog.Nop())
		table := binds.NewTable(func(account string) (all []binds.Receiver) {
			for _, b := range s.Receivers(account) {
				all = append(all, b)
			}
			return all
		}, clock.Clock{})
		o.postman = newPostman("ivr", o.box, table.Of("ivr"), answerTime, &counters{}, zerolog.Nop())
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { o.run(ctx) })
		running.Go(func() {
			if err := s.Serve(ctx, o.conns); err != nil {
				t.Error(err)
			}
		})
		script(o)
		cancel()
		running.Wait()
	})
}

// peer is an IVR that remembers when receipts came.
type peer struct {
	*smpp.Client
	mu sync.Mutex
	at []time.Duration
}

func (o *office) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	o.conns <- theirs
	return ours, nil
}

// mute binds an IVR that answers nothing.
func (o *office) mute(heard func()) *smpp.Client {
	o.t.Helper()
	p, err := smpp.Dial(o.t.Context(), smpp.ClientConfig{
		SystemID: "ivr", Password: ivrPassword, Dial: o.dial,
		OnDeliverLater: func(*smpp.DeliverSM, *smpp.Reply) { heard() },
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

// bind binds an IVR that answers each receipt with the next of the statuses,
// and with ESME_ROK when there is none left.
func (o *office) bind(kind smpp.CommandID, statuses ...smpp.Status) *peer {
	o.t.Helper()
	p := &peer{}
	var err error
	p.Client, err = smpp.Dial(o.t.Context(), smpp.ClientConfig{
		SystemID: "ivr", Password: ivrPassword, Kind: kind,
		Dial: o.dial,
		OnDeliver: func(*smpp.DeliverSM) smpp.Status {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.at = append(p.at, time.Since(o.began))
			if len(statuses) == 0 {
				return smpp.StatusOK
			}
			s := statuses[0]
			statuses = statuses[1:]
			return s
		},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func (p *peer) times() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.at...)
}

func (o *office) wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestPostmanDelivers(t *testing.T) {
	withOffice(t, func(o *office) {
		for row := range int64(3 * batch / 2) {
			o.box.put(t, row, time.Hour)
		}
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Millisecond)
		if n := len(p.times()); n != 3*batch/2 || o.box.left() != 0 || o.counts.receipts.Load() != uint64(n) {
			t.Errorf("%d delivered, %d left", n, o.box.left())
		}
		p.Close()
	})
}

// TestPostmanRetries: a receipt that is not taken comes again, later and later.
func TestPostmanRetries(t *testing.T) {
	const tries = 6
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		refusals := make([]smpp.Status, tries)
		for i := range refusals {
			refusals[i] = smpp.StatusReceiverTemporaryError
		}
		p := o.bind(smpp.CommandBindReceiver, refusals...)
		o.wait(10 * time.Minute)
		at := p.times()
		if len(at) != tries+1 || o.box.left() != 0 || o.counts.receiptsRetried.Load() != tries {
			t.Fatalf("%v, %d left", at, o.box.left())
		}
		for i := 1; i < len(at); i++ {
			if d, least := at[i]-at[i-1], backOff(i); d < least || d > least+idle {
				t.Errorf("attempt %d came %v after the one before, want %v and up to %v more", i+1, d, least, idle)
			}
		}
		p.Close()
	})
}

// TestPostmanNarrow: an ESME that takes fewer at a time than we would send says so, and
// gets the others as soon as it has room, in their order; what it refuses does not wait
// longer each time. When it takes more again it gets more.
func TestPostmanNarrow(t *testing.T) {
	const all, window, slow = 600, 10, 10 * time.Millisecond
	withOffice(t, func(o *office) {
		for row := range int64(all) {
			o.box.put(t, row, time.Hour)
		}
		var open, refused, most int
		var mu sync.Mutex
		width := window
		p, err := smpp.Dial(o.t.Context(), smpp.ClientConfig{
			SystemID: "ivr", Password: ivrPassword, Dial: o.dial, InboundWindow: 1000,
			OnDeliverLater: func(_ *smpp.DeliverSM, r *smpp.Reply) {
				mu.Lock()
				defer mu.Unlock()
				if open >= width {
					refused++
					r.Respond(smpp.StatusThrottled, "")
					return
				}
				open++
				most = max(most, open)
				time.AfterFunc(slow, func() {
					mu.Lock()
					defer mu.Unlock()
					open--
					r.Respond(smpp.StatusOK, "")
				})
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		o.wait(2 * all / window * slow)
		mu.Lock()
		if o.box.left() != 0 || refused > 2*all/window || most != window {
			t.Errorf("%d left, %d refused, up to %d at a time", o.box.left(), refused, most)
		}
		width, most, refused = 1000, 0, 0
		mu.Unlock()
		for row := range int64(10 * all) {
			o.box.put(t, all+row, time.Hour)
		}
		o.nudge()
		o.wait(10 * all / window * slow)
		mu.Lock()
		defer mu.Unlock()
		if o.box.left() != 0 || refused != 0 || most < 5*window {
			t.Errorf("later %d left, %d refused, up to %d at a time", o.box.left(), refused, most)
		}
		p.Close()
	})
}

// TestPostmanFull: an ESME that takes nothing is asked again after pauses that grow, and the
// receipt that it refuses lets the others pass in the end.
func TestPostmanFull(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		o.box.put(t, 2, time.Hour)
		o.box.rows[1].Due = o.box.rows[1].Due.Add(time.Millisecond)
		refusals := make([]smpp.Status, mostUnwanted)
		for i := range refusals {
			refusals[i] = smpp.StatusMessageQueueFull
		}
		p := o.bind(smpp.CommandBindReceiver, refusals...)
		o.wait(10 * time.Minute)
		at := p.times()
		if len(at) != mostUnwanted+2 || o.box.left() != 0 {
			t.Fatalf("%v, %d left", at, o.box.left())
		}
		for i := 2; i < len(at)-1; i++ {
			d, least := at[i]-at[i-1], min(100*time.Millisecond<<(i-1), 10*time.Second)
			if d < least || d > least+idle {
				t.Errorf("%d: after %v, want %v", i+1, d, least)
			}
		}
		p.Close()
	})
}

func TestBackOff(t *testing.T) {
	for attempt, want := range map[int]time.Duration{0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 9: 512 * time.Second, 10: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := backOff(attempt); got != want {
			t.Errorf("attempt %d: %v", attempt, got)
		}
	}
}

// TestPostmanPermanent: a peer that can never take the receipt gets it once.
func TestPostmanPermanent(t *testing.T) {
	for _, s := range []smpp.Status{smpp.StatusInvalidDestinationAddress, smpp.StatusInvalidSourceAddress, smpp.StatusInvalidESMClass} {
		withOffice(t, func(o *office) {
			o.box.put(t, 1, time.Hour)
			p := o.bind(smpp.CommandBindTransceiver, s)
			o.wait(time.Hour)
			taken, dropped := o.counts.receipts.Load(), o.counts.receiptsDropped.Load()
			if n := len(p.times()); n != 1 || o.box.left() != 0 || taken != 0 || dropped != 1 {
				t.Errorf("%s: delivered %d times, %d left, %d counted as taken, %d as dropped", s, n, o.box.left(), taken, dropped)
			}
			p.Close()
		})
	}
}

// TestPostmanExpired: a receipt of no use any more, or of no sense, is dropped.
func TestPostmanExpired(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Minute)
		o.box.rows = append(o.box.rows, sessions.Outbox{Row: 2, Dest: "smpp/ivr", Body: []byte("{")})
		o.box.rows = append(o.box.rows, sessions.Outbox{Row: 3, Dest: "smpp/ivr", Body: []byte(`{"id":""}`)})
		o.wait(time.Hour)
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Minute)
		if n := len(p.times()); n != 0 || o.box.left() != 0 || o.counts.receiptsDropped.Load() != 3 {
			t.Errorf("delivered %d, %d left, %d dropped", n, o.box.left(), o.counts.receiptsDropped.Load())
		}
		p.Close()
	})
}

// TestPostmanNobody: without a bind that receives, receipts wait and use up no
// attempt; the bind itself wakes the postman.
func TestPostmanNobody(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, 72*time.Hour)
		sender := o.bind(smpp.CommandBindTransmitter)
		o.wait(time.Hour)
		if r := o.box.rows[0]; r.Attempt != 0 || len(sender.times()) != 0 {
			t.Errorf("%+v", r)
		}
		p := o.bind(smpp.CommandBindReceiver)
		o.wait(time.Millisecond)
		if len(p.times()) != 1 || o.box.left() != 0 {
			t.Errorf("%v, %d left", p.times(), o.box.left())
		}
		p.Close()
		sender.Close()
	})
}

// TestPostmanPeerGone: a peer that goes in the middle of a delivery gets the
// receipt again when it is back.
func TestPostmanPeerGone(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		gone := make(chan struct{})
		p := o.mute(func() { close(gone) })
		<-gone
		p.Close()
		o.wait(time.Second)
		if n := o.counts.receiptsRetried.Load(); n != 1 || o.box.left() != 1 {
			t.Errorf("%d to be tried again, %d left", n, o.box.left())
		}
		back := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Minute)
		if n := len(back.times()); n != 1 || o.box.left() != 0 {
			t.Errorf("delivered %d times, %d left", n, o.box.left())
		}
		back.Close()
	})
}

// TestPostmanSilentPeer: a peer that never answers holds the postman up for
// half a minute only.
func TestPostmanSilentPeer(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		p := o.mute(func() {})
		o.wait(answerTime + time.Second)
		if n := o.counts.receiptsRetried.Load(); n != 1 {
			t.Errorf("%d to be tried again", n)
		}
		p.Close()
	})
}

// TestPostmanMuteBind: a bind that does not answer holds up what it was given, and no other receipt.
// What it has not answered in time comes by another, and when it answers again it gets more.
func TestPostmanMuteBind(t *testing.T) {
	const all = 1000
	withOffice(t, func(o *office) {
		var mu sync.Mutex
		var open []*smpp.Reply
		mute := true
		p, err := smpp.Dial(o.t.Context(), smpp.ClientConfig{
			SystemID: "ivr", Password: ivrPassword, Dial: o.dial, InboundWindow: 1000,
			OnDeliverLater: func(_ *smpp.DeliverSM, r *smpp.Reply) {
				mu.Lock()
				defer mu.Unlock()
				if open = append(open, r); !mute {
					r.Respond(smpp.StatusOK, "")
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		good := o.bind(smpp.CommandBindTransceiver)
		for row := range int64(all) {
			o.box.put(t, row, time.Hour)
		}
		o.nudge()
		o.wait(time.Second)
		given := func() int {
			mu.Lock()
			defer mu.Unlock()
			return len(open)
		}
		n := given()
		if n == 0 || n > all/2 || len(good.times()) != all-n || o.box.left() != n {
			t.Errorf("%d given to the one that is mute, %d to the other, %d left", n, len(good.times()), o.box.left())
		}
		o.wait(answerTime + backOff(1) + idle)
		if more := given() - n; more > 1 || len(good.times()) != all-more || o.box.left() != more {
			t.Errorf("later %d more given to the one that is mute, %d to the other, %d left", more, len(good.times()), o.box.left())
		}
		o.wait(2 * (answerTime + backOff(2) + idle))
		n = given()
		mu.Lock()
		mute = false
		for _, r := range open {
			r.Respond(smpp.StatusOK, "")
		}
		mu.Unlock()
		o.wait(time.Second)
		for row := range int64(all) {
			o.box.put(t, all+row, time.Hour)
		}
		o.nudge()
		o.wait(time.Second)
		if given() == n || given()-n+len(good.times()) != 2*all || o.box.left() != 0 {
			t.Errorf("in the end %d given to the one that was mute, %d to the other, %d left", given(), len(good.times()), o.box.left())
		}
		p.Close()
		good.Close()
	})
}

// TestPostmanNotSettled: the store fails when an answer is to be stored. It is stored later,
// and the receipt does not come twice, also when its lease is over by then.
func TestPostmanNotSettled(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		o.box.setDeaf(true)
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(2 * o.lease)
		if n := len(p.times()); n != 1 || o.box.left() != 1 {
			t.Errorf("the store fails: delivered %d times, %d left", n, o.box.left())
		}
		o.box.setDeaf(false)
		o.wait(idle + time.Second)
		if n := len(p.times()); n != 1 || o.box.left() != 0 {
			t.Errorf("it does not: delivered %d times, %d left", n, o.box.left())
		}
		o.wait(2 * o.lease)
		if n := len(p.times()); n != 1 {
			t.Errorf("delivered %d times", n)
		}
		p.Close()
	})
}

// TestPostmanHeir: what an earlier process had in hand when it was killed is
// delivered by the next as soon as there is a bind, before what is new, and once.
func TestPostmanHeir(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		o.box.put(t, 2, time.Hour)
		old := &o.box.rows[0]
		old.Attempt, old.LeaseUntil = 1, time.Now().Add(o.lease)
		o.wait(o.lease / 2)
		if n := o.box.left(); n != 2 {
			t.Errorf("%d left without a bind", n)
		}
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Second)
		if n := len(p.times()); n != 2 || o.box.left() != 0 {
			t.Errorf("delivered %d times, %d left", n, o.box.left())
		}
		o.wait(2 * o.lease)
		if n := len(p.times()); n != 2 {
			t.Errorf("delivered %d times", n)
		}
		p.Close()
	})
}

// TestPostmanStoreAway: a store that cannot be read is asked again.
func TestPostmanStoreAway(t *testing.T) {
	withOffice(t, func(o *office) {
		o.box.put(t, 1, time.Hour)
		o.box.closed = true
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Minute)
		o.box.mu.Lock()
		o.box.closed = false
		o.box.mu.Unlock()
		o.wait(idle)
		if n := len(p.times()); n != 1 || o.box.left() != 0 {
			t.Errorf("delivered %d times, %d left", n, o.box.left())
		}
		p.Close()
	})
}

// TestPostmanSweeps: receipts of an account that never comes do not stay for ever.
func TestPostmanSweeps(t *testing.T) {
	withOffice(t, func(o *office) {
		for row := range int64(3 * batch / 2) {
			o.box.put(t, row, 30*time.Minute)
		}
		o.box.put(t, 3*batch/2, 720*time.Hour)
		o.wait(sweepPeriod + time.Minute)
		if n := o.box.left(); n != 1 || o.counts.receiptsDropped.Load() != 3*batch/2 {
			t.Errorf("%d left", n)
		}
		p := o.bind(smpp.CommandBindTransceiver)
		o.wait(time.Minute)
		if len(p.times()) != 1 {
			t.Errorf("delivered %d times", len(p.times()))
		}
		p.Close()
	})
}
