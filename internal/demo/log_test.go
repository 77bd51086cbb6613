package demo

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
)

// The code of the handsets of these tests, in the place of the one that is no secret.
const lockCode = "739185"

// guarded is a story whose handset is locked, so that there is a code to be kept.
func guarded(s Story) Story {
	order, handset := s.Order, s.Handset
	s.Order = func(o *configs.Order) {
		if order != nil {
			order(o)
		}
		if o.SPC == "000000" {
			o.SPC = lockCode
		}
	}
	code := baseOrder()
	s.Order(&code)
	s.Handset = func(h *sim.HandsetConfig) {
		if handset != nil {
			handset(h)
		}
		lock := slices.ContainsFunc(h.Features, func(f is683.Feature) bool { return f.ID == is683.FeatureProgrammingLock })
		if h.Memory.SPC.Default() && code.SPC != "" && lock {
			h.Memory.SPC, _ = is683.ParseSPC(lockCode, is683.HighFirst)
		}
	}
	return s
}

// heard is what passes the air and the net while a story is played, as far as it
// is secret.
type heard struct {
	mu   sync.Mutex
	list []secret
}

func (h *heard) add(s ...secret) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, s...)
}

func (h *heard) all() []secret {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.list)
}

func (h *heard) see(m sim.Sight) {
	switch m.Proto {
	case "is683-fwd":
		if msg, err := is683.DecodeForward(m.Octets); err == nil {
			h.forward(msg)
		}
	case "is683-rev":
		if msg, err := is683.DecodeReverse(m.Octets); err == nil {
			if k, ok := msg.(*is683.KeyGenerationResponse); ok && len(k.MSResult) > 0 {
				h.add(secretOctets("MS_RESULT", bytes.Clone(k.MSResult)))
			}
		}
	}
}

func (h *heard) forward(msg is683.Message) {
	switch m := msg.(type) {
	case *is683.MSKeyRequest:
		h.add(secretOctets("P of the key", bytes.Clone(m.P)))
	case *is683.KeyGenerationRequest:
		h.add(secretOctets("BS_RESULT", bytes.Clone(m.BSResult)))
	}
}

// RoundTrip takes the call-backs' tokens from the requests of a handset.
func (h *heard) RoundTrip(r *http.Request) (*http.Response, error) {
	h.url(r.URL.String())
	return http.DefaultTransport.RoundTrip(r)
}

func (h *heard) url(u string) {
	_, rest, ok := strings.Cut(u, "/iota/")
	if !ok {
		return
	}
	token, _, _ := strings.Cut(rest, "/")
	h.add(secretText("token", token), secretText("URL", u))
}

// watched has the requests of the story's handset looked at.
func (h *heard) watched(s Story) Story {
	if s.IOTA == nil {
		return s
	}
	i := *s.IOTA
	client := i.Client
	i.Client = func(c *sim.IOTAConfig) {
		if client != nil {
			client(c)
		}
		c.Client = &http.Client{Transport: h}
	}
	s.IOTA = &i
	return s
}

// secrets are those of a run.
func (r *run) secrets() (all []secret) {
	l := r.lab
	all = append(all, secretText("password of the IVR", l.pass), secretText("hash of the password", l.config.SMPP.Accounts[0].PasswordHash))
	if l.push != nil {
		all = append(all,
			secretText("password of the centre", centrePassword), secretText("PIN", userPIN), secretText("AUTHSECRET", "not for anybody"),
			secretText("Basic", base64.StdEncoding.EncodeToString([]byte(initiatorName+":"+l.pass))))
	}
	for _, code := range []string{r.order.SPC, r.order.NewSPC, "246802"} {
		if code != "" {
			all = append(all, secretDigits("SPC", code))
		}
	}
	for _, m := range []sim.Memory{r.before, r.handset.Memory()} {
		if m.HasAKey {
			all = append(all, secretOctets("A-key", m.AKey[:]))
		}
	}
	for _, u := range r.called.urls {
		all = append(all, secretText("call-back", u), secretText("token", u[strings.LastIndexByte(u, '/')+1:]))
	}
	return all
}

// numbers are those of the subscriber of a run, which may be in records.
func (r *run) numbers() (all []secret) {
	list := map[string]bool{byCentre: r.lab.push != nil, r.order.MDN: true, r.before.MDN: true, r.before.IMSIM.S: true, r.before.IMSIT.S: true}
	if r.order.NAM != nil {
		list[r.order.NAM.S] = true
	}
	all = append(all, secretDigits("ESN", fmt.Sprintf("%08x", r.handset.ESN())))
	for n, ours := range list {
		switch {
		case !ours || n == "":
		case len(n) == 10:
			all = append(all, secretNumber("number "+n, n))
		default:
			all = append(all, secretDigits("number "+n, n))
		}
	}
	return all
}

// TestLogs plays every story with the most talkative log there is below trace. No
// line has a secret or a whole number of a subscriber; records have no secret.
func TestLogs(t *testing.T) {
	self, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	var said lines // of all stories
	var everything bytes.Buffer
	said.out = &everything
	t.Run("stories", func(t *testing.T) {
		for _, s := range Stories() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				said.Write(quietly(t, self, s))
			})
		}
	})
	for _, part := range []string{
		childBegins, `"session ended"`, `"session started"`, `"message accepted"`, `"message ended"`, `"trigger refused"`, `"counters"`, // the gateway and its messages
		`"iota: handset calls back"`, `"iota: handset comes by itself"`, `"iota: report"`, `"iota: refused"`, // handsets
		`"event":"bound"`, `"ASP state"`, `"proto":"smpp"`, `"proto":"m3ua"`, // links
	} {
		if !strings.Contains(everything.String(), part) {
			t.Errorf("no line has %s", part)
		}
	}
}

// quietly plays a story and returns its log.
func quietly(t *testing.T, self string, s Story) []byte {
	var h heard
	var log, out bytes.Buffer
	both, printed := &lines{out: &log}, &lines{out: &out}
	ladder := newLadder(printed, s.Flow...)
	s = h.watched(guarded(s))
	o := Options{
		Out: printed, Self: self, Log: bothForms(both).Level(zerolog.DebugLevel), stderr: both,
		log: "{level: debug, format: json, pdu: true, counters: 1s}",
		watch: func(m sim.Sight) {
			h.see(m)
			ladder.see(m)
		},
	}
	r := newRun(t.Context(), &s)
	if err := r.play(&o); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	secrets := append(r.secrets(), h.all()...)
	numbers := r.numbers()
	check := func(where, text string, all []secret) {
		found := leaks(text, all)
		slices.Sort(found)
		for _, f := range found[:min(len(found), 10)] {
			t.Errorf("%s: %s", where, f)
		}
	}
	check("log", log.String(), slices.Concat(secrets, numbers))
	check("output and records", out.String(), secrets)
	if !strings.Contains(out.String(), "CDR {") || strings.Count(log.String(), "\n") < 10 {
		t.Errorf("%d octets of log, output\n%s", log.Len(), out.String())
	}
	quiet := bytes.Clone(log.Bytes())
	for _, x := range slices.Concat(secrets, numbers) { // one line more, and it is found in either form
		log.Reset()
		o.Log.Debug().Msg(fmt.Sprint("planted: ", x.shown[0]))
		if found := leaks(log.String(), []secret{x}); len(found) != 2 {
			t.Errorf("%s was planted and is found in %q", x.name, found)
		}
	}
	return quiet
}
