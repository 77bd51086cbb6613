package tcap_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	otaf  = sccp.PointCodeAddress(sccp.ANSI, 0x010c05, 12)
	msc   = sccp.PointCodeAddress(sccp.ANSI, 0x010c06, 8)
	smdpp = ansi.PrivateOperation(0x35)
)

// network carries what an endpoint sends to deliver, on the same goroutine.
type network struct {
	mu      sync.Mutex
	sent    []sccp.Unitdata
	deliver func(u sccp.Unitdata)
	err     error
}

func (n *network) Unitdata(u sccp.Unitdata) error {
	u.Data = bytes.Clone(u.Data) // the caller uses it again
	n.mu.Lock()
	err := n.err
	n.sent = append(n.sent, u)
	n.mu.Unlock()
	if err == nil && n.deliver != nil {
		n.deliver(u)
	}
	return err
}

func (n *network) last(t *testing.T) ansi.Package {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	var p ansi.Package
	if err := p.Decode(n.sent[len(n.sent)-1].Data); err != nil {
		t.Fatal(err)
	}
	return p
}

func (n *network) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.sent)
}

type handler func(q *tcap.Incoming)

func (h handler) Invoke(q *tcap.Incoming) { h(q) }

// outcomes collects what an invoke's user hears.
type outcomes struct {
	mu  sync.Mutex
	got []tcap.Outcome
}

func (o *outcomes) done(x tcap.Outcome) {
	x.Parameters = bytes.Clone(x.Parameters)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = append(o.got, x)
}

func (o *outcomes) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.got)
}

func (o *outcomes) one(t *testing.T) tcap.Outcome {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.got) != 1 {
		t.Fatalf("heard %d outcomes, want one: %+v", len(o.got), o.got)
	}
	return o.got[0]
}

func single(n tcap.Network, h tcap.Handler) *tcap.Endpoint {
	return tcap.NewEndpoint(tcap.Config{LocalAddress: otaf, InvokeTimeout: 10 * time.Second, TransactionTimeout: 15 * time.Second}, n, h, zerolog.Nop())
}

// pair is two endpoints back to back.
func pair(h tcap.Handler) (*tcap.Endpoint, *tcap.Endpoint, *network, *network) {
	na, nb := &network{}, &network{}
	a := single(na, nil)
	b := tcap.NewEndpoint(tcap.Config{LocalAddress: msc}, nb, h, zerolog.Nop())
	na.deliver, nb.deliver = b.Unitdata, a.Unitdata
	return a, b, na, nb
}

func isIdle(t *testing.T, es ...*tcap.Endpoint) {
	t.Helper()
	for _, e := range es {
		if s := e.Stats(); s.OpenIncoming != 0 || s.OpenOutgoing != 0 {
			t.Errorf("still open: %d out, %d in", s.OpenOutgoing, s.OpenIncoming)
		}
	}
}

func TestInvoke(t *testing.T) {
	params := []byte{0x9f, 0x69, 0}
	for name, c := range map[string]struct {
		answer            handler
		want              tcap.Outcome
		withoutPermission bool
	}{
		"result":                     {func(q *tcap.Incoming) { q.Result([]byte{1, 2}) }, tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: []byte{1, 2}}, false},
		"error":                      {func(q *tcap.Incoming) { q.Error(0x81, []byte{3}) }, tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.PrivateError(0x81), Parameters: []byte{3}}, false},
		"reject":                     {func(q *tcap.Incoming) { q.Reject(ansi.IncorrectInvokeParameter) }, tcap.Outcome{Kind: tcap.OutcomeReject, Problem: ansi.IncorrectInvokeParameter}, false},
		"nobody":                     {nil, tcap.Outcome{Kind: tcap.OutcomeReject, Problem: ansi.UnrecognizedOperation}, false},
		"result, without permission": {func(q *tcap.Incoming) { q.Result([]byte{1}) }, tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: []byte{1}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var got *tcap.Incoming
			var h tcap.Handler
			if c.answer != nil {
				h = handler(func(q *tcap.Incoming) { got = q; c.answer(q) })
			}
			a, b, na, nb := pair(h)
			var o outcomes
			tid, err := a.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Parameters: params, WithoutPermission: c.withoutPermission}, o.done)
			if err != nil {
				t.Fatal(err)
			}
			c.want.TransactionID = tid
			if d := cmp.Diff(c.want, o.one(t)); d != "" {
				t.Error(d)
			}
			if got != nil && (got.Operation != smdpp || !bytes.Equal(got.Parameters, params) || got.Calling != otaf || got.Called != msc || got.TransactionID != tid) {
				t.Errorf("handler saw %+v", got)
			}
			if u := na.sent[0]; u.Called != msc || u.Calling != otaf || !u.ReturnOnError {
				t.Errorf("sent %+v", u)
			}
			if u := nb.sent[0]; u.Called != otaf || u.Calling != msc || u.ReturnOnError {
				t.Errorf("answered %+v", u)
			}
			isIdle(t, a, b)
		})
	}
}

