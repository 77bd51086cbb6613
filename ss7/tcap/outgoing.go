package tcap

import (
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Invoke sends a query with one INVOKE. done is called exactly once, on the
// goroutine that learns the outcome and without any lock held; that may be
// before Invoke returns. When Invoke returns an error, nothing was sent and
// done is not called; a *sccp.LocalError among them says what SCCP would have
// said in a notice.
func (e *Endpoint) Invoke(inv Invoke, done func(Outcome)) (ansi.TransactionID, error) {
	p := ansi.Package{
		Type: ansi.QueryWithPermission,
		Components: []ansi.Component{{
			Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: invokeID,
			Operation: inv.Operation, Parameters: inv.Parameters,
		}},
	}
	if inv.WithoutPermission {
		p.Type = ansi.QueryWithoutPermission
	}
	tx := &transaction{way: way{sccp.Unitdata{Called: inv.Called, Calling: e.cfg.LocalAddress}}, done: done, asked: inv.Called}
	if err := e.register(tx, inv); err != nil {
		return 0, err
	}
	p.Originating = tx.id
	u := tx.way.unitdata
	u.ReturnOnError = true
	if err := e.put(&p, u); err != nil && e.withdraw(tx) {
		return 0, err
	}
	e.count(Invoked)
	return tx.id, nil
}

func (e *Endpoint) register(tx *transaction, inv Invoke) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closing:
		return ErrShutdown
	case len(e.open)-len(e.queries) >= e.cfg.MaxTransactions:
		return ErrTooManyTransactions
	}
	tx.id = e.newID()
	tx.machine, _ = tx.machine.Step(SendQuery, nil)
	tx.invoke, _ = tx.invoke.Step(InvokeRequest, nil)
	e.open[tx.id] = tx
	timeout := inv.Timeout
	if timeout <= 0 {
		timeout = e.cfg.InvokeTimeout
	}
	e.start(tx, timeout)
	return nil
}

// withdraw takes back what could not be sent. It fails when the outcome was
// reported already.
func (e *Endpoint) withdraw(tx *transaction) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open[tx.id] != tx {
		return false
	}
	e.release(tx)
	return true
}

// proceed takes a package for a transaction that should be open.
func (e *Endpoint) proceed(p *ansi.Package, ev TransactionEvent, u *sccp.Unitdata) {
	var do todo
	e.mu.Lock()
	tx := e.openWith(p.Responding, u)
	if tx == nil {
		e.unassigned(p, ev, u, &do)
	} else {
		why := Outcome{Kind: OutcomeAbort, PAbort: p.PAbort}
		if ev == ReceiveConversationWithPermission || ev == ReceiveConversationWithoutPermission {
			e.meet(tx, p, u)
		}
		e.step(tx, ev, p, why, &do)
	}
	e.mu.Unlock()
	e.perform(&do)
}

// meet notes the peer's id and address, which its first conversation tells.
func (e *Endpoint) meet(tx *transaction, p *ansi.Package, u *sccp.Unitdata) {
	if tx.machine.State == InitiationSent {
		tx.peer = p.Originating
		tx.way = backWay(u, e.cfg.LocalAddress)
	}
}

func (e *Endpoint) unassigned(p *ansi.Package, ev TransactionEvent, u *sccp.Unitdata, do *todo) {
	answer := e.open[p.Responding] == nil && e.ids.used(uint32(p.Responding)) || e.stray(u)
	switch ev {
	case ReceiveResponse:
		e.count(LateAnswer)
	case ReceiveAbort:
		e.count(LateAbort)
	default:
		e.count(UnassignedID)
		if answer {
			e.pAbort(p.Originating, ansi.AbortUnassignedTransactionID, u, do)
		}
	}
}

func (e *Endpoint) pAbort(peer ansi.TransactionID, cause ansi.PAbortCause, u *sccp.Unitdata, do *todo) {
	do.send(backWay(u, e.cfg.LocalAddress), ansi.Package{Type: ansi.Abort, Responding: peer, PAbort: cause})
}

// deliver gives the components of p to the invoke machine and, in a
// conversation, decides how it goes on. It returns what the user hears if the
// package ends the transaction without an answer, when that is not an abort.
func (e *Endpoint) deliver(tx *transaction, p *ansi.Package, do *todo) (why Outcome) {
	refused := false
	for i := range p.Components {
		k := &p.Components[i]
		if k.Type.IsInvoke() {
			refused = true
			e.count(UnexpectedComponent)
			continue
		}
		if k.Type == ansi.ReturnResultNotLast {
			// What follows would be half a result.
			refused = true
			e.count(UnexpectedComponent)
			break
		}
		if o := e.answer(tx, k, do); o.Kind != 0 {
			why = o
		}
	}
	if tx.machine.State != Active {
		return why
	}
	open := tx.invoke == OperationSent || tx.waiting > 0
	switch {
	case refused:
		do.abort(tx, 0)
		e.step(tx, SendAbort, nil, Outcome{Kind: OutcomeAbort}, do)
	case !open && tx.machine.MayRelease:
		do.send(tx.way, ansi.Package{Type: ansi.Response, Responding: tx.peer})
		e.step(tx, SendResponse, nil, Outcome{}, do)
	}
	return why
}

// answer gives one RETURN RESULT, RETURN ERROR or REJECT to the invoke machine.
func (e *Endpoint) answer(tx *transaction, k *ansi.Component, do *todo) (why Outcome) {
	o := Outcome{Parameters: k.Parameters}
	var ev InvokeEvent
	problem := ansi.ResultUnrecognizedCorrelation
	switch k.Type {
	case ansi.ReturnResultLast:
		ev, o.Kind = ResultLast, OutcomeResult
	case ansi.ReturnError:
		ev, o.Kind, o.ErrorCode = ErrorReceived, OutcomeError, k.Error
		problem = ansi.ErrorUnrecognizedCorrelation
	case ansi.Reject:
		ev, o.Kind, o.Problem = RejectReceived, OutcomeReject, k.Problem
	}
	// A REJECT without an id is about something the peer could not read.
	if tx.incoming || k.HasCorrelationID && k.CorrelationID != invokeID {
		e.count(WrongCorrelation)
		return Outcome{Kind: OutcomeReject, Local: true, Problem: problem}
	}
	e.stepInvoke(tx, ev, o, do)
	return Outcome{}
}
