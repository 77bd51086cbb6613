package smpp_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/smpp"
)

var update = flag.Bool("update", false, "write golden files anew")

var testTimers = smpp.Timers{SessionInit: 5 * time.Second, EnquireLink: 30 * time.Second, Inactivity: 300 * time.Second, Response: 60 * time.Second}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s has changed (-want +got):\n%s", name, d)
	}
}

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func pdu(id smpp.CommandID, st smpp.Status, seq uint32) smpp.Event {
	return smpp.Event{Kind: smpp.EventReceived, At: start, Header: smpp.Header{CommandID: id, Status: st, Sequence: seq}}
}

func request(id smpp.CommandID) smpp.Event {
	return smpp.Event{Kind: smpp.EventRequest, At: start, Request: id, Sequence: 100}
}

// named is one event of the table's columns.
type named struct {
	name string
	ev   smpp.Event
}

func tableEvents() []named {
	bad := func(id smpp.CommandID) smpp.Event {
		ev := pdu(id, 0, 7)
		ev.Fault = smpp.StatusInvalidCommandLength
		return ev
	}
	evs := []named{
		{"start", smpp.Event{Kind: smpp.EventStart, At: start}},
		{"traffic", smpp.Event{Kind: smpp.EventTraffic, At: start}},
		{"bind verdict ok", smpp.Event{Kind: smpp.EventBindVerdict, At: start, Request: smpp.CommandBindReceiver, Sequence: 100}},
		{"bind verdict ESME_RINVPASWD", smpp.Event{Kind: smpp.EventBindVerdict, At: start, Verdict: smpp.StatusInvalidPassword}},
		{"framing lost", smpp.Event{Kind: smpp.EventFramingLost, At: start}},
		{"connection lost", smpp.Event{Kind: smpp.EventConnectionLost, At: start}},
		{"flushed", smpp.Event{Kind: smpp.EventFlushed, At: start}},
		{"shutdown", smpp.Event{Kind: smpp.EventShutdown, At: start}},
	}
	for _, id := range []smpp.CommandID{
		smpp.CommandBindReceiver, smpp.CommandBindTransmitter, smpp.CommandBindTransceiver, smpp.CommandSubmitSM,
		smpp.CommandDeliverSM, smpp.CommandUnbind, smpp.CommandEnquireLink, smpp.CommandDataSM, smpp.CommandSubmitMulti,
		smpp.CommandQuerySM, smpp.CommandCancelSM, smpp.CommandReplaceSM, smpp.CommandOutbind, smpp.CommandAlertNotification,
		smpp.CommandBroadcastSM, smpp.CommandQueryBroadcastSM, smpp.CommandCancelBroadcastSM, 0x300,
	} {
		evs = append(evs, named{"receive " + id.String(), pdu(id, 0, 7)})
	}
	for _, id := range []smpp.CommandID{smpp.CommandBindTransceiver, smpp.CommandSubmitSM, smpp.CommandUnbind, smpp.CommandEnquireLink,
		smpp.CommandDataSM, smpp.CommandOutbind, smpp.CommandAlertNotification} {
		evs = append(evs, named{"receive malformed " + id.String(), bad(id)})
	}
	for _, id := range []smpp.CommandID{
		smpp.CommandBindTransceiverResp, smpp.CommandSubmitSMResp, smpp.CommandDeliverSMResp, smpp.CommandUnbindResp,
		smpp.CommandEnquireLinkResp, smpp.CommandGenericNack, smpp.CommandDataSMResp, smpp.CommandSubmitMultiResp,
		smpp.CommandQuerySMResp, smpp.CommandCancelSMResp, smpp.CommandReplaceSMResp, smpp.CommandAlertNotification.Response(), 0x80000300,
	} {
		evs = append(evs, named{"receive " + id.String() + " to ours", pdu(id, 0, 100)}, named{"receive " + id.String() + " to nothing", pdu(id, 0, 9999)})
	}
	evs = append(evs, named{"receive bind_transceiver_resp ESME_RBINDFAIL", pdu(smpp.CommandBindTransceiverResp, smpp.StatusBindFailed, 100)})
	for _, id := range []smpp.CommandID{smpp.CommandBindTransceiver, smpp.CommandOutbind, smpp.CommandUnbind} {
		evs = append(evs, named{"send " + id.String(), request(id)})
	}
	for _, tm := range []smpp.Timer{smpp.TimerSessionInit, smpp.TimerEnquireLink, smpp.TimerInactivity, smpp.TimerResponse} {
		evs = append(evs, named{"timer " + tm.String(), smpp.Event{Kind: smpp.EventTimer, Timer: tm, Generation: 1, Sequence: 100, At: start.Add(time.Hour)}})
	}
	return append(evs,
		named{"timer enquire_link after traffic", smpp.Event{Kind: smpp.EventTimer, Timer: smpp.TimerEnquireLink, Generation: 1, Sequence: 100, At: start.Add(time.Second)}},
		named{"timer enquire_link of old", smpp.Event{Kind: smpp.EventTimer, Timer: smpp.TimerEnquireLink, Generation: 0, At: start.Add(time.Hour)}})
}