// The octets of our query and our answer are those of the published attach.
func TestOctets(t *testing.T) {
	set, _ := hex.DecodeString("9f69009f74009f81000108880516193204009f814101019f8143052222222222")
	a, _, na, nb := pair(handler(func(q *tcap.Incoming) { q.Result(nil) }))
	tid, err := a.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Parameters: set}, func(tcap.Outcome) {})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := hex.EncodeToString(na.sent[0].Data), "e233c704"+tid.String()+"e82be929cf0100d1020935f220"+hex.EncodeToString(set); got != want {
		t.Errorf("query %s, want %s", got, want)
	}
	if got, want := hex.EncodeToString(nb.sent[0].Data), "e40fc704"+tid.String()+"e807ea05cf0100f200"; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		e := single(n, nil)
		var o outcomes
		tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Timeout: 3 * time.Second}, o.done)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3*time.Second - 1)
		synctest.Wait()
		if o.count() != 0 {
			t.Fatal("heard of it too early")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := o.one(t); got.Kind != tcap.OutcomeTimeout || got.TransactionID != tid {
			t.Errorf("heard %+v", got)
		}
		isIdle(t, e)
		give(t, e, "e40fc704"+tid.String()+"e807ea05cf0100f200")
		if s := e.Stats(); s.Of(tcap.LateAnswer) != 1 || n.count() != 1 {
			t.Errorf("a late answer: %+v, sent %d", s, n.count())
		}
		o.one(t)
	})
}

// give delivers a package from the MSC.
func give(t *testing.T, e *tcap.Endpoint, s string) {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	e.Unitdata(sccp.Unitdata{Called: otaf, Calling: msc, Data: b, Peer: msc.PointCode})
	for i := range b {
		b[i] = 0xa5
	}
}

