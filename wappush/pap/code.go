package pap

import "fmt"

// Code is a result (PAP 9.13). It has four digits; those that are not known
// keep their number.
type Code uint16

// Class is the first digit of a code.
type Class uint8

// The classes.
const (
	ClassSuccess        Class = 1
	ClassClientError    Class = 2
	ClassServerError    Class = 3
	ClassServiceFailure Class = 4
	ClassMobileAborted  Class = 5
)

// The codes. Those of the class 5 are 5026 and the reason with which the WSP of
// the client aborted, of which a gateway for short messages sees none.
const (
	CodeOK                        Code = 1000
	CodeAccepted                  Code = 1001
	CodeBadRequest                Code = 2000
	CodeForbidden                 Code = 2001
	CodeAddressError              Code = 2002
	CodeAddressNotFound           Code = 2003
	CodePushIDNotFound            Code = 2004
	CodeCapabilitiesMismatch      Code = 2005
	CodeCapabilitiesNotSupported  Code = 2006
	CodeDuplicatePushID           Code = 2007
	CodeCancellationNotPossible   Code = 2008
	CodeInternalServerError       Code = 3000
	CodeNotImplemented            Code = 3001
	CodeVersionNotSupported       Code = 3002
	CodeNotPossible               Code = 3003
	CodeCapabilityMatching        Code = 3004
	CodeMultipleAddresses         Code = 3005
	CodeTransformationFailure     Code = 3006
	CodeDeliveryMethodNotPossible Code = 3007
	CodeCapabilitiesNotAvailable  Code = 3008
	CodeNetworkNotAvailable       Code = 3009
	CodeBearerNotAvailable        Code = 3010
	CodeReplacementNotSupported   Code = 3011
	CodeServiceFailure            Code = 4000
	CodeServiceUnavailable        Code = 4001
	CodeClientAborted             Code = 5000
	CodeUserRequest               Code = 5026
	CodeUserRefused               Code = 5027
	CodeUserPending               Code = 5028
	CodeUserDiscarded             Code = 5029
	CodeUserUnable                Code = 5030
)

// Class is the class of the code, also of one that is not known.
func (c Code) Class() Class { return Class(c / 1000) }

// String is the number and its meaning, fit for desc.
func (c Code) String() string {
	for i := range codeNames {
		if codeNames[i].code == c {
			return fmt.Sprintf("%d %s", c, codeNames[i].name)
		}
	}
	return fmt.Sprintf("%d", c)
}

// minCode and maxCode bound four digits.
const (
	minCode Code = 1000
	maxCode Code = 9999
)

var codeNames = [...]struct {
	code Code
	name string
}{
	{CodeOK, "OK"},
	{CodeAccepted, "accepted for processing"},
	{CodeBadRequest, "bad request"},
	{CodeForbidden, "forbidden"},
	{CodeAddressError, "address error"},
	{CodeAddressNotFound, "address not found"},
	{CodePushIDNotFound, "push id not found"},
	{CodeCapabilitiesMismatch, "capabilities mismatch"},
	{CodeCapabilitiesNotSupported, "required capabilities not supported"},
	{CodeDuplicatePushID, "duplicate push id"},
	{CodeCancellationNotPossible, "cancellation not possible"},
	{CodeInternalServerError, "internal server error"},
	{CodeNotImplemented, "not implemented"},
	{CodeVersionNotSupported, "version not supported"},
	{CodeNotPossible, "not possible"},
	{CodeCapabilityMatching, "capability matching not supported"},
	{CodeMultipleAddresses, "multiple addresses not supported"},
	{CodeTransformationFailure, "transformation failure"},
	{CodeDeliveryMethodNotPossible, "specified delivery method not possible"},
	{CodeCapabilitiesNotAvailable, "capabilities not available"},
	{CodeNetworkNotAvailable, "required network not available"},
	{CodeBearerNotAvailable, "required bearer not available"},
	{CodeReplacementNotSupported, "replacement not supported"},
	{CodeServiceFailure, "service failure"},
	{CodeServiceUnavailable, "service unavailable"},
	{CodeClientAborted, "client aborted"},
	{CodeUserRequest, "client aborted: user request"},
	{CodeUserRefused, "client aborted: user refused"},
	{CodeUserPending, "client aborted: user pending"},
	{CodeUserDiscarded, "client aborted: user discarded, resend"},
	{CodeUserUnable, "client aborted: user discarded, unable"},
}
