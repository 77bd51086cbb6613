package ansi41

// ActionCode orders the receiver of an operation to do something.
type ActionCode uint8

// The action codes that SMDPP and OTASPREQ use.
const (
	ActionAttachMSCToOTAF                  ActionCode = 8
	ActionInitiateRegistrationNotification ActionCode = 9
	ActionGeneratePublicEncryptionValues   ActionCode = 10
	ActionGenerateAKey                     ActionCode = 11
	ActionPerformSSDUpdate                 ActionCode = 12
	ActionPerformReauthentication          ActionCode = 13
	ActionReleaseTRN                       ActionCode = 14
	ActionCommitAKey                       ActionCode = 15
	ActionReleaseResources                 ActionCode = 16
	ActionRecordNEWMSID                    ActionCode = 17
	ActionAllocateResources                ActionCode = 18
	ActionGenerateAuthenticationSignature  ActionCode = 19
	ActionDoNotWaitForMSUserLevelResponse  ActionCode = 21
)

var actionCodes = [...]string{
	0: "not used", 1: "continue processing", 2: "disconnect call", 3: "disconnect leg",
	4: "drop last conference party", 5: "bridge legs", 6: "drop leg on busy", 7: "disconnect all legs",
	8: "attach MSC to OTAF", 9: "initiate RegistrationNotification",
	10: "generate public encryption values", 11: "generate A-key", 12: "perform SSD update",
	13: "perform re-authentication", 14: "release TRN", 15: "commit A-key", 16: "release resources",
	17: "record NEWMSID", 18: "allocate resources", 19: "generate authentication signature",
	20: "release leg and redirect subscriber", 21: "do not wait for MS user level response",
	22: "prepare for handset position determination", 23: "complete handset position determination",
}

func (v ActionCode) String() string { return nameOf(actionCodes[:], uint8(v)) }

// ServiceIndicator tells which service an operation belongs to.
type ServiceIndicator uint8

// The services.
const (
	ServiceUndefined              ServiceIndicator = 0
	ServiceCDMAOTASP              ServiceIndicator = 1
	ServiceTDMAOTASP              ServiceIndicator = 2
	ServiceCDMAOTAPA              ServiceIndicator = 3
	ServiceCDMAPositionEmergency  ServiceIndicator = 4
	ServiceAMPSPositionEmergency  ServiceIndicator = 5
	ServiceCDMAPositionValueAdded ServiceIndicator = 6
)

var serviceIndicators = [...]string{
	"undefined", "CDMA OTASP", "TDMA OTASP", "CDMA OTAPA", "CDMA position (emergency)",
	"AMPS position (emergency)", "CDMA position (value added)",
}

func (v ServiceIndicator) String() string { return nameOf(serviceIndicators[:], uint8(v)) }

func appendServiceIndicator(dst []byte, o Optional[ServiceIndicator]) []byte {
	if !o.OK {
		return dst
	}
	return append(dst, 0x9f, 0x80|byte(ParamServiceIndicator>>7), byte(ParamServiceIndicator&0x7f), 1, byte(o.V))
}
