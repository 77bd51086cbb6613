package simulation

import (
	"time"

	"github.com/otagate/otagate/configs"
)

// postPlan is how messages go in a run, and how rough it is for them.
type postPlan struct {
	phones   int
	room     int // messages on their way, at most
	resend   bool
	receipts bool
	way      string
	octets   int // of a part
	window   int
	attempts int
	marks    int // user_message_reference in receipts: 0 never, 1 always, 2 in some
	spelling int // of message ids in receipts
	reuse    bool

	fails                           float64 // a status other than ESME_ROK
	silent, late                    float64 // answers
	undelivered, unheard, twice     float64 // receipts
	responseLost                    float64 // of a receipt
	hlrSilent, hlrDenies, hlrWrong  float64
	mscSilent, mscRefuses, mscVague float64
	notForNobody                    float64
}

func newPostPlan(w *world) postPlan {
	d := w.dice("messages")
	rate := func(of ...float64) float64 { return of[d.IntN(len(of))] }
	p := postPlan{
		phones: int(rate(0, 2, 3, 5)), room: int(rate(2, 1000, 1000)),
		resend: d.IntN(2) == 0, receipts: d.IntN(4) > 0, way: []string{"udh8", "udh16", "sar", "payload"}[d.IntN(4)],
		octets: int(rate(60, 80, 140)), window: int(rate(1, 2, 10)), attempts: int(rate(3, 10, 50)),
		marks: d.IntN(3), spelling: d.IntN(numSpellings), reuse: d.IntN(2) == 0,
	}
	for _, r := range []*float64{
		&p.fails, &p.silent, &p.late, &p.undelivered, &p.unheard, &p.twice, &p.responseLost,
		&p.hlrSilent, &p.hlrDenies, &p.hlrWrong, &p.mscSilent, &p.mscRefuses, &p.mscVague, &p.notForNobody,
	} {
		*r = rate(0, 0, 0.02, 0.1, 0.25)
	}
	return p
}

// longest is a text of about four parts.
func (p *postPlan) longest() int { return 7 * p.octets / 2 }

// link is the name of the one message centre.
const link = "smsc1"

// responseTime is how long the gateway waits for a submit_sm_resp.
const responseTime = 10 * time.Second

// configure has the gateway deliver messages.
func (p *postPlan) configure(c *configs.Config) {
	c.Triggers = append(c.Triggers, configs.Trigger{Name: "push", Account: account, Destination: pushNumber, Flow: configs.FlowPush})
	c.SS7.Screening.Peers = []configs.ScreenedPeer{{Name: "hlr", PointCodes: []string{"1-12-7"}, Operations: []string{"SMSNOT"}, Rate: 100, Burst: 100}}
	c.Routes = []configs.MessageRoute{
		{Name: "network", To: []configs.Pattern{bySS7}, Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}},
		{Name: "centre", To: []configs.Pattern{byCentre}, Via: []configs.Via{{Link: link, Weight: 1, Tier: 1}}},
	}
	x := &c.Push
	x.Validity, x.MaxValidity, x.Grace, x.MaxMessages = 20*time.Minute, time.Hour, 2*time.Minute, p.room
	x.Attempts, x.Pause, x.MaxPause = p.attempts, 5*time.Second, time.Minute
	c.Links = []configs.Link{{
		Name: link, Window: p.window, Response: responseTime, Source: "2280", DestTON: 1, DestNPI: 1, DataCoding: 4,
		Way: p.way, Octets: p.octets, Parts: 8, Receipts: p.receipts, MessageID: "any", Resend: p.resend, Doubt: 40 * time.Second,
		SlowDown: configs.Backoff{Min: time.Second, Max: 30 * time.Second},
	}}
	if p.way == "payload" {
		c.Links[0].Octets = 1024
	}
	s := &x.SS7
	s.HLR, s.MINOfMDN, s.Source, s.Octets, s.Parts, s.Window = "hlr1", true, "2280", p.octets, 8, p.window
	s.AskAgain, s.Resend, s.SMSREQ = 5*time.Minute, p.resend, 3*time.Second
}

// pushNumber is where triggers of messages go.
const pushNumber = "*777"
