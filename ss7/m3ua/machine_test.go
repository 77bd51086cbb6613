package m3ua_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/ss7/m3ua"
)

var update = flag.Bool("update", false, "rewrite the golden tables")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := vectors + "/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s is not what the machine does:\n%s", name, d)
	}
}

// receivable is every message a machine can be told of, and one of no class.
var receivable = []m3ua.Type{m3ua.TypeError, m3ua.TypeNotify, m3ua.TypeData, m3ua.TypeDUNA, m3ua.TypeDAVA, m3ua.TypeDAUD,
	m3ua.TypeSCON, m3ua.TypeDUPU, m3ua.TypeDRST, m3ua.TypeASPUp, m3ua.TypeASPDown, m3ua.TypeBeat, m3ua.TypeASPUpAck,
	m3ua.TypeASPDownAck, m3ua.TypeBeatAck, m3ua.TypeASPActive, m3ua.TypeASPInactive, m3ua.TypeASPActiveAck,
	m3ua.TypeASPInactiveAck, m3ua.TypeRegistrationRequest, m3ua.TypeRegistrationResponse, m3ua.TypeDeregistrationRequest,
	m3ua.TypeDeregistrationResponse, m3ua.Type(0x0501)}

type namedEvent struct {
	name string
	m3ua.Event
}

func aspEvents() []namedEvent {
	evs := []namedEvent{
		{"communication up", m3ua.Event{Kind: m3ua.CommUp}},
		{"communication lost", m3ua.Event{Kind: m3ua.CommLost}},
		{"activate", m3ua.Event{Kind: m3ua.Activate}},
		{"deactivate", m3ua.Event{Kind: m3ua.Deactivate}},
		{"stop", m3ua.Event{Kind: m3ua.Stop}},
		{"T(ack) expired", m3ua.Event{Kind: m3ua.AckTimeout, Gen: 7}},
		{"T(ack) expired, stale", m3ua.Event{Kind: m3ua.AckTimeout, Gen: 6}},
		{"T(beat) expired", m3ua.Event{Kind: m3ua.BeatTimeout, Gen: 7}},
		{"T(beat) expired, stale", m3ua.Event{Kind: m3ua.BeatTimeout, Gen: 6}},
		{"overridden", m3ua.Event{Kind: m3ua.Overridden, Set: 1}},
	}
	for _, typ := range receivable {
		evs = append(evs, namedEvent{typ.String(), m3ua.Event{Kind: m3ua.ReceivedMessage, Type: typ, Set: 1}})
	}
	return append(evs,
		namedEvent{"NTFY alternate ASP", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeNotify, Status: m3ua.StatusAlternateASP}},
		namedEvent{"NTFY AS-PENDING", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeNotify, Status: m3ua.StatusASPending}},
		namedEvent{"ERR refused", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeError, Code: m3ua.RefusedManagementBlocking}},
		namedEvent{"REG RSP, refused", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeRegistrationResponse, Refused: true}},
		namedEvent{"ERR unsupported class", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeError, Code: m3ua.UnsupportedMessageClass}},
		namedEvent{"ASPAC, bad routing context", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeASPActive, Code: m3ua.InvalidRoutingContext}},
		namedEvent{"ASPUP, bad identifier", m3ua.Event{Kind: m3ua.ReceivedMessage, Type: m3ua.TypeASPUp, Code: m3ua.InvalidASPIdentifier}},
		namedEvent{"no such event", m3ua.Event{Kind: 200}})
}

// line prints one transition.
func line(state, event, next string, effects []m3ua.Effect) string {
	var s []string
	for _, e := range effects {
		s = append(s, e.String())
	}
	if next == state {
		next = "="
	}
	return strings.TrimRight(fmt.Sprintf("%-28s %-28s %-26s %s", state, event, next, strings.Join(s, "; ")), " ") + "\n"
}

func aspName(s m3ua.ASP) string {
	if !s.Connected {
		return strings.TrimSpace("no association" + flags(s))
	}
	name := strings.TrimPrefix(s.State.String(), "ASP-")
	if s.Await != 0 {
		name += " after " + s.Await.String()
	}
	return name + flags(s)
}

func flags(s m3ua.ASP) string {
	f := ""
	if s.Standby {
		f += " standby"
	}
	if s.Leaving {
		f += " leaving"
	}
	if s.Registered {
		f += " registered"
	}
	if s.Yielded {
		f += " yielded"
	}
	if s.Exchange == m3ua.DoubleExchange {
		f += ", peer " + strings.TrimPrefix(s.Peer.String(), "ASP-")
	}
	return f
}

