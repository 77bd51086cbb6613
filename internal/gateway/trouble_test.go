package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// sick is a store that refuses changes while it is told to.
type sick struct {
	sessions.Store
	mu      sync.Mutex
	err     error
	refused int
	told    chan struct{} // closed at the refusal that is waited for
	after   int
}

// fall makes the store refuse with err; the channel is closed at the nth refusal.
func (s *sick) fall(err error, n int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err, s.refused, s.after, s.told = err, 0, n, make(chan struct{})
	return s.told
}

func (s *sick) recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = nil
}

func (s *sick) trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return nil
	}
	if s.refused++; s.refused == s.after {
		close(s.told)
	}
	return s.err
}

func (s *sick) Apply(c *sessions.Change, done func(sessions.Result)) {
	if err := s.trouble(); err != nil {
		done(sessions.Result{Err: err})
		return
	}
	s.Store.Apply(c, done)
}

// TestStoreFailsDuringSession: a session in work keeps its last state while
// the store fails and ends as ordered afterwards; what comes new is refused
// and leaves no trace.
func TestStoreFailsDuringSession(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status smpp.Status
	}{
		{"full", fmt.Errorf("%w: the disk is full", sessions.ErrStore), smpp.StatusSystemError},
		{"slow", fmt.Errorf("%w: too much waits", sessions.ErrBusy), smpp.StatusThrottled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			store := &sick{}
			fallen := make(chan (<-chan struct{}), 1)
			l := newLab(t, &sim.Script{Rules: []sim.Rule{{
				Step: "SSPR Download Request", Do: sim.Run, Func: func() { fallen <- store.fall(c.err, 3) },
			}}}, testOrder())
			store.Store = l.open()
			g := l.start(store)
			v := g.ivr()
			h := sim.NewHandset(sim.DefaultHandset())
			id := l.submit(v, "TRN="+l.dial(h).TRN, smpp.StatusOK)
			<-<-fallen
			if got := g.runtime.Stats(); got.Live != 1 || h.Commits() != 0 {
				t.Errorf("%+v, %d commits", got, h.Commits())
			}
			l.submit(v, "TRN=2222220077", c.status)                // would start
			l.submit(v, "TRN=2222220078;MDN=5550000000", c.status) // would be refused
			if got := g.mins.InUse(); got != 1 {
				t.Errorf("%d activation MINs are lent", got)
			}
			store.recover()
			if r := l.receipt(v, id); r.Stat != smpp.MessageDelivered {
				t.Errorf("%+v", r)
			}
			g.stop()
			if h.Commits() != 1 {
				t.Errorf("programmed %d times", h.Commits())
			}
			after := l.open()
			defer after.Close()
			recs := records(t, after)
			if len(recs) != 1 || recs[0].Session != id || recs[0].Outcome != cdr.Done {
				t.Errorf("%+v", recs)
			}
		})
	}
}

func apply(s sessions.Store, c sessions.Change) error {
	got := make(chan error, 1)
	s.Apply(&c, func(r sessions.Result) { got <- r.Err })
	return <-got
}

// TestDiskFull fills the file up to its limit.
func TestDiskFull(t *testing.T) {
	l := newLab(t, nil, testOrder())
	store, err := sqlite.Open(t.Context(), l.path, sqlite.Options{Pragmas: []string{"max_page_count(100)"}})
	if err != nil {
		t.Fatal(err)
	}
	g := l.start(store)
	v := g.ivr()
	var filling []sessions.ID // of any number, so that no page of the table keeps room
	for size := 2000; size > 0; size /= 2 {
		for refused := 0; refused < 100; {
			id := g.newID()
			if apply(store, sessions.Change{ID: id, Key: sessions.RefusalKey(id), State: make([]byte, size)}) == nil {
				filling = append(filling, id)
			} else {
				refused++
			}
		}
	}
	h := sim.NewHandset(sim.DefaultHandset())
	text := "TRN=" + l.dial(h).TRN
	l.submit(v, text, smpp.StatusSystemError)
	if used := g.mins.InUse(); used != 0 {
		t.Errorf("%d activation MINs are lent", used)
	}
	for _, id := range filling {
		if err := apply(store, sessions.Change{ID: id, Key: sessions.RefusalKey(id), Expect: 1, Finish: true}); err != nil {
			t.Fatal(err)
		}
	}
	if r := l.receipt(v, l.submit(v, text, smpp.StatusOK)); r.Stat != smpp.MessageDelivered {
		t.Errorf("%+v", r)
	}
	g.stop()
	after := l.open()
	defer after.Close()
	done := 0
	for _, r := range records(t, after) {
		switch {
		case r.Outcome == cdr.Done:
			done++
		case r.Outcome != cdr.Refused || r.Reason != "store-unavailable": // there may be room for a record where there is none for a session
			t.Errorf("%+v", r)
		}
	}
	if done != 1 {
		t.Errorf("%d sessions done", done)
	}
}

