package push_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lab is a service on a store of its own, between a scripted centre and a
// scripted signalling network.
type lab struct {
	t      *testing.T
	cfg    configs.Push
	links  []configs.Link
	routes []configs.MessageRoute
	path   string
	centre *centre
	net    *network
	door   *door

	store    keeper
	svc      *push.Service
	cancel   context.CancelFunc
	done     chan error
	dial     func(string) push.Centre
	random   func(b []byte)
	patience time.Duration
	ahead    atomic.Int64 // of our clock, in nanoseconds
	now      func() time.Time
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, path: filepath.Join(t.TempDir(), "push.db"), centre: &centre{}, net: &network{}, door: &door{}}
	l.random = func(b []byte) { rand.Read(b) }
	l.now = func() time.Time { return time.Now().Add(time.Duration(l.ahead.Load())) }
	l.dial = func(string) push.Centre { return l.centre }
	c := configs.Default().Push
	c.Pause, c.MaxPause, c.Grace = 10*time.Millisecond, 50*time.Millisecond, time.Second
	l.links = []configs.Link{{
		Name: "smsc", URL: "smpp://centre.example", Window: 10, Response: time.Second, Way: "udh8", Octets: 140, Parts: 9, DataCoding: 4, Receipts: true,
		MessageID: "any", Doubt: time.Minute, Source: "2280", SlowDown: configs.Backoff{Min: 20 * time.Millisecond, Max: time.Second},
	}}
	c.SS7.HLR, c.SS7.MINOfMDN, c.SS7.SMSREQ, c.SS7.AskAgain = "hlr1", true, time.Second, time.Hour
	l.routes = []configs.MessageRoute{
		{Name: "network", To: []configs.Pattern{"555"}, Via: []configs.Via{{SS7: true, Weight: 1, Tier: 1}}}, viaLink("smsc"),
	}
	l.cfg = c
	return l
}

// soon makes what is in doubt end soon. Where a receipt is to end it, a busy
// machine must not be too late with that.
func soon(l *lab) { l.links[0].Doubt = 200 * time.Millisecond }

// viaLink is a route of all messages.
func viaLink(link string) configs.MessageRoute {
	return configs.MessageRoute{Name: "centre", Via: []configs.Via{{Link: link, Weight: 1, Tier: 1}}}
}

// start opens the store and runs a service on it.
func (l *lab) start() {
	l.t.Helper()
	l.run(l.openStore())
}

// keeper is a store that is closed.
type keeper interface {
	push.Store
	Close() error
}

// kept is a store of messages with the tables that it is beside.
type kept struct {
	*disk.Messages
	tables *sqlite.Store
}

func (k kept) Close() error { return errors.Join(k.Messages.Close(), k.tables.Close()) }

func (l *lab) openStore() keeper {
	l.t.Helper()
	tables, err := sqlite.Open(context.Background(), l.path, sqlite.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	store, err := disk.OpenMessages(context.Background(), tables, pages.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	return kept{store, tables}
}

func (l *lab) run(store keeper) {
	l.t.Helper()
	l.store = store
	routes, err := route.New(l.routes, (&configs.SMPP{}).Dictionary())
	if err != nil {
		l.t.Fatal(err)
	}
	l.svc, err = push.New(push.Config{
		Push: &l.cfg, Links: l.links, Routes: routes, HLR: sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 7), 6),
		MSCs:  map[string]sccp.Address{"msc1": sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 6), 8)},
		SMDPP: time.Second, Network: l.net, Store: store, Doors: map[string]push.Door{"test": l.door},
		Clock:  clock.Clock{Wall: l.now},
		Random: l.random, Shards: 2, Log: zerolog.Nop(),
		Dial: l.dial, Patience: l.patience,
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.centre.deliver = func(p *smpp.DeliverSM, r push.Replier) { l.svc.Deliver("smsc", p, r) }
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel, l.done = cancel, make(chan error, 1)
	svc := l.svc
	go func() { l.done <- svc.Run(ctx) }()
	<-l.svc.Ready()
	l.t.Cleanup(l.stop)
}

// stop ends the service and closes the store.
func (l *lab) stop() {
	if l.cancel == nil {
		return
	}
	l.cancel()
	if err := <-l.done; err != nil && !errors.Is(err, context.Canceled) {
		l.t.Error(err)
	}
	if err := l.store.Close(); err != nil && !errors.Is(err, errDead) {
		l.t.Error(err)
	}
	l.cancel = nil
}

var errDead = errors.New("dead")

// accept takes a message and waits for the answer.
func (l *lab) accept(to sessions.MDN, payload []byte, edit ...func(*push.Message)) (sessions.ID, error) {
	l.t.Helper()
	m := push.Message{
		To: to, Content: sms.Message{Payload: payload, Source: 9200, Destination: 2948},
		Origin: push.Origin{Door: "test", Account: "acme", Corr: "c1"},
	}
	for _, e := range edit {
		e(&m)
	}
	type answer struct {
		id  sessions.ID
		err error
	}
	got := make(chan answer, 1)
	if err := l.svc.Accept(&m, func(id sessions.ID, err error) { got <- answer{id, err} }); err != nil {
		return 0, err
	}
	a := <-got
	return a.id, a.err
}

