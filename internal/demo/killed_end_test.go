package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

// killedEnd is how a story has ended.
type killedEnd struct {
	class     string // outcome and reason
	outcome   cdr.Outcome
	recovered int
	names     map[moment]string // the messages that have passed
	store     []byte            // before all
	killed    bool
	mute      time.Duration // how long the handset has waited, at most, after the kill
}

// slow tells whether the handset may have waited too long.
func (e *killedEnd) slow() bool { return e.mute >= lifeSlow }

// neverBegan is the end of a session that never began: neither the gateway nor the
// handset has promised anything to anybody.
const neverBegan = "nothing"

// What becomes of a handset whose commit is in doubt.
const (
	asItWas = " (as it was)"
	asItIs  = " (as ordered)"
)

// ended holds what is left against what has to be.
func (k *killedRun) ended() (*killedEnd, error) {
	rec, done, err := k.records()
	if err == nil && rec != nil && len(k.lab.backend.Reports()) == 0 {
		if err = k.reported(); err == nil {
			rec, done, err = k.records()
		}
	}
	if err != nil {
		return nil, err
	}
	e := &killedEnd{names: k.gate.names, store: k.store, killed: k.gate.killed, mute: k.gate.mute, class: neverBegan}
	problems := []error{k.checkBalance()}
	if n := k.handset.Commits(); n > 1 {
		problems = append(problems, fmt.Errorf("the handset was programmed %d times", n))
	}
	if rec == nil {
		if k.story.Name != "iota-one-button" || k.gate.at.door != doorHTTP {
			problems = append(problems, errors.New("there is no CDR"))
		}
		problems = append(problems, k.holds(k.asBefore()), k.noOrderDone(done), k.checkReports())
		return e, errors.Join(problems...)
	}
	e.outcome, e.recovered, e.class = rec.Outcome, rec.Recovered, string(rec.Outcome)+", "+rec.Reason
	problems = append(problems, k.named(rec, done), k.told(rec), k.checkReports(*rec))
	if n := len(k.called.links()); n > 1 {
		problems = append(problems, fmt.Errorf("the handset was called back %d times", n))
	}
	if k.lab.agent != nil && len(k.lab.agent.Texts()) > 1 {
		problems = append(problems, fmt.Errorf("the user was welcomed %d times", len(k.lab.agent.Texts())))
	}
	if rec.Outcome == cdr.Unknown {
		e.class += either(k.handset.Commits() == 0, asItWas, asItIs)
	}
	return e, errors.Join(problems...)
}

// records are the CDR of the job, nil when there is none, and whether the order is done.
func (k *killedRun) records() (rec *cdr.Record, done bool, err error) {
	ctx := context.WithoutCancel(k.ctx)
	store, err := sqlite.Open(ctx, k.lab.config.Store.Path, sqlite.Options{})
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Load(ctx, func(r sessions.Record) error { return fmt.Errorf("session %s is still in the store", r.ID) }); err != nil {
		return nil, false, err
	}
	o, err := store.FindOrder(ctx, sessions.OrderQuery{Name: k.order.Name})
	if err != nil {
		return nil, false, err
	}
	pushes := map[string]int{}
	err = store.CDRs(ctx, cdr.Filter{}, func(c cdr.Record) error {
		b, err := c.AppendJSON(nil)
		fmt.Fprintf(k.out, "CDR %s\n", b)
		switch {
		case err != nil:
		case c.Flow == "push":
			pushes[c.Trigger.Account]++
		case rec != nil && k.pressed && c.Outcome == cdr.Refused && c.Reason == "no-order": // of the second time
		case rec != nil:
			err = fmt.Errorf("a second CDR: %s, %s after %s, %s", c.Outcome, c.Reason, rec.Outcome, rec.Reason)
		default:
			rec = &c
		}
		return err
	})
	for who, n := range pushes {
		if n > 2 || n > 1 && k.call == nil { // who has called is welcomed, too
			err = errors.Join(err, fmt.Errorf("%d pushes by %q", n, who))
		}
	}
	return rec, o.Done, err
}

