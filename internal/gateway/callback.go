package gateway

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// callbacks stand between the HTTP server that handsets call back and the
// sessions: they know which document of a session is out, and so what a report means.
type callbacks struct {
	g      *Gateway
	server *rendezvous.Server

	mu    sync.Mutex
	talks map[sessions.ID]*talk // until end
}

// talk is the conversation with a handset.
type talk struct {
	out  *exchange // the document that went out last
	left bool      // the handset has given up: nothing can be sent to it any more
}

func newCallbacks(g *Gateway) (*callbacks, error) {
	c := &callbacks{g: g, talks: map[sessions.ID]*talk{}}
	var err error
	c.server, err = rendezvous.New(g.cfg.IOTA, c, rendezvous.Options{Log: g.log, Now: g.out.Clock.Now, Random: g.out.random})
	return c, err
}

var _ rendezvous.Sessions = (*callbacks)(nil)

// CalledBack tells a session that its handset is there.
func (c *callbacks) CalledBack(id sessions.ID, who rendezvous.Caller) error {
	return c.g.runtime.Post(id, otasp.Event{Kind: otasp.CalledBack, At: c.g.out.Clock.Now(), Terminal: terminalOf(who)})
}

func terminalOf(who rendezvous.Caller) *otasp.Terminal {
	if who.ESN == 0 && who.MEID == "" {
		return nil
	}
	return &otasp.Terminal{ESN: who.ESN, MEID: who.MEID}
}

var errNoDocument = errors.New("no such document is out")

// Reported tells a session what its handset has done.
func (c *callbacks) Reported(id sessions.ID, req uint16, m *iota.Message) error {
	k, x := c.about(id, req)
	switch {
	case x == nil:
		return errNoDocument
	case !x.fits(m):
		return rendezvous.ErrMismatch
	}
	ev := x.readReport(m)
	ev.At = c.g.out.Clock.Now()
	leaves := m.Report.Status == iota.StatusError
	c.leaves(k, leaves) // before the session says what comes next
	err := c.g.runtime.Post(id, ev)
	if err != nil && leaves { // it has not been heard
		c.leaves(k, false)
	}
	return err
}

// about is the conversation and the document that a report is about, if that is out.
func (c *callbacks) about(id sessions.ID, req uint16) (*talk, *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.talks[id]
	if k == nil || k.out.req != req {
		return nil, nil
	}
	return k, k.out
}

func (c *callbacks) leaves(k *talk, left bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k.left = left
}

// Broken tells a session that its handset will not come any more.
func (c *callbacks) Broken(id sessions.ID, req uint16, why string) {
	ev := broken(req, why)
	ev.At = c.g.out.Clock.Now()
	c.g.post(id, ev)
}

// expect lets the handset of a session that is loaded call.
func (c *callbacks) expect(s *call) { c.server.Expect(sessions.ID(s.id), expectedOf(s)) }

// document gives the handset what it is to do next. One that wants no report is
// done with that.
func (c *callbacks) document(id sessions.ID, e *effect) {
	last := e.exchange.kind == otasp.Disconnect
	if c.sets(id, e.exchange) && !last {
		c.Broken(id, e.req, "the handset has given up")
		return
	}
	c.server.Document(id, e.req, e.exchange.doc)
	if last {
		c.g.post(id, otasp.Event{Kind: otasp.MMCDone, Req: e.req, At: c.g.out.Clock.Now()})
	}
}

// sets makes a document the one that is out, and tells whether the handset has
// left before.
func (c *callbacks) sets(id sessions.ID, x *exchange) (left bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.talks[id]
	if k == nil {
		k = &talk{}
		c.talks[id] = k
	}
	k.out = x
	return k.left
}

// end forgets a session.
func (c *callbacks) end(id sessions.ID) {
	c.mu.Lock()
	delete(c.talks, id)
	c.mu.Unlock()
	c.server.End(id)
}

