package smpp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/smpp"
)

// centre is a scripted message centre: it accepts one connection and answers
// its bind.
func centre(t *testing.T) (addr string, accepted <-chan *peer) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	ch := make(chan *peer, 1)
	go func() {
		nc, err := ln.Accept()
		if err != nil {
			return
		}
		ch <- &peer{t, nc}
	}()
	return ln.Addr().String(), ch
}

// dialCentre binds a client to a scripted centre.
func dialCentre(t *testing.T, cfg smpp.ClientConfig) (*smpp.Client, *peer) {
	t.Helper()
	addr, accepted := centre(t)
	cfg.Address, cfg.SystemID = addr, "esme"
	type dialled struct {
		cl  *smpp.Client
		err error
	}
	ch := make(chan dialled, 1)
	go func() {
		cl, err := smpp.Dial(context.Background(), cfg)
		ch <- dialled{cl, err}
	}()
	p := <-accepted
	t.Cleanup(func() { p.nc.Close() })
	m := p.read()
	p.send(0, 0, m.Sequence, &smpp.BindResp{Kind: m.CommandID.Response(), SystemID: []byte("centre")})
	d := <-ch
	if d.err != nil {
		t.Fatal(d.err)
	}
	t.Cleanup(func() {
		p.nc.Close()
		<-d.cl.Done()
	})
	return d.cl, p
}

func TestSubmitAndDeliver(t *testing.T) {
	var s *smpp.Server
	s, addr := serve(t, smpp.ServerConfig{SystemID: "otagate", Accounts: esme(t)}, handlerFunc(
		func(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
			r.Respond(smpp.StatusOK, string(p.DestinationAddr))
		}))
	got := make(chan string, 10)
	cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "secret",
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status {
			got <- string(p.ShortMessage)
			return smpp.StatusReceiverRejects
		}})
	if err != nil {
		t.Fatal(err)
	}
	if string(cl.Peer().SystemID) != "otagate" {
		t.Errorf("peer is %q", cl.Peer().SystemID)
	}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			dest := fmt.Sprint(i)
			r, err := cl.Submit(context.Background(), &smpp.SubmitSM{DestinationAddr: []byte(dest)})
			if err != nil || r.Status != smpp.StatusOK || r.MessageID != dest {
				t.Errorf("%d: %+v, %v", i, r, err)
			}
		})
	}
	all.Wait()
	rx := s.Receivers("esme")
	if len(rx) != 1 || rx[0].Account() != "esme" || !rx[0].CanReceive() || s.Receivers("nobody") != nil {
		t.Fatalf("receivers %v", rx)
	}
	status, err := rx[0].DeliverSM(context.Background(), &smpp.DeliverSM{ShortMessage: []byte("one")})
	if err != nil || status != smpp.StatusReceiverRejects || <-got != "one" {
		t.Fatalf("%s, %v", status, err)
	}
	answered := make(chan smpp.Status, 1)
	if err := rx[0].SendDeliverSM(&smpp.DeliverSM{ShortMessage: []byte("two")}, func(st smpp.Status, err error) { answered <- st }); err != nil {
		t.Fatal(err)
	}
	if st := <-answered; st != smpp.StatusReceiverRejects || <-got != "two" {
		t.Fatal(st)
	}
	if err := cl.Close(); err != nil || cl.Reason() != smpp.ReasonUnbindSent {
		t.Fatal(err, cl.Reason())
	}
	if _, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); !errors.Is(err, smpp.ErrClosed) {
		t.Fatal(err)
	}
	if _, err := rx[0].DeliverSM(context.Background(), &smpp.DeliverSM{}); !errors.Is(err, smpp.ErrClosed) && !errors.Is(err, smpp.ErrNotBound) {
		t.Fatal(err)
	}
}

// observer records who is bound.
type observer struct {
	handlerFunc
	events chan string
}

func (o observer) Bound(b *smpp.BoundPeer) { o.events <- "bound " + b.Mode().String() }
func (o observer) Unbound(b *smpp.BoundPeer, why smpp.Reason) {
	o.events <- "unbound " + why.String()
}

func TestObserverAndModes(t *testing.T) {
	o := observer{accept, make(chan string, 4)}
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, o)
	cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "secret", Kind: smpp.CommandBindReceiver})
	if err != nil {
		t.Fatal(err)
	}
	if e := <-o.events; e != "bound bind_receiver" {
		t.Error(e)
	}
	if _, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); !errors.Is(err, smpp.ErrNotBound) {
		t.Error(err)
	}
	// Nobody keeps the message, so that the centre must keep it.
	if st, err := s.Receivers("esme")[0].DeliverSM(context.Background(), &smpp.DeliverSM{}); err != nil || st != smpp.StatusReceiverTemporaryError {
		t.Error(st, err)
	}
	s.Receivers("esme")[0].Close()
	<-cl.Done()
	if cl.Reason() != smpp.ReasonUnbindReceived {
		t.Error(cl.Reason())
	}
	if e := <-o.events; e != "unbound "+smpp.ReasonUnbindSent.String() {
		t.Error(e)
	}
}

