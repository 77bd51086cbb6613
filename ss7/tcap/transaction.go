package tcap

import "strconv"

// TransactionState is a state of the transaction machine.
type TransactionState uint8

// The states.
const (
	Idle               TransactionState = iota
	InitiationSent                      // our query is out
	InitiationReceived                  // the peer's query is with the user
	Active                              // conversation
)

func (s TransactionState) String() string {
	names := [...]string{"Idle", "InitiationSent", "InitiationReceived", "Active"}
	if int(s) < len(names) {
		return names[s]
	}
	return "state " + strconv.Itoa(int(s))
}

// TransactionEvent is what happens to a transaction.
type TransactionEvent uint8

// The events: what the user sends, what the peer sent, and the timer.
const (
	SendQuery TransactionEvent = iota
	SendConversation
	SendResponse
	SendAbort
	ReceiveQueryWithPermission
	ReceiveQueryWithoutPermission
	ReceiveConversationWithPermission
	ReceiveConversationWithoutPermission
	ReceiveResponse
	ReceiveAbort
	ReceiveBad // transaction known, the rest cannot be read
	Expire
	transactionEvents // their number
)

func (e TransactionEvent) String() string {
	names := [...]string{
		"SendQuery", "SendConversation", "SendResponse", "SendAbort",
		"ReceiveQueryWithPermission", "ReceiveQueryWithoutPermission",
		"ReceiveConversationWithPermission", "ReceiveConversationWithoutPermission",
		"ReceiveResponse", "ReceiveAbort", "ReceiveBad", "Expire",
	}
	if int(e) < len(names) {
		return names[e]
	}
	return "event " + strconv.Itoa(int(e))
}

// TransactionEffect is what is to be done.
type TransactionEffect uint8

// The effects, in the order in which they are done.
const (
	Transmit           TransactionEffect = iota // send the user's package
	Deliver                                     // give the components to the invoke machines
	AbortPeer                                   // send an Abort to the peer
	DeliverAbort                                // the transaction ended without an answer
	Release                                     // forget the transaction
	Unexpected                                  // count it, nothing else
	transactionEffects                          // their number
)

func (e TransactionEffect) String() string {
	names := [...]string{"Transmit", "Deliver", "AbortPeer", "DeliverAbort", "Release", "Unexpected"}
	if int(e) < len(names) {
		return names[e]
	}
	return "effect " + strconv.Itoa(int(e))
}

// Transaction is the state of one transaction. MayRelease says that the peer's
// latest package permits us to end it.
type Transaction struct {
	State      TransactionState
	MayRelease bool
}

// Step is the transaction machine of T1.114.4. It has no clock, I/O,
// goroutine, lock or log. An event the state does not expect changes nothing.
func (t Transaction) Step(ev TransactionEvent, out []TransactionEffect) (Transaction, []TransactionEffect) {
	switch t.State {
	case Idle:
		return t.idle(ev, out)
	case InitiationSent:
		return t.initiationSent(ev, out)
	case InitiationReceived:
		return t.initiationReceived(ev, out)
	case Active:
		return t.active(ev, out)
	}
	return t, append(out, Unexpected)
}

func (t Transaction) idle(ev TransactionEvent, out []TransactionEffect) (Transaction, []TransactionEffect) {
	switch ev {
	case SendQuery:
		return Transaction{State: InitiationSent}, append(out, Transmit)
	case ReceiveQueryWithPermission, ReceiveQueryWithoutPermission:
		return Transaction{InitiationReceived, ev == ReceiveQueryWithPermission}, append(out, Deliver)
	case ReceiveConversationWithPermission, ReceiveConversationWithoutPermission:
		return t, append(out, AbortPeer)
	}
	return t, append(out, Unexpected)
}

// initiationSent: the peer's id is not known yet, so it cannot be told of an end.
func (t Transaction) initiationSent(ev TransactionEvent, out []TransactionEffect) (Transaction, []TransactionEffect) {
	switch ev {
	case ReceiveConversationWithPermission, ReceiveConversationWithoutPermission:
		return Transaction{Active, ev == ReceiveConversationWithPermission}, append(out, Deliver)
	case ReceiveResponse:
		return Transaction{}, append(out, Deliver, Release)
	case ReceiveAbort, ReceiveBad, Expire:
		return Transaction{}, append(out, DeliverAbort, Release)
	case SendAbort:
		return Transaction{}, append(out, Release)
	}
	return t, append(out, Unexpected)
}

// initiationReceived: the peer does not know our id yet, so nothing it sends
// can be meant for this transaction.
func (t Transaction) initiationReceived(ev TransactionEvent, out []TransactionEffect) (Transaction, []TransactionEffect) {
	switch {
	case ev == SendConversation:
		return Transaction{Active, t.MayRelease}, append(out, Transmit)
	case ev == SendResponse && t.MayRelease, ev == SendAbort:
		return Transaction{}, append(out, Transmit, Release)
	case ev == Expire:
		return Transaction{}, append(out, AbortPeer, Release)
	}
	return t, append(out, Unexpected)
}

func (t Transaction) active(ev TransactionEvent, out []TransactionEffect) (Transaction, []TransactionEffect) {
	switch ev {
	case SendConversation:
		return t, append(out, Transmit)
	case SendResponse:
		if !t.MayRelease {
			return t, append(out, Unexpected)
		}
		return Transaction{}, append(out, Transmit, Release)
	case SendAbort:
		return Transaction{}, append(out, Transmit, Release)
	case ReceiveConversationWithPermission, ReceiveConversationWithoutPermission:
		return Transaction{Active, ev == ReceiveConversationWithPermission}, append(out, Deliver)
	case ReceiveResponse:
		return Transaction{}, append(out, Deliver, Release)
	case ReceiveAbort:
		return Transaction{}, append(out, DeliverAbort, Release)
	case ReceiveBad, Expire:
		return Transaction{}, append(out, AbortPeer, DeliverAbort, Release)
	}
	return t, append(out, Unexpected)
}
