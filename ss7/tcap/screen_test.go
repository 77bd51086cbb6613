package tcap_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// intruder is a node that nobody has asked.
var intruder = sccp.PointCodeAddress(sccp.ANSI, 0x010c63, 8)

// strict is a screen that lets only the node that was asked answer.
type strict struct {
	answers bool // strays are answered
	strays  []tcap.Origin
}

func (s *strict) MayAnswer(asked sccp.Address, from tcap.Origin) bool {
	return asked.PointCode == from.PointCode
}

func (s *strict) Stray(from tcap.Origin) bool {
	s.strays = append(s.strays, from)
	return s.answers
}

func screened(n tcap.Network, h tcap.Handler, s tcap.Screen) *tcap.Endpoint {
	return tcap.NewEndpoint(tcap.Config{LocalAddress: otaf, Screen: s}, n, h, zerolog.Nop())
}

// giveFrom delivers a package from anywhere.
func giveFrom(t *testing.T, e *tcap.Endpoint, from sccp.Address, s string) {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	e.Unitdata(sccp.Unitdata{Called: otaf, Calling: from, Data: b, Peer: from.PointCode})
}

// TestForeignAnswer: whatever another node sends for our transaction leaves it
// open, and the node that was asked answers it.
func TestForeignAnswer(t *testing.T) {
	const ours = "########"
	for name, s := range map[string]struct{ hex, sent string }{
		"result":           {"e40fc704" + ours + "e807ea05cf0100f200", ""},
		"reject":           {"e412c704" + ours + "e80aec08cf00d5020103f000", ""},
		"abort":            {"f609c704" + ours + "d70106", ""},
		"conversation":     {"e513c70800000007" + ours + "e807ea05cf0100f200", "f609c70400000007d70104"},
		"bad component":    {"e40fc704" + ours + "e807ef05cf0100f200", ""},
		"bad conversation": {"e513c70800000007" + ours + "e807ef05cf0100f200", "f609c70400000007d70104"},
	} {
		for _, answers := range []bool{true, false} {
			n, screen := &network{}, &strict{answers: answers}
			e := screened(n, nil, screen)
			var o outcomes
			tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
			if err != nil {
				t.Fatal(err)
			}
			giveFrom(t, e, intruder, strings.ReplaceAll(s.hex, ours, tid.String()))
			if o.count() != 0 {
				t.Fatalf("%s of another node was taken: %+v", name, o.one(t))
			}
			if c := e.Stats(); c.Of(tcap.ForeignAnswer) != 1 || len(screen.strays) != 1 || screen.strays[0].PointCode != intruder.PointCode {
				t.Errorf("%s: counted %d, strays %v", name, c.Of(tcap.ForeignAnswer), screen.strays)
			}
			sent := ""
			if n.count() > 1 {
				sent = hex.EncodeToString(n.sent[1].Data)
			}
			if want := s.sent; sent != want && answers || sent != "" && !answers {
				t.Errorf("%s, strays are answered %t: sent %q, want %q", name, answers, sent, want)
			}
			give(t, e, "e40fc704"+tid.String()+"e807ea05cf0100f200")
			if got := o.one(t); got.Kind != tcap.OutcomeResult {
				t.Errorf("%s: then heard %+v", name, got)
			}
			isIdle(t, e)
		}
	}
}

// TestStrays: what fits nothing is told to the screen, which decides whether
// it is answered.
func TestStrays(t *testing.T) {
	for name, s := range map[string]string{
		"conversation for nobody": "e50ac7080000000100000002",
		"bad conversation":        "e50dc7080000000100000001010100",
		"bad query":               "e20fc70400000001e807ef05cf0107f200",
		"empty query":             "e206c70400000001",
		"result in a query":       "e20fc70400000001e807ea05cf0107f200",
	} {
		for _, answers := range []bool{true, false} {
			n, screen := &network{}, &strict{answers: answers}
			e := screened(n, nil, screen)
			give(t, e, s)
			if len(screen.strays) != 1 || (n.count() == 1) != answers {
				t.Errorf("%s: told of %d, sent %d, answers %t", name, len(screen.strays), n.count(), answers)
			}
			isIdle(t, e)
		}
	}
	n, screen := &network{}, &strict{answers: true}
	e := screened(n, nil, screen)
	for _, s := range []string{"e406c70400000001", "f609c70400000001d70101"} {
		give(t, e, s)
	}
	if len(screen.strays) != 2 || n.count() != 0 {
		t.Errorf("told of %d, sent %d", len(screen.strays), n.count())
	}
	// What comes late is no stray.
	var o outcomes
	tid, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		give(t, e, "e40fc704"+tid.String()+"e807ea05cf0100f200")
	}
	if s := e.Stats(); len(screen.strays) != 2 || s.Of(tcap.LateAnswer) != 3 {
		t.Errorf("told of %d, %d late", len(screen.strays), s.Of(tcap.LateAnswer))
	}
}

