package screen_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// bench is a screen on an endpoint, a clock that stands and the log.
type bench struct {
	*screen.Screen
	tcap *tcap.Endpoint
	now  time.Time
	log  bytes.Buffer
	sent []string
	tid  uint32
}

func (b *bench) Unitdata(u sccp.Unitdata) error {
	b.sent = append(b.sent, hex.EncodeToString(u.Data))
	return nil
}

type next func(q *tcap.Incoming)

func (n next) Invoke(q *tcap.Incoming) { n(q) }

func newBench(c screen.Config, h tcap.Handler) *bench {
	b := &bench{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	c.Now = func() time.Time { return b.now }
	b.Screen = screen.New(c, h, zerolog.New(&b.log))
	b.tcap = tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 5), 12), Screen: b.Screen}, b, b.Screen, zerolog.Nop())
	return b
}

// query invokes and returns what came back.
func (b *bench) query(t *testing.T, from tcap.Origin, op ansi.Operation) string {
	t.Helper()
	b.tid++
	p := ansi.Package{Type: ansi.QueryWithPermission, Originating: ansi.TransactionID(b.tid), Components: []ansi.Component{{
		Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 5, Operation: op,
	}}}
	data, err := p.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	before := len(b.sent)
	b.tcap.Unitdata(sccp.Unitdata{Calling: from.Calling, Peer: from.PointCode, Data: data})
	if s := b.tcap.Stats(); s.OpenIncoming != 0 {
		t.Errorf("%d queries stay open", s.OpenIncoming)
	}
	switch len(b.sent) - before {
	case 0:
		return ""
	case 1:
		return b.sent[before][16:] // behind the transaction id
	}
	t.Fatalf("answered %d times", len(b.sent)-before)
	return ""
}

const (
	rejected = "e80bec09cf0105d5020202f000"
	errored  = "e80aeb08cf0105d40186f200"
	resulted = "e807ea05cf0105f200"
)

// TestRefusal: each way to refuse, for each of the reasons, and the counters.
func TestRefusal(t *testing.T) {
	served := 0
	b := newBench(screen.Config{Rules: screen.Rules{
		Peers: []screen.Peer{
			{Name: "hlr", PointCodes: []mtp.PointCode{hlr}, SSNs: []sccp.SSN{6}, Operations: []ansi41.Operation{ansi41.SMSNotification}, Refusal: screen.Reject},
			{Name: "msc", PointCodes: []mtp.PointCode{msc}, Refusal: screen.Error},
		},
		Strangers: screen.Peer{Refusal: screen.Discard},
	}}, next(func(q *tcap.Incoming) { served++; q.Result(nil) }))
	for _, c := range []struct {
		from tcap.Origin
		op   ansi.Operation
		want string
	}{
		{at(hlr, 6), smsnot, resulted},
		{at(hlr, 6), otaspreq, rejected},
		{at(hlr, 8), smsnot, rejected},
		{at(msc, 8), smdpp, errored},
		{at(other, 8), smdpp, ""},
		{says(other, at(hlr, 6).Calling), smsnot, ""},
		{at(other, 8), ansi.Operation{National: true, Family: 1, Specifier: 1}, ""},
	} {
		if got := b.query(t, c.from, c.op); got != c.want {
			t.Errorf("%s from %s: answered %q, want %q", c.op, c.from.Calling, got, c.want)
		}
	}
	s := b.Stats()
	if served != 1 || s.Of(screen.InvokeAllowed) != 1 {
		t.Errorf("%d served, %d allowed", served, s.Of(screen.InvokeAllowed))
	}
	if s.Of(screen.NotForPeer) != 2 || s.Of(screen.FromWrongSSN) != 1 || s.Of(screen.FromStranger) != 3 {
		t.Errorf("%+v", s)
	}
	if d := cmp.Diff(map[string]uint64{"OTASPREQ": 1, "SMSNOT": 2, "SMDPP": 2, "other": 1}, s.Refused); d != "" {
		t.Error(d)
	}
	// A line for a node: of three strangers' INVOKEs there is one.
	if got := strings.Count(b.log.String(), "operation refused"); got != 3 {
		t.Errorf("%d lines:\n%s", got, &b.log)
	}
}

