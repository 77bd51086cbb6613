package sccp

import (
	"fmt"

	"github.com/otagate/otagate/ss7/mtp"
)

// Unitdata is the N-UNITDATA primitive, request and indication alike.
// Data of an indication aliases the receive buffer and is valid during the call.
type Unitdata struct {
	Called, Calling Address
	Data            []byte
	InSequence      bool  // class 1: what has the same SLS keeps its order
	SLS             uint8 // used when InSequence is set
	ReturnOnError   bool

	// Peer is the node the message came from, 0 when segments of it came from
	// several. Set in a request, it is where
	// the message goes when the called address does not tell: an answer then
	// takes the way of the question.
	Peer mtp.PointCode
}

// Notice is the N-NOTICE indication: what we sent came back. Called and
// Calling stand as in the returned message, Called being ours. Data may be
// the first segment only.
type Notice struct {
	Cause           ReturnCause
	Called, Calling Address
	Data            []byte
}

// User takes the indications for one subsystem number. It is called on the
// goroutine that delivers from below, one call after another for one SLS, and
// must not block.
type User interface {
	Unitdata(u Unitdata)
	Notice(n Notice)
}

// Transferer takes the MTP-TRANSFER requests of an Endpoint. It does not keep
// the data after it returned.
type Transferer interface {
	Transfer(t mtp.Transfer) error
}

// LocalError says why a request could not be sent; it is what N-NOTICE is for
// failures in our own node.
type LocalError struct {
	Cause ReturnCause
	Err   error // may be nil
}

func (e *LocalError) Error() string {
	if e.Err == nil {
		return "sccp: not sent: " + e.Cause.String()
	}
	return fmt.Sprintf("sccp: not sent: %s: %v", e.Cause, e.Err)
}

func (e *LocalError) Unwrap() error { return e.Err }
