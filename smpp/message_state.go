package smpp

import "fmt"

// MessageState is the state of a message (SMPP 3.4 section 5.2.28).
type MessageState uint8

// The states of SMPP 3.4, and two that 5.0 adds.
const (
	MessageScheduled     MessageState = 0 // 5.0
	MessageEnroute       MessageState = 1
	MessageDelivered     MessageState = 2
	MessageExpired       MessageState = 3
	MessageDeleted       MessageState = 4
	MessageUndeliverable MessageState = 5
	MessageAccepted      MessageState = 6
	MessageUnknown       MessageState = 7
	MessageRejected      MessageState = 8
	MessageSkipped       MessageState = 9 // 5.0
)

// String is the standard's word.
func (s MessageState) String() string {
	switch s {
	case MessageScheduled:
		return "SCHEDULED"
	case MessageEnroute:
		return "ENROUTE"
	case MessageDelivered:
		return "DELIVERED"
	case MessageExpired:
		return "EXPIRED"
	case MessageDeleted:
		return "DELETED"
	case MessageUndeliverable:
		return "UNDELIVERABLE"
	case MessageAccepted:
		return "ACCEPTED"
	case MessageUnknown:
		return "UNKNOWN"
	case MessageRejected:
		return "REJECTED"
	case MessageSkipped:
		return "SKIPPED"
	}
	return fmt.Sprintf("%d", uint8(s))
}