// TestAllowedWithoutHandler: what is allowed and nobody serves is rejected.
func TestAllowedWithoutHandler(t *testing.T) {
	b := newBench(screen.Config{Rules: screen.Rules{Peers: []screen.Peer{
		{PointCodes: []mtp.PointCode{hlr}, Operations: []ansi41.Operation{ansi41.SMSNotification}},
	}}}, nil)
	if got := b.query(t, at(hlr, 6), smsnot); got != rejected {
		t.Errorf("answered %q", got)
	}
}

// TestRate: what comes too fast gets no answer, allowed or not, and one peer
// takes nothing from another.
func TestRate(t *testing.T) {
	b := newBench(screen.Config{Rules: screen.Rules{
		Peers: []screen.Peer{
			{PointCodes: []mtp.PointCode{hlr}, Operations: []ansi41.Operation{ansi41.SMSNotification}, Refusal: screen.Reject, Rate: 2, Burst: 3},
			{PointCodes: []mtp.PointCode{msc}, Operations: []ansi41.Operation{ansi41.SMSNotification}, Rate: 2, Burst: 3},
		},
		Strangers: screen.Peer{Refusal: screen.Reject, Rate: 1, Burst: 1},
	}}, next(func(q *tcap.Incoming) { q.Result(nil) }))
	expect := func(from tcap.Origin, op ansi.Operation, want ...string) {
		t.Helper()
		for i, w := range want {
			if got := b.query(t, from, op); got != w {
				t.Errorf("%d: answered %q, want %q", i, got, w)
			}
		}
	}
	expect(at(hlr, 6), smsnot, resulted, resulted)
	expect(at(hlr, 6), smdpp, rejected, "")
	expect(at(hlr, 6), smsnot, "")
	expect(at(msc, 6), smsnot, resulted)
	expect(at(other, 6), smdpp, rejected, "")
	expect(at(stp, 6), smdpp, "") // all strangers share one rate
	b.now = b.now.Add(time.Second)
	expect(at(hlr, 6), smsnot, resulted, resulted, "")
	if s := b.Stats(); s.Of(screen.OverRate) != 5 || s.Of(screen.InvokeAllowed) != 5 {
		t.Errorf("%+v", s)
	}
}

// guess is a package for a transaction that is not open; it tells whether that
// was answered.
func (b *bench) guess(from tcap.Origin) bool {
	data, _ := hex.DecodeString("e50ac7080000000100000002")
	before := len(b.sent)
	b.tcap.Unitdata(sccp.Unitdata{Calling: from.Calling, Peer: from.PointCode, Data: data})
	return len(b.sent) > before
}

