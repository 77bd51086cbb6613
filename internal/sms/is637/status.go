package is637

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// MessageStatus is the octet of subparameter 14: error class and code. One
// source only has the codes.
//
//	2:ERROR_CLASS 6:MSG_STATUS_CODE
type MessageStatus uint8

// The statuses.
const (
	StatusAccepted          MessageStatus = 0x00
	StatusDeposited         MessageStatus = 0x01 // to internet
	StatusDelivered         MessageStatus = 0x02
	StatusCancelled         MessageStatus = 0x03
	StatusCongestion        MessageStatus = 0x84 // temporary
	StatusNetworkError      MessageStatus = 0x85
	StatusUnknown           MessageStatus = 0x9f
	StatusCongestionFinal   MessageStatus = 0xc4 // permanent
	StatusNetworkErrorFinal MessageStatus = 0xc5
	StatusCancelFailed      MessageStatus = 0xc6
	StatusBlocked           MessageStatus = 0xc7
	StatusTextTooLong       MessageStatus = 0xc8
	StatusDuplicate         MessageStatus = 0xc9
	StatusInvalid           MessageStatus = 0xca
	StatusExpired           MessageStatus = 0xcd
	StatusUnknownFinal      MessageStatus = 0xdf
)

// Class is the class of the status.
func (v MessageStatus) Class() ErrorClass { return ErrorClass(v >> 6) }

var (
	statusesDone   = [...]string{"accepted", "deposited to internet", "delivered", "cancelled"}
	statusesFailed = [...]string{
		4: "network congestion", 5: "network error", 6: "cancel failed", 7: "blocked destination",
		8: "text too long", 9: "duplicate message", 10: "invalid destination", 13: "message expired", 31: "unknown error",
	}
)

func (v MessageStatus) String() string {
	if v.Class() == NoError {
		return nameOf(statusesDone[:], uint8(v))
	}
	return fmt.Sprintf("%v: %s", v.Class(), nameOf(statusesFailed[:], uint8(v&0x3f)))
}

func (v *MessageStatus) read(r *wire.Bits) {
	class := wire.SayBits(r, ErrorClass(r.U(2, "ERROR_CLASS")))
	*v = MessageStatus(class)<<6 | MessageStatus(r.U(6, "MSG_STATUS_CODE"))
	wire.SayBits(r, *v)
}