// What a peer may answer to our query, and what becomes of it.
func TestAnswers(t *testing.T) {
	const ours = "########" // our id; the peer's is 00000007
	for name, c := range map[string]struct {
		answer []string
		want   tcap.Outcome
		sent   string // after the query
		count  tcap.Counter
	}{
		"abort":                  {[]string{"f609c704" + ours + "d70106"}, tcap.Outcome{Kind: tcap.OutcomeAbort, PAbort: ansi.AbortResourceUnavailable}, "", tcap.AbortReported},
		"user abort":             {[]string{"f608c704" + ours + "f800"}, tcap.Outcome{Kind: tcap.OutcomeAbort}, "", tcap.AbortReported},
		"empty response":         {[]string{"e406c704" + ours}, tcap.Outcome{Kind: tcap.OutcomeAbort}, "", tcap.AbortReported},
		"wrong correlation":      {[]string{"e40fc704" + ours + "e807ea05cf0109f200"}, tcap.Outcome{Kind: tcap.OutcomeReject, Local: true, Problem: ansi.ResultUnrecognizedCorrelation}, "", tcap.WrongCorrelation},
		"twice":                  {[]string{"e40fc704" + ours + "e807ea05cf0100f200", "e40fc704" + ours + "e807ea05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeResult}, "", tcap.LateAnswer},
		"two results in one":     {[]string{"e418c704" + ours + "e810ea06cf0100f20101ea06cf0100f20102"}, tcap.Outcome{Kind: tcap.OutcomeResult, Parameters: []byte{1}}, "", tcap.UnexpectedComponent},
		"result in two parts":    {[]string{"e418c704" + ours + "e810ee06cf0100f20101ea06cf0100f20102"}, tcap.Outcome{Kind: tcap.OutcomeAbort}, "", tcap.UnexpectedComponent},
		"national error":         {[]string{"e413c704" + ours + "e80beb09cf0100d3020181f200"}, tcap.Outcome{Kind: tcap.OutcomeError, ErrorCode: ansi.ErrorCode{National: true, Wide: true, Code: 0x181}}, "", tcap.ErrorReported},
		"reject without id":      {[]string{"e412c704" + ours + "e80aec08cf00d5020103f000"}, tcap.Outcome{Kind: tcap.OutcomeReject, Problem: ansi.BadlyStructuredComponent}, "", tcap.RejectReported},
		"bad component":          {[]string{"e40fc704" + ours + "e807ef05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeReject, Local: true, Problem: ansi.UnrecognizedComponentType}, "", tcap.BadComponent},
		"bad structure":          {[]string{"e409c704" + ours + "010100"}, tcap.Outcome{Kind: tcap.OutcomeAbort, Local: true, PAbort: ansi.AbortBadlyStructuredTransaction}, "", tcap.BadTransaction},
		"dialogue portion":       {[]string{"e414c704" + ours + "f903db0142e807ea05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeResult}, "", tcap.ResultReceived},
		"conversation, result":   {[]string{"e513c70800000007" + ours + "e807ea05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeResult}, "e406c70400000007", tcap.ResultReceived},
		"conversation, no end":   {[]string{"e613c70800000007" + ours + "e807ea05cf0100f200", "e50ac70800000007" + ours}, tcap.Outcome{Kind: tcap.OutcomeResult}, "e406c70400000007", tcap.ResultReceived},
		"conversation, then end": {[]string{"e50ac70800000007" + ours, "e40fc704" + ours + "e807ea05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeResult}, "", tcap.ResultReceived},
		"conversation, one part": {[]string{"e514c70800000007" + ours + "e808ee06cf0100f20101"}, tcap.Outcome{Kind: tcap.OutcomeAbort}, "f609c70400000007d70106", tcap.UnexpectedComponent},
		"conversation, invoke":   {[]string{"e517c70800000007" + ours + "e80be909cf0105d1020935f200"}, tcap.Outcome{Kind: tcap.OutcomeAbort}, "f609c70400000007d70106", tcap.UnexpectedComponent},
		"conversation, bad":      {[]string{"e513c70800000007" + ours + "e807ef05cf0100f200"}, tcap.Outcome{Kind: tcap.OutcomeReject, Local: true, Problem: ansi.UnrecognizedComponentType}, "f609c70400000007d70103", tcap.BadComponent},
		"conversation, bad again": {[]string{"e50ac70800000007" + ours, "e50dc70800000007" + ours + "010100"},
			tcap.Outcome{Kind: tcap.OutcomeAbort, Local: true, PAbort: ansi.AbortBadlyStructuredTransaction}, "f609c70400000007d70103", tcap.BadTransaction},
	} {
		t.Run(name, func(t *testing.T) {
			n := &network{}
			e := single(n, nil)
			var o outcomes
			tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.answer {
				give(t, e, string(bytes.ReplaceAll([]byte(s), []byte(ours), []byte(tid.String()))))
			}
			c.want.TransactionID = tid
			if d := cmp.Diff(c.want, o.one(t)); d != "" {
				t.Error(d)
			}
			sent := ""
			if len(n.sent) > 1 {
				sent = hex.EncodeToString(n.sent[len(n.sent)-1].Data)
			}
			if sent != c.sent {
				t.Errorf("sent %q, want %q", sent, c.sent)
			}
			if s := e.Stats(); s.Of(c.count) != 1 {
				t.Errorf("%s counted %d times", c.count, s.Of(c.count))
			}
			isIdle(t, e)
		})
	}
}

// What comes without being asked for, and what it is answered with.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		hex, sent string
		count     tcap.Counter
	}{
		"unknown package, two ids":   {"6a0dc7080000000100000001010100", "f609c70400000001d70101", tcap.UnknownPackage},
		"unknown package, one id":    {"6a06c70400000001", "", tcap.UnknownPackage},
		"ITU":                        {"6206480400000001", "", tcap.UnknownPackage},
		"bad conversation":           {"e50dc7080000000100000001010100", "f609c70400000001d70103", tcap.BadTransaction},
		"conversation for nobody":    {"e50ac7080000000100000002", "f609c70400000001d70104", tcap.UnassignedID},
		"response for nobody":        {"e406c70400000001", "", tcap.LateAnswer},
		"abort for nobody":           {"f609c70400000001d70101", "", tcap.LateAbort},
		"bad response":               {"e409c70400000001010100", "", tcap.BadTransaction},
		"bad abort":                  {"f609c70400000001c10106", "", tcap.BadTransaction},
		"bad id":                     {"e205c703000001", "", tcap.BadTransaction},
		"bad dialogue":               {"e20bc70400000001f903da0201", "f609c70400000001d70108", tcap.BadDialogue},
		"dialogue of another stack":  {"e22ac70400000001f90cda0103ff0704000001001302e814ed08cf0101d1010cf000e908cf0102d1010df000", "f609c70400000001d70108", tcap.BadDialogue},
		"unknown component":          {"e20fc70400000001e807ef05cf0107f200", "e413c70400000001e80bec09cf0107d5020101f000", tcap.BadComponent},
		"no operation":               {"e20fc70400000001e807e905cf0107f200", "e413c70400000001e80bec09cf0107d5020102f000", tcap.BadComponent},
		"component length":           {"e20ac70400000001e802e905", "e412c70400000001e80aec08cf00d5020103f000", tcap.BadComponent},
		"bad REJECT":                 {"e20dc70400000001e805ec03cf0107", "f609c70400000001d70102", tcap.BadComponent},
		"bad unidirectional":         {"e10bc700e807ef05cf0107f200", "", tcap.BadComponent},
		"result in a query":          {"e20fc70400000001e807ea05cf0107f200", "e413c70400000001e80bec09cf0107d5020301f000", tcap.UnexpectedComponent},
		"error in a query":           {"e212c70400000001e80aeb08cf0107d40181f200", "e413c70400000001e80bec09cf0107d5020401f000", tcap.UnexpectedComponent},
		"REJECT in a query":          {"e213c70400000001e80bec09cf0107d5020102f000", "e406c70400000001", tcap.UnexpectedComponent},
		"empty query":                {"e206c70400000001", "e406c70400000001", tcap.Answered},
		"same invoke id twice":       {"e21ec70400000001e816e909cf0105d1020935f200e909cf0105d1020935f200", "e41cc70400000001e814ec09cf0105d5020201f000ea07cf0105f2025a5a", tcap.DuplicateInvoke},
		"two invokes":                {"e21ec70400000001e816e909cf0105d1020935f200e909cf0106d1020935f200", "e41ac70400000001e812ea07cf0105f2025a5aea07cf0106f2025a5a", tcap.Answered},
		"invoke without id":          {"e212c70400000001e80ae908cf00d1020935f200", "e406c70400000001", tcap.Answered},
		"unidirectional":             {"e10fc700e80be909cf0105d1020935f200", "", tcap.AnswerTooLate},
		"published, version unknown": {"e22ac70400000001f90cda0104dc0704000001001302e814ed08cf0101d1010cf000e908cf0102d1010df000", "e41ac70400000001e812ea07cf0101f2025a5aea07cf0102f2025a5a", tcap.Answered},
	} {
		t.Run(name, func(t *testing.T) {
			n := &network{}
			e := single(n, handler(func(q *tcap.Incoming) { q.Result([]byte{0x5a, 0x5a}) }))
			give(t, e, c.hex)
			sent := ""
			if len(n.sent) > 0 {
				sent = hex.EncodeToString(n.sent[0].Data)
				if n.sent[0].Called != msc || n.sent[0].Peer != msc.PointCode {
					t.Errorf("answered to %+v", n.sent[0])
				}
			}
			if sent != c.sent || len(n.sent) > 1 {
				t.Errorf("sent %s (%d packages), want %s", sent, len(n.sent), c.sent)
			}
			if s := e.Stats(); s.Of(c.count) != 1 {
				t.Errorf("%s counted %d times: %+v", c.count, s.Of(c.count), s)
			}
			isIdle(t, e)
		})
	}
}

func TestNotice(t *testing.T) {
	n := &network{}
	e := single(n, nil)
	var o outcomes
	tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Parameters: make([]byte, 100)}, o.done)
	if err != nil {
		t.Fatal(err)
	}
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Called: otaf, Calling: msc, Data: n.sent[0].Data[:20]})
	want := tcap.Outcome{Kind: tcap.OutcomeNotice, TransactionID: tid, ReturnCause: sccp.UnequippedUser}
	if d := cmp.Diff(want, o.one(t)); d != "" {
		t.Error(d)
	}
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Data: n.sent[0].Data})
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Data: []byte{1}})
	if s := e.Stats(); s.Of(tcap.LateNotice) != 2 {
		t.Errorf("%+v", s)
	}
	isIdle(t, e)
}