// TestSameSequenceBothWays: each side numbers its own requests.
func TestSameSequenceBothWays(t *testing.T) {
	delivered := make(chan string, 1)
	cl, p := dialCentre(t, smpp.ClientConfig{OnDeliver: func(d *smpp.DeliverSM) smpp.Status {
		delivered <- string(d.ShortMessage)
		return smpp.StatusOK
	}})
	result := make(chan smpp.SubmitResult, 1)
	go func() {
		r, err := cl.Submit(context.Background(), &smpp.SubmitSM{})
		if err != nil {
			t.Error(err)
		}
		result <- r
	}()
	seq := p.read().Sequence
	p.send(0, 0, seq, &smpp.DeliverSM{ShortMessage: []byte("mo")})
	p.want(smpp.CommandDeliverSMResp, smpp.StatusOK, seq)
	for range 3 { // repeated responses do no harm
		p.send(0, 0, seq, &smpp.SubmitSMResp{MessageID: []byte("id")})
	}
	if r := <-result; r.MessageID != "id" || <-delivered != "mo" {
		t.Error(r)
	}
	p.send(smpp.CommandEnquireLink, 0, 77, nil)
	p.want(smpp.CommandEnquireLinkResp, smpp.StatusOK, 77)
	if n := cl.Stats().Reasons[smpp.ReasonUnexpectedResponse.String()]; n != 2 {
		t.Errorf("counted %d unexpected responses", n)
	}
}

func TestWindowAndResponsesOutOfOrder(t *testing.T) {
	cl, p := dialCentre(t, smpp.ClientConfig{Window: 3})
	results := make(chan string, 3)
	done := func(st smpp.Status, r *smpp.SubmitSMResp, err error) {
		if err != nil {
			results <- err.Error()
			return
		}
		results <- st.String() + " " + string(r.MessageID)
	}
	var seqs []uint32
	for range 3 {
		if err := cl.SubmitAsync(&smpp.SubmitSM{}, done); err != nil {
			t.Fatal(err)
		}
		seqs = append(seqs, p.read().Sequence)
	}
	if err := cl.SubmitAsync(&smpp.SubmitSM{}, done); !errors.Is(err, smpp.ErrWindowFull) {
		t.Fatal(err)
	}
	blocked, cancel := context.WithCancel(context.Background())
	gaveUp := make(chan error, 1)
	go func() {
		_, err := cl.Submit(blocked, &smpp.SubmitSM{})
		gaveUp <- err
	}()
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	p.send(0, 0, seqs[2], &smpp.SubmitSMResp{MessageID: []byte("third")})
	if r := <-results; r != "ESME_ROK third" {
		t.Error(r)
	}
	p.send(smpp.CommandSubmitSMResp, smpp.StatusThrottled, seqs[0], nil)
	if r := <-results; r != "ESME_RTHROTTLED " {
		t.Error(r)
	}
	p.send(smpp.CommandGenericNack, smpp.StatusInvalidCommandID, seqs[1], nil)
	if r := <-results; r != "ESME_RINVCMDID " {
		t.Error(r)
	}
}

func TestLostConnectionEndsEveryRequest(t *testing.T) {
	cl, p := dialCentre(t, smpp.ClientConfig{Window: 1})
	errs := make(chan error, 5)
	for range 5 { // one in the window, four before it
		go func() {
			_, err := cl.Submit(context.Background(), &smpp.SubmitSM{})
			errs <- err
		}()
	}
	p.read()
	p.nc.Close()
	for range 5 {
		if err := <-errs; !errors.Is(err, smpp.ErrClosed) {
			t.Error(err)
		}
	}
	<-cl.Done()
}

func TestDialFails(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(accept))
	_, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "wrong"})
	var refused *smpp.BindError
	if !errors.As(err, &refused) || refused.Status != smpp.StatusInvalidPassword {
		t.Errorf("%v", err)
	}
	if _, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "more than eight"}); err == nil {
		t.Error("a long password was taken without LongPassword")
	}
}

// TestDialIsNotAnswered: a centre that says nothing is left when ctx ends.
func TestDialIsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go io.Copy(io.Discard, far)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := smpp.Dial(ctx, smpp.ClientConfig{Dial: func(context.Context, string, string) (net.Conn, error) { return near, nil }})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
		if _, err := far.Write([]byte{0}); err == nil {
			t.Error("the connection stands")
		}
	})
}

