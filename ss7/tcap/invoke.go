package tcap

import "strconv"

// InvokeState is a state of the machine of one INVOKE that we sent.
type InvokeState uint8

// The states.
const (
	InvokeIdle    InvokeState = iota
	OperationSent             // the invoke timer runs
)

func (s InvokeState) String() string {
	names := [...]string{"InvokeIdle", "OperationSent"}
	if int(s) < len(names) {
		return names[s]
	}
	return "state " + strconv.Itoa(int(s))
}

// InvokeEvent is what happens to an invoke.
type InvokeEvent uint8

// The events.
const (
	InvokeRequest       InvokeEvent = iota
	ResultLast                      // RETURN RESULT (Last)
	ErrorReceived                   // RETURN ERROR
	RejectReceived                  // REJECT
	InvokeTimerExpired              //
	TransactionReleased             // the transaction ended
	invokeEvents                    // their number
)

func (e InvokeEvent) String() string {
	names := [...]string{
		"InvokeRequest", "ResultLast", "ErrorReceived", "RejectReceived",
		"InvokeTimerExpired", "TransactionReleased",
	}
	if int(e) < len(names) {
		return names[e]
	}
	return "event " + strconv.Itoa(int(e))
}

// InvokeEffect is what is to be done.
type InvokeEffect uint8

// The effects.
const (
	SendInvoke InvokeEffect = iota
	StartInvokeTimer
	StopInvokeTimer
	DeliverResult
	DeliverError
	DeliverReject
	DeliverTimeout
	DeliverReleased  // the transaction ended without an answer
	InvokeUnexpected // count it, nothing else
)

func (e InvokeEffect) String() string {
	names := [...]string{
		"SendInvoke", "StartInvokeTimer", "StopInvokeTimer",
		"DeliverResult", "DeliverError", "DeliverReject", "DeliverTimeout", "DeliverReleased", "InvokeUnexpected",
	}
	if int(e) < len(names) {
		return names[e]
	}
	return "effect " + strconv.Itoa(int(e))
}

// Step is the invoke machine of T1.114.4 for an operation that reports both
// success and failure, as all of ANSI-41 do, and whose user rejects no answer.
// It has no clock, I/O, goroutine, lock or log. An event the state does not
// expect changes nothing.
func (s InvokeState) Step(ev InvokeEvent, out []InvokeEffect) (InvokeState, []InvokeEffect) {
	switch s {
	case InvokeIdle:
		return s.idle(ev, out)
	case OperationSent:
		return s.sent(ev, out)
	}
	return s, append(out, InvokeUnexpected)
}

func (s InvokeState) idle(ev InvokeEvent, out []InvokeEffect) (InvokeState, []InvokeEffect) {
	switch ev {
	case InvokeRequest:
		return OperationSent, append(out, SendInvoke, StartInvokeTimer)
	case TransactionReleased:
		return s, out
	}
	return s, append(out, InvokeUnexpected)
}

func (s InvokeState) sent(ev InvokeEvent, out []InvokeEffect) (InvokeState, []InvokeEffect) {
	switch ev {
	case ResultLast:
		return InvokeIdle, append(out, StopInvokeTimer, DeliverResult)
	case ErrorReceived:
		return InvokeIdle, append(out, StopInvokeTimer, DeliverError)
	case RejectReceived:
		return InvokeIdle, append(out, StopInvokeTimer, DeliverReject)
	case InvokeTimerExpired:
		return InvokeIdle, append(out, DeliverTimeout)
	case TransactionReleased:
		return InvokeIdle, append(out, StopInvokeTimer, DeliverReleased)
	}
	return s, append(out, InvokeUnexpected)
}
