package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// timerSession is the life of a whole session.
const timerSession sessions.TimerKind = 1

// flow is the OTASP flow as the runtime drives it.
type flow struct {
	routes  *routes
	backend *configs.Backend // that is told; nil is nobody
	orders  orderSource
	do      *performer
	mins    *sessions.Pool
	expect  func(*call) // a handset may call about a session; nil without iota
	steps   sync.Pool   // of *[]otasp.Effect, which are large
}

var _ sessions.Flow[call, otasp.Event, effect] = (*flow)(nil)

// Step runs the machine and sorts its effects: durable ones into the
// transaction, the others, composed to the last octet, into out.
func (f *flow) Step(c *call, ev otasp.Event, tx *sessions.Tx, out []effect) []effect {
	buf, _ := f.steps.Get().(*[]otasp.Effect)
	if buf == nil {
		buf = new([]otasp.Effect)
	}
	before := &c.otasp
	way, over := before.Way, before.OverMMC()
	c.otasp, *buf = c.otasp.Step(ev, (*buf)[:0])
	for i := range *buf {
		out = f.sort(c, &(*buf)[i], ev.At, tx, out)
	}
	if p := c.otasp.Phase; p == otasp.PhaseInvite || p == otasp.PhaseAway {
		tx.Rest() // for days, maybe
	}
	if over && c.otasp.Way != way {
		out = append(out, effect{kind: doEnd})
	}
	out = c.hungUp(tx, out)
	if len(*buf) == 1 && (*buf)[0].Repeatable {
		tx.Volatile()
	}
	clear(*buf)
	f.steps.Put(buf)
	return out
}

// hungUp gives back what a call was lent, as soon as the session goes on without
// it: a handset may take days to call back, and the MSC lends its TRN again.
func (c *call) hungUp(tx *sessions.Tx, out []effect) []effect {
	s := &c.otasp
	t := &s.Trigger
	if !s.OverMMC() || t.ActivationMIN == "" || s.Phase <= otasp.PhaseDetach || s.Over() {
		return out
	}
	tx.Uncorrelate(sessions.Corr{Kind: sessions.CorrTRN, ID: t.TRN})
	tx.Uncorrelate(sessions.Corr{Kind: sessions.CorrActivationMIN, ID: t.ActivationMIN})
	out = append(out, effect{kind: doReturn, min: t.ActivationMIN})
	t.ActivationMIN = ""
	return out
}

func (f *flow) sort(c *call, e *otasp.Effect, at time.Time, tx *sessions.Tx, out []effect) []effect {
	switch e.Kind {
	case otasp.SetTimer:
		tx.Timer(timerSession, e.At)
	case otasp.TakeMDN:
		// Order.Suits lets through what this reads; the key of anything else is
		// one that no store takes.
		mdn, _ := sessions.ParseMDN(e.MDN)
		tx.MoveTo(mdn.Key())
		tx.OrderOpen(c.orderRef())
	case otasp.Report:
		f.report(c, e.Result, at, tx)
		out = append(out, effect{kind: doForget, min: c.otasp.Trigger.ActivationMIN, account: c.origin.Account, result: e.Result})
	case otasp.Anomaly:
		out = append(out, effect{kind: doAnomaly, note: e.Note})
	case otasp.AwaitHandset:
		out = append(out, effect{kind: doAwait, min: c.otasp.Terminal.MIN})
	case otasp.Resolve:
		out = append(out, effect{kind: doResolve, req: e.Req, query: e.Query, attempt: e.Attempt})
	case otasp.Invite:
		out = append(out, effect{kind: doInvite, req: e.Req, invitation: invitationOf(c, e), expected: expectedOf(c)})
	default:
		if c.otasp.OverMMC() {
			if x := composeMMC(&c.otasp, e); x != nil {
				return append(out, effect{kind: doDocument, req: e.Req, exchange: x})
			}
		}
		out = append(out, f.routes.compose(c, e))
	}
	return out
}

// report writes the end of a session: CDR, receipt and order mark go with the
// deletion of the session into one commit.
func (f *flow) report(c *call, r otasp.Result, at time.Time, tx *sessions.Tx) {
	rec := record(c, r, at)
	tx.CDR(rec)
	if row, wanted := receiptRow(c.id, &c.origin, verdictOf(r), at, c.began); wanted {
		tx.Send(row)
	}
	if f.backend != nil && c.otasp.HasOrder {
		if row, wanted := reportOf(c, r, &rec).Row(f.backend); wanted {
			tx.Send(row)
		}
	}
	if r.Committed {
		tx.OrderDone(c.orderRef())
	}
	tx.Finish()
}

// reportOf is what the back-end is told: the record, and what only it asks for.
func reportOf(c *call, r otasp.Result, rec *cdr.Record) *backend.Report {
	s := &c.otasp
	return &backend.Report{
		Session: rec.Session, Flow: rec.Flow, Order: s.Order.Name,
		MDN: rec.MDN, OldMDN: rec.OldMDN, OldMIN: rec.OldMIN, NewMIN: rec.NewMIN, ESN: rec.ESN, MEID: rec.MEID, PRL: heldList(s, r),
		Activated: r.Committed && s.Order.NAM != nil && (s.Trigger.TRN != "" || s.Trigger.Start == otasp.ByHandset),
		Outcome:   string(rec.Outcome), Reason: rec.Reason, Ways: rec.Ways, Found: rec.Found, Started: rec.Started, Ended: rec.Ended,
	}
}

