package gateway

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// TestEarlierBuild: messages that a build without pages has left are not
// forgotten silently.
func TestEarlierBuild(t *testing.T) {
	l := newLab(t, nil)
	store := l.open()
	defer store.Close()
	if err := apply(store, sessions.Change{ID: 7, Key: sessions.MessageKey(7), Outbox: []sessions.Outbox{{Dest: "centre/smsc", Key: sessions.MessageKey(7)}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := assemble(t.Context(), l.cfg, store, Outside{}, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), "2 messages, parts and results of an earlier build") {
		t.Error(err)
	}
}

// TestReceiptsOfBoth: the receipts of sessions and of messages wait in different
// places, and come to the same bind; their records are read together.
func TestReceiptsOfBoth(t *testing.T) {
	l := newLab(t, nil, testOrder())
	l.cfg.Push.SS7.HLR, l.cfg.Push.SS7.MINOfMDN = "hlr1", true
	l.cfg.Routes = []configs.MessageRoute{{Name: "network", Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}}}
	l.cfg.Triggers = append(l.cfg.Triggers, configs.Trigger{Name: "push", Account: "ivr", Destination: "*228", Prefix: true, Flow: flowPush})
	l.net.Subscribe(sim.Subscriber{MIN: "5550000001", ESN: 0x82000001, Phone: sim.NewAgent(sim.AgentConfig{})})
	g := l.start(l.open())
	v := g.ivr()
	session := l.submit(v, "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN, smpp.StatusOK)
	const push = "FLOW=push;TYPE=sl;HREF=http://m.example/;CORR=c1;MDN="
	message := l.submit(v, push+"5550000001", smpp.StatusOK)
	for _, id := range []string{session, message} {
		if r := l.receipt(v, id); r.Stat != smpp.MessageDelivered {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if again := l.submit(v, push+"5550000001", smpp.StatusOK); again != message {
		t.Errorf("repeated, it is message %s", again)
	}
	// A refusal of the same trigger finds the message, too.
	req := &request{trigger: &l.cfg.Triggers[1], origin: origin{Account: "ivr"}, reply: make(answered, 1),
		values: values{MDN: "5550000001", Corr: "c1", Push: pushValues{Type: "sl", Href: "http://m.example/"}}}
	g.refuse(g.newID(), req, refusalOverload)
	if got := <-req.reply.(answered); got != message {
		t.Errorf("refused, it is message %q", got)
	}
	g.stop()
	store := l.open()
	defer store.Close()
	for id, flow := range map[string]string{session: "otasp", message: "push"} {
		if recs := records(t, store); len(recs) != 2 {
			t.Errorf("%+v", recs)
		}
		var got []cdr.Record
		if err := store.CDRs(t.Context(), cdr.Filter{Session: id}, func(r cdr.Record) error { got = append(got, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Flow != flow || got[0].Outcome != cdr.Done {
			t.Errorf("%s: %+v", id, got)
		}
	}
}

// answered takes the id in an answer.
type answered chan string

func (a answered) Respond(_ smpp.Status, id string) { a <- id }
