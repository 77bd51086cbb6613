package gateway

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

// set splits a parameter set into "tag value" lines.
func set(t *testing.T, b []byte) map[string]string {
	t.Helper()
	all := map[string]string{}
	c := wire.NewCursor("set", b)
	for c.More() {
		tag, n := ber.Header(&c)
		v := c.Bytes(n, "value")
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
		all[tag.String()] = hex.EncodeToString(v)
	}
	return all
}

// sessionCall is the call of the whole session in the vectors.
func sessionCall() *call {
	c := &call{}
	c.otasp.Trigger = otasp.Trigger{TRN: "2222222222", MSC: "msc1", ActivationMIN: "6191234000"}
	c.otasp.Terminal = otasp.Terminal{ESN: 0x81234567, MIN: "6191234000", SystemID: 12, Switch: 6}
	c.otasp.Order = otasp.Order{NAM: &otasp.NAM{IMSI: otasp.IMSI{MCC: "310", IMSI1112: "00", S: "5551234567"}}}
	return c
}

func testRoutes(t *testing.T) *routes {
	t.Helper()
	cfg := labConfig("127.0.0.1:2905")
	cfg.SS7.Timers = configs.SS7Timers{SMDPP: time.Second, OTASPREQ: 2 * time.Second, SSDUpdate: 3 * time.Second}
	r, err := newRoutes(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ask(a otasp.ACRequest) otasp.Effect { return otasp.Effect{Kind: otasp.AskAC, AC: a} }

// TestComposeAgainstVectors holds each operation against one that somebody
// else's decoder has read, parameter for parameter. Where we send more, or
// less, the table says so.
func TestComposeAgainstVectors(t *testing.T) {
	capability, err := (&is683.ProtocolCapabilityRequest{}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	const min, mscid, capabilities, randbs = "88", "95", "9f31", "9f29"
	for _, c := range []struct {
		name     string
		effect   otasp.Effect
		file     string
		n        int
		more     []string // parameters that the vector does not have
		less     []string // parameters that only the vector has
		op       ansi41.Operation
		wants    wanted
		patience time.Duration
	}{
		{name: "attach", effect: otasp.Effect{Kind: otasp.Attach}, file: "package-session", n: 1, op: 53, wants: wantAttach, patience: time.Second},
		{name: "attach, trace-like", effect: otasp.Effect{Kind: otasp.Attach}, file: "package-trace", n: 1, op: 53, wants: wantAttach, patience: time.Second},
		{name: "relay", effect: otasp.Effect{Kind: otasp.Relay, Message: capability}, file: "package-session", n: 3, op: 53, wants: wantReverse, patience: time.Second},
		{name: "record NEWMSID", effect: otasp.Effect{Kind: otasp.RecordNewMSID}, file: "package-session", n: 17, more: []string{min}, op: 53, wants: wantDone, patience: time.Second},
		{name: "initiate REGNOT", effect: otasp.Effect{Kind: otasp.InitiateREGNOT}, file: "package-session", n: 19, more: []string{min}, op: 53, wants: wantDone, patience: time.Second},
		{name: "release TRN", effect: otasp.Effect{Kind: otasp.ReleaseTRN}, file: "package-session", n: 21, op: 53, wants: wantDone, patience: time.Second},
		// RANDBS is in the vectors for a dissector that misses it; the standard has it optional.
		{name: "generate public encryption values", effect: ask(otasp.ACRequest{Action: otasp.GenerateValues, Versions: []byte{3, 2}}), file: "set-otaspreq", n: 1,
			more: []string{min}, less: []string{randbs}, op: 56, wants: wantAC, patience: 2 * time.Second},
		// The AC has chosen the version itself, one step before.
		{name: "generate A-key", effect: ask(otasp.ACRequest{Action: otasp.GenerateAKey, MSKey: []byte(strings.Repeat("\x11", 20))}), file: "set-otaspreq", n: 2,
			more: []string{min, mscid, capabilities}, less: []string{randbs, "9f8135"}, op: 56, wants: wantAC, patience: 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := testRoutes(t).compose(sessionCall(), &c.effect)
			if got.kind != doInvoke || got.op != c.op || got.wants != c.wants || got.timeout != c.patience {
				t.Fatalf("%+v", got)
			}
			ours, theirs := set(t, got.params), set(t, vector(t, c.file, c.n))
			for _, tag := range c.more {
				if _, have := ours[tag]; !have {
					t.Errorf("%s is not sent", tag)
				}
				delete(ours, tag)
			}
			for _, tag := range c.less {
				if _, have := ours[tag]; have {
					t.Errorf("%s is sent", tag)
				}
				delete(theirs, tag)
			}
			if d := cmp.Diff(theirs, ours); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestComposeOTASPREQ pins the operations that no vector from outside has, by
// the list of parameters of N.S0011.
func TestComposeOTASPREQ(t *testing.T) {
	who := "[88:1619320400 89:81234567 95:000c06 9f31:00 9f8138:1619320400 9f8141:01"
	for _, c := range []struct {
		request  otasp.ACRequest
		want     string
		patience time.Duration
	}{
		{otasp.ACRequest{Action: otasp.SSDUpdate}, who + " 9f8100:0c]", 3 * time.Second},
		{otasp.ACRequest{Action: otasp.ReleaseAKey}, who + " 9f8100:10]", 2 * time.Second},
		{otasp.ACRequest{Action: otasp.CommitAKey, NewMIN: "5551234567"}, who + " 9f8100:0f 9f813b:5515325476]", 2 * time.Second},
		{otasp.ACRequest{Action: otasp.ReAuthenticate, AuthR: 0x2abcd, Count: 5, AuthData: 0x123456, Rand: 0x11223344},
			who + " 9f8100:0d 9f8121:123456 9f23:02abcd 9f26:05 9f28:11223344]", 2 * time.Second},
	} {
		e := ask(c.request)
		got := testRoutes(t).compose(sessionCall(), &e)
		if got.kind != doInvoke || got.timeout != c.patience {
			t.Errorf("%+v", got)
			continue
		}
		have := set(t, got.params)
		for _, p := range strings.Fields(strings.Trim(c.want, "[]")) {
			tag, value, _ := strings.Cut(p, ":")
			if have[tag] != value {
				t.Errorf("action %d: %s is %q, want %s", c.request.Action, tag, have[tag], value)
			}
			delete(have, tag)
		}
		if len(have) > 0 {
			t.Errorf("action %d: %v is sent too", c.request.Action, have)
		}
	}
}

// TestComposeMEID: a handset with an MEID is named by it beside its pseudo-ESN.
func TestComposeMEID(t *testing.T) {
	c := sessionCall()
	c.otasp.Terminal.MEID = "A1000000001234"
	for _, e := range []otasp.Effect{{Kind: otasp.Relay, Message: []byte{6}}, ask(otasp.ACRequest{Action: otasp.SSDUpdate})} {
		got := set(t, testRoutes(t).compose(c, &e).params)
		if got["9f8306"] != "a1000000001234" || got["89"] != "81234567" {
			t.Errorf("%v", got)
		}
	}
}

// TestComposeFails: what cannot be sent is told to the machine.
func TestComposeFails(t *testing.T) {
	noAC := testRoutes(t)
	noAC.ac = nil
	for _, c := range []struct {
		name   string
		routes *routes
		effect otasp.Effect
		spoil  func(*otasp.Session)
		note   string
	}{
		{"MSC not configured any more", testRoutes(t), otasp.Effect{Kind: otasp.Attach}, func(s *otasp.Session) { s.Trigger.MSC = "msc9" }, "no route to MSC msc9 is configured"},
		{"no AC", noAC, ask(otasp.ACRequest{Action: otasp.SSDUpdate}), func(*otasp.Session) {}, "no route to authentication centre is configured"},
		{"TRN", testRoutes(t), otasp.Effect{Kind: otasp.Attach}, func(s *otasp.Session) { s.Trigger.TRN = "x" }, ""},
		{"activation MIN", testRoutes(t), ask(otasp.ACRequest{Action: otasp.SSDUpdate}), func(s *otasp.Session) { s.Trigger.ActivationMIN = "1" }, ""},
		{"MEID", testRoutes(t), otasp.Effect{Kind: otasp.Relay}, func(s *otasp.Session) { s.Terminal.MEID = "x" }, ""},
		{"new MIN", testRoutes(t), otasp.Effect{Kind: otasp.RecordNewMSID}, func(s *otasp.Session) { s.Order.NAM.S = "12" }, ""},
	} {
		call := sessionCall()
		c.spoil(&call.otasp)
		c.effect.Req = 9
		got := c.routes.compose(call, &c.effect)
		if got.kind != doFail || got.req != 9 || got.note == "" || c.note != "" && got.note != c.note {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestRoutes(t *testing.T) {
	cfg := labConfig("127.0.0.1:2905")
	cfg.SS7.MSCs[0].Route.GlobalTitle, cfg.SS7.MSCs[0].Route.TranslationType = "6191234000", 10
	r, err := newRoutes(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if want := sccp.GlobalTitleAddress(sccp.ANSI, 8, 10, "6191234000"); r.mscs["msc1"].addr != want {
		t.Errorf("MSC at %s", r.mscs["msc1"].addr)
	}
	if want := sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 7), 6); *r.ac != want {
		t.Errorf("AC at %s", r.ac)
	}
	said, err := ExplainRoute(cfg, "2222220007")
	if err != nil || !strings.Contains(said, "MSC msc1") {
		t.Errorf("%q %v", said, err)
	}
	for _, trn := range []string{"1111111111", "222", "222222000x"} {
		if said, err := ExplainRoute(cfg, trn); err == nil {
			t.Errorf("%s: %s", trn, said)
		}
	}
	overlap := labConfig("127.0.0.1:2905")
	overlap.SS7.MSCs = append(overlap.SS7.MSCs, overlap.SS7.MSCs[0])
	overlap.SS7.MSCs[1].Name = "msc2"
	if _, err := newRoutes(overlap); err == nil || !strings.Contains(fmt.Sprint(err), "overlap") {
		t.Errorf("%v", err)
	}
}