// TestLimits: more sessions than there may be, and more than there are
// activation MINs.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name, reason string
		limit        func(*configs.OTASP)
	}{
		{"sessions", "overload", func(o *configs.OTASP) { o.MaxSessions = 1 }},
		{"activation MINs", "no-activation-min", func(o *configs.OTASP) { o.ActivationMINs.Last = o.ActivationMINs.First }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hold := make(chan struct{})
			l := newLab(t, &sim.Script{Rules: []sim.Rule{{Step: "Protocol Capability Request", Do: sim.Run, Func: func() { <-hold }}}}, testOrder())
			c.limit(&l.cfg.OTASP)
			g := l.start(l.open())
			v := g.ivr()
			id := l.submit(v, "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN, smpp.StatusOK)
			l.submit(v, "TRN=2222220050;CORR=second", smpp.StatusThrottled)
			close(hold)
			l.receipt(v, id)
			if n := g.mins.InUse(); n != 0 {
				t.Errorf("%d activation MINs are lent", n)
			}
			g.stop()
			if r := refusalRecord(t, l, "second"); r.Reason != c.reason || r.Outcome != cdr.Refused {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestRequestQueueFull: triggers that no worker takes are throttled, and
// nothing is started or recorded for them.
func TestRequestQueueFull(t *testing.T) {
	l := newLab(t, nil)
	g, err := assemble(t.Context(), l.cfg, l.open(), Outside{}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer g.closeStores()
	for range requestQueue {
		g.requests <- request{}
	}
	ln := listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- g.smpp.Serve(ctx, ln) }()
	v, err := sim.DialIVR(t.Context(), sim.IVRConfig{Address: ln.Addr().String(), SystemID: "ivr", Password: ivrPassword})
	if err != nil {
		t.Fatal(err)
	}
	l.submit(v, "TRN=2222220000", smpp.StatusThrottled)
	if s := g.Stats(); s.Throttled != 1 || s.Started != 0 {
		t.Errorf("%+v", s)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	<-v.Done()
}

// TestTwoOnOneStore: a second gateway on the file of a running one is told so.
func TestTwoOnOneStore(t *testing.T) {
	l := newLab(t, nil)
	l.cfg.SMPP.Listen = "127.0.0.1:0"
	first, err := New(t.Context(), l.cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), l.cfg, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), l.path+" is in use by another process: stop that one first") {
		t.Errorf("%v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := New(t.Context(), l.cfg, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestNewFails: what keeps a gateway from opening is named, and nothing stays
// open behind it.
func TestNewFails(t *testing.T) {
	taken := listen(t)
	defer taken.Close()
	for _, c := range []struct {
		name, want string
		spoil      func(*configs.Config)
	}{
		{"port taken", "smpp.listen: ", func(c *configs.Config) { c.SMPP.Listen = taken.Addr().String() }},
		{"point code", "ss7.point_code", func(c *configs.Config) { c.SS7.PointCode = "300-1-1" }},
		{"TRN range", "ss7.mscs[msc1]", func(c *configs.Config) { c.SS7.MSCs[0].TRNRanges[0].First = "x" }},
		{"MSC", "ss7.mscs[msc1]", func(c *configs.Config) { c.SS7.MSCs[0].Route.PointCode = "" }},
		{"AC", "ss7.acs[hlr1]", func(c *configs.Config) { c.SS7.ACs[0].Route.PointCode = "x" }},
		{"activation MINs", "otasp.activation_mins", func(c *configs.Config) { c.OTASP.ActivationMINs.First = "1" }},
		{"SCTP address", "ss7.m3ua.peers[stp]", func(c *configs.Config) {
			c.SS7.M3UA.Peers[0].Transport, c.SS7.M3UA.Peers[0].Addresses = "sctp", []string{"host:2905"}
		}},
		{"network", "smpp.accounts[ivr]", func(c *configs.Config) { c.SMPP.Accounts[0].Networks = []string{"127.0.0.1"} }},
	} {
		l := newLab(t, nil)
		l.cfg.SMPP.Listen = "127.0.0.1:0"
		c.spoil(l.cfg)
		if _, err := New(t.Context(), l.cfg, zerolog.Nop()); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.name != "port taken" {
			if err := Check(l.cfg, zerolog.Nop()); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("check, %s: %v", c.name, err)
			}
		}
		l.with(func(*sqlite.Store) {})
	}
}

// failing orders are those of a back-end that cannot be asked.
type failingOrders struct{ orderSource }

func (failingOrders) find(context.Context, otasp.Query) (*otasp.Order, error) {
	return nil, errors.New("no connection")
}

// TestBackEndAway: a look-up that fails is repeated, and then the session ends
// with what was taken given back.
func TestBackEndAway(t *testing.T) {
	l := newLab(t, nil, testOrder())
	g, err := assemble(t.Context(), l.cfg, l.open(), Outside{}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	g.lookups.source = failingOrders{g.orders}
	g.listener = listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{Gateway: g, lab: l, cancel: cancel, done: make(chan error, 1)}
	go func() { r.done <- g.Run(ctx) }()
	v := r.ivr()
	id := l.submit(v, "TRN="+l.dial(sim.NewHandset(sim.DefaultHandset())).TRN, smpp.StatusOK)
	if rec := l.receipt(v, id); rec.Text != "back-end-unreachable" || rec.Err != "017" {
		t.Errorf("%+v", rec)
	}
	r.stop()
	store := l.open()
	defer store.Close()
	if err := l.left(store); err != nil {
		t.Error(err)
	}
}

// TestMSCUnreachable: an MSC that is configured and not there. The session
// ends by itself, and the record says that the TRN could not be released.
func TestMSCUnreachable(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil, testOrder())
	l.cfg.SS7.MSCs[0].Route.PointCode = "1-12-99"
	l.cfg.SS7.Timers.SMDPP = 100 * time.Millisecond
	g := l.start(l.open())
	v := g.ivr()
	id := l.submit(v, "TRN=2222220000;CORR=c", smpp.StatusOK)
	if r := l.receipt(v, id); r.Text != "msc-unreachable" || r.Err != "020" || r.Stat != smpp.MessageUndeliverable {
		t.Errorf("%+v", r)
	}
	if n := g.mins.InUse(); n != 0 {
		t.Errorf("%d activation MINs are lent", n)
	}
	g.stop()
	if r := refusalRecord(t, l, "c"); r.Outcome != cdr.Failed || !strings.Contains(r.Detail, "TRN not released") {
		t.Errorf("%+v", r)
	}
}