// ipspStates are states that only an IPSP has: those in which the peer moves
// ours (single exchange) or has one of its own (double exchange).
func ipspStates() (all []m3ua.ASP) {
	for _, exchange := range []m3ua.Exchange{m3ua.SingleExchange, m3ua.DoubleExchange} {
		for _, st := range []m3ua.ASP{
			{State: m3ua.StateDown, Await: m3ua.TypeASPUp}, {State: m3ua.StateInactive, Await: m3ua.TypeASPActive}, {State: m3ua.StateActive},
			{State: m3ua.StateActive, Await: m3ua.TypeASPDown, Leaving: true},
		} {
			st.Connected, st.Exchange, st.AckGen, st.BeatGen, st.MaxTries, st.MaxBeats, st.Tries = true, exchange, 7, 7, 3, 2, 1
			if exchange == m3ua.DoubleExchange {
				st.Peer = st.State
			}
			all = append(all, st)
		}
	}
	for _, st := range []m3ua.ASPState{m3ua.StateDown, m3ua.StateInactive} {
		all = append(all, m3ua.ASP{State: st, Connected: true, Exchange: m3ua.SingleExchange, Yielded: true, BeatGen: 7, MaxBeats: 2})
	}
	return all
}

// aspStates is every state the ASP machine can reach, with limits that are hit.
func aspStates() []m3ua.ASP {
	base := m3ua.ASP{Connected: true, AckGen: 7, BeatGen: 7, MaxTries: 3, MaxBeats: 2, Tries: 1}
	mk := func(st m3ua.ASPState, await m3ua.Type, standby, leaving bool) m3ua.ASP {
		s := base
		s.State, s.Await, s.Standby, s.Leaving = st, await, standby, leaving
		return s
	}
	none := base
	none.Connected = false
	return []m3ua.ASP{
		none,
		mk(m3ua.StateDown, m3ua.TypeASPUp, false, false),
		mk(m3ua.StateDown, m3ua.TypeASPUp, true, false),
		mk(m3ua.StateDown, m3ua.TypeASPDown, false, true),
		mk(m3ua.StateDown, 0, false, true),
		mk(m3ua.StateInactive, 0, true, false),
		mk(m3ua.StateInactive, m3ua.TypeASPActive, false, false),
		mk(m3ua.StateInactive, m3ua.TypeASPActive, true, false),
		mk(m3ua.StateInactive, m3ua.TypeASPDown, false, true),
		mk(m3ua.StateActive, 0, false, false),
		mk(m3ua.StateActive, m3ua.TypeASPInactive, true, false),
		mk(m3ua.StateActive, m3ua.TypeASPDown, false, true),
		keys(mk(m3ua.StateDown, m3ua.TypeASPUp, false, false), false),
		keys(mk(m3ua.StateInactive, m3ua.TypeRegistrationRequest, false, false), false),
		keys(mk(m3ua.StateInactive, m3ua.TypeRegistrationRequest, true, false), false),
		keys(mk(m3ua.StateInactive, m3ua.TypeASPActive, false, false), true),
		keys(mk(m3ua.StateActive, 0, false, false), true),
		keys(mk(m3ua.StateActive, m3ua.TypeASPInactive, false, true), true),
		keys(mk(m3ua.StateInactive, m3ua.TypeDeregistrationRequest, false, true), true),
	}
}

// keys is an ASP that registers its routing keys.
func keys(s m3ua.ASP, registered bool) m3ua.ASP {
	s.Register, s.Registered = true, registered
	return s
}

func TestASPTable(t *testing.T) {
	var s strings.Builder
	s.WriteString("# RFC 4666 figure 3, the ASP. state, event, next state, effects.\n\n")
	for _, st := range aspStates() {
		for _, ev := range aspEvents() {
			next, out := st.Step(ev.Event, nil)
			s.WriteString(line(aspName(st), ev.name, aspName(next), out))
		}
		s.WriteString("\n")
	}
	s.WriteString("# RFC 4666 5.6, the IPSP: single exchange, and double where the peer's state is told.\n\n")
	for _, st := range ipspStates() {
		for _, ev := range aspEvents() {
			next, out := st.Step(ev.Event, nil)
			s.WriteString(line(aspName(st), ev.name, aspName(next), out))
		}
		s.WriteString("\n")
	}
	s.WriteString("# limits\n\n")
	spent := aspStates()[1]
	spent.Tries, spent.Beats = 3, 2
	for _, ev := range aspEvents()[5:8] {
		next, out := spent.Step(ev.Event, nil)
		s.WriteString(line(aspName(spent)+", spent", ev.name, aspName(next), out))
	}
	s.WriteString("\n# RFC 4666 figure 3, the ASP as the SGP sees it; it serves the ASs {1} and, where active, {11}.\n\n")
	for _, st := range remoteStates() {
		for _, ev := range aspEvents() {
			next, out := st.Step(ev.Event, nil)
			s.WriteString(line(remoteName(st), ev.name, remoteName(next), out))
		}
		s.WriteString("\n")
	}
	golden(t, "asp.table", s.String())
}

