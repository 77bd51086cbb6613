package ansi41

// SMSCauseCode is the value of SMS_CauseCode: why a message was not delivered.
// IS-637 uses the same list for its cause codes.
type SMSCauseCode uint8

// The causes that a provisioning session or a delivery acts on.
const (
	CauseAddressVacant                SMSCauseCode = 0
	CauseAddressTranslationFailure    SMSCauseCode = 1
	CauseNetworkResourceShortage      SMSCauseCode = 2
	CauseNetworkFailure               SMSCauseCode = 3
	CauseInvalidTeleserviceID         SMSCauseCode = 4
	CauseOtherNetworkProblem          SMSCauseCode = 5
	CauseNoPageResponse               SMSCauseCode = 32
	CauseDestinationBusy              SMSCauseCode = 33
	CauseNoAcknowledgment             SMSCauseCode = 34
	CauseDestinationResourceShortage  SMSCauseCode = 35
	CauseSMSDeliveryPostponed         SMSCauseCode = 36
	CauseDestinationOutOfService      SMSCauseCode = 37
	CauseDestinationNoLongerAtAddress SMSCauseCode = 38
	CauseOtherTerminalProblem         SMSCauseCode = 39
	CauseRadioInterfaceShortage       SMSCauseCode = 64
	CauseOtherRadioInterfaceProblem   SMSCauseCode = 66
	CauseMissingExpectedParameter     SMSCauseCode = 102
	CauseMissingMandatoryParameter    SMSCauseCode = 103
	CauseUnrecognizedParameterValue   SMSCauseCode = 104
	CauseUnexpectedParameterValue     SMSCauseCode = 105
	CauseOtherGeneralProblems         SMSCauseCode = 107
	CauseSessionNotActive             SMSCauseCode = 108
	CauseMSDisconnect                 SMSCauseCode = 110
)

var smsCauseCodes = [...]string{
	0: "address vacant", 1: "address translation failure", 2: "network resource shortage",
	3: "network failure", 4: "invalid teleservice id", 5: "other network problem",
	6: "unsupported network interface", 8: "handset position determination failure",
	9:  "position resources released for a voice service",
	10: "position resources released for a voice service, message acknowledged",
	14: "emergency call precedence", 32: "no page response", 33: "destination busy",
	34: "no acknowledgment", 35: "destination resource shortage", 36: "SMS delivery postponed",
	37: "destination out of service", 38: "destination no longer at this address",
	39: "other terminal problem", 64: "radio interface resource shortage",
	65: "radio interface incompatibility", 66: "other radio interface problem",
	67: "unsupported base station capability", 96: "encoding problem",
	97: "service origination denied", 98: "service termination denied",
	99: "supplementary service not supported", 100: "service not supported",
	102: "missing expected parameter", 103: "missing mandatory parameter",
	104: "unrecognized parameter value", 105: "unexpected parameter value",
	106: "user data size error", 107: "other general problems", 108: "session not active",
	110: "MS disconnect",
}

func (v SMSCauseCode) String() string { return nameOf(smsCauseCodes[:], uint8(v)) }

// Temporary reports whether another attempt may succeed. The division is a
// suggestion, not taken from a standard.
func (v SMSCauseCode) Temporary() bool {
	switch v {
	case 2, 3, 5, 32, 33, 34, 35, 36, 64, 66:
		return true
	}
	return false
}
