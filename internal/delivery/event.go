package delivery

import "time"

// EventKind says what happened.
type EventKind uint8

// The events of a delivery.
const (
	Start     EventKind = iota + 1 // the message was accepted
	Taken                          // the bearer has taken the part; MessageID when it gave one
	Failed                         // the part was not taken; Failure says why. Nothing is with the handset
	InDoubt                        // the part may have been taken: no answer came
	Receipt                        // what became of a part that was taken; Outcome is set
	Located                        // the HLR says where the handset is; MSC is set
	NotHere                        // the HLR does not; Failure says why
	Notified                       // the handset has come back; MSC is set when the notification says where
	Withdrawn                      // an answer to Withdraw: OK when no sender has or will have the part
	Expired                        // the timer ran out
	Recovered                      // the gateway was restarted
	Cancel                         // somebody does not want it any more; Ask, which is not 0, is given back with the answer
	Recall                         // it is to begin again, changed, if nobody has any of it; Ask as of Cancel
	Alone                          // its siblings do not come: it goes by itself
	Join                           // it goes for its siblings, too; a NotBefore or a Validity that is not zero takes the place of its own
	Joined                         // they have left
	Absorb                         // another goes for it
	numEvents = iota + 1
)

var eventNames = [...]string{"", "start", "taken", "failed", "in doubt", "receipt", "located", "not here", "notified", "withdrawn", "expired", "recovered", "cancel", "recall", "alone", "join", "joined", "absorb"}

func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return "event ?"
}

// Event is what a delivery is told. Taken, Failed and InDoubt are about the
// sending numbered Sending; those about an older one settle its row and do
// nothing else. Located and NotHere answer the request Req.
type Event struct {
	Kind      EventKind
	At        time.Time
	Part      uint8
	Sending   uint16
	Row       int64 // of the outbox, settled with this event
	MessageID string
	Failure   Failure
	Outcome   PartState // of a Receipt: Delivered, Undelivered or Unknown
	MSC       string
	Req       uint16
	OK        bool
	Ask       uint64

	// Of Recall, and of the Withdrawn that answers it: Again is set, and a time that is
	// not zero takes the place of that of the message. The times are of Join, too.
	Again               bool
	NotBefore, Validity time.Time
}

// Class says what a failure means for the message.
type Class uint8

// The classes of failure.
const (
	Temporary Class = iota + 1 // try again later
	Postponed                  // the handset is away, and the network will say when it is back
	Permanent                  // do not try again
	Late                       // the part's validity was over before it was sent
)

var classNames = [...]string{"", "temporary", "postponed", "permanent", "late"}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return "class ?"
}

// Failure is why a part was not taken. Detail is for people and holds no
// secrets; After takes the place of the policy's Pause, and doubles as that does;
// 0 is the policy's.
type Failure struct {
	Class  Class
	After  time.Duration
	Detail string
}
