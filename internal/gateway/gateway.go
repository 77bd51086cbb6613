package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/relay"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/internal/gateway/status"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/screen"
	"github.com/otagate/otagate/wappush/omacp"
)

// Gateway is the daemon: everything put together.
type Gateway struct {
	cfg       *configs.Config
	log       zerolog.Logger
	out       Outside
	store     sessions.Store // of provisioning sessions and orders
	messages  messages       // of messages; nil without a store
	routes    *routes
	orders    orderSource
	mins      *sessions.Pool
	awaiting  *awaiting
	callbacks *callbacks   // nil without iota.listen
	handsets  net.Listener // likewise
	welcomes  *welcomes
	post      func(id sessions.ID, ev otasp.Event) // to a session that may be busy
	counts    *counters
	requests  chan request

	runtime  *sessions.Runtime[call, otasp.Event, effect]
	push     *push.Service
	relay    *relay.Door
	pap      *ppg.Server // nil without http.listen
	results  *ppg.Door   // likewise
	reports  *backend.Reporter
	web      net.Listener
	profiles map[string]*omacp.Document // by name
	lookups  *lookups
	smpp     *smpp.Server
	listener net.Listener // nil without smpp.listen
	secure   net.Listener // nil without smpp.listen_tls
	asked    net.Listener // of the status; nil when it cannot be
	limits   *limits
	history  status.History
	begun    time.Time
	certs    certificates
	ss7      *signalling  // nil without a section ss7
	binds    *binds.Table // where accounts are reached
	postmen  postmen
	live     atomic.Pointer[configs.Config] // cfg, and what a reload has changed of it
	reload   sync.Mutex                     // held by Reload
	tracer   *tracer                        // nil unless log.pdu is set
}

// workers check triggers; they may wait for the store.
const workers = 4

// requestQueue is how many triggers may wait for a worker. Over it the IVR
// hears ESME_RTHROTTLED.
const requestQueue = 1024

// restOfMIN is how long an activation MIN is not lent again: longer than a
// message stays under way. A late Download for the last borrower would
// otherwise be taken by the handset of the next. With it, a pool of 10,000
// serves 2,000 sessions a second.
const restOfMIN = 5 * time.Second

// New opens the store and the listener and puts the parts together. Nothing
// runs yet; Run does that, and Close undoes New when Run is not called.
func New(ctx context.Context, cfg *configs.Config, log zerolog.Logger) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, cfg.Store.Path, sqlite.Options{})
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", cfg.Store.Path, err)
	}
	g, err := assemble(ctx, cfg, store, Outside{}, log)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if err := g.listen(); err != nil {
		return nil, errors.Join(err, g.closeStores())
	}
	return g, nil
}

// closeStores closes the messages before the file that they are in.
func (g *Gateway) closeStores() error { return errors.Join(g.messages.Close(), g.store.Close()) }

// assemble builds everything above an open store, which stays open when that fails.
func assemble(ctx context.Context, cfg *configs.Config, store sessions.Store, out Outside, log zerolog.Logger) (*Gateway, error) {
	kept, err := keepMessages(ctx, store, out.Clock.Now)
	if err != nil {
		return nil, err
	}
	g, err := assembleOver(cfg, store, kept, out, log)
	if err == nil {
		err = g.limits.load(ctx, store)
	}
	if err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return g, nil
}

// assembleOver is assemble with open stores, or with none.
func assembleOver(cfg *configs.Config, store sessions.Store, kept messages, out Outside, log zerolog.Logger) (*Gateway, error) {
	g := &Gateway{
		cfg: cfg, log: log, out: out, store: store, messages: kept, counts: &counters{},
		orders: newStoredOrders(store), requests: make(chan request, requestQueue), awaiting: newAwaiting(), welcomes: newWelcomes(),
	}
	g.live.Store(cfg)
	g.begun = out.Clock.Now()
	g.history.Add(status.Sample{At: g.begun}) // nothing was counted by then
	var err error
	if g.routes, err = newRoutes(cfg); err != nil {
		return nil, err
	}
	if g.mins, err = sessions.NewPool(cfg.OTASP.ActivationMINs.First, cfg.OTASP.ActivationMINs.Last); err != nil {
		return nil, fmt.Errorf("otasp.activation_mins: %w", err)
	}
	g.mins.Rest(restOfMIN, out.Clock.Now)
	g.lookups = newLookups(g.orders)
	g.lookups.clock = out.Clock
	if cfg.Log.PDU {
		g.tracer = newTracer(log)
	}
	if cfg.Signalling() || out.Network != nil {
		if g.ss7, err = newSignalling(g); err != nil {
			return nil, err
		}
	}
	do := &performer{net: g.ss7, lookups: g.lookups, mins: g.mins, counts: g.counts, log: log, nudge: g.nudge, clock: out.Clock, awaiting: g.awaiting, mscAt: g.routes.mscAt,
		contradictions: rate.Sometimes{First: 1, Interval: time.Minute}}
	if g.reports, err = backend.New(cfg.Backend, store, out.Clock.Now, log); err != nil {
		return nil, err
	}
	f := &flow{routes: g.routes, backend: &cfg.Backend, orders: g.orders, do: do, mins: g.mins}
	g.runtime = sessions.NewRuntime(f, store, sessions.Options{MaxSessions: cfg.OTASP.MaxSessions, Shards: out.Shards, Now: out.Clock.Now, Owns: provisions, Fault: func(ref sessions.Ref, err error) {
		log.Error().Stringer("session", ref.ID).Err(err).Msg("session fault")
	}})
	do.mail, g.post = g.runtime, do.post
	if err := g.delivering(); err != nil {
		return nil, err
	}
	if cfg.IOTA.Listen != "" {
		if g.callbacks, err = newCallbacks(g); err != nil {
			return nil, err
		}
		do.callbacks, f.expect = g.callbacks, g.callbacks.expect
	}
	return g, g.frontDoor()
}