func TestNotSent(t *testing.T) {
	n := &network{err: &sccp.LocalError{Cause: sccp.MTPFailure}}
	e := single(n, nil)
	var o outcomes
	_, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
	var le *sccp.LocalError
	if !errors.As(err, &le) || le.Cause != sccp.MTPFailure || o.count() != 0 {
		t.Errorf("%v, heard %d outcomes", err, o.count())
	}
	give(t, e, "e206c70400000001")
	if s := e.Stats(); s.Of(tcap.NotSent) != 1 {
		t.Errorf("%+v", s)
	}
	isIdle(t, e)
}

func TestQueryExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		var q *tcap.Incoming
		e := single(n, handler(func(x *tcap.Incoming) { q = x }))
		give(t, e, "e213c70400000001e80be909cf0105d1020935f200")
		give(t, e, "e213c70400000001e80be909cf0105d1020935f200") // sent again
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if p := n.last(t); n.count() != 1 || p.Type != ansi.Abort || p.Responding != 1 || p.PAbort != ansi.AbortResourceUnavailable {
			t.Errorf("sent %+v", p)
		}
		q.Result(nil)
		q.Result(nil)
		s := e.Stats()
		for _, c := range []tcap.Counter{tcap.DuplicateQuery, tcap.QueryExpired, tcap.AnswerTooLate, tcap.SecondAnswer} {
			if s.Of(c) != 1 {
				t.Errorf("%s counted %d times", c, s.Of(c))
			}
		}
		if n.count() != 1 {
			t.Errorf("sent %d packages", n.count())
		}
		isIdle(t, e)
	})
}

