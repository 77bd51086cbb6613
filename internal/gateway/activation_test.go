package gateway

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// TestActivation runs everything an order can ask for and looks at the record,
// the handset and the log. Nothing in the log may tell who somebody is or what
// opens his handset.
func TestActivation(t *testing.T) {
	const spc, newSPC = "246802", "135790"
	o := testOrder()
	o.SPC, o.NewSPC, o.AKey, o.ReAuth = spc, newSPC, true, true
	hc := sim.DefaultHandset()
	hc.Memory.SPC, _ = is683.ParseSPC(spc, is683.HighFirst)
	h := sim.NewHandset(hc)
	l := newLab(t, nil, o)
	var log testlog.Log
	l.log = zerolog.New(&log).Level(zerolog.InfoLevel)
	trn := l.dial(h).TRN

	g := l.start(l.open())
	v := g.ivr()
	id := l.submit(v, "TRN="+trn+";CORR=call 7;PRL=1001", smpp.StatusOK)
	r := l.receipt(v, id)
	stats := g.Stats()
	// A second subscriber without an order, a bad trigger with a number in it
	// and a wrong password leave their lines in the log too.
	l.submit(v, "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN+";MDN=5559876543", smpp.StatusSubmitFailed)
	l.submit(v, "5559876543", smpp.StatusInvalidTLVValue)
	l.submit(v, "TRN=2222220001;5559876543=x", smpp.StatusInvalidTLVValue)
	if _, err := sim.DialIVR(t.Context(), sim.IVRConfig{Address: g.Addr().String(), SystemID: "ivr", Password: "pa55word"}); err == nil {
		t.Error("bound with a wrong password")
	}
	g.stop()

	if r.Stat != smpp.MessageDelivered || r.Err != "000" || r.Text != "ok" || r.ID != id {
		t.Errorf("%+v", r)
	}
	if stats.Started != 1 || stats.Done != 1 || stats.Refused != 0 || stats.Anomalies != 0 || stats.NotSent != 0 || stats.TimedOut != 0 {
		t.Errorf("%+v", stats)
	}
	if err := programmed(&o, h.Memory()); err != nil {
		t.Error(err)
	}
	store := l.open()
	defer store.Close()
	var got cdr.Record
	for _, rec := range records(t, store) {
		if rec.Session == id {
			got = rec
		}
	}
	want := cdr.Record{
		Session: id, Flow: "otasp", Trigger: cdr.Trigger{Account: "ivr", Source: "18005551000", Destination: "*228", Corr: "call 7"},
		MDN: "5551234567", TRN: trn, MSC: "msc1", ESN: "81234567", OldMIN: "0000004567", OldMDN: "0000004567",
		NewMIN: "5551234567", NewIMSI: "310005551234567", OldPRL: "0", NewPRL: "1001",
		Outcome: cdr.Done, Reason: "ok", Steps: []string{"nam", "mdn", "imsi_t", "prl", "spc", "a_key"}, Attempts: 1,
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(cdr.Record{}, "Started", "Ended")); d != "" {
		t.Error(d)
	}
	if got.Ended.Before(got.Started) || time.Since(got.Ended) > time.Minute {
		t.Errorf("from %v to %v", got.Started, got.Ended)
	}
	checkLog(t, log.String(), spc, newSPC, ivrPassword, "pa55word", ivrHash, "5551234567", "5559876543", "0000004567", "310005551234567", "81234567", trn)
}

// TestSPCLowFirst: the configured order of digits is that of the code on the air.
func TestSPCLowFirst(t *testing.T) {
	o := testOrder()
	o.SPC = "246802"
	hc := sim.DefaultHandset()
	hc.Memory.SPC, _ = is683.ParseSPC(o.SPC, is683.LowFirst)
	h := sim.NewHandset(hc)
	l := newLab(t, nil, o)
	l.cfg.OTASP.SPCLowFirst = true
	g := l.start(l.open())
	defer g.stop()
	v := g.ivr()
	if r := l.receipt(v, l.submit(v, "TRN="+l.dial(h).TRN, smpp.StatusOK)); r.Text != "ok" {
		t.Errorf("%+v", r)
	}
}

func checkLog(t *testing.T, log string, secrets ...string) {
	t.Helper()
	for _, must := range []string{"session started", "session ended", "trigger refused", "bound"} {
		if !strings.Contains(log, must) {
			t.Errorf("the log does not say %q", must)
		}
	}
	for _, s := range secrets {
		if strings.Contains(strings.ToLower(log), strings.ToLower(s)) {
			t.Errorf("%s is in the log:\n%s", s, log)
		}
	}
}

// refusalRecord is the record of the trigger with this reference.
func refusalRecord(t *testing.T, l *lab, corr string) cdr.Record {
	t.Helper()
	store := l.open()
	defer store.Close()
	for _, r := range records(t, store) {
		if r.Trigger.Corr == corr {
			return r
		}
	}
	t.Fatalf("no record for %s", corr)
	return cdr.Record{}
}

// TestRefusals: each reason for which a trigger starts nothing has its status,
// a receipt that names it, and a record that says whose trigger it was.
func TestRefusals(t *testing.T) {
	refused := make(chan struct{})
	busy := &sim.Script{Rules: []sim.Rule{{Step: "Protocol Capability Request", Do: sim.Run, Func: func() { <-refused }}}}
	other := testOrder()
	other.Name, other.MDN, other.ESN = "B-1", "5557654321", "82000002"
	unnamed := testOrder()
	unnamed.Name, unnamed.MDN, unnamed.ESN = "C-1", "", "82000003"
	l := newLab(t, busy, testOrder(), other, unnamed)
	g := l.start(l.open())
	v := g.ivr()
	first := l.submit(v, "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN+";MDN=5551234567;CORR=first", smpp.StatusOK)
	refusals := []struct {
		corr, text string
		status     smpp.Status
		reason     string
	}{
		{"range", "TRN=1111111111", smpp.StatusInvalidTLVValue, "unknown-trn"},
		{"trn", "TRN=22222", smpp.StatusInvalidTLVValue, "bad-trigger"},
		{"mdn", "TRN=2222220000;MDN=0555", smpp.StatusInvalidTLVValue, "bad-trigger"},
		{"no order", "TRN=2222220009;MDN=5550000000", smpp.StatusSubmitFailed, "no-order"},
		{"no order name", "TRN=2222220009;ORDER=Z-9", smpp.StatusSubmitFailed, "no-order"},
		{"other mdn", "TRN=2222220009;MDN=5550000000;ORDER=A-1", smpp.StatusSubmitFailed, "order-mismatch"},
		{"no mdn", "TRN=2222220009;ORDER=C-1", smpp.StatusSubmitFailed, "no-order"},
		{"list", "TRN=2222220009;MDN=5551234567;PRL=7", smpp.StatusSubmitFailed, "order-mismatch"},
		{"busy mdn", "TRN=2222220009;MDN=5551234567", smpp.StatusSubmitFailed, "busy-mdn"},
		{"busy trn", "TRN=2222220000", smpp.StatusSubmitFailed, "busy-mdn"},
	}
	for _, c := range refusals {
		had := v.Receipts()
		l.submit(v, c.text+";CORR="+c.corr, c.status)
		if err := v.Wait(t.Context(), had+1); err != nil {
			t.Fatal(err)
		}
	}
	close(refused)
	l.receipt(v, first)
	// That the list is another one shows late when the handset finds the order.
	hc := sim.DefaultHandset()
	hc.ESN = 0x82000002
	id := l.submit(v, "TRN="+l.dial(sim.NewHandset(hc)).TRN+";PRL=7;CORR=late list", smpp.StatusOK)
	if r := l.receipt(v, id); r.Stat != smpp.MessageRejected || r.Text != "order-mismatch" || r.Err != "018" {
		t.Errorf("%+v", r)
	}
	if used := g.mins.InUse(); used != 0 {
		t.Errorf("%d activation MINs are lent", used)
	}
	g.stop()
	for _, c := range refusals {
		r := refusalRecord(t, l, c.corr)
		if r.Reason != c.reason || r.Outcome != cdr.Refused || r.Detail == "" || r.TRN == "" || r.Trigger.Account != "ivr" {
			t.Errorf("%s: %+v", c.corr, r)
		}
	}
	if r := refusalRecord(t, l, "busy mdn"); r.MDN != "5551234567" || r.TRN != "2222220009" {
		t.Errorf("%+v", r)
	}
	for corr, want := range map[string]cdr.Outcome{"first": cdr.Done, "late list": cdr.Refused} {
		if r := refusalRecord(t, l, corr); r.Outcome != want {
			t.Errorf("%s: %+v", corr, r)
		}
	}
}

// TestRepeatedWhenOver: a trigger that was accepted is the same trigger when it
// comes again, although its order is done by then.
func TestRepeatedWhenOver(t *testing.T) {
	l := newLab(t, nil, testOrder())
	g := l.start(l.open())
	v := g.ivr()
	text := "TRN=" + l.dial(sim.NewHandset(sim.DefaultHandset())).TRN + ";MDN=5551234567"
	id := l.submit(v, text+";CORR=once", smpp.StatusOK)
	if r := l.receipt(v, id); r.Stat != smpp.MessageDelivered {
		t.Fatalf("%+v", r)
	}
	if again := l.submit(v, text+";CORR=once", smpp.StatusOK); again != id {
		t.Errorf("session %s, want %s", again, id)
	}
	l.submit(v, text+";CORR=twice", smpp.StatusSubmitFailed)
	l.submit(v, text+";CORR=twice", smpp.StatusSubmitFailed) // a refusal is no promise that holds
	if s := g.Stats(); s.Duplicates != 1 || s.Refused != 2 || s.Started != 1 {
		t.Errorf("%+v", s)
	}
	g.stop()
	l.with(func(s *sqlite.Store) {
		if n := len(records(t, s)); n != 3 {
			t.Errorf("%d records", n)
		}
	})
}

// TestMessageRefusedByRoute: the status of the route is what the IVR hears, and
// the record says which route it was.
func TestMessageRefusedByRoute(t *testing.T) {
	l := newLab(t, nil)
	l.cfg.Triggers = []configs.Trigger{{Name: "push", Account: "ivr", Destination: "*228", Flow: configs.FlowPush}}
	l.cfg.Push.SS7.HLR, l.cfg.Push.SS7.MINOfMDN = "hlr1", true
	l.cfg.Routes = []configs.MessageRoute{
		{Name: "closed", From: []string{"ivr"}, To: []configs.Pattern{"^555[0-9]{7}$"}, Refuse: "ESME_RINVDSTADR"},
		{Name: "network", To: []configs.Pattern{"555"}, Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}},
	}
	g := l.start(l.open())
	v := g.ivr()
	l.submit(v, "MDN=5551234567;TYPE=sl;HREF=http://www.example.com/;CORR=a", smpp.StatusInvalidDestinationAddress)
	l.submit(v, "MDN=4441234567;TYPE=sl;HREF=http://www.example.com/;CORR=b", smpp.StatusSubmitFailed)
	want := map[string]string{"a": "route closed refuses it: ESME_RINVDSTADR", "b": "no route leads to this number"}
	g.stop()
	l.with(func(s *sqlite.Store) {
		for _, r := range records(t, s) {
			if r.Outcome != cdr.Refused || r.Reason != "no-route" || r.Detail != want[r.Trigger.Corr] {
				t.Errorf("%+v", r)
			}
			delete(want, r.Trigger.Corr)
		}
	})
	if len(want) > 0 {
		t.Errorf("no record of %v", want)
	}
}

// TestMessageRepeatedWhenFull: there is no room for a message that was accepted
// and comes again, and it needs none.
func TestMessageRepeatedWhenFull(t *testing.T) {
	l := newLab(t, nil)
	l.net.HLR.Subscribe("5551234567", 0x81234567)
	l.net.HLR.Deny("5551234567", ansi41.AccessPostponed) // so that the first one stays
	l.cfg.Triggers = []configs.Trigger{{Name: "push", Account: "ivr", Destination: "*228", Flow: configs.FlowPush}}
	l.cfg.Push.SS7.HLR, l.cfg.Push.SS7.MINOfMDN, l.cfg.Push.MaxMessages = "hlr1", true, 1
	l.cfg.Routes = []configs.MessageRoute{{Name: "network", Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}}}
	g := l.start(l.open())
	v := g.ivr()
	const text = "MDN=5551234567;TYPE=sl;HREF=http://www.example.com/"
	id := l.submit(v, text+";CORR=once", smpp.StatusOK)
	if again := l.submit(v, text+";CORR=once", smpp.StatusOK); again != id {
		t.Errorf("session %s, want %s", again, id)
	}
	l.submit(v, text+";CORR=other", smpp.StatusThrottled)
	if s := g.Stats(); s.Duplicates != 1 || s.Refused != 1 || s.Started != 1 {
		t.Errorf("%+v", s)
	}
	g.stop()
	l.with(func(s *sqlite.Store) {
		if n := len(records(t, s)); n != 1 {
			t.Errorf("%d records", n)
		}
	})
}

// TestNoTrigger: what no trigger matches leaves nothing behind but a status.
func TestNoTrigger(t *testing.T) {
	l := newLab(t, nil, testOrder())
	l.cfg.Triggers[0].Destination = "*229"
	g := l.start(l.open())
	v := g.ivr()
	l.submit(v, "TRN=2222220000", smpp.StatusInvalidDestinationAddress)
	if s := g.Stats(); s.NoTrigger != 1 || s.Refused != 0 {
		t.Errorf("%+v", s)
	}
	g.stop()
	store := l.open()
	defer store.Close()
	if recs := records(t, store); len(recs) != 0 {
		t.Errorf("%+v", recs)
	}
}
