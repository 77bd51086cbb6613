package demo

import (
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
)

// TestWrongPush: a story of a message that ends in another way than it promises
// is told so.
func TestWrongPush(t *testing.T) {
	for name, c := range map[string]struct {
		story string
		spoil func(*Story)
	}{
		"receipt":  {"push-sl", func(s *Story) { s.Ends.Stat = "UNDELIVERABLE" }},
		"outcome":  {"push-sl", func(s *Story) { s.Ends.Outcome = "failed" }},
		"restart":  {"push-sl", func(s *Story) { s.Ends.Recovered = true }},
		"parts":    {"push-sl", func(s *Story) { s.Ends.Steps = []string{"1/1:delivered:2"} }},
		"table":    {"push-sl", func(s *Story) { s.Push = &Push{Want: indicated} }},
		"PIN":      {"push-cp-userpin", func(s *Story) { s.Push = &Push{PINs: []string{"0000"}, Want: s.Push.Want} }},
		"result":   {"push-relay", func(s *Story) { s.Ends.State = pap.StateUndeliverable }},
		"the line": {"push-relay", func(s *Story) { s.Rules = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ok := Find(c.story)
			if !ok {
				t.Fatal(c.story)
			}
			c.spoil(&s)
			if err := Play(t.Context(), s, Options{Out: io.Discard, Log: zerolog.Nop()}); err == nil {
				t.Error("as promised")
			}
		})
	}
}

// TestNoSecrets: neither the PIN of a trigger nor a password is printed, and
// nothing of a document that is somebody's secret.
func TestNoSecrets(t *testing.T) {
	for _, name := range []string{"push-cp-userpin", "push-relay"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ok := Find(name)
			if !ok {
				t.Fatal(name)
			}
			var out testlog.Log
			o := Options{Out: &out, Log: zerolog.New(&out).Level(zerolog.DebugLevel), watch: newLadder(&out).see}
			r := newRun(t.Context(), &s)
			if err := r.play(&o); err != nil {
				t.Fatal(err)
			}
			basic := base64.StdEncoding.EncodeToString([]byte(initiatorName + ":" + r.lab.pass))
			for _, secret := range []string{userPIN, "not for anybody", centrePassword, r.lab.pass, basic} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("%q is printed", secret)
				}
			}
			if !strings.Contains(out.String(), "submit_sm") {
				t.Errorf("nothing is printed:\n%s", out.String())
			}
		})
	}
}

// TestProfile: the document of the demo is one that may be sent.
func TestProfile(t *testing.T) {
	d, err := omacp.ParseXML([]byte(internet))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(omacp.Rules{}); err != nil {
		t.Error(err)
	}
	for _, r := range sameSettings(d) {
		if r.want != r.have || r.want == "none" {
			t.Errorf("%+v", r)
		}
	}
	d.Characteristics[0].Parms[0].Value = "another"
	if rows := sameSettings(d); rows[len(rows)-1].have != "another" {
		t.Errorf("a change is overlooked: %+v", rows)
	}
}

// TestConnections: each direction of each connection has its own ports.
func TestConnections(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range []sim.Sight{
		{Proto: "smpp", From: "IVR", To: "otagate"}, {Proto: "smpp", From: "otagate", To: "IVR"},
		{Proto: "smpp", From: "SMSC", To: "otagate"}, {Proto: "smpp", From: "otagate", To: "SMSC"},
		{Proto: "http", From: "PI", To: "otagate", Octets: []byte("POST /pap")}, {Proto: "http", From: "otagate", To: "PI", Octets: []byte("HTTP/1.1 202")},
		{Proto: "http", From: "otagate", To: "PI", Octets: []byte("POST /results")}, {Proto: "http", From: "PI", To: "otagate", Octets: []byte("HTTP/1.1 200")},
	} {
		from, to := connection(m)
		key := from.String() + " " + to.String()
		if back := to.String() + " " + from.String(); len(seen)%2 == 1 && !seen[back] {
			t.Errorf("%s → %s answers nobody: %s", m.From, m.To, key)
		}
		if seen[key] {
			t.Errorf("%s → %s goes as another: %s", m.From, m.To, key)
		}
		seen[key] = true
	}
}
