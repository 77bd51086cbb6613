package demo

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
)

// IOTA makes a story one of a handset that fetches documents over HTTP: the lab
// gets a server for them, and the handset a push agent and a provisioning agent.
type IOTA struct {
	Client   func(*sim.IOTAConfig)
	Validity time.Duration // of a call-back; zero is a minute
	Deaf     bool          // pushes are acknowledged and not obeyed
	Late     time.Duration // so long the handset waits with its call
	Idle     time.Duration // between two documents; zero is five seconds
	Config   string        // further lines of the section iota
}

// calling gives the part of the configuration that calls handsets back.
func (l *Lab) calling() (rest string, err error) {
	if l.handsets, err = l.place(doorHTTP, ""); err != nil {
		return "", err
	}
	l.agent = sim.NewAgent(sim.AgentConfig{Observe: l.datagram, Provision: func(url string) {
		if l.provision != nil {
			l.provision(url)
		}
	}})
	validity, idle := cmp.Or(l.iota.Validity, time.Minute), cmp.Or(l.iota.Idle, 5*time.Second)
	return fmt.Sprintf(callingConfig, l.handsets, l.handsets, validity, idle, min(idle, 3*time.Second), l.iota.Config), nil
}

// callingConfig has pauses that a story can wait for.
const callingConfig = `
  - {name: call, account: ivr, destination: "*228", prefix: true, flow: iota}
routes:
  - {name: network, via: [{ss7: true}]}
push:
  pause: 100ms
  max_pause: 500ms
  grace: 1m
  ss7: {hlr: hlr1, min_of_mdn: true, source: "7474", smsreq: 500ms, resend: true}
iota:
  listen: %s
  base: http://%s/iota
  otapa_request: true
  validity: %s
  idle: %s
  answer_time: %s
  boot: {enabled: true, trust_query: true}
  welcome: "Welcome to Acme. Your phone is set up in a moment."
%s`

// called are the calls of a handset that are under way or over.
type called struct {
	mu   sync.Mutex
	open int           // under way; one may begin while the end of others is waited for
	idle chan struct{} // closed when none is
	errs []error
	urls []string
}

// signal is what passes in the signalling network.
func (l *Lab) signal(m sim.Sight) {
	l.watch(m)
	if m.From == "MSC" {
		select {
		case l.acked <- struct{}{}:
		default:
		}
	}
}

// ackTime is how long the MSC has to acknowledge a push, before the handset calls
// all the same.
const ackTime = time.Second

// answering lets the handset answer pushes: each on a goroutine, as a handset
// takes the message first and then calls.
func (r *run) answering() {
	c := sim.IOTAConfig{
		Handset: r.handset, OEM: "Acme", Model: "M-1", Software: "1.0.7", PSA: "2.0", Observe: r.lab.watch,
	}
	if f := r.story.IOTA.Client; f != nil {
		f(&c)
	}
	r.client = sim.NewIOTA(c)
	r.lab.provision = func(url string) {
		r.called.mu.Lock()
		r.called.urls = append(r.called.urls, url)
		r.called.mu.Unlock()
		if r.story.IOTA.Deaf {
			return
		}
		select {
		case <-r.lab.acked: // of something before
		default:
		}
		r.called.begin()
		go func() {
			defer r.called.end()
			select { // a user is slower than the network
			case <-r.lab.acked:
			case <-time.After(ackTime):
			case <-r.ctx.Done():
				return
			}
			select {
			case <-time.After(r.story.IOTA.Late):
			case <-r.ctx.Done():
				return
			}
			err := r.client.CallBack(r.ctx, url)
			r.lab.Net.Register(r.handset)
			r.called.mu.Lock()
			defer r.called.mu.Unlock()
			r.called.errs = append(r.called.errs, err)
		}()
	}
}

// hungUp waits until the handset has ended its calls, and gives what it said of them.
func (r *run) hungUp() []error {
	for {
		r.called.mu.Lock()
		open, idle, errs := r.called.open, r.called.idle, slices.Clone(r.called.errs)
		r.called.mu.Unlock()
		if open == 0 {
			return errs
		}
		<-idle
	}
}

func (c *called) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open++; c.open == 1 {
		c.idle = make(chan struct{})
	}
}

func (c *called) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open--; c.open == 0 {
		close(c.idle)
	}
}

// links are the URLs that have come.
func (c *called) links() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.urls)
}

// switchOn makes the handset known, for calls and for messages.
func (r *run) switchOn() (min string) {
	min = r.camp()
	r.lab.Net.Subscribe(sim.Subscriber{MIN: min, ESN: r.handset.ESN(), Phone: r.lab.agent})
	r.answering()
	return min
}

