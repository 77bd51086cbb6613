package ansi41

import (
	"github.com/otagate/otagate/internal/wire"
)

// Message is the parameter set of one component.
type Message interface {
	Operation() Operation
	Component() Component
	// Append appends the value of the parameter set (tag F2).
	Append(dst []byte) ([]byte, error)
	// Decode fills the message from the value of a parameter set, which it borrows.
	Decode(b []byte) error
	// read is Decode of a set that has its cursor already.
	read(s *set)
}

// Component is the kind of component that carries a parameter set.
type Component uint8

// The components. A RETURN ERROR carries an [ErrorCode].
const (
	Invoke       Component = 1
	ReturnResult Component = 2
)

func (v Component) String() string {
	return nameOf([]string{1: "invoke", 2: "returnResult"}, uint8(v))
}

// ReadInvoke reads the parameter set of an INVOKE.
func ReadInvoke(c *wire.Cursor, op Operation) (Message, error) { return read(c, op, Invoke) }

// ReadResult reads the parameter set of a RETURN RESULT. The result itself does
// not name its operation; op is that of the INVOKE it answers.
func ReadResult(c *wire.Cursor, op Operation) (Message, error) { return read(c, op, ReturnResult) }

func read(c *wire.Cursor, op Operation, kind Component) (Message, error) {
	m := newMessage(op, kind)
	s := set{c: *c}
	m.read(&s)
	*c = s.c
	if err := c.End(); err != nil {
		return nil, err
	}
	return m, nil
}

// newMessage is the dispatch table. What has no type of its own is Generic.
func newMessage(op Operation, kind Component) Message {
	switch {
	case op == SMSDeliveryPointToPoint && kind == Invoke:
		return new(SMDPPInvoke)
	case op == SMSDeliveryPointToPoint && kind == ReturnResult:
		return new(SMDPPResult)
	case op == OTASPRequest && kind == Invoke:
		return new(OTASPREQInvoke)
	case op == OTASPRequest && kind == ReturnResult:
		return new(OTASPREQResult)
	case op == SMSRequest && kind == Invoke:
		return new(SMSREQInvoke)
	case op == SMSRequest && kind == ReturnResult:
		return new(SMSREQResult)
	case op == SMSNotification && kind == Invoke:
		return new(SMSNOTInvoke)
	case op == SMSNotification && kind == ReturnResult:
		return new(SMSNOTResult)
	case op == RegistrationNotification && kind == Invoke:
		return new(REGNOTInvoke)
	case op == RegistrationNotification && kind == ReturnResult:
		return new(REGNOTResult)
	case op == MSInactive && kind == Invoke:
		return new(MSINACTInvoke)
	case op == MSInactive && kind == ReturnResult:
		return new(MSINACTResult)
	}
	return &Generic{Op: op, Kind: kind}
}