// heldList is the number of the roaming list that the handset has now, as far as
// it is known.
func heldList(s *otasp.Session, r otasp.Result) string {
	switch {
	case s.Order.PRL != nil && (r.Committed && slices.Contains(s.Parts(), "prl") || slices.Contains(s.Same(), "prl")):
		return strconv.Itoa(int(s.Order.PRL.ID))
	case s.Handset.HasPRL && s.Handset.CurPRL != 0 && r.Reason != otasp.ReasonCommitInDoubt:
		return strconv.Itoa(int(s.Handset.PRLID))
	}
	return ""
}

func (c *call) orderRef() sessions.OrderRef {
	return sessions.OrderRef{Name: c.otasp.Order.Name, Revision: c.otasp.Order.Revision}
}

// The words of CARRIERS.
const (
	carrierIOTA = "iota"
	carrierSS7  = "otapa-ss7"
)

// wayNames are what records call the ways, as CARRIERS does.
var wayNames = [...]string{otasp.ByUser: flowOTASP, otasp.ByNetwork: carrierSS7, otasp.ByCallback: carrierIOTA, otasp.ByHandset: carrierIOTA}

// waysOf tells what was tried and how it ended, where there was more than one way.
func waysOf(s *otasp.Session, r otasp.Result) (all []string) {
	if len(s.Trigger.Ways) == 0 {
		return nil
	}
	for _, a := range s.Attempts {
		way := wayNames[a.Way] + ": " + string(a.Reason)
		if a.Detail != "" {
			way += " (" + a.Detail + ")"
		}
		all = append(all, way)
	}
	return append(all, wayNames[s.Way]+": "+string(r.Reason))
}

// flowNames are what records call the flow.
var flowNames = [...]string{otasp.ByUser: flowOTASP, otasp.ByNetwork: flowOTAPA, otasp.ByCallback: flowIOTA, otasp.ByHandset: flowIOTA}

func record(c *call, r otasp.Result, at time.Time) cdr.Record {
	s := &c.otasp
	rec := cdr.Record{
		Session: sessions.ID(c.id).String(), Flow: flowNames[s.Trigger.Start],
		Trigger: cdr.Trigger{Account: c.origin.Account, Source: c.origin.Source.Addr, Destination: c.origin.Destination.Addr, Corr: c.origin.Corr},
		MDN:     s.MDN(), TRN: s.Trigger.TRN, MSC: s.Trigger.MSC, MEID: s.Terminal.MEID,
		OldMIN: s.Handset.MIN, OldMDN: s.Handset.MDN,
		Started: c.began, Ended: at,
		Outcome: cdr.Outcome(r.Outcome.String()), Reason: string(r.Reason), Detail: r.Detail,
		Steps: s.Parts(), Recovered: int(s.Recoveries), Attempts: 1 + len(s.Attempts), Ways: waysOf(s, r),
	}
	if s.Terminal.ESN != 0 {
		rec.ESN = ansi41.ESN(s.Terminal.ESN).String()
	}
	if s.Order.ReadOut {
		rec.Found = found(&s.Handset)
	}
	if r.Committed {
		rec.NewMIN = s.Order.MIN()
		rec.NewIMSI = s.Order.IMSI()
	}
	if s.Handset.HasPRL {
		rec.OldPRL = strconv.Itoa(int(s.Handset.PRLID))
	}
	if s.Order.PRL != nil {
		rec.NewPRL = strconv.Itoa(int(s.Order.PRL.ID))
	}
	for _, k := range r.Skipped {
		rec.Skipped = append(rec.Skipped, k.Part+": "+k.Why)
	}
	switch verdictOf(r).state {
	case smpp.MessageRejected:
		rec.Outcome = cdr.Refused
	case smpp.MessageUnknown:
		rec.Outcome = cdr.Unknown
	}
	return rec
}

func (f *flow) AppendState(dst []byte, c *call) ([]byte, error) { return c.append(dst) }

// DecodeState also fills in the roaming list, which is stored once by name and
// not with every session, takes the activation MIN out of the pool, and lets the
// handset call back: after a restart one may come before the session has stepped.
func (f *flow) DecodeState(b []byte) (call, error) {
	var c call
	if err := c.decode(b); err != nil {
		return c, err
	}
	// An error means that the pool was configured anew and does not lend this
	// number any more, which is as good as reserved.
	if min := c.otasp.Trigger.ActivationMIN; min != "" {
		_ = f.mins.Reserve(min)
	}
	if err := f.orders.fill(&c.otasp.Order); err != nil {
		// Not a fault of the state: who loads it is to come again.
		return c, fmt.Errorf("%w: its roaming list: %w", sessions.ErrStore, err)
	}
	if s := &c.otasp; f.expect != nil && s.OverMMC() && s.Phase >= otasp.PhaseInvite && !s.Over() {
		f.expect(&c)
	}
	return c, nil
}

func (f *flow) Timeout(_ sessions.TimerKind, at time.Time) otasp.Event {
	return otasp.Event{Kind: otasp.Expired, At: at}
}

func (f *flow) Recovered(at time.Time) otasp.Event {
	return otasp.Event{Kind: otasp.Recovered, At: at}
}

func (f *flow) Refused(cause error, at time.Time) otasp.Event {
	if errors.Is(cause, sessions.ErrOrderChanged) {
		return otasp.Event{Kind: otasp.OrderChanged, At: at}
	}
	return otasp.Event{Kind: otasp.Refused, At: at}
}

func (f *flow) Perform(ref sessions.Ref, effects []effect) {
	for i := range effects {
		f.do.perform(ref, &effects[i])
	}
}
