package tcap

import (
	"bytes"
	"slices"
	"sync/atomic"

	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Incoming is an INVOKE of a peer. It is answered once, with Result, Error or
// Reject, or not at all, with Drop, from any goroutine; a second answer is
// counted and does nothing.
type Incoming struct {
	Operation     ansi.Operation
	Parameters    []byte // value of the parameter set or sequence, our own copy
	ParameterTag  ansi.ParameterTag
	Last          bool // INVOKE (Last)
	HasInvokeID   bool // without one only the end of the transaction can be told
	InvokeID      uint8
	Called        sccp.Address
	Calling       sccp.Address
	PointCode     mtp.PointCode      // the node that MTP names as the sender
	TransactionID ansi.TransactionID // the peer's; zero in a Unidirectional

	// Unidirectional: the peer wants no answer and gets none.
	Unidirectional bool

	endpoint *Endpoint
	tx       *transaction
	answered atomic.Bool
}

// Result answers with RETURN RESULT (Last); params is the value of the
// parameter set. It is not kept.
func (q *Incoming) Result(params []byte) {
	q.answer(ansi.Component{Type: ansi.ReturnResultLast, Parameters: params})
}

// Error answers with RETURN ERROR and a private error code.
func (q *Incoming) Error(code uint8, params []byte) {
	q.answer(ansi.Component{Type: ansi.ReturnError, Error: ansi.PrivateError(code), Parameters: params})
}

// Reject answers with REJECT.
func (q *Incoming) Reject(p ansi.Problem) {
	q.answer(reject(p))
}

func reject(p ansi.Problem) ansi.Component {
	return ansi.Component{Type: ansi.Reject, Problem: p, ParameterTag: ansi.ParameterSequence}
}

// Drop ends the INVOKE without an answer. A query of which nothing is answered
// ends in silence, as if it had not come.
func (q *Incoming) Drop() {
	e := q.endpoint
	switch {
	case e == nil:
		return
	case q.answered.Swap(true):
		e.count(SecondAnswer)
		return
	case q.tx == nil:
		return // of a Unidirectional
	}
	var do todo
	e.mu.Lock()
	if e.open[q.tx.id] == q.tx {
		q.tx.waiting--
		q.tx.dropped = true
		e.finish(q.tx, &do)
	}
	e.mu.Unlock()
	e.perform(&do)
}

func (q *Incoming) answer(k ansi.Component) {
	e := q.endpoint
	if e == nil {
		return // made by hand, nobody waits
	}
	if q.answered.Swap(true) {
		e.count(SecondAnswer)
		return
	}
	if q.tx == nil {
		e.count(AnswerTooLate)
		return
	}
	var do todo
	e.mu.Lock()
	if e.open[q.tx.id] == q.tx {
		q.tx.waiting--
		q.tx.answered = true
		if q.HasInvokeID {
			if q.tx.waiting > 0 {
				// It waits for the others, and its parameters are the caller's.
				k = k.Clone()
			}
			q.tx.answers = append(q.tx.answers, about(k, q.InvokeID))
		}
		e.finish(q.tx, &do)
	} else {
		e.count(AnswerTooLate)
	}
	e.mu.Unlock()
	e.perform(&do)
}

// finish sends the answers of a query when all are there.
func (e *Endpoint) finish(tx *transaction, do *todo) {
	if tx.waiting > 0 {
		return
	}
	if tx.dropped && !tx.answered {
		e.count(QueryDropped)
		e.step(tx, SendAbort, nil, Outcome{}, do) // which is not sent
		return
	}
	p := ansi.Package{Type: ansi.Response, Responding: tx.peer, Components: tx.answers}
	ev := SendResponse
	if !tx.machine.MayRelease {
		p.Type, p.Originating, ev = ansi.ConversationWithPermission, tx.id, SendConversation
	}
	tx.answers = nil
	do.send(tx.way, p)
	e.count(Answered)
	e.step(tx, ev, nil, Outcome{}, do)
	if tx.machine.State == Active {
		e.start(tx, e.cfg.TransactionTimeout)
	}
}

// query opens a transaction of the peer.
func (e *Endpoint) query(p *ansi.Package, ev TransactionEvent, u *sccp.Unitdata) {
	e.count(QueryReceived)
	var do todo
	tx := &transaction{
		incoming: true, peer: p.Originating, way: backWay(u, e.cfg.LocalAddress),
		key: peerKey{u.Calling, p.Originating},
	}
	e.mu.Lock()
	switch {
	case e.queries[tx.key] != nil:
		e.count(DuplicateQuery)
		e.mu.Unlock()
		return
	case e.closing || len(e.queries) >= e.cfg.MaxTransactions:
		e.count(QueryRefused)
		e.mu.Unlock()
		e.pAbort(p.Originating, ansi.AbortResourceUnavailable, u, &do)
		e.perform(&do)
		return
	}
	tx.id = e.newID()
	tx.machine, _ = tx.machine.Step(ev, nil)
	e.open[tx.id], e.queries[tx.key] = tx, tx
	invokes := e.invokes(tx, p, u)
	tx.waiting = len(invokes)
	tx.dropped = len(invokes) == 0 && !e.stray(u)
	e.finish(tx, &do)
	e.mu.Unlock()
	e.perform(&do)
	e.handle(invokes)
	e.await(tx)
}

// await starts the timer of a query that its handler has not answered at once,
// which most do.
func (e *Endpoint) await(tx *transaction) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open[tx.id] == tx && tx.timer == nil {
		e.start(tx, e.cfg.TransactionTimeout)
	}
}

