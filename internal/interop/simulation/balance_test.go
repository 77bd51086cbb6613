package simulation

import (
	"fmt"
	"strings"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

func (w *world) orderOf(name string) *configs.Order {
	for _, s := range w.people {
		if s.order != nil && s.order.Name == name {
			return s.order
		}
	}
	return nil
}

// quiet tells whether nothing is left to do.
func (w *world) quiet() bool {
	w.store.mu.Lock()
	rest := len(w.store.live) + len(w.store.out)
	w.store.mu.Unlock()
	p := w.running()
	if rest > 0 || !w.ivr.settled() || p == nil || !p.ready.Load() {
		return false
	}
	messages, _ := p.gw.Messages()
	return p.gw.Live() == 0 && messages == 0 && w.centre.idle() && w.register.idle()
}

// balance holds everything against everything when all is over.
func (w *world) balance() {
	m, l := w.store, w.ledger
	if n := len(m.live); n > 0 {
		w.breach("%d sessions live on", n)
	}
	if n := len(m.corr); n > 0 {
		w.breach("%d correlations are left", n)
	}
	for _, r := range m.out {
		w.breach("a row for %s waits in the outbox until %s: session %s, attempt %d", r.Dest, r.next.Format(time.TimeOnly), l.name(r.ID), r.Attempt)
	}
	if p := w.running(); p == nil {
		w.breach("no gateway runs")
	} else {
		if n := p.gw.Loans(); n > 0 {
			w.breach("%d activation MINs are lent", n)
		}
		if live, known := p.gw.Messages(); live+known > 0 {
			w.breach("%d messages are on their way, and %d entries of them in the directory", live, known)
		}
	}
	if !w.centre.idle() || !w.register.idle() {
		w.breach("receipts or notifications are not answered")
	}
	l.messages()
	l.records(m.cdrs)
	keys := 0
	for _, e := range l.order {
		l.promise(e)
		l.attachment(e)
	}
	for _, k := range l.atAC {
		keys += l.temporary(k)
	}
	l.refusals()
	l.memories()
	if n := w.net.lab.MSC.Attached(); n != len(l.atMSC) {
		w.breach("the MSC has %d activation MINs attached, %d are accounted for", n, len(l.atMSC))
	}
	if n := w.net.lab.HLR.Temporary(); n != keys {
		w.breach("the AC has %d temporary A-keys, %d are accounted for", n, keys)
	}
	taken := 0
	for _, c := range l.calls {
		if !c.released {
			taken++
		}
	}
	if n := w.net.lab.MSC.Taken(); n != taken {
		w.breach("the MSC has %d TRNs taken, %d are accounted for", n, taken)
	}
}

// records: one for each session that was born, and none else.
func (l *ledger) records(all []cdr.Record) {
	count := map[string]int{}
	for i := range all {
		count[all[i].Session]++
	}
	for _, e := range l.order {
		if n := count[e.id.String()]; n != 1 && (e.over || e.promised || e.begun()) {
			l.w.breach("%s has %d records", e.name(), n)
		}
	}
}

// begun tells whether the session was more than a refusal.
func (e *entry) begun() bool { return e.min != "" || e.message != nil }

// promise: what was acknowledged has ended, and its receipt has come.
func (l *ledger) promise(e *entry) {
	if (e.promised || e.begun()) && !e.over {
		l.w.breach("%s was begun and has not ended", e.name())
		return
	}
	got := l.receipts[e.id.String()]
	if e.receipt != (len(got) > 0) {
		l.w.breach("%s: receipt ordered %t, %d came", e.name(), e.receipt, len(got))
	}
	good := e.record.Outcome == cdr.Done || e.record.Outcome == cdr.Partial
	if a := e.asked; a != nil && (a.receipt == 1 || a.receipt == 2 && !good) != (len(got) > 0) {
		l.w.breach("%s: registered_delivery %d, the record says %s, %d receipts came", e.name(), a.receipt, e.record.Outcome, len(got))
	}
	if len(got) == 0 {
		return
	}
	if delivered := got[0].state == smpp.MessageDelivered || got[0].state == smpp.MessageAccepted; good != delivered {
		l.w.breach("%s: the record says %s, the receipt %s", e.name(), e.record.Outcome, got[0].state)
	}
	if len(got) > 1 {
		l.w.count("receipts that came again")
	}
}

// attachment: a TRN that was attached is released, or the record says that it is not.
func (l *ledger) attachment(e *entry) {
	c := e.attached
	if c == nil || c.released {
		return
	}
	l.w.count("TRNs not released, as recorded")
	if d := e.record.Detail; !strings.Contains(d, "TRN not released") && !strings.Contains(d, "not everything was released") {
		l.w.breach("%s ended with %s, %q; its TRN %s is still attached", e.name(), e.record.Reason, d, e.trn)
	}
}

// temporary: the same for the temporary A-key.
func (l *ledger) temporary(k *aKey) int {
	if !k.there {
		return 0
	}
	e := k.by
	d := e.record.Detail
	switch {
	case k.stale:
		l.w.count("A-keys made by a late request")
	case strings.Contains(d, "A-key not released"), strings.Contains(d, "committing the A-key"), strings.Contains(d, "not everything was released"),
		strings.Contains(d, "the AC keeps the temporary A-key"):
		l.w.count("A-keys not released, as recorded")
	default:
		l.w.breach("%s ended with %s, %q; the AC keeps its temporary A-key", e.name(), e.record.Reason, d)
	}
	return 1
}

// refusals: whoever was refused for good finds it in a receipt, if he wanted
// one. That a record says so is looked at when the answer leaves.
func (l *ledger) refusals() {
	for _, t := range l.w.ivr.triggers {
		for _, ref := range t.refs {
			found := t.receipt == 0
			for id, got := range l.receipts {
				if got[0].ref == ref {
					v, err := sessions.ParseID(id)
					found = found || err == nil && l.entry(v).refusal
				}
			}
			if !found {
				l.w.breach("submission %s was refused, and no receipt says so", ref)
			}
		}
	}
}

// memories: a handset is as the last Commit has left it, and no order was
// carried out twice.
func (l *ledger) memories() {
	for _, s := range l.w.people {
		was, known := l.handsets[s.set]
		now := s.set.Memory()
		if d := was.Differs(&now); known && d != "" {
			l.w.breach("handset %d: its %s has changed without a Commit", s.n, d)
		}
	}
	done := map[string]int{}
	for _, e := range l.order {
		if e.order == "" {
			continue
		}
		if done[e.order]++; done[e.order] > 1 {
			l.w.breach("%s is carried out %d times", e.order, done[e.order])
		}
	}
}

// tally adds the run to the counts.
func (l *ledger) tally() {
	for _, e := range l.order {
		if e.over {
			l.w.count(fmt.Sprintf("outcome %s, %s", e.record.Outcome, e.record.Reason))
		}
	}
	l.w.counts["sessions, refused triggers among them"] += len(l.order)
}