func (l *lab) mustAccept(to sessions.MDN, payload []byte, edit ...func(*push.Message)) sessions.ID {
	l.t.Helper()
	id, err := l.accept(to, payload, edit...)
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// record waits for the record of a message.
func (l *lab) record(id sessions.ID) cdr.Record {
	l.t.Helper()
	var rec cdr.Record
	l.until("the message to end", func() bool {
		n := 0
		err := l.store.CDRs(context.Background(), cdr.Filter{Session: id.String()}, func(r cdr.Record) error {
			rec, n = r, n+1
			return nil
		})
		if err != nil {
			l.t.Fatal(err)
		}
		if n > 1 {
			l.t.Fatalf("%d records of one message", n)
		}
		return n == 1
	})
	return rec
}

// until waits for something that other goroutines do.
func (l *lab) until(what string, there func() bool) {
	l.t.Helper()
	if !testwait.For(time.Minute, there) {
		l.t.Fatalf("waited in vain for %s; %+v", what, l.svc.Stats())
	}
}

// door keeps the ends that it is told.
type door struct {
	mu   sync.Mutex
	ends []push.End
}

func (d *door) Report(e *push.End) (sessions.Outbox, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one, from := *e, *e.Origin // both are lent
	one.Origin = &from
	d.ends = append(d.ends, one)
	return sessions.Outbox{}, false
}

func (d *door) Reported(*push.End) {}

// centre is a message centre that does what its script says.
type centre struct {
	mu      sync.Mutex
	got     []smpp.SubmitSM
	next    int
	script  func(n int, p *smpp.SubmitSM) reaction
	deliver func(p *smpp.DeliverSM, r push.Replier)
	replies []smpp.Status // to our deliver_sm
}

// reaction is what the centre does with one submit_sm.
type reaction struct {
	refuse  error // SubmitAsync fails
	status  smpp.Status
	id      string // "" is the number of the message
	lost    bool   // no answer
	receipt func(id string, p *smpp.SubmitSM) *smpp.DeliverSM
	early   bool          // the receipt goes first
	silent  bool          // no answer and no error, ever
	held    chan struct{} // no answer before it is closed
}

func (c *centre) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	c.mu.Lock()
	n := c.next
	c.next++
	do := reaction{receipt: delivered}
	if c.script != nil {
		do = c.script(n, p)
	}
	if do.refuse != nil {
		c.mu.Unlock()
		return do.refuse
	}
	copied := *p
	copied.ShortMessage = slices.Clone(p.ShortMessage)
	copied.TLVs = slices.Clone(p.TLVs)
	c.got = append(c.got, copied)
	deliver := c.deliver
	c.mu.Unlock()
	id := do.id
	if id == "" {
		id = fmt.Sprint(1000 + n)
	}
	go func() {
		var receipt *smpp.DeliverSM
		if do.receipt != nil && do.status == smpp.StatusOK && copied.RegisteredDelivery != 0 {
			receipt = do.receipt(id, &copied)
		}
		if receipt != nil && do.early {
			deliver(receipt, c)
		}
		if do.held != nil {
			<-do.held
		}
		switch {
		case do.silent:
		case do.lost:
			done(0, nil, smpp.ErrResponseTimeout)
		default:
			done(do.status, &smpp.SubmitSMResp{MessageID: []byte(id)}, nil)
		}
		if receipt != nil && !do.early {
			deliver(receipt, c)
		}
	}()
	return nil
}

// Respond takes the answer to a receipt.
func (c *centre) Respond(s smpp.Status, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replies = append(c.replies, s)
}

func (c *centre) submitted() []smpp.SubmitSM {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.got)
}

func (c *centre) answered() []smpp.Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.replies)
}

// receipt is one of appendix B, without TLVs.
func receipt(stat string) func(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
	return func(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
		return &smpp.DeliverSM{
			ESMClass: smpp.ESMClassReceipt, SourceAddr: p.DestinationAddr, DestinationAddr: p.SourceAddr,
			ShortMessage: fmt.Appendf(nil, "id:%s sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 stat:%s err:000 text:", id, stat),
		}
	}
}

func delivered(id string, p *smpp.SubmitSM) *smpp.DeliverSM { return receipt("DELIVRD")(id, p) }

// network is a signalling network that answers as its script says.
type network struct {
	mu     sync.Mutex
	asked  []tcap.Invoke
	script func(n int, inv tcap.Invoke) (tcap.Outcome, error)
	wait   func(n int, inv tcap.Invoke) (tcap.Outcome, func()) // instead: the answer, and what it waits for
}

func (n *network) Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error) {
	n.mu.Lock()
	inv.Parameters = slices.Clone(inv.Parameters)
	n.asked = append(n.asked, inv)
	k := len(n.asked) - 1
	script, wait := n.script, n.wait
	n.mu.Unlock()
	if wait != nil {
		o, until := wait(k, inv)
		go func() {
			until()
			done(o)
		}()
		return 0, nil
	}
	o, err := script(k, inv)
	if err != nil {
		return 0, err
	}
	go done(o)
	return 0, nil
}

func (n *network) invokes() []tcap.Invoke {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.asked)
}