// A query without permission is answered in a conversation that the peer ends.
func TestConversationThatThePeerLeavesOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		e := single(n, handler(func(q *tcap.Incoming) { q.Result(nil) }))
		give(t, e, "e313c70400000001e80be909cf0105d1020935f200")
		p := n.last(t)
		if p.Type != ansi.ConversationWithPermission || p.Responding != 1 || len(p.Components) != 1 {
			t.Fatalf("sent %+v", p)
		}
		// It asks for more, which nobody here answers.
		give(t, e, "e517c70800000001"+p.Originating.String()+"e80be909cf0106d1020935f200")
		if q := n.last(t); q.Type != ansi.Abort || q.PAbort != ansi.AbortResourceUnavailable {
			t.Errorf("sent %+v", q)
		}
		isIdle(t, e)
		give(t, e, "e313c70400000002e80be909cf0105d1020935f200")
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if q := n.last(t); q.Type != ansi.Abort || q.Responding != 2 {
			t.Errorf("sent %+v", q)
		}
		isIdle(t, e)
	})
}

// It has the whole time to end the conversation, however long the answer took.
func TestConversationTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		e := single(n, handler(func(q *tcap.Incoming) { time.AfterFunc(10*time.Second, func() { q.Result(nil) }) }))
		give(t, e, "e313c70400000001e80be909cf0105d1020935f200")
		time.Sleep(25*time.Second - 1)
		synctest.Wait()
		if n.count() != 1 {
			t.Errorf("sent %+v", n.last(t))
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if p := n.last(t); p.Type != ansi.Abort || p.Responding != 1 {
			t.Errorf("sent %+v", p)
		}
		if s := e.Stats(); s.Of(tcap.QueryExpired) != 0 {
			t.Error("a query that was answered has expired")
		}
		isIdle(t, e)
	})
}