func remoteStates() []m3ua.RemoteASP {
	base := m3ua.RemoteASP{Connected: true, BeatGen: 7, MaxBeats: 2}
	none, down, in, one, two, deaf := base, base, base, base, base, base
	none.Connected = false
	in.State = m3ua.StateInactive
	one.State, one.Active = m3ua.StateActive, 1
	two.State, two.Active = m3ua.StateActive, 3
	deaf.State, deaf.Beats = m3ua.StateInactive, 2
	return []m3ua.RemoteASP{none, down, in, one, two, deaf}
}

func remoteName(s m3ua.RemoteASP) string {
	switch {
	case !s.Connected:
		return "no association"
	case s.Active != 0:
		return fmt.Sprintf("%v {%b}", s.State, s.Active)
	case s.Beats >= s.MaxBeats:
		return s.State.String() + " silent"
	}
	return s.State.String()
}

func TestASTable(t *testing.T) {
	var s strings.Builder
	s.WriteString("# RFC 4666 figure 4. state (ASPs up, active), event of ASP 2, next state, effects.\n\n")
	evs := []namedEvent{
		{"ASP up", m3ua.Event{Kind: m3ua.ASPIsUp, ASP: 2}},
		{"ASP active", m3ua.Event{Kind: m3ua.ASPIsActive, ASP: 2}},
		{"ASP inactive", m3ua.Event{Kind: m3ua.ASPIsInactive, ASP: 2}},
		{"ASP down, was inactive", m3ua.Event{Kind: m3ua.ASPIsDown, ASP: 2}},
		{"ASP down, was active", m3ua.Event{Kind: m3ua.ASPIsDown, ASP: 2, WasActive: true}},
		{"T(r) expired", m3ua.Event{Kind: m3ua.RecoveryTimeout, Gen: 7}},
		{"T(r) expired, stale", m3ua.Event{Kind: m3ua.RecoveryTimeout, Gen: 6}},
		{"no such event", m3ua.Event{Kind: 200}},
	}
	for _, mode := range []m3ua.TrafficMode{m3ua.Override, m3ua.Loadshare} {
		fmt.Fprintf(&s, "# %v\n\n", mode)
		for _, st := range []m3ua.AS{
			{State: m3ua.ASDown}, {State: m3ua.ASInactive, Up: 1}, {State: m3ua.ASInactive, Up: 2},
			{State: m3ua.ASActive, Up: 1, Active: 1, Holder: 2}, {State: m3ua.ASActive, Up: 2, Active: 1, Holder: 1},
			{State: m3ua.ASActive, Up: 3, Active: 2, Holder: 1},
			{State: m3ua.ASPending}, {State: m3ua.ASPending, Up: 1},
		} {
			st.Gen, st.Mode, st.Required = 7, mode, 2
			for _, ev := range evs {
				next, out := st.Step(ev.Event, nil)
				s.WriteString(line(asName(st), ev.name, asName(next), out))
			}
			s.WriteString("\n")
		}
	}
	golden(t, "as.table", s.String())
}

func asName(s m3ua.AS) string { return fmt.Sprintf("%v (%d, %d)", s.State, s.Up, s.Active) }

// TestASPStorm: whatever comes, T(ack) runs exactly while an ack is awaited,
// nothing is delivered without being up, and no more is sent than was asked.
func TestASPStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := m3ua.ASP{MaxTries: 3, MaxBeats: 2, Register: rapid.Bool().Draw(t, "register")}
		if !s.Register {
			s.Exchange = m3ua.Exchange(rapid.IntRange(0, 2).Draw(t, "exchange"))
			s.Waits = s.Exchange == m3ua.SingleExchange && rapid.Bool().Draw(t, "waits")
		}
		acks := false
		evs := aspEvents()
		for range rapid.IntRange(1, 80).Draw(t, "n") {
			ev := evs[rapid.IntRange(0, len(evs)-1).Draw(t, "event")]
			if ev.Gen == 7 {
				ev.Gen = s.AckGen
				if ev.Kind == m3ua.BeatTimeout {
					ev.Gen = s.BeatGen
				}
			}
			before := s
			var out []m3ua.Effect
			s, out = s.Step(ev.Event, nil)
			for _, e := range out {
				switch {
				case e.Kind == m3ua.StartTimer && e.Timer == m3ua.TimerAck:
					acks = true
				case e.Kind == m3ua.StopTimer && e.Timer == m3ua.TimerAck:
					acks = false
				case e.Kind == m3ua.Deliver && before.State == m3ua.StateDown:
					t.Fatalf("delivered %v in %v", ev.Type, before.State)
				case e.Kind == m3ua.SendError && ev.Type == m3ua.TypeError && ev.Kind == m3ua.ReceivedMessage:
					t.Fatal("ERR answered with ERR")
				case (e.Kind == m3ua.Send || e.Kind == m3ua.SendError) && !s.Connected:
					t.Fatalf("%v without association", e)
				}
			}
			if acks != (s.Await != 0) {
				t.Fatalf("%s after %s: T(ack) runs %v", aspName(s), ev.name, acks)
			}
			if !s.Connected && s.State != m3ua.StateDown {
				t.Fatalf("%v without association", s.State)
			}
			if s.State == m3ua.StateActive && s.Register && !s.Registered && s.Connected {
				t.Fatalf("%s without its keys", aspName(s))
			}
			if !s.Connected && s.Peer != m3ua.StateDown {
				t.Fatalf("peer %v without association", s.Peer)
			}
			if s.Connected && s.Await == 0 && !s.Leaving && !s.Waits && !s.Yielded && s.State != want(s) {
				t.Fatalf("%s rests", aspName(s))
			}
		}
	})
}