// invited is an order for which the network calls the handset back.
func invited(carriers string) func(*run) error {
	return func(r *run) error {
		if err := r.trigger(r.inviteText(r.switchOn(), carriers)); err != nil {
			return err
		}
		return r.await()
	}
}

func (r *run) inviteText(min, carriers string) string {
	old := ""
	if r.before.MDN != r.order.MDN {
		old = "OLDMDN=" + r.before.MDN + ";"
	}
	return fmt.Sprintf("FLOW=iota;"+old+"MDN=%s;MIN=%s;ORDER=%s;CARRIERS=%s;CORR=%s", r.order.MDN, min, r.order.Name, carriers, r.corr)
}

// welcomed: the user was told, too.
func welcomed(r *run) error {
	if all := r.lab.agent.Texts(); len(all) != 1 || !strings.HasPrefix(all[0].Text, "Welcome to Acme.") {
		return fmt.Errorf("the handset shows %q", all)
	}
	return once(r)
}

// assisted is a call of the user, whose handset is called back afterwards.
func assisted(r *run) error {
	r.switchOn()
	if err := r.dialStarCode(); err != nil {
		return err
	}
	if err := r.trigger(r.assistText()); err != nil {
		return err
	}
	return r.await()
}

func (r *run) assistText() string { return fmt.Sprintf("FLOW=iota;TRN=%s;CORR=%s", r.call.TRN, r.corr) }

// oneButton is a handset that comes by itself. When it has been activated, it
// cannot be a second time.
func oneButton(r *run) error {
	r.corr = "" // nobody has triggered it
	r.answering()
	url := r.bootURL()
	if err := r.client.Boot(r.ctx, url); err != nil {
		return err
	}
	r.lab.Net.Register(r.handset)
	if err := r.told(); err != nil { // when the back-end is, it is on the disk that the order is done
		return err
	}
	if err := r.client.Boot(r.ctx, url); err == nil || !r.answered(http.StatusForbidden) {
		return fmt.Errorf("it was activated a second time: %w", err)
	}
	return nil
}

func (r *run) bootURL() string {
	return fmt.Sprintf("http://%s/boot?esn=%08X", r.lab.handsets, r.handset.ESN())
}

// answered tells whether the last session of the handset ended with a status.
func (r *run) answered(status int) bool {
	all := r.client.Sessions()
	last := all[len(all)-1].Statuses
	return len(last) > 0 && last[len(last)-1] == status
}

// replayed: the URL of an SL that somebody else has seen is good once.
func replayed(r *run) error {
	if err := invited("iota")(r); err != nil {
		return err
	}
	if errs := r.hungUp(); len(errs) != 1 || errs[0] != nil {
		return fmt.Errorf("the handset was called %d times: %w", len(errs), errors.Join(errs...))
	}
	if err := r.client.CallBack(r.ctx, r.called.links()[0]); err == nil || !r.answered(http.StatusGone) && !r.answered(http.StatusNotFound) {
		return fmt.Errorf("the URL was good after the session: %w", err)
	}
	return nil
}

// expired: the handset comes when its call-back is not good any more.
func expired(r *run) error {
	if err := invited("iota")(r); err != nil {
		return err
	}
	if errs := r.hungUp(); len(errs) != 1 || errs[0] == nil {
		return errors.New("the call-back was good after its time")
	}
	return nil
}

// once: the handset was called back once, ended in order, and was programmed once.
func once(r *run) error {
	if errs := r.hungUp(); len(errs) != 1 || errs[0] != nil {
		return fmt.Errorf("the handset was called %d times: %w", len(errs), errors.Join(errs...))
	}
	return oneCommit(r)
}

// refusedOnce: a second request for the URL was turned away.
func refusedOnce(r *run) error {
	if all := r.client.Sessions()[0].Statuses; !slices.Contains(all, http.StatusGone) {
		return fmt.Errorf("the second request was answered %v", all)
	}
	return oneCommit(r)
}

// elsewhere is a handset with a number of another area.
func elsewhere(h *sim.HandsetConfig) {
	*h = sim.OTAPAHandset()
	h.Memory.MDN = "5559871234"
	h.Memory.IMSIM.S, h.Memory.IMSIT.S = h.Memory.MDN, h.Memory.MDN
}

const (
	homePage = "http://m.acme.example/home"
	nai      = "5551234567@acme.example"
)

// settled: the objects hold what was ordered.
func settled(r *run) error {
	if page, name := r.client.Object("phone:homepage"), r.client.Object("phone:nai.current"); page != homePage || name != nai {
		return fmt.Errorf("the home page is %q, the NAI %q", page, name)
	}
	return once(r)
}