// TestForeignNotice: a message can only come back from where it was sent.
func TestForeignNotice(t *testing.T) {
	n := &network{}
	e := screened(n, nil, &strict{})
	var o outcomes
	if _, err := e.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done); err != nil {
		t.Fatal(err)
	}
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Called: otaf, Calling: intruder, Data: n.sent[0].Data})
	if s := e.Stats(); o.count() != 0 || s.Of(tcap.ForeignAnswer) != 1 {
		t.Fatalf("taken %d times: %+v", o.count(), s)
	}
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Called: otaf, Calling: msc, Data: n.sent[0].Data})
	if got := o.one(t); got.Kind != tcap.OutcomeNotice {
		t.Errorf("%+v", got)
	}
}

// TestForeignConversation: nobody else takes up a query of a peer.
func TestForeignConversation(t *testing.T) {
	n := &network{}
	e := screened(n, handler(func(q *tcap.Incoming) { q.Result(nil) }), &strict{})
	give(t, e, "e313c70400000001e80be909cf0105d1020935f200") // without permission: answered in a conversation
	p := n.last(t)
	if p.Type != ansi.ConversationWithPermission {
		t.Fatalf("%+v", p)
	}
	// Our own answer comes back: nobody has forged anything.
	e.Notice(sccp.Notice{Cause: sccp.UnequippedUser, Data: n.sent[len(n.sent)-1].Data})
	if s := e.Stats(); s.OpenIncoming != 1 || s.Of(tcap.LateNotice) != 1 || s.Of(tcap.ForeignAnswer) != 0 {
		t.Errorf("%+v", s)
	}
	end := "e406c704" + p.Originating.String()
	giveFrom(t, e, intruder, end)
	if s := e.Stats(); s.OpenIncoming != 1 || s.Of(tcap.ForeignAnswer) != 1 {
		t.Errorf("%+v", s)
	}
	octets, err := hex.DecodeString(end)
	if err != nil {
		t.Fatal(err)
	}
	e.Unitdata(sccp.Unitdata{Called: otaf, Calling: msc, Data: octets, Peer: intruder.PointCode}) // in the peer's name
	if s := e.Stats(); s.OpenIncoming != 1 || s.Of(tcap.ForeignAnswer) != 2 {
		t.Errorf("%+v", s)
	}
	give(t, e, end)
	isIdle(t, e)
}

// TestDrop: a query of which everything is dropped ends at once and in silence.
func TestDrop(t *testing.T) {
	const two = "e21ec70400000001e816e909cf0105d1020935f200e909cf0106d1020935f200"
	for name, c := range map[string]struct {
		hex, sent string
		drop      func(q *tcap.Incoming) bool
	}{
		"one":  {"e213c70400000001e80be909cf0105d1020935f200", "", func(*tcap.Incoming) bool { return true }},
		"both": {two, "", func(*tcap.Incoming) bool { return true }},
		"one of two": {two, "e411c70400000001e809ea07cf0106f2025a5a",
			func(q *tcap.Incoming) bool { return q.InvokeID == 5 }},
		"beside a result": {"e21ac70400000001e812e909cf0105d1020935f200ea05cf0107f200", "", func(*tcap.Incoming) bool { return true }},
		"unidirectional":  {"e10fc700e80be909cf0105d1020935f200", "", func(*tcap.Incoming) bool { return true }},
	} {
		n := &network{}
		e := screened(n, handler(func(q *tcap.Incoming) {
			if q.PointCode != msc.PointCode || q.Calling != msc {
				t.Errorf("%s: from %s, %s", name, q.PointCode, q.Calling)
			}
			if c.drop(q) {
				q.Drop()
				return
			}
			q.Result([]byte{0x5a, 0x5a})
		}), &strict{})
		give(t, e, c.hex)
		sent := ""
		if n.count() > 0 {
			sent = hex.EncodeToString(n.sent[0].Data)
		}
		if sent != c.sent {
			t.Errorf("%s: sent %q, want %q", name, sent, c.sent)
		}
		isIdle(t, e)
	}
}