// TestBindAnsweredOddly: the error says why there is no bind, whatever the
// answer was.
func TestBindAnsweredOddly(t *testing.T) {
	resp := smpp.CommandBindTransceiverResp
	for name, c := range map[string]struct {
		id           smpp.CommandID
		status, want smpp.Status
		octets       []byte
	}{
		"nack":                {smpp.CommandGenericNack, smpp.StatusInvalidCommandID, smpp.StatusInvalidCommandID, nil},
		"nack without cause":  {smpp.CommandGenericNack, smpp.StatusOK, smpp.StatusBindFailed, nil},
		"refusal":             {resp, smpp.StatusInvalidPassword, smpp.StatusInvalidPassword, nil},
		"refusal with faults": {resp, smpp.StatusInvalidPassword, smpp.StatusInvalidPassword, []byte("centre")},
		"no NUL":              {resp, smpp.StatusOK, smpp.StatusInvalidCommandLength, []byte("centre")},
		"odd TLV":             {resp, smpp.StatusOK, smpp.StatusInvalidTLVLength, []byte{'c', 0, 2, 0x10, 0, 9}},
	} {
		addr, accepted := centre(t)
		failed := make(chan error, 1)
		go func() {
			_, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme"})
			failed <- err
		}()
		p := <-accepted
		p.send(c.id, c.status, p.read().Sequence, &smpp.Opaque{ID: c.id, Octets: c.octets})
		p.nc.Close()
		err := <-failed
		var refused *smpp.BindError
		if !errors.As(err, &refused) || refused.Status != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestSubmitAnsweredOddly: a generic_nack never passes for a message taken, and
// a refusal stays one whatever its body, which may be left out.
func TestSubmitAnsweredOddly(t *testing.T) {
	resp, nack := smpp.CommandSubmitSMResp, smpp.CommandGenericNack
	for name, c := range map[string]struct {
		id           smpp.CommandID
		status, want smpp.Status
		octets       []byte
	}{
		"nack":                {nack, smpp.StatusInvalidCommandID, smpp.StatusInvalidCommandID, nil},
		"nack without cause":  {nack, smpp.StatusOK, smpp.StatusUnknownError, nil},
		"nack with body":      {nack, smpp.StatusOK, smpp.StatusUnknownError, []byte("m1\x00")},
		"refusal":             {resp, smpp.StatusThrottled, smpp.StatusThrottled, []byte{0}},
		"refusal without NUL": {resp, smpp.StatusThrottled, smpp.StatusThrottled, []byte("m1")},
		"refusal and odd TLV": {resp, smpp.StatusThrottled, smpp.StatusThrottled, []byte{'m', 0, 1, 2}},
	} {
		cl, p := dialCentre(t, smpp.ClientConfig{})
		results := make(chan string, 2)
		go func() {
			r, err := cl.Submit(context.Background(), &smpp.SubmitSM{})
			results <- fmt.Sprintf("%s %q %v", r.Status, r.MessageID, err)
		}()
		p.send(c.id, c.status, p.read().Sequence, &smpp.Opaque{ID: c.id, Octets: c.octets})
		want := fmt.Sprintf("%s %q %v", c.want, "", nil)
		if got := <-results; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if err := cl.SubmitAsync(&smpp.SubmitSM{}, func(st smpp.Status, r *smpp.SubmitSMResp, err error) {
			if err != nil {
				results <- err.Error()
				return
			}
			results <- fmt.Sprintf("%s %q %v", st, r.MessageID, err)
		}); err != nil {
			t.Fatal(err)
		}
		p.send(c.id, c.status, p.read().Sequence, &smpp.Opaque{ID: c.id, Octets: c.octets})
		if got := <-results; got != want {
			t.Errorf("%s, asynchronously: %s, want %s", name, got, want)
		}
	}
}

// TestReplyLater answers from other goroutines, as a store does after its commit.
func TestReplyLater(t *testing.T) {
	work := make(chan *smpp.Reply, 100)
	var workers sync.WaitGroup
	for range 3 {
		workers.Go(func() {
			for r := range work {
				r.Respond(smpp.StatusOK, "later")
			}
		})
	}
	defer workers.Wait()
	defer close(work)
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, handlerFunc(
		func(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { work <- r }))
	cl, err := smpp.Dial(context.Background(), smpp.ClientConfig{Address: addr, SystemID: "esme", Password: "secret", Window: 50})
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 100 {
				if r, err := cl.Submit(context.Background(), &smpp.SubmitSM{}); err != nil || r.MessageID != "later" {
					t.Error(r, err)
					return
				}
			}
		})
	}
	all.Wait()
}
