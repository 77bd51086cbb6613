package sessions

import (
	"time"

	"github.com/otagate/otagate/sessions/cdr"
)

// Tx collects what one step commits beside the state. It is reused: a flow
// keeps no reference to it. The zero Tx is ready.
type Tx struct {
	timers     []TimerSet
	addCorr    []Corr
	delCorr    []Corr
	outbox     []Outbox
	outboxDone []int64
	cdrs       []cdr.Record
	orderOpen  OrderRef
	orderDone  OrderRef
	newKey     Key
	finish     bool
	volatile   bool
	rest       bool
}

// TimerSet is one setting of a timer; a zero At stops it.
type TimerSet struct {
	Kind TimerKind
	At   time.Time
}

// Timer sets the timer of this kind, in place of one that runs. An At in the
// past expires at once.
func (tx *Tx) Timer(kind TimerKind, at time.Time) {
	if at.IsZero() {
		// A zero time means "stopped" further on; the first instant after it is as long ago.
		at = at.Add(1)
	}
	tx.timers = append(tx.timers, TimerSet{Kind: kind, At: at})
}

// StopTimer stops the timer of this kind, if it runs.
func (tx *Tx) StopTimer(kind TimerKind) {
	tx.timers = append(tx.timers, TimerSet{Kind: kind})
}

// Correlate makes the session found by c.
func (tx *Tx) Correlate(c Corr) { tx.addCorr = append(tx.addCorr, c) }

// Uncorrelate takes c away from the session. Removals go before additions.
func (tx *Tx) Uncorrelate(c Corr) { tx.delCorr = append(tx.delCorr, c) }

// MoveTo gives the session another key. If another live session has it, the
// step is refused with ErrKeyTaken.
func (tx *Tx) MoveTo(k Key) { tx.newKey = k }

// Send puts a row into the outbox. ID and Key are filled in when left zero.
func (tx *Tx) Send(o Outbox) { tx.outbox = append(tx.outbox, o) }

// Done settles an outbox row.
func (tx *Tx) Done(row int64) { tx.outboxDone = append(tx.outboxDone, row) }

// CDR writes a record.
func (tx *Tx) CDR(r cdr.Record) { *tx.Record() = r }

// Record is CDR of a record that is still empty, to be filled before the next call.
func (tx *Tx) Record() *cdr.Record {
	if n := len(tx.cdrs); n < cap(tx.cdrs) {
		tx.cdrs = tx.cdrs[:n+1] // Reset has emptied it
	} else {
		tx.cdrs = append(tx.cdrs, cdr.Record{})
	}
	return &tx.cdrs[len(tx.cdrs)-1]
}

// OrderOpen makes the step depend on an order that was found before: if it is
// not open any more, the step is refused with ErrOrderChanged.
func (tx *Tx) OrderOpen(o OrderRef) { tx.orderOpen = o }

// OrderDone marks this order as done, unless it was replaced meanwhile.
func (tx *Tx) OrderDone(o OrderRef) { tx.orderDone = o }

// Volatile says that the state after this step needs not be on the disk before
// its effects are performed: they may be performed again, by a session that a
// crash has put back to the step before. The next step that is not volatile
// commits the state of both. A step that sets timers or writes anything through the Tx
// is committed all the same.
func (tx *Tx) Volatile() { tx.volatile = true }

// Rest says that nothing but an event or a timer is awaited, perhaps for days:
// until then the session is kept as its encoded state alone, which the next
// step has decoded again. It holds until a step that does not say it, so that
// a flow says it in every step after which the session waits long, those that
// change nothing among them.
func (tx *Tx) Rest() { tx.rest = true }

// Finish ends the session: it is deleted with its timers and correlations.
func (tx *Tx) Finish() { tx.finish = true }

// Reset empties tx and keeps its memory.
func (tx *Tx) Reset() {
	clear(tx.addCorr)
	clear(tx.delCorr)
	clear(tx.outbox)
	clear(tx.cdrs)
	tx.timers, tx.addCorr, tx.delCorr = tx.timers[:0], tx.addCorr[:0], tx.delCorr[:0]
	tx.outbox, tx.outboxDone, tx.cdrs = tx.outbox[:0], tx.outboxDone[:0], tx.cdrs[:0]
	tx.orderOpen, tx.orderDone, tx.newKey = OrderRef{}, OrderRef{}, Key{}
	tx.finish, tx.volatile, tx.rest = false, false, false
}

// Timers are the settings made so far, in order. It borrows tx.
func (tx *Tx) Timers() []TimerSet { return tx.timers }

// Finished tells whether Finish was called.
func (tx *Tx) Finished() bool { return tx.finish }

// Fill writes all but the timers into c, which then borrows tx. Flows have no
// use for it; their tests do.
func (tx *Tx) Fill(c *Change) {
	c.AddCorr, c.DelCorr = tx.addCorr, tx.delCorr
	c.Outbox, c.OutboxDone = tx.outbox, tx.outboxDone
	c.CDR, c.OrderOpen, c.OrderDone, c.Finish = tx.cdrs, tx.orderOpen, tx.orderDone, tx.finish
	c.NewKey = nil
	if tx.newKey != (Key{}) {
		c.NewKey = &tx.newKey
	}
}

// empty tells whether the step has nothing to commit but perhaps its state
// and its deadline.
func (tx *Tx) empty() bool {
	return !tx.finish && tx.newKey == (Key{}) && tx.orderOpen == (OrderRef{}) && tx.orderDone == (OrderRef{}) &&
		len(tx.addCorr) == 0 && len(tx.delCorr) == 0 && len(tx.outbox) == 0 &&
		len(tx.outboxDone) == 0 && len(tx.cdrs) == 0
}