// The peer has answered and leaves the conversation open.
func TestAnswerThatLeavesOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]string{
			"result": "e807ea05cf0100f200",
			"reject": "e80bec09cf0100d5020103f000",
		} {
			n := &network{}
			e := single(n, nil)
			var o outcomes
			tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
			if err != nil {
				t.Fatal(err)
			}
			give(t, e, fmt.Sprintf("e6%02xc70800000007%s%s", 10+len(answer)/2, tid, answer))
			o.one(t)
			time.Sleep(time.Minute)
			synctest.Wait()
			if p := n.last(t); p.Type != ansi.Abort || p.Responding != 7 {
				t.Errorf("%s: sent %+v", name, p)
			}
			if s := e.Stats(); s.Of(tcap.UnexpectedComponent) != 0 {
				t.Errorf("%s: the end of the timer counts as a component", name)
			}
			o.one(t)
			isIdle(t, e)
		}
	})
}

func TestFloodIsBounded(t *testing.T) {
	n := &network{}
	var qs []*tcap.Incoming
	e := tcap.NewEndpoint(tcap.Config{MaxTransactions: 3}, n, handler(func(q *tcap.Incoming) { qs = append(qs, q) }), zerolog.Nop())
	for i := range 10 {
		give(t, e, "e213c704000000"+hex.EncodeToString([]byte{byte(i)})+"e80be909cf0105d1020935f200")
	}
	if s := e.Stats(); s.OpenIncoming != 3 || s.Of(tcap.QueryRefused) != 7 || len(qs) != 3 {
		t.Errorf("%d handled, %+v", len(qs), s)
	}
	if p := n.last(t); p.Type != ansi.Abort || p.PAbort != ansi.AbortResourceUnavailable || p.Responding != 9 {
		t.Errorf("sent %+v", p)
	}
	for range 3 {
		if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, func(tcap.Outcome) {}); err != nil {
			t.Errorf("a flood of queries stops our own: %v", err)
		}
	}
	if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, func(tcap.Outcome) {}); !errors.Is(err, tcap.ErrTooManyTransactions) {
		t.Errorf("one more than allowed: %v", err)
	}
	for _, q := range qs {
		q.Result(nil)
	}
	stop(t, e)
}

func stop(t *testing.T, e *tcap.Endpoint) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = e.Shutdown(ctx)
	isIdle(t, e)
}

