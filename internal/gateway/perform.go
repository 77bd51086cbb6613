package gateway

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// invoker sends one invoke and tells what became of it.
type invoker interface {
	Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error)
}

// mailer gives an event to a live session.
type mailer interface {
	Post(id sessions.ID, ev otasp.Event) error
}

// performer carries out the effects of committed steps. Nothing in it blocks:
// it runs on the shards of the runtime.
type performer struct {
	net       invoker
	mail      mailer
	lookups   *lookups
	mins      *sessions.Pool
	awaiting  *awaiting
	callbacks *callbacks // nil without iota
	mscAt     func(*ansi41.Digits) string
	counts    *counters
	nudge     func(account string)
	clock     clock.Clock
	log       zerolog.Logger

	contradictions rate.Sometimes // bounds a line of the log
}

func (p *performer) perform(ref sessions.Ref, e *effect) {
	switch e.kind {
	case doInvoke:
		p.invoke(ref, e)
	case doResolve:
		p.lookups.ask(ref.ID, e.req, e.query, p.post)
	case doFail:
		p.fail(ref, e, otasp.PeerRefused, e.note)
	case doAwait:
		p.awaiting.add(e.min, ref.ID)
	case doInvite, doDocument, doEnd:
		p.callback(ref, e)
	case doReturn:
		p.mins.Release(e.min)
	case doForget:
		p.forget(ref, e)
	case doAnomaly:
		p.counts.anomalies.Add(1)
		p.log.Warn().Stringer("session", ref.ID).Str("what", e.note).Msg("anomaly")
	}
}

// callback does what a session of call-backs wants. It may be of a time when they
// were configured.
func (p *performer) callback(ref sessions.Ref, e *effect) {
	const why = "call-backs are not configured any more"
	switch c := p.callbacks; {
	case c == nil && e.kind == doInvite:
		p.fail(ref, e, otasp.NotReached, why)
	case c == nil && e.kind == doDocument:
		p.fail(ref, e, otasp.HandsetGone, why)
	case c == nil:
	case e.kind == doInvite:
		c.invite(ref.ID, e)
	case e.kind == doDocument:
		c.document(ref.ID, e)
	default:
		c.end(ref.ID)
	}
}

func (p *performer) invoke(ref sessions.Ref, e *effect) {
	inv := tcap.Invoke{
		Called: e.called, Operation: ansi.PrivateOperation(uint8(e.op)),
		Parameters: e.params, Timeout: e.timeout,
	}
	q := question{e.wants, e.req, e.who, p.mscAt}
	_, err := p.net.Invoke(inv, func(o tcap.Outcome) {
		p.counts.outcome(o.Kind)
		o.Parameters = bytes.Clone(o.Parameters) // they are borrowed, and the event is read later
		ev := q.answer(o, p.clock.Now())
		if ev.Failure.Detail == otherHandset {
			p.contradicted(ref, inv.Called)
		}
		p.post(ref.ID, ev)
	})
	if err != nil {
		p.counts.notSent.Add(1)
		p.log.Warn().Stringer("session", ref.ID).Stringer("operation", ansi41.Operation(e.op)).Err(err).Msg("not sent")
		p.fail(ref, e, otasp.NotReached, "not sent: "+err.Error())
	}
}

// contradicted counts an answer that names another handset than its session,
// and logs one a minute.
func (p *performer) contradicted(ref sessions.Ref, asked sccp.Address) {
	p.counts.contradicted.Add(1)
	p.contradictions.Do(func() {
		p.log.Warn().Stringer("session", ref.ID).Str("asked", asked.Masked()).Msg(otherHandset)
	})
}

// pause is how long the machine waits before it hears that nothing could be
// sent: without it, it would use up its repetitions within a millisecond.
func pause(attempt uint8) time.Duration {
	return min(time.Second<<min(attempt, 4), 10*time.Second)
}

func (p *performer) fail(ref sessions.Ref, e *effect, class otasp.FailureClass, why string) {
	id, req := ref.ID, e.req
	p.clock.After(pause(e.attempt), func() {
		p.post(id, otasp.Event{Kind: otasp.Failed, Req: req, At: p.clock.Now(), Failure: otasp.Failure{Class: class, Detail: why}})
	})
}

// post gives the machine its event. A full mailbox is tried again: the answer
// is all the session waits for. One that has ended meanwhile needs none.
func (p *performer) post(id sessions.ID, ev otasp.Event) {
	err := p.mail.Post(id, ev)
	switch {
	case err == nil:
	case errors.Is(err, sessions.ErrBusy):
		p.counts.postponed.Add(1)
		p.clock.After(50*time.Millisecond, func() { p.post(id, ev) })
	default:
		p.counts.late.Add(1)
	}
}

func (p *performer) forget(ref sessions.Ref, e *effect) {
	if e.min != "" {
		p.mins.Release(e.min)
	}
	p.awaiting.remove(ref.ID)
	if p.callbacks != nil {
		p.callbacks.end(ref.ID)
	}
	p.nudge(e.account)
	p.counts.ended(e.result)
	p.log.Info().Stringer("session", ref.ID).Str("key", ref.Key.Masked()).
		Stringer("outcome", e.result.Outcome).Str("reason", string(e.result.Reason)).
		Str("detail", e.result.Detail).Msg("session ended")
}

// lookups asks the back-end on goroutines of its own, as it may block.
type lookups struct {
	source orderSource
	clock  clock.Clock
	queue  chan lookup
	wait   time.Duration
}

type lookup struct {
	id    sessions.ID
	req   uint16
	query otasp.Query
	post  func(sessions.ID, otasp.Event)
}

func newLookups(source orderSource) *lookups {
	return &lookups{source: source, queue: make(chan lookup, 1024), wait: 10 * time.Second}
}

func (l *lookups) ask(id sessions.ID, req uint16, q otasp.Query, post func(sessions.ID, otasp.Event)) {
	select {
	case l.queue <- lookup{id, req, q, post}:
	default:
		l.clock.After(time.Second, func() {
			post(id, otasp.Event{Kind: otasp.Failed, Req: req, At: l.clock.Now(),
				Failure: otasp.Failure{Class: otasp.StoreTrouble, Detail: "too many look-ups wait"}})
		})
	}
}

// run answers look-ups until ctx ends.
func (l *lookups) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-l.queue:
			q.post(q.id, l.answer(ctx, q))
		}
	}
}

func (l *lookups) answer(ctx context.Context, q lookup) otasp.Event {
	ctx, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	ev := otasp.Event{Kind: otasp.Resolved, Req: q.req, At: l.clock.Now()}
	o, err := l.source.find(ctx, q.query)
	if err != nil {
		ev.Kind = otasp.Failed
		ev.Failure = otasp.Failure{Class: otasp.StoreTrouble, Detail: err.Error()}
		return ev
	}
	ev.Order = o
	return ev
}