// script leads a new session to a state.
type script struct {
	name string
	role smpp.Role
	evs  []smpp.Event
}

func tableStates() []script {
	begin := smpp.Event{Kind: smpp.EventStart, At: start}
	verdict := smpp.Event{Kind: smpp.EventBindVerdict, At: start}
	ask := smpp.Event{Kind: smpp.EventTimer, Timer: smpp.TimerEnquireLink, Generation: 1, Sequence: 100, At: start.Add(time.Minute)}
	var out []script
	add := func(name string, r smpp.Role, evs ...smpp.Event) {
		out = append(out, script{r.String() + " " + name, r, append([]smpp.Event{begin}, evs...)})
	}
	for _, r := range []smpp.Role{smpp.RoleServer, smpp.RoleClient} {
		bind := func(id smpp.CommandID) []smpp.Event {
			if r == smpp.RoleServer {
				return []smpp.Event{pdu(id, 0, 7), verdict}
			}
			return []smpp.Event{request(id), pdu(id.Response(), 0, 100)}
		}
		trx := bind(smpp.CommandBindTransceiver)
		add("OPEN", r)
		add("OPEN, binding", r, trx[0])
		outbind := request(smpp.CommandOutbind)
		if r == smpp.RoleClient {
			outbind = pdu(smpp.CommandOutbind, 0, 7)
		}
		add("OUTBOUND", r, outbind)
		add("OUTBOUND, binding", r, outbind, trx[0])
		add("BOUND_TX", r, bind(smpp.CommandBindTransmitter)...)
		add("BOUND_RX", r, bind(smpp.CommandBindReceiver)...)
		add("BOUND_TRX", r, trx...)
		add("BOUND_TRX, enquire_link sent", r, append(trx[:2:2], ask)...)
		add("BOUND_TRX, unbind sent", r, append(trx[:2:2], request(smpp.CommandUnbind))...)
		add("UNBOUND", r, append(trx[:2:2], pdu(smpp.CommandUnbind, 0, 8))...)
		add("CLOSED", r, smpp.Event{Kind: smpp.EventConnectionLost, At: start})
	}
	return out
}

func show(e smpp.Effect) string {
	switch e.Kind {
	case smpp.EffectSend:
		return fmt.Sprintf("send %s %s %d", e.Header.CommandID, e.Header.Status, e.Header.Sequence)
	case smpp.EffectAuthenticate:
		return "authenticate"
	case smpp.EffectDeliver:
		return "deliver"
	case smpp.EffectComplete:
		return fmt.Sprintf("complete %s", e.Header.Status)
	case smpp.EffectBound:
		return "bound"
	case smpp.EffectUnbound:
		return fmt.Sprintf("unbound (%s)", e.Reason)
	case smpp.EffectStartTimer:
		return fmt.Sprintf("start %s %s", e.Timer, e.After)
	case smpp.EffectStopTimer:
		return "stop " + e.Timer.String()
	case smpp.EffectAnomaly:
		return fmt.Sprintf("anomaly (%s)", e.Reason)
	case smpp.EffectClose:
		return fmt.Sprintf("close (%s)", e.Reason)
	}
	return "?"
}

// applicationRequests are those that the session leaves to the application.
var applicationRequests = []smpp.CommandID{
	smpp.CommandSubmitSM, smpp.CommandDeliverSM, smpp.CommandDataSM, smpp.CommandSubmitMulti, smpp.CommandQuerySM,
	smpp.CommandCancelSM, smpp.CommandReplaceSM, smpp.CommandAlertNotification,
}

func TestBindTable(t *testing.T) {
	var out bytes.Buffer
	for _, st := range tableStates() {
		s := smpp.NewSession(st.role, testTimers)
		for _, ev := range st.evs {
			s, _ = s.Step(ev, nil)
		}
		if !strings.Contains(st.name, s.State.String()) {
			t.Fatalf("%s: the script leads to %s", st.name, s.State)
		}
		fmt.Fprintf(&out, "%s\n", st.name)
		for _, id := range applicationRequests {
			if s.Sends(id) {
				fmt.Fprintf(&out, "  sends %s\n", id)
			}
		}
		for _, e := range tableEvents() {
			next, effects := s.Step(e.ev, nil)
			words := make([]string, len(effects))
			for i, f := range effects {
				words[i] = show(f)
			}
			if len(words) == 0 {
				words = []string{"-"}
			}
			fmt.Fprintf(&out, "  %-44s → %-9s %s\n", e.name, next.State, strings.Join(words, "; "))
		}
		out.WriteByte('\n')
	}
	golden(t, "../testdata/smpp/bind.table", out.Bytes())
}

