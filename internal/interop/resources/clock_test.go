//go:build interop && linux && (amd64 || arm64)

package resources

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// clockGateway is a gateway in this process, with a wall clock of its own and
// its real store and signalling. Its IVR is a function call.
type clockGateway struct {
	*gateway.Gateway
	l      *lab
	store  *sqlite.Store
	log    *lines
	offset atomic.Int64
	stop   func()

	mu       sync.Mutex
	receipts map[string]string // by session: their state and text
	deaf     atomic.Bool       // nobody takes receipts
}

// Transfer and its kin make the gateway the user of an M3UA client that is made
// before it.
func (c *clockGateway) Transfer(t mtp.Transfer) { c.Gateway.Transfer(t) }
func (c *clockGateway) Pause(mtp.PointCode)     {}
func (c *clockGateway) Resume(mtp.PointCode)    {}
func (c *clockGateway) Status(mtp.Status)       {}

// SendDeliverSM takes a receipt.
func (c *clockGateway) SendDeliverSM(p *smpp.DeliverSM, done func(smpp.Status, error)) error {
	r, err := smpp.ParseReceipt(p.ShortMessage, time.UTC)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.receipts[r.ID] += fmt.Sprintf("%v %s.", r.Stat, r.Text)
	c.mu.Unlock()
	done(smpp.StatusOK, nil)
	return nil
}

func (c *clockGateway) SendDataSM(*smpp.DataSM, func(smpp.Status, error)) error {
	return errors.New("no message comes here")
}

func (c *clockGateway) Version() smpp.Version { return smpp.Version34 }
func (c *clockGateway) Room() int             { return 10 }

func (c *clockGateway) receipt(session string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.receipts[session]
}

func startClockGateway(l *lab) *clockGateway {
	l.t.Helper()
	cfg, err := configs.Load(l.config)
	if err != nil {
		l.t.Fatal(err)
	}
	orders, err := configs.LoadOrders(filepath.Join(l.dir, "orders.yaml"))
	if err != nil {
		l.t.Fatal(err)
	}
	c := &clockGateway{l: l, log: &lines{}, receipts: map[string]string{}}
	if c.store, err = sqlite.Open(l.t.Context(), cfg.Store.Path, sqlite.Options{}); err != nil {
		l.t.Fatal(err)
	}
	if err := gateway.ImportOrders(l.t.Context(), c.store, orders); err != nil {
		l.t.Fatal(err)
	}
	rc, na := uint32(100), uint32(1)
	net := m3ua.NewClient(m3ua.ClientConfig{
		Name: "clock", RoutingContext: []uint32{rc}, NetworkAppearance: &na, TrafficMode: m3ua.Loadshare,
		Peers: []m3ua.PeerConfig{{Name: "sim", Dial: func(ctx context.Context) (m3ua.Association, error) { return sctp.DialTCP(ctx, m3uaAddr) }}},
	}, c, zerolog.Nop())
	c.Gateway, err = gateway.Inside(cfg, c.store, gateway.Outside{
		Clock:   clock.Clock{Wall: func() time.Time { return time.Now().Round(0).Add(time.Duration(c.offset.Load())) }},
		Network: net,
		Receivers: func(string) []binds.Receiver {
			if c.deaf.Load() {
				return nil
			}
			return []binds.Receiver{c}
		},
	}, zerolog.New(c.log))
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- net.Run(ctx) }()
	go func() { ended <- c.Run(ctx) }()
	c.stop = sync.OnceFunc(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				l.t.Error(err)
			}
		}
	})
	l.t.Cleanup(func() {
		c.stop()
		if l.t.Failed() {
			l.t.Logf("the gateway said:\n%s", tail(c.log.String()))
		}
	})
	<-c.Loaded()
	if err := net.WaitActive(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	return c
}

// submitted is what waits for a submit_sm_resp.
type submitted chan [2]string

func (r submitted) Respond(s smpp.Status, id string) { r <- [2]string{s.String(), id} }

