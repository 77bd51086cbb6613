package sessions

import "strconv"

// CorrKind tells what a correlation id is an id of.
type CorrKind uint8

// The kinds of correlations. The numbers are stored and never change.
const (
	CorrTRN           CorrKind = 1 // a TRN the session holds beside its MDN: 10 digits
	CorrActivationMIN CorrKind = 2 // the activation MIN lent to the session: 10 digits
	CorrSMPPMessage   CorrKind = 3 // an SMPP message id, with its peer: peer/id
	CorrTrigger       CorrKind = 4 // the trigger that began the session: account/reference
	CorrTransaction   CorrKind = 5 // a TCAP transaction
	CorrCallback      CorrKind = 6 // the one-time token of an IOTA call-back URL
)

// String names the kind.
func (k CorrKind) String() string {
	switch k {
	case CorrTRN:
		return "trn"
	case CorrActivationMIN:
		return "activation-min"
	case CorrSMPPMessage:
		return "smpp-message"
	case CorrTrigger:
		return "trigger"
	case CorrTransaction:
		return "transaction"
	case CorrCallback:
		return "callback"
	}
	return "correlation kind " + strconv.Itoa(int(k))
}

// Corr is an index entry of a session: at most one live session holds it. It
// goes when the session finishes.
type Corr struct {
	Kind CorrKind
	ID   string
}
