package is637

import "github.com/otagate/otagate/internal/wire"

// SubparameterID is SUBPARAMETER_ID of bearer data.
type SubparameterID uint8

// The subparameters.
const (
	SubMessageIdentifier     SubparameterID = 0x00
	SubUserData              SubparameterID = 0x01
	SubUserResponseCode      SubparameterID = 0x02
	SubMessageCenterTime     SubparameterID = 0x03
	SubValidityAbsolute      SubparameterID = 0x04
	SubValidityRelative      SubparameterID = 0x05
	SubDeferredAbsolute      SubparameterID = 0x06
	SubDeferredRelative      SubparameterID = 0x07
	SubPriority              SubparameterID = 0x08
	SubPrivacy               SubparameterID = 0x09
	SubReplyOption           SubparameterID = 0x0a
	SubNumberOfMessages      SubparameterID = 0x0b
	SubAlertOnDelivery       SubparameterID = 0x0c
	SubLanguage              SubparameterID = 0x0d
	SubCallBackNumber        SubparameterID = 0x0e
	SubDisplayMode           SubparameterID = 0x0f
	SubMultipleEncoding      SubparameterID = 0x10
	SubDepositIndex          SubparameterID = 0x11
	SubCategoryProgramData   SubparameterID = 0x12
	SubCategoryProgramResult SubparameterID = 0x13
	SubMessageStatus         SubparameterID = 0x14
	SubTPFailureCause        SubparameterID = 0x15
	SubEnhancedVMN           SubparameterID = 0x16
	SubEnhancedVMNAck        SubparameterID = 0x17
)

var subparameters = [...]string{
	"message identifier", "user data", "user response code", "message center time stamp",
	"validity period absolute", "validity period relative", "deferred delivery time absolute",
	"deferred delivery time relative", "priority indicator", "privacy indicator", "reply option",
	"number of messages", "alert on message delivery", "language indicator", "call-back number",
	"message display mode", "multiple encoding user data", "message deposit index",
	"service category program data", "service category program results", "message status",
	"TP-failure cause", "enhanced voice mail notification",
	"enhanced voice mail notification acknowledgement",
}

func (s SubparameterID) String() string { return nameOf(subparameters[:], uint8(s)) }

// Subparameter is one that stays octets.
type Subparameter struct {
	ID   SubparameterID `json:"subparameter_id"`
	Data wire.Hex       `json:"data"`
}

// MessageType is MESSAGE_TYPE of bearer data, four bits.
type MessageType uint8

// The message types.
const (
	TypeDeliver       MessageType = 1 // to the handset
	TypeSubmit        MessageType = 2 // from the handset
	TypeCancellation  MessageType = 3
	TypeDeliveryAck   MessageType = 4
	TypeUserAck       MessageType = 5
	TypeReadAck       MessageType = 6
	TypeDeliverReport MessageType = 7
	TypeSubmitReport  MessageType = 8
)

const maxMessageType = 15

var messageTypes = [...]string{
	1: "deliver", 2: "submit", 3: "cancellation", 4: "delivery acknowledgement",
	5: "user acknowledgement", 6: "read acknowledgement", 7: "deliver report", 8: "submit report",
}

func (t MessageType) String() string { return nameOf(messageTypes[:], uint8(t)) }

// MessageID is MESSAGE_ID: segments of a datagram share it, answers repeat it.
type MessageID uint16

// MessageIdentifier is subparameter 00, which all bearer data has. With
// HeaderInd the user data begins with a header of GSM: see UserData.SplitHeader.
//
//	4:MESSAGE_TYPE 16:MESSAGE_ID 1:HEADER_IND 3:RESERVED
type MessageIdentifier struct {
	Type      MessageType `json:"message_type"`
	ID        MessageID   `json:"message_id"`
	HeaderInd bool        `json:"header_ind,omitempty"`
}

func (v *MessageIdentifier) read(r *wire.Bits) {
	v.Type = wire.SayBits(r, MessageType(r.U(4, "MESSAGE_TYPE")))
	v.ID = MessageID(r.U(16, "MESSAGE_ID"))
	v.HeaderInd = r.Flag("HEADER_IND")
	reserved(r, 3)
}

func appendIdentifier(dst []byte, v MessageIdentifier) ([]byte, error) {
	if v.Type > maxMessageType {
		return dst, wire.Unencodable(proto, "MESSAGE_TYPE", wire.ErrTooLong)
	}
	last := byte(v.ID << 4)
	if v.HeaderInd {
		last |= 8
	}
	return append(dst, byte(v.Type)<<4|byte(v.ID>>12), byte(v.ID>>4), last), nil
}