func TestTransactionIDs(t *testing.T) {
	n := &network{}
	e := tcap.NewEndpoint(tcap.Config{Node: 0x15, NodeBits: 4}, n, nil, zerolog.Nop())
	seen := map[ansi.TransactionID]bool{}
	steps := map[ansi.TransactionID]bool{}
	var before ansi.TransactionID
	for range 2000 {
		tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, func(tcap.Outcome) {})
		if err != nil {
			t.Fatal(err)
		}
		if tid>>28 != 5 || seen[tid] {
			t.Fatalf("%s: node %d, seen %v", tid, tid>>28, seen[tid])
		}
		seen[tid], steps[tid-before], before = true, true, tid
	}
	if len(steps) < 1000 {
		t.Errorf("only %d different steps in 2000 ids", len(steps))
	}
	stop(t, e)
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		e := single(n, handler(func(*tcap.Incoming) {}))
		var o outcomes
		if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done); err != nil {
			t.Fatal(err)
		}
		give(t, e, "e213c70400000001e80be909cf0105d1020935f200")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := e.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("shutdown: %v", err)
		}
		if got := o.one(t); got.Kind != tcap.OutcomeShutdown {
			t.Errorf("heard %+v", got)
		}
		if p := n.last(t); p.Type != ansi.Abort || p.Responding != 1 {
			t.Errorf("sent %+v", p)
		}
		isIdle(t, e)
		if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done); !errors.Is(err, tcap.ErrShutdown) {
			t.Errorf("invoke: %v", err)
		}
		give(t, e, "e213c70400000002e80be909cf0105d1020935f200")
		if p := n.last(t); p.PAbort != ansi.AbortResourceUnavailable {
			t.Errorf("sent %+v", p)
		}
		if err := e.Shutdown(t.Context()); err != nil {
			t.Errorf("again: %v", err)
		}
	})
}

func TestShutdownWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		e := single(n, nil)
		var o outcomes
		tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { give(t, e, "e40fc704"+tid.String()+"e807ea05cf0100f200") })
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if got := o.one(t); got.Kind != tcap.OutcomeResult {
			t.Errorf("heard %+v", got)
		}
	})
}

// A network that loses, repeats and reorders: every invoke has one outcome,
// and nothing stays open.
func TestFaultyNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const invokes = 3000
		r := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		a, b, na, nb := pair(handler(func(q *tcap.Incoming) {
			mu.Lock()
			wait := time.Duration(r.IntN(12000)) * time.Millisecond
			mu.Unlock()
			time.AfterFunc(wait, func() { q.Result(q.Parameters) })
		}))
		faulty := func(to func(sccp.Unitdata)) func(sccp.Unitdata) {
			return func(u sccp.Unitdata) {
				mu.Lock()
				defer mu.Unlock()
				copies := []int{0, 1, 1, 1, 1, 1, 1, 1, 2, 3}[r.IntN(10)]
				for range copies {
					time.AfterFunc(time.Duration(r.IntN(3000))*time.Millisecond, func() { to(u) })
				}
			}
		}
		na.deliver, nb.deliver = faulty(b.Unitdata), faulty(a.Unitdata)
		var heard [invokes]outcomes
		for i := range invokes {
			params := []byte{byte(i >> 8), byte(i)}
			if _, err := a.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Parameters: params}, heard[i].done); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		kinds := map[tcap.OutcomeKind]int{}
		for i := range heard {
			o := heard[i].one(t)
			kinds[o.Kind]++
			if o.Kind == tcap.OutcomeResult && !bytes.Equal(o.Parameters, []byte{byte(i >> 8), byte(i)}) {
				t.Fatalf("invoke %d heard the answer %x", i, o.Parameters)
			}
		}
		if kinds[tcap.OutcomeResult] == 0 || kinds[tcap.OutcomeTimeout] == 0 || len(kinds) > 3 {
			t.Errorf("outcomes %v", kinds)
		}
		if s := a.Stats(); s.Of(tcap.LateAnswer) == 0 {
			t.Errorf("no late answer in such a network: %+v", s)
		}
		isIdle(t, a, b)
	})
}

// Many goroutines at once, for the race detector.
func TestConcurrent(t *testing.T) {
	a, b, _, _ := pair(handler(func(q *tcap.Incoming) { go q.Result(q.Parameters) }))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 100 {
				heard := make(chan tcap.OutcomeKind, 1)
				if _, err := a.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, func(o tcap.Outcome) { heard <- o.Kind }); err != nil {
					t.Error(err)
					return
				}
				if k := <-heard; k != tcap.OutcomeResult {
					t.Errorf("heard %s", k)
				}
			}
		})
	}
	wg.Wait()
	isIdle(t, a, b)
}
