package ansi41

// AuthorizationDenied says why a subscriber gets no service.
type AuthorizationDenied uint8

var authorizationDenied = [...]string{
	"not used", "delinquent account", "invalid serial number", "stolen unit", "duplicate unit",
	"unassigned directory number", "unspecified", "multiple access", "not authorized for the MSC",
	"missing authentication parameters", "TerminalType mismatch", "requested service code not supported",
}

func (v AuthorizationDenied) String() string { return nameOf(authorizationDenied[:], uint8(v)) }

// DenyAccess orders to deny access after failed authentication.
type DenyAccess uint8

var denyAccess = [...]string{
	"not used", "unspecified", "SSD update failure", "COUNT update failure", "unique challenge failure",
	"AUTHR mismatch", "COUNT mismatch", "process collision", "missing authentication parameters",
	"TerminalType mismatch", "MIN/IMSI or ESN authorization failure",
}

func (v DenyAccess) String() string { return nameOf(denyAccess[:], uint8(v)) }

// SMSAccessDeniedReason is the value of SMS_AccessDeniedReason.
type SMSAccessDeniedReason uint8

// The reasons why SMSREQ gives no address.
const (
	AccessDenied      SMSAccessDeniedReason = 1
	AccessPostponed   SMSAccessDeniedReason = 2
	AccessUnavailable SMSAccessDeniedReason = 3
	AccessInvalid     SMSAccessDeniedReason = 4
)

var smsAccessDeniedReasons = [...]string{"not used", "denied", "postponed", "unavailable", "invalid"}

func (v SMSAccessDeniedReason) String() string { return nameOf(smsAccessDeniedReasons[:], uint8(v)) }
