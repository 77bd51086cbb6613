package simulation

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/ss7/mtp"
)

// process is one life of the gateway.
type process struct {
	w      *world
	n      int
	gw     *gateway.Gateway
	cancel context.CancelFunc
	ended  chan struct{}
	dead   atomic.Bool
	ready  atomic.Bool
	parts  parts // of messages, at an MSC
}

func (p *process) isDead() bool { return p.dead.Load() }

// wait blocks its goroutine on virtual time, at the end at an instant of its own.
func (w *world) wait(d time.Duration) {
	ch := make(chan struct{})
	w.after(d, func() { close(ch) })
	<-ch
}

// start starts a gateway on what the last one left.
func (w *world) start() {
	w.births++
	p := &process{w: w, n: w.births, ended: make(chan struct{})}
	d := w.dice("random octets of process " + string(rune('0'+p.n%64)) + "/" + time.Duration(p.n).String())
	out := gateway.Outside{
		Clock:   clock.Clock{Wall: w.wall, Alarm: w.after},
		Random:  func(b []byte) { fill(b, d.Uint64) },
		Network: p, Receivers: func(account string) []binds.Receiver { return w.ivr.binds(p, account) },
		Shards:  1,
		Centres: func(string) push.Centre { return &line{w.centre, p} },
	}
	g, err := gateway.Inside(w.config(), &store{memory: w.store, w: w, proc: p}, out, zerolog.Nop())
	if err != nil {
		w.breach("the gateway does not start: %v", err)
		return
	}
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	p.gw = g
	w.mu.Lock()
	w.proc = p
	w.mu.Unlock()
	w.say("process %d starts", p.n)
	go func() {
		defer close(p.ended)
		err := g.Run(ctx)
		w.killed(p, fmt.Sprintf("it has ended, %v", err))
	}()
	go func() {
		select {
		case <-g.Loaded():
			p.ready.Store(true)
		case <-ctx.Done():
		}
	}()
}

func fill(b []byte, next func() uint64) {
	var v uint64
	for i := range b {
		if i%8 == 0 {
			v = next()
		}
		b[i] = byte(v >> (i % 8 * 8))
	}
}

// kill ends the process at once: nothing it still does reaches anybody. A new
// one is started soon.
func (w *world) kill(why string) {
	if p := w.running(); p != nil {
		w.killed(p, why)
	}
}

func (w *world) killed(p *process, why string) {
	if p.dead.Swap(true) {
		return
	}
	w.say("process %d dies: %s", p.n, why)
	w.count("deaths")
	w.mu.Lock()
	w.proc = nil
	over := w.over
	w.mu.Unlock()
	w.ledger.died()
	w.ivr.cut()
	w.centre.cut()
	p.cancel()
	if over {
		return
	}
	w.after(w.between("restart", 200*time.Millisecond, 8*time.Second), w.start)
}

// stop asks the process to end.
func (w *world) stop() {
	if p := w.running(); p != nil {
		w.ivr.cut()
		w.centre.cut()
		p.cancel()
	}
}

func (w *world) running() *process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.proc
}

// Transfer takes what the gateway sends.
func (p *process) Transfer(t mtp.Transfer) error {
	if p.isDead() {
		return nil
	}
	return p.w.net.fromGateway(p, t)
}

// config is the gateway's configuration.
func (w *world) config() *configs.Config {
	c := configs.Default()
	c.Log.Counters = 0
	c.Store.Path = "memory"
	c.SMPP.Accounts = []configs.Account{{Name: account, PasswordHash: testpassword.Hash}}
	c.SS7.PointCode = "1-12-5"
	c.SS7.M3UA.Peers = []configs.Peer{{Name: "none", Transport: "tcp", Addresses: []string{"127.0.0.1:1"}}}
	c.SS7.MSCs = []configs.MSC{{
		Name: "msc1", Route: configs.Route{PointCode: "1-12-6", SSN: 8}, SegmentSize: 180,
		TRNRanges: []configs.TRNRange{{First: "2222220000", Last: "2222229999"}},
	}}
	c.SS7.ACs = []configs.AC{{Name: "hlr1", Route: configs.Route{PointCode: "1-12-7", SSN: 6}}}
	c.SS7.Timers.SMDPP, c.SS7.Timers.OTASPREQ, c.SS7.Timers.SSDUpdate = partTime, 3*time.Second, 4*time.Second
	c.OTASP.ActivationMINs = configs.MINRange{First: "6191230000", Last: fmt.Sprintf("619123%04d", w.plan.mins-1)}
	c.OTASP.MaxSessions = w.plan.sessions
	c.OTASP.SessionTime = 4 * time.Minute
	c.OTASP.TriggerMemory = 24 * time.Hour
	c.Triggers = []configs.Trigger{{Name: "star228", Account: account, Destination: "*228", Prefix: true, Flow: "otasp"}}
	w.plan.post.configure(c)
	return c
}