func want(s m3ua.ASP) m3ua.ASPState {
	if s.Standby {
		return m3ua.StateInactive
	}
	return m3ua.StateActive
}

// TestASStorm drives an AS with ASPs whose own machines decide what can
// happen, and holds its counts and state against them.
func TestASStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mode := rapid.SampledFrom([]m3ua.TrafficMode{m3ua.Override, m3ua.Loadshare, m3ua.Broadcast}).Draw(t, "mode")
		as := m3ua.AS{Mode: mode, Required: 1}
		var asps [4]m3ua.RemoteASP
		timer, available := false, false
		step := func(ev m3ua.Event) {
			var out []m3ua.Effect
			as, out = as.Step(ev, nil)
			for _, e := range out {
				switch e.Kind {
				case m3ua.TakeOver:
					asps[e.ASP-1], _ = asps[e.ASP-1].Step(m3ua.Event{Kind: m3ua.Overridden, Set: 1}, nil)
				case m3ua.StartTimer:
					timer = true
				case m3ua.StopTimer, m3ua.Discard:
					timer = false
				case m3ua.Available, m3ua.Unavailable:
					if available == (e.Kind == m3ua.Available) {
						t.Fatalf("%v twice", e)
					}
					available = e.Kind == m3ua.Available
				case m3ua.Anomaly:
					t.Fatalf("%s: %v", asName(as), e)
				}
			}
		}
		evs := aspEvents()
		for range rapid.IntRange(1, 100).Draw(t, "n") {
			if rapid.IntRange(0, 9).Draw(t, "T(r)") == 0 {
				step(m3ua.Event{Kind: m3ua.RecoveryTimeout, Gen: as.Gen})
			}
			i := rapid.IntRange(0, len(asps)-1).Draw(t, "asp")
			ev := evs[rapid.IntRange(0, len(evs)-1).Draw(t, "event")]
			if ev.Kind == m3ua.Overridden {
				continue
			}
			var out []m3ua.Effect
			asps[i], out = asps[i].Step(ev.Event, nil)
			for _, e := range out {
				switch e.Kind {
				case m3ua.MemberUp:
					step(m3ua.Event{Kind: m3ua.ASPIsUp, ASP: uint64(i + 1)})
				case m3ua.MemberDown:
					step(m3ua.Event{Kind: m3ua.ASPIsDown, ASP: uint64(i + 1), WasActive: e.Set != 0})
				case m3ua.MemberActive:
					step(m3ua.Event{Kind: m3ua.ASPIsActive, ASP: uint64(i + 1)})
				case m3ua.MemberStandby:
					step(m3ua.Event{Kind: m3ua.ASPIsInactive, ASP: uint64(i + 1)})
				}
			}
			up, active := 0, 0
			for _, a := range asps {
				if a.State != m3ua.StateDown {
					up++
				}
				if a.State == m3ua.StateActive {
					active++
				}
			}
			switch {
			case as.Up != up || as.Active != active:
				t.Fatalf("%s with %d up, %d active", asName(as), up, active)
			case (as.State == m3ua.ASActive) != (active > 0):
				t.Fatalf("%s", asName(as))
			case mode == m3ua.Override && active > 1:
				t.Fatalf("override with %d active", active)
			case timer != (as.State == m3ua.ASPending):
				t.Fatalf("%s, T(r) runs %v", asName(as), timer)
			case available != (as.State == m3ua.ASActive || as.State == m3ua.ASPending):
				t.Fatalf("%s, available %v", asName(as), available)
			}
		}
	})
}
