package smpp_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/smpp"
)

// everything is a handler of all operations, which answers with what it was
// asked for.
type everything struct {
	handlerFunc
	bound chan *smpp.BoundPeer
}

func newEverything() *everything { return &everything{accept, make(chan *smpp.BoundPeer, 10)} }

func (*everything) DataSM(_ *smpp.BoundPeer, p *smpp.DataSM, r *smpp.Reply) {
	r.Respond(smpp.StatusOK, "data-"+string(p.DestinationAddr))
}

func (*everything) SubmitMulti(_ *smpp.BoundPeer, p *smpp.SubmitMulti, r *smpp.MultiReply) {
	var failed []smpp.UnsuccessSME
	for i := range p.Destinations {
		d := &p.Destinations[i]
		m := p.To(d)
		switch {
		case d.DestFlag == smpp.DestFlagDistributionList:
			r.Respond(smpp.StatusCannotSubmitToDistributionList, "", nil)
			return
		case len(m.DestinationAddr) == 0:
			failed = append(failed, smpp.UnsuccessSME{DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: m.DestinationAddr, ErrorStatusCode: smpp.StatusInvalidDestinationAddress})
		}
	}
	r.Respond(smpp.StatusOK, "multi", failed)
}

func (*everything) QuerySM(_ *smpp.BoundPeer, p *smpp.QuerySM, r *smpp.QueryReply) {
	if len(p.MessageID) == 0 {
		r.Respond(smpp.StatusQueryFailed, nil)
		return
	}
	r.Respond(smpp.StatusOK, &smpp.QuerySMResp{MessageID: p.MessageID, FinalDate: []byte("261126021500000+"), MessageState: smpp.MessageDelivered})
}

func (*everything) CancelSM(_ *smpp.BoundPeer, p *smpp.CancelSM, r *smpp.Reply) {
	if len(p.MessageID) == 0 {
		r.Respond(smpp.StatusCancelFailed, "")
		return
	}
	r.Respond(smpp.StatusOK, "of no use")
}

func (*everything) ReplaceSM(_ *smpp.BoundPeer, p *smpp.ReplaceSM, r *smpp.Reply) {
	if len(p.MessageID) == 0 {
		r.Respond(smpp.StatusReplaceFailed, "")
		return
	}
	r.Respond(smpp.StatusOK, "")
}

// Bound tells who is bound as long as somebody wants to know.
func (e *everything) Bound(b *smpp.BoundPeer) {
	select {
	case e.bound <- b:
	default:
	}
}

func (e *everything) Unbound(*smpp.BoundPeer, smpp.Reason) {}

func dial(t *testing.T, addr string, cfg smpp.ClientConfig) *smpp.Client {
	t.Helper()
	cfg.Address, cfg.SystemID, cfg.Password = addr, "esme", "secret"
	cl, err := smpp.Dial(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cl.Close() })
	return cl
}