// Stats are the counters of the gateway.
func (g *Gateway) Stats() Stats { return g.counts.snapshot() }

// Handsets are the counters of where handsets call; all are zero when they do not.
func (g *Gateway) Handsets() rendezvous.Stats {
	if g.callbacks == nil {
		return rendezvous.Stats{}
	}
	return g.callbacks.server.Stats()
}

// Screening are the counters of what the signalling network was refused.
func (g *Gateway) Screening() screen.Stats {
	if g.ss7 == nil {
		return screen.Stats{}
	}
	return g.ss7.screen.Stats()
}

// Store is the store of sessions and orders, for tools that work beside a gateway
// in the same process. It has the records of messages, too.
func (g *Gateway) Store() sessions.Store { return g.store }

// Ready waits until the sessions are loaded and the signalling network, if there
// is one, can be reached.
func (g *Gateway) Ready(ctx context.Context) error {
	wait(ctx, g.runtime.Ready())
	wait(ctx, g.push.Ready())
	if ctx.Err() != nil || g.ss7 == nil {
		return ctx.Err()
	}
	return g.ss7.m3ua.WaitActive(ctx)
}

// Close frees what New took, when Run is not called.
func (g *Gateway) Close() error {
	return errors.Join(g.closeDoors(), g.closeStores())
}

// Run serves until ctx ends. Then all parts stop together and the store is
// closed last: sessions in work stay in it and go on at the next start.
func (g *Gateway) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	start := func(name string, run func(context.Context) error) {
		wg.Go(func() {
			if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	// The network is there until the answers to what was sent have been waited for.
	network, hangUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer hangUp(nil)
	if g.ss7 != nil && g.out.Network == nil {
		start("m3ua", func(context.Context) error { return g.ss7.m3ua.Run(network) })
		g.reachNetwork(ctx)
	}
	start("sessions", g.runtime.Run)
	for range workers {
		start("orders", func(ctx context.Context) error { g.lookups.run(ctx); return nil })
	}
	wait(ctx, g.runtime.Ready())
	delivered := make(chan struct{})
	if ctx.Err() == nil { // one after the other reads the store
		start("messages", func(ctx context.Context) error {
			defer close(delivered)
			return g.push.Run(ctx)
		})
	} else {
		close(delivered)
	}
	wait(ctx, g.push.Ready())
	for range workers {
		start("triggers", func(ctx context.Context) error { g.work(ctx); return nil })
	}
	start("receipts", g.postmen.run)
	start("relay", g.relay.Run)
	if g.results != nil {
		start("result notifications", g.results.Run)
	}
	start("reports", g.reports.Run)
	if g.web != nil {
		start("pap", func(ctx context.Context) error { return g.pap.Serve(ctx, g.web) })
	}
	if g.handsets != nil {
		start("iota", func(ctx context.Context) error { return g.callbacks.server.Serve(ctx, g.handsets) })
	}
	start("counters", g.logCounters)
	if g.listener != nil || g.secure != nil {
		start("status", g.sampling)
	}
	if g.asked != nil {
		start("status socket", func(ctx context.Context) error { return status.Serve(ctx, g.asked, g.Status) })
	}
	start("quotas", func(ctx context.Context) error { g.limits.keep(ctx, g.store); return nil })
	if g.listener != nil {
		start("smpp", func(ctx context.Context) error { return g.smpp.Serve(ctx, g.tracer.listen(g.listener)) })
	}
	if g.secure != nil {
		start("smpp over TLS", func(ctx context.Context) error { return g.smpp.Serve(ctx, g.tracer.listen(g.certs.listen(g.secure))) })
	}
	<-ctx.Done()
	<-delivered
	hangUp(context.Cause(ctx))
	wg.Wait()
	if g.ss7 != nil {
		// Nobody is left to take answers, so there is nothing to wait for: the
		// error of the ended context is all that Shutdown can say.
		_ = g.ss7.tcap.Shutdown(ctx)
	}
	err := context.Cause(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, g.closeStores())
}

// wait waits for ready, or for the end of ctx.
func wait(ctx context.Context, ready <-chan struct{}) {
	select {
	case <-ready:
	case <-ctx.Done():
	}
}

// reachTime is how long the sessions of an earlier run wait for the signalling
// network before they go on.
const reachTime = 5 * time.Second

// reachNetwork waits for an active association: recovered sessions send at
// once, and would use up their repetitions on a link that is not there yet.
func (g *Gateway) reachNetwork(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	if err := g.ss7.m3ua.WaitActive(ctx); err != nil {
		g.log.Warn().Err(err).Msg("no association is active yet")
	}
}

// nudge tells who writes to the back-end and to an account that there may be
// something to send.
func (g *Gateway) nudge(account string) {
	g.reports.Nudge()
	g.postmen.nudge(account)
}

// wakePostman tells who writes the receipts of messages to an account: they are many, and
// the other one would look into the store of sessions for each.
func (g *Gateway) wakePostman(account string) {
	g.postmen.nudgeLast(account)
}

// Bound is told by the SMPP server that an account has bound.
func (g *Gateway) Bound(b *smpp.BoundPeer) {
	g.binds.Of(b.Account()).Wake()
}

// Unbound is told that a bind has ended; its unanswered receipts come again.
func (g *Gateway) Unbound(*smpp.BoundPeer, smpp.Reason) {}
