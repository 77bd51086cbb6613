package is683

import "strconv"

// MessageType is OTASP_MSG_TYPE, the first octet of every message. Request and
// response share the value.
type MessageType uint8

// The message types of C.S0016-C. 0x10 exists in the reverse direction only.
const (
	TypeConfiguration              MessageType = 0x00
	TypeDownload                   MessageType = 0x01
	TypeMSKey                      MessageType = 0x02
	TypeKeyGeneration              MessageType = 0x03
	TypeReAuthenticate             MessageType = 0x04
	TypeCommit                     MessageType = 0x05
	TypeProtocolCapability         MessageType = 0x06
	TypeSSPRConfiguration          MessageType = 0x07
	TypeSSPRDownload               MessageType = 0x08
	TypeValidation                 MessageType = 0x09
	TypeOTAPA                      MessageType = 0x0a
	TypePUZLConfiguration          MessageType = 0x0b
	TypePUZLDownload               MessageType = 0x0c
	TypeThreeGPDConfiguration      MessageType = 0x0d
	TypeThreeGPDDownload           MessageType = 0x0e
	TypeSecureMode                 MessageType = 0x0f
	TypeExtendedProtocolCapability MessageType = 0x10
	TypeMMDConfiguration           MessageType = 0x11
	TypeMMDDownload                MessageType = 0x12
	TypeSystemTagConfiguration     MessageType = 0x13
	TypeSystemTagDownload          MessageType = 0x14
	TypeServiceKeyGeneration       MessageType = 0x15
	TypeMMSConfiguration           MessageType = 0x16
	TypeMMSDownload                MessageType = 0x17
)

var messageTypeNames = [...]string{
	TypeConfiguration:              "Configuration",
	TypeDownload:                   "Download",
	TypeMSKey:                      "MS Key",
	TypeKeyGeneration:              "Key Generation",
	TypeReAuthenticate:             "Re-Authenticate",
	TypeCommit:                     "Commit",
	TypeProtocolCapability:         "Protocol Capability",
	TypeSSPRConfiguration:          "SSPR Configuration",
	TypeSSPRDownload:               "SSPR Download",
	TypeValidation:                 "Validation",
	TypeOTAPA:                      "OTAPA",
	TypePUZLConfiguration:          "PUZL Configuration",
	TypePUZLDownload:               "PUZL Download",
	TypeThreeGPDConfiguration:      "3GPD Configuration",
	TypeThreeGPDDownload:           "3GPD Download",
	TypeSecureMode:                 "Secure Mode",
	TypeExtendedProtocolCapability: "Extended Protocol Capability",
	TypeMMDConfiguration:           "MMD Configuration",
	TypeMMDDownload:                "MMD Download",
	TypeSystemTagConfiguration:     "System Tag Configuration",
	TypeSystemTagDownload:          "System Tag Download",
	TypeServiceKeyGeneration:       "Service Key Generation",
	TypeMMSConfiguration:           "MMS Configuration",
	TypeMMSDownload:                "MMS Download",
}

// String is the name without the direction, "SSPR Download".
func (t MessageType) String() string {
	if int(t) < len(messageTypeNames) {
		return messageTypeNames[t]
	}
	return "message type " + strconv.Itoa(int(t))
}

// Direction tells requests from responses, which share their codes.
type Direction uint8

// Forward is from the network to the handset, Reverse from the handset.
const (
	Forward Direction = iota
	Reverse
)

// String is "forward" or "reverse".
func (d Direction) String() string {
	if d == Reverse {
		return "reverse"
	}
	return "forward"
}

// word is the second half of a message's name.
func (d Direction) word() string {
	if d == Reverse {
		return "Response"
	}
	return "Request"
}