func TestOperations(t *testing.T) {
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, newEverything())
	cl := dial(t, addr, smpp.ClientConfig{})
	ctx := context.Background()

	st, data, err := cl.DataSM(ctx, &smpp.DataSM{DestinationAddr: []byte("1")})
	if err != nil || st != smpp.StatusOK || string(data.MessageID) != "data-1" {
		t.Errorf("data_sm: %s %+v %v", st, data, err)
	}
	to := []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte("1")}, {DestFlag: smpp.DestFlagSME}}
	st, multi, err := cl.SubmitMulti(ctx, &smpp.SubmitMulti{Destinations: to})
	want := &smpp.SubmitMultiResp{MessageID: []byte("multi"), UnsuccessSME: []smpp.UnsuccessSME{
		{DestAddrTON: 1, DestAddrNPI: 1, ErrorStatusCode: smpp.StatusInvalidDestinationAddress}}}
	if d := cmp.Diff(want, multi, equateEmpty); st != smpp.StatusOK || err != nil || d != "" {
		t.Errorf("submit_multi: %s %v %s", st, err, d)
	}
	to[1] = smpp.Destination{DestFlag: smpp.DestFlagDistributionList, DLName: []byte("all")}
	if st, multi, err = cl.SubmitMulti(ctx, &smpp.SubmitMulti{Destinations: to}); st != smpp.StatusCannotSubmitToDistributionList || multi != nil || err != nil {
		t.Errorf("submit_multi to a list: %s %v %v", st, multi, err)
	}
	st, state, err := cl.QuerySM(ctx, &smpp.QuerySM{MessageID: []byte("m1")})
	if err != nil || st != smpp.StatusOK || state.MessageState != smpp.MessageDelivered || string(state.MessageID) != "m1" {
		t.Errorf("query_sm: %s %+v %v", st, state, err)
	}
	if st, state, err = cl.QuerySM(ctx, &smpp.QuerySM{}); st != smpp.StatusQueryFailed || state != nil || err != nil {
		t.Errorf("query_sm of nothing: %s %v %v", st, state, err)
	}
	if st, err = cl.CancelSM(ctx, &smpp.CancelSM{MessageID: []byte("m1")}); st != smpp.StatusOK || err != nil {
		t.Errorf("cancel_sm: %s %v", st, err)
	}
	if st, err = cl.CancelSM(ctx, &smpp.CancelSM{}); st != smpp.StatusCancelFailed || err != nil {
		t.Errorf("cancel_sm of nothing: %s %v", st, err)
	}
	if st, err = cl.ReplaceSM(ctx, &smpp.ReplaceSM{MessageID: []byte("m1")}); st != smpp.StatusOK || err != nil {
		t.Errorf("replace_sm: %s %v", st, err)
	}
	if st, err = cl.ReplaceSM(ctx, &smpp.ReplaceSM{}); st != smpp.StatusReplaceFailed || err != nil {
		t.Errorf("replace_sm of nothing: %s %v", st, err)
	}
	if n := s.Stats().Received; n != 9 {
		t.Errorf("%d requests were handed on, want 9", n)
	}
}

// TestOperationsWithCallbacks sends all of them at once.
func TestOperationsWithCallbacks(t *testing.T) {
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, newEverything())
	cl := dial(t, addr, smpp.ClientConfig{Window: 5})
	got := make(chan string, 5)
	status := func(name string) func(smpp.Status, error) {
		return func(st smpp.Status, err error) { got <- fmt.Sprint(name, " ", st, " ", err) }
	}
	for _, err := range []error{
		cl.DataSMAsync(&smpp.DataSM{DestinationAddr: []byte("1")}, func(st smpp.Status, p *smpp.DataSMResp, err error) {
			got <- fmt.Sprintf("data %s %s %v", st, p.MessageID, err)
		}),
		cl.SubmitMultiAsync(&smpp.SubmitMulti{Destinations: []smpp.Destination{{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte("1")}}},
			func(st smpp.Status, p *smpp.SubmitMultiResp, err error) {
				got <- fmt.Sprintf("multi %s %s %v", st, p.MessageID, err)
			}),
		cl.QuerySMAsync(&smpp.QuerySM{MessageID: []byte("m1")}, func(st smpp.Status, p *smpp.QuerySMResp, err error) {
			got <- fmt.Sprintf("query %s %s %v", st, p.MessageState, err)
		}),
		cl.CancelSMAsync(&smpp.CancelSM{MessageID: []byte("m1")}, status("cancel")),
		cl.ReplaceSMAsync(&smpp.ReplaceSM{}, status("replace")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]bool{"data ESME_ROK data-1 <nil>": true, "multi ESME_ROK multi <nil>": true, "query ESME_ROK DELIVERED <nil>": true,
		"cancel ESME_ROK <nil>": true, "replace ESME_RREPLACEFAIL <nil>": true}
	for range 5 {
		if g := waitFor(t, "an answer", got); !want[g] {
			t.Errorf("got %q", g)
		} else {
			delete(want, g)
		}
	}
}