// The refusals of a handset that came by itself.
var (
	bootUnknown = &rendezvous.Refusal{Status: http.StatusNotFound, Reason: "nothing is ordered for this handset"}
	bootDone    = &rendezvous.Refusal{Status: http.StatusForbidden, Reason: "this handset is activated already"}
	bootBusy    = &rendezvous.Refusal{Status: http.StatusConflict, Reason: "this handset is being programmed"}
	bootOrder   = &rendezvous.Refusal{Status: http.StatusForbidden, Reason: "the order does not fit this handset"}
	bootTrouble = &rendezvous.Refusal{Status: http.StatusServiceUnavailable, Reason: "try again later"}
)

// Boot begins the session of a handset that came by itself: one that is known
// by its ESN or MEID, and for which an order is open.
func (c *callbacks) Boot(ctx context.Context, who rendezvous.Caller) (sessions.ID, iota.Token, error) {
	g := c.g
	o, no := c.ordered(ctx, who)
	if no != nil {
		g.counts.refused.Add(1)
		return 0, iota.Token{}, no
	}
	mdn, err := sessions.ParseMDN(o.MDN)
	if err != nil {
		return 0, iota.Token{}, bootOrder
	}
	id, now := g.newID(), g.out.Clock.Now()
	t := otasp.Trigger{Start: otasp.ByHandset, ESN: who.ESN, MEID: who.MEID, OrderName: o.Name, Options: g.options(), Rand: g.random32()}
	state := call{id: uint64(id), origin: origin{Source: address{Addr: who.Addr.String()}}, began: now, token: g.newToken()}
	done := make(chan sessions.Result, 1)
	err = g.runtime.Create(sessions.Create[call, otasp.Event]{
		ID: id, Key: mdn.Key(), State: &state, Event: otasp.Event{Kind: otasp.Start, At: now, Trigger: &t},
	}, func(r sessions.Result) { done <- r })
	if err == nil {
		select {
		case r := <-done:
			err = r.Err
		case <-ctx.Done():
			return 0, iota.Token{}, bootTrouble
		}
	}
	switch {
	case err == nil:
		g.counts.started.Add(1)
		return id, state.token, nil
	case errors.Is(err, sessions.ErrKeyTaken):
		return 0, iota.Token{}, bootBusy
	case errors.Is(err, sessions.ErrBusy):
		return 0, iota.Token{}, err
	}
	return 0, iota.Token{}, bootTrouble
}

// ordered is the open order of a handset.
func (c *callbacks) ordered(ctx context.Context, who rendezvous.Caller) (*otasp.Order, error) {
	q := otasp.Query{ESN: who.ESN, MEID: who.MEID}
	o, err := c.g.orders.find(ctx, q)
	switch {
	case err != nil:
		return nil, bootTrouble
	case o != nil:
		return o, nil
	}
	for _, by := range queries(q) {
		if _, err := c.g.store.FindOrder(ctx, by); err == nil { // find has passed over it: it is done
			return nil, bootDone
		}
	}
	return nil, bootUnknown
}

// newToken is a token of 16 random octets.
func (g *Gateway) newToken() iota.Token {
	var b [16]byte
	g.out.random(b[:])
	t, _ := iota.NewToken(b[:]) // the length is right
	return t
}

// expectedOf is who may call about a session.
func expectedOf(c *call) rendezvous.Expected {
	s := &c.otasp
	e := rendezvous.Expected{Token: c.token, ESN: s.Terminal.ESN, MEID: s.Terminal.MEID, Called: true}
	// Where the handset is to get another number, or is not known by any, the
	// network may say either of it.
	if t := &s.Trigger; t.TRN == "" && (t.OldMDN == "" || t.OldMDN == t.MDN) {
		e.MDN = t.MDN
	}
	if s.Phase == otasp.PhaseInvite {
		e.Called, e.Until = false, s.Deadline
	}
	return e
}