func (c *clockGateway) trigger(call *caller) (status, session string) {
	c.l.t.Helper()
	r := make(submitted, 1)
	c.Submit("ivr", &smpp.SubmitSM{
		DestinationAddr: []byte("*228"), RegisteredDelivery: 1,
		ShortMessage: fmt.Appendf(nil, "TRN=%s;CORR=call-%d", call.call.TRN, call.n),
	}, r)
	select {
	case a := <-r:
		return a[0], a[1]
	case <-time.After(patience):
		c.l.t.Fatal("no answer to a trigger")
		return "", ""
	}
}

func (c *clockGateway) taken(callers []*caller) {
	c.l.t.Helper()
	for _, x := range callers {
		var status string
		if status, x.session = c.trigger(x); status != smpp.StatusOK.String() {
			c.l.t.Fatalf("caller %d: %s", x.n, status)
		}
	}
}

// delivered waits for the receipts of callers, and returns how long it took.
func (c *clockGateway) delivered(callers []*caller) time.Duration {
	c.l.t.Helper()
	began := time.Now()
	for _, x := range callers {
		eventually(c.l.t, "the receipt of session "+x.session, func() bool { return c.receipt(x.session) != "" })
		if got, want := c.receipt(x.session), fmt.Sprintf("%v ok.", smpp.MessageDelivered); got != want {
			c.l.t.Errorf("caller %d: receipt %q", x.n, got)
		}
	}
	c.l.programmed(callers)
	return time.Since(began)
}

// TestClock sets the wall clock while sessions wait for an answer, receipts for
// a bind, and activation MINs rest.
func TestClock(t *testing.T) {
	for _, jump := range []time.Duration{-time.Hour, time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			done, must := "clock back an hour", ""
			if jump > 0 {
				done = "clock forward an hour"
			}
			must = "sessions in work keep the time they had (asked again after 1 s, given up after 5 min): none waits an hour more, none ends; receipts that wait for a bind go out when there is one; a repeated trigger is known"
			if jump > 0 {
				must = "sessions in work keep the time they had: none ends for it; receipts that wait for a bind go out when there is one; what a trigger is known by (15 min) is forgotten, so that it begins a session when it is repeated, which programs nobody"
			}
			p := promises(t, done+" (the gateway in the test's process, since a process has no clock of its own): while sessions wait for an answer, and receipts for a bind", must)
			const each = 10
			l := newLab(t, options{callers: 3 * each})
			c := startClockGateway(l)
			work, unheard, later := l.callers[:each], l.callers[each:2*each], l.callers[2*each:]
			c.deaf.Store(true)
			c.taken(unheard)
			eventually(t, "they are done", func() bool { return c.Live() == 0 })
			l.held.Store(true)
			c.taken(work)
			eventually(t, "they wait for an answer", func() bool { return l.lost.Load() >= each })

			c.offset.Add(int64(jump))
			l.held.Store(false)
			c.deaf.Store(false)
			took := max(c.delivered(work), c.delivered(unheard))
			c.taken(later)
			c.delivered(later)
			status, again := c.trigger(work[0])
			switch {
			case jump < 0 && again != work[0].session:
				t.Errorf("the trigger again: %s, session %q, first %s", status, again, work[0].session)
			case jump > 0:
				eventually(t, "its session ends", func() bool { return c.Live() == 0 })
			}
			l.programmed(work)
			if n := c.Loans(); n != 0 {
				t.Errorf("%d activation MINs stay lent", n)
			}
			records := 0
			if err := c.store.CDRs(t.Context(), cdr.Filter{}, func(r cdr.Record) error {
				if r.Outcome == cdr.Done {
					records++
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			if records != len(l.callers) {
				t.Errorf("%d records of sessions that are done, not %d", records, len(l.callers))
			}
			p.was("%d sessions go on and %d receipts go out within %s; %d more activations; no handset is programmed twice", each, each, took.Round(100*time.Millisecond), each)
		})
	}
}