// TestFromCentre sends what only the message centre sends.
func TestFromCentre(t *testing.T) {
	h := newEverything()
	_, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, h)
	alerts := make(chan string, 1)
	cl := dial(t, addr, smpp.ClientConfig{
		OnData: func(p *smpp.DataSM, r *smpp.Reply) {
			r.RespondTLVs(smpp.StatusDeliveryFailure, "", smpp.TLVs{{Tag: smpp.TagDeliveryFailureReason, Value: []byte{1}}})
		},
		OnAlert: func(p *smpp.AlertNotification) { alerts <- string(p.SourceAddr) },
	})
	b := waitFor(t, "the bind", h.bound)
	if st, err := b.DataSM(context.Background(), &smpp.DataSM{}); st != smpp.StatusDeliveryFailure || err != nil {
		t.Errorf("data_sm: %s %v", st, err)
	}
	answered := make(chan smpp.Status, 1)
	if err := b.SendDataSM(&smpp.DataSM{}, func(st smpp.Status, _ error) { answered <- st }); err != nil {
		t.Fatal(err)
	}
	if st := waitFor(t, "the answer", answered); st != smpp.StatusDeliveryFailure {
		t.Error(st)
	}
	if err := b.AlertNotification(&smpp.AlertNotification{SourceAddr: []byte("12025550123")}); err != nil {
		t.Fatal(err)
	}
	if a := waitFor(t, "the alert", alerts); a != "12025550123" {
		t.Error(a)
	}
	if err := b.AlertNotification(&smpp.AlertNotification{SourceAddr: make([]byte, 65)}); err == nil {
		t.Error("an address that is too long was sent")
	}
	cl.Close()
	waitFor(t, "the end", cl.Done())
	for err := b.AlertNotification(&smpp.AlertNotification{}); !errors.Is(err, smpp.ErrClosed) && !errors.Is(err, smpp.ErrNotBound); {
		t.Fatal(err)
	}
}

// TestNobodyDoesIt: an operation whose interface the handler lacks is refused in
// its own response, and one from the centre by a client without a callback.
func TestNobodyDoesIt(t *testing.T) {
	o := observer{accept, make(chan string, 2)}
	s, addr := serve(t, smpp.ServerConfig{Accounts: esme(t)}, o)
	cl := dial(t, addr, smpp.ClientConfig{})
	ctx := context.Background()
	to := []smpp.Destination{{DestFlag: smpp.DestFlagSME}}
	data, _, err1 := cl.DataSM(ctx, &smpp.DataSM{})
	multi, _, err2 := cl.SubmitMulti(ctx, &smpp.SubmitMulti{Destinations: to})
	query, _, err3 := cl.QuerySM(ctx, &smpp.QuerySM{})
	cancel, err4 := cl.CancelSM(ctx, &smpp.CancelSM{})
	replace, err5 := cl.ReplaceSM(ctx, &smpp.ReplaceSM{})
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		t.Fatal(err)
	}
	for i, st := range []smpp.Status{data, multi, query, cancel, replace} {
		if st != smpp.StatusInvalidCommandID {
			t.Errorf("%d: %s", i, st)
		}
	}
	b := s.Receivers("esme")[0]
	if st, err := b.DataSM(ctx, &smpp.DataSM{}); st != smpp.StatusInvalidCommandID || err != nil {
		t.Error(st, err)
	}
	if err := b.AlertNotification(&smpp.AlertNotification{}); err != nil { // goes nowhere, and harms nobody
		t.Error(err)
	}
	if st, err := b.DeliverSM(ctx, &smpp.DeliverSM{}); st != smpp.StatusReceiverTemporaryError || err != nil {
		t.Error(st, err)
	}
	if n := s.Stats().Reasons[smpp.ReasonUnsupportedCommand.String()]; n != 5 {
		t.Errorf("counted %d", n)
	}
	if n := cl.Stats().Reasons[smpp.ReasonUnsupportedCommand.String()]; n != 2 {
		t.Errorf("the client counted %d", n)
	}
}

