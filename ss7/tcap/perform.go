package tcap

import (
	"time"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// todo is what is left to do when the lock is given back: callbacks and
// sending may come back into the endpoint.
type todo struct {
	sends   []send
	done    func(Outcome)
	outcome Outcome
}

type send struct {
	way way
	p   ansi.Package
}

func (do *todo) send(w way, p ansi.Package) { do.sends = append(do.sends, send{w, p}) }

// abort ends tx at the peer. Where no cause of the standard fits, it is that
// of nobody being there: a user abort without user information, the only other
// choice, cannot be read by everybody.
func (do *todo) abort(tx *transaction, cause ansi.PAbortCause) {
	if cause == 0 {
		cause = ansi.AbortResourceUnavailable
	}
	do.send(tx.way, ansi.Package{Type: ansi.Abort, Responding: tx.peer, PAbort: cause})
}

func (e *Endpoint) perform(do *todo) {
	for i := range do.sends {
		e.transmit(&do.sends[i])
	}
	if do.done != nil {
		e.count(ResultReceived + Counter(do.outcome.Kind-OutcomeResult))
		do.done(do.outcome)
	}
}

func (e *Endpoint) transmit(s *send) {
	if err := e.put(&s.p, s.way.unitdata); err != nil {
		e.count(NotSent)
		e.log.Warn().Err(err).Stringer("package", s.p.Type).Str("called", s.way.unitdata.Called.Masked()).Msg("not sent")
	}
}

// put encodes and sends.
func (e *Endpoint) put(p *ansi.Package, u sccp.Unitdata) error {
	buf := e.buffers.Get().(*[]byte)
	defer e.buffers.Put(buf)
	b, err := p.Append((*buf)[:0])
	*buf = b[:0]
	if err != nil {
		return err
	}
	u.Data = b
	return e.network.Unitdata(u)
}

// start arms the timer of tx; one that ran before is stopped.
func (e *Endpoint) start(tx *transaction, after time.Duration) {
	if tx.timer != nil {
		tx.timer.Stop()
	}
	tx.generation++
	generation := tx.generation
	tx.timer = time.AfterFunc(after, func() { e.expire(tx, generation) })
}

// step runs the transaction machine. why is what the user hears if that ends
// the transaction before the invoke was answered.
func (e *Endpoint) step(tx *transaction, ev TransactionEvent, p *ansi.Package, why Outcome, do *todo) {
	var room [transactionEffects]TransactionEffect
	var effects []TransactionEffect
	before := tx.machine
	tx.machine, effects = tx.machine.Step(ev, room[:0])
	for _, f := range effects {
		switch f {
		case Deliver:
			if k := e.deliver(tx, p, do); k.Kind != 0 {
				why = k
			}
		case AbortPeer:
			do.abort(tx, why.PAbort)
		case DeliverAbort, Release:
			e.stepInvoke(tx, TransactionReleased, why, do)
			if f == Release {
				e.release(tx)
			}
		case Unexpected:
			e.count(UnexpectedPackage)
			e.log.Debug().Stringer("state", before.State).Stringer("event", ev).Msg("unexpected")
		}
	}
}

// stepInvoke runs the invoke machine of a transaction that we opened. o is
// what the user hears if the machine says so.
func (e *Endpoint) stepInvoke(tx *transaction, ev InvokeEvent, o Outcome, do *todo) {
	if tx.incoming {
		return
	}
	var room [4]InvokeEffect
	var effects []InvokeEffect
	tx.invoke, effects = tx.invoke.Step(ev, room[:0])
	for _, f := range effects {
		switch f {
		case DeliverResult, DeliverError, DeliverReject, DeliverTimeout, DeliverReleased:
			o.TransactionID = tx.id
			do.done, do.outcome = tx.done, o
		case StopInvokeTimer:
			// In a conversation that the peer leaves open the transaction's
			// begins; else the transaction has ended, and its release stops it.
			if tx.machine.State == Active {
				e.start(tx, e.cfg.TransactionTimeout)
			}
		case InvokeUnexpected:
			e.count(UnexpectedComponent)
		}
	}
}

func (e *Endpoint) release(tx *transaction) {
	if tx.timer != nil {
		tx.timer.Stop()
	}
	delete(e.open, tx.id)
	if tx.incoming {
		delete(e.queries, tx.key)
	}
	if e.closing && len(e.open) == 0 {
		close(e.empty)
	}
}

// expire is the timer of a transaction.
func (e *Endpoint) expire(tx *transaction, generation uint32) {
	var do todo
	e.mu.Lock()
	if e.open[tx.id] == tx && tx.generation == generation {
		if tx.machine.State == InitiationReceived {
			e.count(QueryExpired)
		}
		if tx.invoke == OperationSent {
			e.stepInvoke(tx, InvokeTimerExpired, Outcome{Kind: OutcomeTimeout}, &do)
		}
		e.step(tx, Expire, nil, Outcome{}, &do)
	}
	e.mu.Unlock()
	e.perform(&do)
}