func TestGuesses(t *testing.T) {
	asked := sccp.PointCodeAddress(sccp.ANSI, msc, 8)
	b := newBench(screen.Config{
		Rules: screen.Rules{
			Peers:     []screen.Peer{{Name: "msc", PointCodes: []mtp.PointCode{msc}, Refusal: screen.Reject}},
			Strangers: screen.Peer{Refusal: screen.Discard},
		},
		Guesses: screen.Guesses{Rate: 1, Burst: 3, Hold: 2 * time.Minute, BlockAnswers: true},
	}, nil)
	for i, want := range []bool{true, true, true, false, false} {
		if got := b.guess(at(msc, 8)); got != want {
			t.Errorf("guess %d: answered %t", i+1, got)
		}
	}
	if b.MayAnswer(asked, at(msc, 8)) {
		t.Error("a node that guesses may answer")
	}
	b.now = b.now.Add(time.Minute)
	if b.guess(at(msc, 8)) {
		t.Error("answered while it is held")
	}
	s := b.Stats()
	if s.Of(screen.Guess) != 6 || s.Of(screen.GuessHeld) != 3 || s.Of(screen.Alarm) != 1 || s.Of(screen.BlockedAnswer) != 1 {
		t.Errorf("%+v", s)
	}
	if got := strings.Count(b.log.String(), "ALARM"); got != 2 {
		t.Errorf("%d lines of alarm in a minute and the next:\n%s", got, &b.log)
	}
	b.now = b.now.Add(-time.Hour) // the clock was set back
	if !b.MayAnswer(asked, at(msc, 8)) {
		t.Error("held for an hour longer")
	}
	b.now = b.now.Add(time.Hour + 2*time.Minute)
	if !b.guess(at(msc, 8)) || !b.MayAnswer(asked, at(msc, 8)) {
		t.Error("still held")
	}
	// A stranger gets no answer at all, and its guesses are its own.
	if b.guess(at(other, 8)) {
		t.Error("a stranger was answered")
	}
	if s := b.Stats(); s.Of(screen.Alarm) != 1 {
		t.Errorf("%+v", s)
	}
}

// TestAnswersGoOn: without block_answers a node that guesses may answer what it
// was asked.
func TestAnswersGoOn(t *testing.T) {
	b := newBench(screen.Config{Guesses: screen.Guesses{Rate: 1, Burst: 1}}, nil)
	for range 3 {
		b.guess(at(msc, 8))
	}
	asked := sccp.PointCodeAddress(sccp.ANSI, msc, 8)
	if !b.MayAnswer(asked, at(msc, 8)) || b.MayAnswer(asked, at(hlr, 6)) {
		t.Error("not the node that was asked, and only it, may answer")
	}
	if s := b.Stats(); s.Of(screen.Alarm) != 1 || s.Of(screen.ForeignAnswer) != 1 || s.Of(screen.BlockedAnswer) != 0 {
		t.Errorf("%+v", s)
	}
}

// TestLogMasksTitles: a title may be the number of a subscriber.
func TestLogMasksTitles(t *testing.T) {
	b := newBench(screen.Config{Guesses: screen.Guesses{Rate: 1, Burst: 1}}, nil)
	for i, digits := range []string{"16195551234", "5551234"} {
		from := says(mtp.PointCode(100+i), title(digits))
		b.query(t, from, smdpp)
		b.MayAnswer(title(digits), from)
		for range 2 {
			b.guess(from)
		}
	}
	log := b.log.String()
	if got := strings.Count(log, "\n"); got != 6 {
		t.Errorf("%d lines:\n%s", got, log)
	}
	if strings.Contains(log, "5551") || !strings.Contains(log, "161***1234") {
		t.Errorf("not masked:\n%s", log)
	}
}

// TestManyNodes: a flood from all point codes is remembered as one, and a node
// that comes when it is over is watched by itself.
func TestManyNodes(t *testing.T) {
	b := newBench(screen.Config{Rules: screen.Rules{Strangers: screen.Peer{Refusal: screen.Reject}}, Guesses: screen.Guesses{Rate: 1, Burst: 2}}, nil)
	const flood = 5000
	answered := 0
	for i := range flood {
		if b.guess(at(mtp.PointCode(100+i), 8)) {
			answered++
		}
	}
	if s := b.Stats(); answered >= flood/2 || s.Of(screen.Alarm) != 1 || s.Of(screen.Guess) != flood {
		t.Errorf("%d answered, %+v", answered, s)
	}
	if got := strings.Count(b.log.String(), "ALARM"); got != 1 {
		t.Errorf("%d lines of alarm", got)
	}
	b.now = b.now.Add(time.Hour)
	for range 2 {
		b.guess(at(msc, 8))
		b.guess(at(hlr, 6))
	}
	if s := b.Stats(); s.Of(screen.Alarm) != 1 {
		t.Errorf("two nodes share a watch: %+v", s)
	}
}
