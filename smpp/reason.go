package smpp

// Reason says why a bind ended or what was odd about a PDU. Servers and
// clients count them (see Stats).
type Reason uint8

// The reasons.
const (
	ReasonNone Reason = iota

	// Why a connection ends.
	ReasonUnbindReceived
	ReasonUnbindSent
	ReasonUnbindUnanswered
	ReasonSessionInit
	ReasonEnquireLink
	ReasonInactivity
	ReasonBindRefused
	ReasonBindUnanswered
	ReasonFraming
	ReasonConnectionLost
	ReasonWriteTimeout
	ReasonShutdown
	ReasonTooManyConnections
	ReasonTooManyOfAddress
	ReasonLockedOut
	ReasonOutbindRefused
	ReasonTLSHandshake

	// What was odd, without harm to the connection.
	ReasonMalformed
	ReasonUnsupportedCommand
	ReasonWrongBindState
	ReasonAlreadyBound
	ReasonUnexpectedResponse
	ReasonEnquireLinkLate
	ReasonThrottledWindow
	ReasonThrottledRate
	ReasonResponseTimeout
	ReasonAnsweredTwice
	ReasonBadMessageID

	// Why a bind was refused.
	ReasonUnknownSystemID
	ReasonWrongPassword
	ReasonPasswordTooLong
	ReasonNetwork
	ReasonMode
	ReasonTooManyBinds
	ReasonCertificate
	ReasonDisabled

	// An address that is locked out from now on.
	ReasonLockOut

	reasons
)

var reasonNames = [reasons]string{
	ReasonNone:               "none",
	ReasonUnbindReceived:     "unbind received",
	ReasonUnbindSent:         "unbind sent",
	ReasonUnbindUnanswered:   "unbind not answered",
	ReasonSessionInit:        "no bind within the session-init timer",
	ReasonEnquireLink:        "enquire_link not answered",
	ReasonInactivity:         "inactivity",
	ReasonBindRefused:        "bind refused",
	ReasonBindUnanswered:     "bind not answered",
	ReasonFraming:            "framing lost",
	ReasonConnectionLost:     "connection lost",
	ReasonWriteTimeout:       "peer does not read",
	ReasonShutdown:           "shut down",
	ReasonTooManyConnections: "too many connections",
	ReasonTooManyOfAddress:   "too many connections of one address",
	ReasonLockedOut:          "address is locked out",
	ReasonOutbindRefused:     "outbind refused",
	ReasonTLSHandshake:       "TLS handshake failed",
	ReasonMalformed:          "malformed PDU",
	ReasonUnsupportedCommand: "unsupported command_id",
	ReasonWrongBindState:     "wrong bind state",
	ReasonAlreadyBound:       "bound already",
	ReasonUnexpectedResponse: "unexpected response",
	ReasonEnquireLinkLate:    "enquire_link not answered in spite of traffic",
	ReasonThrottledWindow:    "throttled: window full",
	ReasonThrottledRate:      "throttled: rate",
	ReasonResponseTimeout:    "response timer",
	ReasonAnsweredTwice:      "reply given twice",
	ReasonBadMessageID:       "response cannot be encoded",
	ReasonUnknownSystemID:    "unknown system_id",
	ReasonWrongPassword:      "wrong password",
	ReasonPasswordTooLong:    "password too long for the account",
	ReasonNetwork:            "address not allowed",
	ReasonMode:               "bind kind not allowed",
	ReasonTooManyBinds:       "too many binds",
	ReasonCertificate:        "certificate of somebody else",
	ReasonDisabled:           "account disabled",
	ReasonLockOut:            "address locked out",
}

func (r Reason) String() string {
	if r < reasons {
		return reasonNames[r]
	}
	return "unknown"
}
