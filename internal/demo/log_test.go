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
	"github.com/otagate/otagate/internal/testlog"
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
	for _, u := range r.called.links() {
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
	var said testlog.Log // of all stories
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
		if !strings.Contains(said.String(), part) {
			t.Errorf("no line has %s", part)
		}
	}
}

// eavesdropper hears all that a gateway and its network log and print.
type eavesdropper struct {
	heard
	log, out bytes.Buffer
	o        Options
}

func newEavesdropper(self string, s *Story) *eavesdropper {
	e := &eavesdropper{}
	*s = e.watched(guarded(*s))
	both, printed := zerolog.SyncWriter(&e.log), zerolog.SyncWriter(&e.out)
	ladder := newLadder(printed, s.Flow...)
	e.o = Options{
		Out: printed, Self: self, Log: bothForms(both).Level(zerolog.DebugLevel), stderr: both,
		log: "{level: debug, format: json, pdu: true, counters: 1s}",
		watch: func(m sim.Sight) {
			e.see(m)
			ladder.see(m)
		},
	}
	return e
}

// check looks for what is not to be there, and puts it there to see that it is found.
func (e *eavesdropper) check(t *testing.T, secrets, numbers []secret) (log string) {
	t.Helper()
	look := func(where, text string, all []secret) {
		found := leaks(text, all)
		slices.Sort(found)
		for _, f := range found[:min(len(found), 10)] {
			t.Errorf("%s: %s", where, f)
		}
	}
	log = e.log.String()
	look("log", log, slices.Concat(secrets, numbers))
	look("output and records", e.out.String(), secrets)
	for _, x := range slices.Concat(secrets, numbers) {
		e.log.Reset()
		e.o.Log.Debug().Msg(fmt.Sprint("planted: ", x.shown[0]))
		if found := leaks(e.log.String(), []secret{x}); len(found) != 2 {
			t.Errorf("%s was planted and is found in %q", x.name, found)
		}
	}
	return log
}

// quietly plays a story and returns its log.
func quietly(t *testing.T, self string, s Story) []byte {
	e := newEavesdropper(self, &s)
	r := newRun(t.Context(), &s)
	if err := r.play(&e.o); err != nil {
		t.Fatalf("%v\n%s", err, e.out.String())
	}
	if !strings.Contains(e.out.String(), "CDR {") {
		t.Errorf("no record in\n%s", e.out.String())
	}
	return []byte(e.check(t, append(r.secrets(), e.all()...), r.numbers()))
}