// TestEveryDoneOnce: what is unanswered at the end of a connection is told to
// each that waits, once, whatever it was.
func TestEveryDoneOnce(t *testing.T) {
	cl, p := dialCentre(t, smpp.ClientConfig{Window: 8})
	var mu sync.Mutex
	told := map[string]int{}
	done := func(name string) func(error) {
		return func(err error) {
			mu.Lock()
			defer mu.Unlock()
			told[name]++
			if (name == "submit_sm") != (err == nil) || err != nil && !errors.Is(err, smpp.ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	submit, data, multi, query, cancel, replace := done("submit_sm"), done("data_sm"), done("submit_multi"), done("query_sm"), done("cancel_sm"), done("replace_sm")
	if err := errors.Join(
		cl.SubmitAsync(&smpp.SubmitSM{}, func(_ smpp.Status, _ *smpp.SubmitSMResp, err error) { submit(err) }),
		cl.DataSMAsync(&smpp.DataSM{}, func(_ smpp.Status, _ *smpp.DataSMResp, err error) { data(err) }),
		cl.SubmitMultiAsync(&smpp.SubmitMulti{}, func(_ smpp.Status, _ *smpp.SubmitMultiResp, err error) { multi(err) }),
		cl.QuerySMAsync(&smpp.QuerySM{}, func(_ smpp.Status, _ *smpp.QuerySMResp, err error) { query(err) }),
		cl.CancelSMAsync(&smpp.CancelSM{}, func(_ smpp.Status, err error) { cancel(err) }),
		cl.ReplaceSMAsync(&smpp.ReplaceSM{}, func(_ smpp.Status, err error) { replace(err) }),
	); err != nil {
		t.Fatal(err)
	}
	seq := p.read().Sequence
	p.send(smpp.CommandSubmitSMResp, smpp.StatusOK, seq, &smpp.SubmitSMResp{})
	p.send(smpp.CommandSubmitSMResp, smpp.StatusOK, seq, &smpp.SubmitSMResp{})   // again
	p.send(smpp.CommandSubmitSMResp, smpp.StatusOK, seq+1, &smpp.SubmitSMResp{}) // not the response of a data_sm
	p.send(smpp.CommandDataSMResp, smpp.StatusOK, seq+3, &smpp.DataSMResp{})     // nor of a query_sm
	for range 5 {
		p.read()
	}
	p.send(smpp.CommandEnquireLink, 0, 1, nil)
	p.want(smpp.CommandEnquireLinkResp, 0, 1) // so that all before it was read
	p.nc.Close()
	waitFor(t, "the end", cl.Done())
	mu.Lock()
	defer mu.Unlock()
	for _, name := range []string{"submit_sm", "data_sm", "submit_multi", "query_sm", "cancel_sm", "replace_sm"} {
		if told[name] != 1 {
			t.Errorf("%s was told %d times", name, told[name])
		}
	}
	if n := cl.Stats().Reasons[smpp.ReasonUnexpectedResponse.String()]; n != 3 {
		t.Errorf("%d unexpected responses, want 3", n)
	}
}

// TestInboundWindowOfOperations: every request of a peer takes room in the window.
func TestInboundWindowOfOperations(t *testing.T) {
	replies := make(chan *smpp.Reply, 10)
	h := &holder{handlerFunc: func(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { replies <- r }, replies: replies}
	_, addr := serve(t, smpp.ServerConfig{InboundWindow: 2, Accounts: esme(t)}, h)
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransceiver)
	p.send(0, 0, 2, &smpp.QuerySM{})
	p.send(0, 0, 3, &smpp.DataSM{})
	p.send(0, 0, 4, &smpp.SubmitSM{})
	p.want(smpp.CommandSubmitSMResp, smpp.StatusThrottled, 4)
	p.send(0, 0, 5, &smpp.QuerySM{})
	p.want(smpp.CommandQuerySMResp, smpp.StatusThrottled, 5)
	p.send(0, 0, 6, &smpp.CancelSM{}) // nobody does it, and the window is full first
	p.want(smpp.CommandCancelSMResp, smpp.StatusThrottled, 6)
	(*smpp.QueryReply)(<-replies).Respond(smpp.StatusQueryFailed, nil)
	p.want(smpp.CommandQuerySMResp, smpp.StatusQueryFailed, 2)
	p.send(0, 0, 7, &smpp.CancelSM{})
	p.want(smpp.CommandCancelSMResp, smpp.StatusInvalidCommandID, 7)
	(<-replies).Respond(smpp.StatusOK, "d")
	p.want(smpp.CommandDataSMResp, smpp.StatusOK, 3)
}

// holder keeps the replies of two operations.
type holder struct {
	handlerFunc
	replies chan *smpp.Reply
}

func (h *holder) DataSM(_ *smpp.BoundPeer, _ *smpp.DataSM, r *smpp.Reply) { h.replies <- r }
func (h *holder) QuerySM(_ *smpp.BoundPeer, _ *smpp.QuerySM, r *smpp.QueryReply) {
	h.replies <- (*smpp.Reply)(r)
}

// TestRateOfDestinations: a submit_multi counts as often as it has destinations,
// and one with more of them than a second allows takes a second's worth.
func TestRateOfDestinations(t *testing.T) {
	accounts := []smpp.Account{{SystemID: "esme", PasswordHash: quickHash(t, "secret"), RatePerSecond: 4}}
	_, addr := serve(t, smpp.ServerConfig{Accounts: accounts}, newEverything())
	p := connect(t, addr)
	p.bind(smpp.CommandBindTransceiver)
	five := make([]smpp.Destination, 5)
	for i := range five {
		five[i] = smpp.Destination{DestFlag: smpp.DestFlagSME, DestinationAddr: []byte("1")}
	}
	p.send(0, 0, 2, &smpp.SubmitMulti{Destinations: five})
	p.want(smpp.CommandSubmitMultiResp, smpp.StatusOK, 2)
	p.send(0, 0, 3, &smpp.SubmitMulti{Destinations: five[:3]})
	p.want(smpp.CommandSubmitMultiResp, smpp.StatusThrottled, 3)
}

// TestOperationAnsweredOddly is TestSubmitAnsweredOddly for the responses with a
// body of their own.
func TestOperationAnsweredOddly(t *testing.T) {
	resp, nack := smpp.CommandQuerySMResp, smpp.CommandGenericNack
	for name, c := range map[string]struct {
		id     smpp.CommandID
		status smpp.Status
		octets []byte
		want   string
	}{
		"nack":                {nack, smpp.StatusInvalidCommandID, nil, "ESME_RINVCMDID false <nil>"},
		"nack without cause":  {nack, smpp.StatusOK, []byte("m1\x00"), "ESME_RUNKNOWNERR false <nil>"},
		"refusal":             {resp, smpp.StatusQueryFailed, nil, "ESME_RQUERYFAIL false <nil>"},
		"refusal with faults": {resp, smpp.StatusQueryFailed, []byte("m1"), "ESME_RQUERYFAIL false <nil>"},
		"refusal with a body": {resp, smpp.StatusQueryFailed, []byte("m1\x00\x00\x05\x01"), "ESME_RQUERYFAIL true <nil>"},
		"nothing":             {resp, smpp.StatusOK, nil, "ESME_ROK false <nil>"},
		"cut off":             {resp, smpp.StatusOK, []byte("m1\x00\x00\x05"), "ESME_ROK false smpp: error_code at octet 21: the message ends before the field does"},
	} {
		cl, p := dialCentre(t, smpp.ClientConfig{})
		got := make(chan string, 1)
		if err := cl.QuerySMAsync(&smpp.QuerySM{}, func(st smpp.Status, r *smpp.QuerySMResp, err error) {
			got <- fmt.Sprint(st, " ", r != nil, " ", err)
		}); err != nil {
			t.Fatal(err)
		}
		p.send(c.id, c.status, p.read().Sequence, &smpp.Opaque{ID: c.id, Octets: c.octets})
		if g := waitFor(t, "the answer", got); g != c.want {
			t.Errorf("%s: %s, want %s", name, g, c.want)
		}
	}
}

// TestOperationTimesOut: an answer that comes after its time is none.
func TestOperationTimesOut(t *testing.T) {
	cl, p := dialCentre(t, smpp.ClientConfig{Response: 50 * time.Millisecond, EnquireLink: -1})
	if _, _, err := cl.QuerySM(context.Background(), &smpp.QuerySM{}); !errors.Is(err, smpp.ErrResponseTimeout) {
		t.Errorf("%v", err)
	}
	p.send(smpp.CommandQuerySMResp, smpp.StatusQueryFailed, p.read().Sequence, nil)
	p.send(smpp.CommandEnquireLink, 0, 1, nil)
	p.want(smpp.CommandEnquireLinkResp, 0, 1)
	if n := cl.Stats().Reasons[smpp.ReasonUnexpectedResponse.String()]; n != 1 {
		t.Errorf("%d unexpected responses", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := cl.CancelSM(ctx, &smpp.CancelSM{}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
