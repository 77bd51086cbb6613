package tcap

import (
	"strconv"
	"time"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// OutcomeKind is what became of an invoke.
type OutcomeKind uint8

// The outcomes.
const (
	OutcomeResult   OutcomeKind = iota + 1 // RETURN RESULT: Parameters
	OutcomeError                           // RETURN ERROR: ErrorCode, Parameters
	OutcomeReject                          // REJECT, or an answer we had to reject: Problem
	OutcomeAbort                           // the transaction ended without an answer: PAbort, 0 when the user ended it
	OutcomeTimeout                         // no answer in time
	OutcomeNotice                          // SCCP returned the query: ReturnCause
	OutcomeShutdown                        // the endpoint was shut down
)

func (k OutcomeKind) String() string {
	names := [...]string{"none", "result", "error", "reject", "abort", "timeout", "notice", "shutdown"}
	if int(k) < len(names) {
		return names[k]
	}
	return "outcome " + strconv.Itoa(int(k))
}

// Outcome is what became of an invoke.
type Outcome struct {
	Kind          OutcomeKind
	TransactionID ansi.TransactionID

	// Parameters is the value of the answer's parameter set. It aliases the
	// receive buffer and is valid during the call only.
	Parameters []byte

	ErrorCode   ansi.ErrorCode
	Problem     ansi.Problem
	Local       bool // this side rejected the answer, the peer sent no REJECT
	PAbort      ansi.PAbortCause
	ReturnCause sccp.ReturnCause
}

// Invoke is an operation to be invoked at a peer.
type Invoke struct {
	Called     sccp.Address
	Operation  ansi.Operation
	Parameters []byte        // value of the parameter set
	Timeout    time.Duration // Config.InvokeTimeout when zero

	// WithoutPermission sends Query Without Permission, which the peer may
	// not end. ANSI-41 always permits.
	WithoutPermission bool
}