// The steps that flows have in common.
var (
	stepTrigger = FlowStep{"trigger", "IVR", "submit_sm "}
	stepPending = FlowStep{"pending entry, on the disk", "otagate", "submit_sm_resp"}
	stepFlag    = FlowStep{"flag: the back-end is told", "otagate", "report done, ok"}
	stepGET     = FlowStep{"GET", "handset", "GET"}
	stepNAM     = FlowStep{"NAM download", "otagate", "Download Request: CDMA NAM"}
	stepPRL     = FlowStep{"PRL download (SSPR)", "otagate", "SSPR Download Request: PRL"}
	stepCommit  = FlowStep{"commit", "otagate", "Commit Request"}
	stepEnd     = FlowStep{"terminate", "otagate", "disconnect"}
)

// iotaStories are the stories of handsets that fetch documents.
func iotaStories() []Story {
	return []Story{
		{
			Name: "iota-prl", Promise: "a new roaming list over HTTP: an SL calls the handset back, OTAPA and SSPR go in MMC documents",
			IOTA: &IOTA{}, Order: newList, Handset: subscribed, Play: invited("iota"), Ends: with(done, once),
			Flow: []FlowStep{
				stepTrigger, stepPending, {"SMSREQ", "otagate", "SMSREQ"}, {"SMDPP with the SL", "otagate", "teleservice WAP"}, {"ack, the receipt of the push", "MSC", "smdpp result"},
				stepGET, {"OTAPA start", "otagate", "OTAPA Request: start"}, stepPRL, stepCommit, {"OTAPA stop", "otagate", "OTAPA Request: stop"}, stepEnd, stepFlag,
			},
		},
		{
			Name: "iota-one-button", Promise: "a handset comes by itself: it is known by its ESN, gets NAM and roaming list, and cannot come a second time",
			IOTA: &IOTA{}, Play: oneButton, Ends: with(Ending{Outcome: "done", Reason: "ok", Changed: true}, oneCommit),
			Flow: []FlowStep{stepGET, {"profile check", "handset", "phone:model"}, stepNAM, stepPRL, stepCommit, stepEnd, stepFlag},
		},
		{
			Name: "iota-ivr", Promise: "the user calls the star code: the attach tells which handset it is, and that is called back",
			IOTA: &IOTA{}, Play: assisted, Ends: with(done, welcomed),
			Flow: []FlowStep{
				stepTrigger, {"TRN attach", "otagate", "attach"}, {"ESN, check", "MSC", "smdpp result"}, {"welcome", "otagate", "teleservice WMT"}, {"SL (SI: iota.invite)", "otagate", "teleservice WAP"},
				stepGET, stepNAM, stepPRL, stepCommit, stepEnd, stepFlag,
			},
		},
		{
			Name: "iota-split", Promise: "a number of another area: the handset is called back under the one that it has, and registers with the new one",
			IOTA: &IOTA{}, Order: func(o *configs.Order) { o.SPC, o.ESN, o.PRL, o.IMSIT = "", "", nil, nil },
			Handset: elsewhere, Play: invited("iota"), Ends: with(done, once),
		},
		{
			Name: "iota-settings", Promise: "home page and NAI as objects, packet data and a new SPC in IS-683, all with one commit",
			IOTA: &IOTA{}, Play: invited("iota"), Ends: with(done, settled),
			Order: func(o *configs.Order) {
				newList(o)
				o.PRL, o.SPC, o.NewSPC = nil, "000000", "135790"
				o.PacketData = []configs.OrderData{{ID: is683.ThreeGPDDownloadOperationMode, Data: "40"}}
				o.Objects = []configs.OrderObject{{Name: "phone:homepage", Value: homePage}, {Name: "phone:nai.current", Value: nai}}
			},
			Handset: subscribed,
		},
		{
			Name: "iota-fails-then-otapa", Promise: "the handset does not call back: the order goes by OTAPA, and there is one outcome",
			IOTA: &IOTA{Deaf: true, Validity: time.Second}, Order: newList, Handset: subscribed, Play: invited("iota,otapa-ss7"), Ends: with(done, oneCommit),
		},
		{
			Name: "iota-replayed-url", Promise: "a call-back is good once: who comes again is turned away, during the session and after it",
			IOTA:  &IOTA{Client: func(c *sim.IOTAConfig) { c.Faults = []sim.IOTAFault{{Kind: sim.IOTAReplayURL, At: 1, Again: true}} }},
			Order: newList, Handset: subscribed, Play: replayed, Ends: with(done, refusedOnce),
		},
		{
			Name: "iota-expired", Promise: "the handset comes when its call-back is not good any more: it is turned away, and nothing is changed",
			IOTA:  &IOTA{Validity: time.Second, Late: 1500 * time.Millisecond},
			Order: newList, Handset: subscribed, Play: expired, Ends: Ending{Outcome: "failed", Reason: "no-callback", Stat: "EXPIRED"},
		},
	}
}
