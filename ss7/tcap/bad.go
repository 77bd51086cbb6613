package tcap

import (
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// bad answers a package that could not be read, as far as T1.114 wants that.
func (e *Endpoint) bad(u *sccp.Unitdata) {
	f := ansi.Diagnose(u.Data)
	switch {
	case f.Abort == ansi.AbortUnrecognizedPackageType:
		e.count(UnknownPackage)
	case f.Abort == ansi.AbortBadlyStructuredDialogue:
		e.count(BadDialogue)
	case f.Abort != 0:
		e.count(BadTransaction)
	default:
		e.count(BadComponent)
	}
	var do todo
	switch f.Type {
	case ansi.Unidirectional:
		return
	case ansi.QueryWithPermission, ansi.QueryWithoutPermission:
		if e.stray(u) {
			e.badQuery(&f, u, &do)
		}
	default:
		e.badAnswer(&f, u, &do)
	}
	e.perform(&do)
}

func (e *Endpoint) badQuery(f *ansi.Fault, u *sccp.Unitdata, do *todo) {
	switch {
	case !f.HasOriginating:
		return
	case f.Abort != 0 || f.Component == ansi.Reject:
		// A REJECT is never rejected; the query gets its end all the same.
		e.pAbort(f.Originating, max(f.Abort, ansi.AbortIncorrectTransaction), u, do)
		return
	}
	k := reject(f.Problem)
	if f.HasID {
		k = about(k, f.ID)
	}
	// The peer's query ends here whether it permitted that or not: nothing of
	// it was understood, so there is nothing to go on with.
	do.send(backWay(u, e.cfg.LocalAddress), ansi.Package{
		Type: ansi.Response, Responding: f.Originating, Components: []ansi.Component{k},
	})
}

// badAnswer: what is addressed to an open transaction ends it.
func (e *Endpoint) badAnswer(f *ansi.Fault, u *sccp.Unitdata, do *todo) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var tx *transaction
	if f.HasResponding && f.Abort != ansi.AbortUnrecognizedPackageType {
		tx = e.openWith(f.Responding, u)
	}
	switch {
	case tx != nil && tx.machine.State != InitiationReceived:
		why := Outcome{Kind: OutcomeAbort, PAbort: f.Abort, Local: true}
		if f.Problem != 0 {
			why = Outcome{Kind: OutcomeReject, Problem: f.Problem, Local: true}
		}
		if f.Type == ansi.Response || f.Type == ansi.Abort {
			e.step(tx, ReceiveAbort, nil, why, do) // the peer has ended it
			return
		}
		if tx.machine.State == InitiationSent && f.HasOriginating {
			e.pAbort(f.Originating, max(f.Abort, ansi.AbortBadlyStructuredTransaction), u, do)
		}
		e.step(tx, ReceiveBad, nil, why, do)
	case e.stray(u) && f.HasOriginating:
		cause := f.Abort
		if cause == 0 {
			cause = ansi.AbortUnassignedTransactionID
		}
		e.pAbort(f.Originating, cause, u, do)
	}
}