// reported lets the back-end hear of a session that ended just before the gateway.
func (k *killedRun) reported() error {
	if err := k.gate.start(k.lab.config.File, k.lab.config.Store.Path); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.ctx, longest)
	defer cancel()
	if err := k.lab.backend.Wait(ctx, func() bool { return len(k.lab.backend.Reports()) > 0 }); err != nil {
		return fmt.Errorf("%w: no report: %w", errSlow, err)
	}
	return k.gate.settle()
}

// checkReports: the back-end has heard what the records say.
func (k *killedRun) checkReports(all ...cdr.Record) error {
	told := k.lab.backend.Reports()
	if len(told) != len(all) {
		return fmt.Errorf("%d reports: %+v", len(told), told)
	}
	for i, r := range all {
		want := told[i]
		want.Session, want.Order, want.MDN, want.Outcome, want.Reason = r.Session, k.order.Name, k.order.MDN, string(r.Outcome), r.Reason
		if told[i] != want {
			return fmt.Errorf("the back-end was told %+v", told[i])
		}
	}
	return nil
}

// named: the record names what the handset holds.
func (k *killedRun) named(r *cdr.Record, done bool) error {
	switch {
	case r.Trigger.Corr != k.corr:
		return fmt.Errorf("the CDR is of %q", r.Trigger.Corr)
	case len(r.Skipped) > 0:
		return fmt.Errorf("%q was left out", r.Skipped)
	case r.Outcome == cdr.Done && !k.story.Ends.Changed && r.Reason == k.story.Ends.Reason:
		e := k.story.Ends
		e.Recovered = r.Recovered > 0
		return errors.Join(e.checkRecord(r), k.holds(k.asBefore()), k.noOrderDone(done))
	case r.Outcome == cdr.Done:
		if !done {
			return errors.New("the order is not marked as done")
		}
		return k.holds(k.asOrdered())
	case r.Outcome == cdr.Failed:
		return errors.Join(k.holds(k.asBefore()), k.noOrderDone(done))
	case r.Outcome == cdr.Unknown && r.Reason == "commit-in-doubt":
		before, ordered := k.holds(k.asBefore()), k.holds(k.asOrdered())
		if (before == nil) == (ordered == nil) {
			return errors.New("the handset is neither as it was nor as ordered")
		}
		return k.noOrderDone(done)
	}
	return fmt.Errorf("the CDR says %s, %s (%s)", r.Outcome, r.Reason, r.Detail)
}

func (k *killedRun) noOrderDone(done bool) error {
	if done {
		return errors.New("the order is marked as done")
	}
	return nil
}

func (k *killedRun) asOrdered() []row {
	rows := compare(&k.order, k.handset, k.lab.Net.HLR, nil)
	if k.order.NAM == nil {
		rows = append(rows, theRest(&k.order, &k.before, k.handset)...)
	}
	return append(rows, k.objects(true)...)
}

func (k *killedRun) asBefore() []row {
	return append(unchanged(&k.before, k.handset), k.objects(false)...)
}

// objects are those of the order, in a handset that had none of them.
func (k *killedRun) objects(there bool) (rows []row) {
	for _, o := range k.order.Objects {
		rows = append(rows, row{what: o.Name, want: either(there, o.Value, ""), have: k.client.Object(o.Name)})
	}
	return rows
}

func (k *killedRun) holds(rows []row) error {
	if !printRows(k.out, rows) {
		return errors.New("the handset does not hold what the record says")
	}
	return nil
}

// states are the receipts that tell an outcome.
var states = map[cdr.Outcome][]smpp.MessageState{
	cdr.Done:    {smpp.MessageDelivered},
	cdr.Failed:  {smpp.MessageUndeliverable, smpp.MessageExpired},
	cdr.Unknown: {smpp.MessageUnknown},
}

// told: the IVR has heard what the record says.
func (k *killedRun) told(r *cdr.Record) error {
	if k.corr == "" {
		return nil // there is none
	}
	for _, s := range states[r.Outcome] {
		if k.receipt.Stat == s && strings.HasPrefix(r.Reason, k.receipt.Text) && k.receipt.Text != "" && k.receipt.ID == r.Session {
			return nil
		}
	}
	return fmt.Errorf("the IVR was told %s, %q of session %s", k.receipt.Stat, k.receipt.Text, k.receipt.ID)
}