// invokes makes an Incoming of every INVOKE and a REJECT of what a query
// cannot hold.
func (e *Endpoint) invokes(tx *transaction, p *ansi.Package, u *sccp.Unitdata) []*Incoming {
	var qs []*Incoming
	for i := range p.Components {
		k := &p.Components[i]
		id := func(q *Incoming) bool { return q.HasInvokeID && q.InvokeID == k.InvokeID }
		switch {
		case !k.Type.IsInvoke():
			e.count(UnexpectedComponent)
			tx.refuse(k)
		case k.HasInvokeID && slices.ContainsFunc(qs, id):
			e.count(DuplicateInvoke)
			tx.answers = append(tx.answers, about(reject(ansi.DuplicateInvokeID), k.InvokeID))
		default:
			q := incoming(k, u)
			q.endpoint, q.tx, q.TransactionID = e, tx, p.Originating
			qs = append(qs, q)
		}
	}
	return qs
}

// refuse answers an answer to a question that was not asked. A REJECT is not
// rejected.
func (tx *transaction) refuse(k *ansi.Component) {
	switch k.Type {
	case ansi.ReturnResultLast, ansi.ReturnResultNotLast:
		tx.answers = append(tx.answers, about(reject(ansi.ResultUnrecognizedCorrelation), k.CorrelationID))
	case ansi.ReturnError:
		tx.answers = append(tx.answers, about(reject(ansi.ErrorUnrecognizedCorrelation), k.CorrelationID))
	}
}

func about(k ansi.Component, id uint8) ansi.Component {
	k.HasCorrelationID, k.CorrelationID = true, id
	return k
}

func incoming(k *ansi.Component, u *sccp.Unitdata) *Incoming {
	return &Incoming{
		Operation: k.Operation, Parameters: bytes.Clone(k.Parameters), ParameterTag: k.ParameterTag,
		Last: k.Type == ansi.InvokeLast, HasInvokeID: k.HasInvokeID, InvokeID: k.InvokeID,
		Called: u.Called, Calling: u.Calling, PointCode: u.Peer,
	}
}

func (e *Endpoint) handle(qs []*Incoming) {
	for _, q := range qs {
		if e.handler == nil {
			q.Reject(ansi.UnrecognizedOperation)
			continue
		}
		e.handler.Invoke(q)
	}
}

// unidirectional gives INVOKEs to the Handler; nothing is ever answered.
func (e *Endpoint) unidirectional(p *ansi.Package, u *sccp.Unitdata) {
	e.count(UnidirectionalReceived)
	for i := range p.Components {
		k := &p.Components[i]
		if !k.Type.IsInvoke() {
			e.count(UnexpectedComponent)
			continue
		}
		if e.handler != nil {
			q := incoming(k, u)
			q.endpoint, q.Unidirectional = e, true
			e.handler.Invoke(q)
		}
	}
}