// TestTakesIsStep: the short cuts for messages and their responses and the
// machine agree everywhere.
func TestTakesIsStep(t *testing.T) {
	for _, st := range tableStates() {
		s := smpp.NewSession(st.role, testTimers)
		for _, ev := range st.evs {
			s, _ = s.Step(ev, nil)
		}
		for _, id := range applicationRequests {
			_, effects := s.Step(pdu(id, 0, 7), nil)
			delivered := len(effects) == 1 && effects[0].Kind == smpp.EffectDeliver
			if delivered != s.Takes(id) {
				t.Errorf("%s: Takes(%s) is %v, the step says %v", st.name, id, s.Takes(id), delivered)
			}
		}
		for _, id := range []smpp.CommandID{smpp.CommandSubmitSMResp, smpp.CommandDeliverSMResp, smpp.CommandGenericNack, smpp.CommandDataSMResp,
			smpp.CommandQuerySMResp, smpp.CommandAlertNotification.Response(), smpp.CommandOutbind.Response(), smpp.CommandUnbindResp} {
			_, effects := s.Step(pdu(id, 0, 9999), nil)
			if completed := len(effects) == 1 && effects[0].Kind == smpp.EffectComplete; completed != s.Completes(id) {
				t.Errorf("%s: Completes(%s) is %v, the step says %v", st.name, id, s.Completes(id), completed)
			}
		}
	}
}

// TestBindStorm throws random events at the machine and keeps books.
func TestBindStorm(t *testing.T) {
	evs := tableEvents()
	rapid.Check(t, func(t *rapid.T) {
		role := smpp.Role(rapid.IntRange(0, 1).Draw(t, "role"))
		s := smpp.NewSession(role, testTimers)
		b := books{t: t, at: start}
		s = b.step(s, smpp.Event{Kind: smpp.EventStart})
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			ev := evs[rapid.IntRange(0, len(evs)-1).Draw(t, "event")].ev
			if ev.Kind == smpp.EventTimer && b.running[ev.Timer] && rapid.Bool().Draw(t, "right generation") {
				ev.Generation = b.gen[ev.Timer]
			}
			b.at = b.at.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "seconds")) * time.Second)
			s = b.step(s, ev)
		}
		s = b.step(s, smpp.Event{Kind: smpp.EventConnectionLost})
		if s.State != smpp.StateClosed || b.closes != 1 || b.bounds != b.unbounds {
			t.Fatalf("at the end: %s, %d closes, %d bound, %d unbound", s.State, b.closes, b.bounds, b.unbounds)
		}
		for tm, on := range b.running {
			if on {
				t.Fatalf("timer %s still runs", smpp.Timer(tm))
			}
		}
	})
}

// books hold what must balance.
type books struct {
	t                        *rapid.T
	at                       time.Time
	running                  [4]bool
	gen                      [4]uint32
	closes, bounds, unbounds int
}

func (b *books) step(s smpp.Session, ev smpp.Event) smpp.Session {
	ev.At = b.at
	was := s
	s, out := s.Step(ev, nil)
	if ev.Kind == smpp.EventTimer && b.running[ev.Timer] && ev.Generation == b.gen[ev.Timer] {
		b.running[ev.Timer] = false
	}
	answers := 0
	for _, e := range out {
		switch e.Kind {
		case smpp.EffectStartTimer:
			if b.running[e.Timer] || e.After <= 0 || e.Generation <= b.gen[e.Timer] {
				b.t.Fatalf("timer %s started wrongly: %+v", e.Timer, e)
			}
			b.running[e.Timer], b.gen[e.Timer] = true, e.Generation
		case smpp.EffectStopTimer:
			if !b.running[e.Timer] {
				b.t.Fatalf("timer %s stopped, but does not run", e.Timer)
			}
			b.running[e.Timer] = false
		case smpp.EffectSend:
			if e.Header.CommandID.IsResponse() {
				answers++
			}
		case smpp.EffectBound:
			b.bounds++
		case smpp.EffectUnbound:
			b.unbounds++
		case smpp.EffectClose:
			b.closes++
		case smpp.EffectAuthenticate, smpp.EffectDeliver:
			answers++ // will be answered once by the application
		}
	}
	isRequest := ev.Kind == smpp.EventReceived && !ev.Header.CommandID.IsResponse()
	switch {
	case was.State == smpp.StateClosed:
		if s.State != smpp.StateClosed || answers > 0 || b.closes > 1 {
			b.t.Fatalf("CLOSED is not final: %v", out)
		}
	case isRequest && answers != 1:
		b.t.Fatalf("%s in %s has %d answers", ev.Header.CommandID, was.State, answers)
	case ev.Kind == smpp.EventReceived && !isRequest && answers != 0:
		b.t.Fatalf("response %s is answered", ev.Header.CommandID)
	}
	if s.State.Bound() != (b.bounds > b.unbounds) {
		b.t.Fatalf("%s with %d bound and %d unbound", s.State, b.bounds, b.unbounds)
	}
	return s
}
