package ansi41

import (
	"strconv"

	"github.com/otagate/otagate/internal/ber"
)

// ParameterID is the context-specific number of a parameter.
type ParameterID uint32

// notAParameter is what a tag gives that is not a primitive context tag.
const notAParameter = ^ParameterID(0)

// Tag is the complete identifier of the parameter.
func (id ParameterID) Tag() ber.Tag { return ber.Context(uint32(id)) }

// String is the name of the parameter, or its number when it has none here.
func (id ParameterID) String() string {
	if p, ok := LookupParameter(id); ok {
		return p.Name
	}
	return strconv.FormatUint(uint64(id), 10)
}

// parameterOf is the inverse of Tag. A number in more octets than it needs is
// no valid identifier and thus no parameter.
func parameterOf(t ber.Tag) ParameterID {
	switch {
	case t >= 0x80 && t < 0x9f:
		return ParameterID(t & 0x1f)
	case t>>8 == 0x9f && t&0x80 == 0 && t&0x7f >= 31:
		return ParameterID(t & 0x7f)
	case t>>16 == 0x9f && t&0x8080 == 0x8000 && t>>8&0x7f != 0:
		return ParameterID(t>>8&0x7f)<<7 | ParameterID(t&0x7f)
	case t>>24 == 0x9f && t&0x808080 == 0x808000 && t>>16&0x7f != 0:
		return ParameterID(t>>16&0x7f)<<14 | ParameterID(t>>8&0x7f)<<7 | ParameterID(t&0x7f)
	}
	return notAParameter
}

// The parameter numbers.
const (
	ParamServingCellID                          ParameterID = 2
	ParamInterMSCCircuitID                      ParameterID = 6
	ParamMIN                                    ParameterID = 8
	ParamESN                                    ParameterID = 9
	ParamAuthorizationDenied                    ParameterID = 13
	ParamAuthorizationPeriod                    ParameterID = 14
	ParamQualificationInformationCode           ParameterID = 17
	ParamMSCID                                  ParameterID = 21
	ParamSystemMyTypeCode                       ParameterID = 22
	ParamPCSSN                                  ParameterID = 32
	ParamLocationAreaID                         ParameterID = 33
	ParamSystemAccessType                       ParameterID = 34
	ParamAUTHR                                  ParameterID = 35
	ParamAUTHBS                                 ParameterID = 36
	ParamAUTHU                                  ParameterID = 37
	ParamCOUNT                                  ParameterID = 38
	ParamRAND                                   ParameterID = 40
	ParamRANDBS                                 ParameterID = 41
	ParamRANDSSD                                ParameterID = 42
	ParamRANDU                                  ParameterID = 43
	ParamReportType                             ParameterID = 44
	ParamSMEKEY                                 ParameterID = 45
	ParamSSD                                    ParameterID = 46
	ParamTerminalType                           ParameterID = 47
	ParamVPMASK                                 ParameterID = 48
	ParamSystemCapabilities                     ParameterID = 49
	ParamDenyAccess                             ParameterID = 50
	ParamExtendedMSCID                          ParameterID = 53
	ParamCDMAPLCM                               ParameterID = 67
	ParamDeregistrationType                     ParameterID = 73
	ParamAvailabilityType                       ParameterID = 90
	ParamMDN                                    ParameterID = 93
	ParamSenderIdentificationNumber             ParameterID = 103
	ParamSMSAddress                             ParameterID = 104
	ParamSMSBearerData                          ParameterID = 105
	ParamSMSChargeIndicator                     ParameterID = 106
	ParamSMSDestinationAddress                  ParameterID = 107
	ParamSMSMessageCount                        ParameterID = 108
	ParamSMSNotificationIndicator               ParameterID = 109
	ParamSMSOriginalDestinationAddress          ParameterID = 110
	ParamSMSOriginalDestinationSubaddress       ParameterID = 111
	ParamSMSOriginalOriginatingAddress          ParameterID = 112
	ParamSMSOriginalOriginatingSubaddress       ParameterID = 113
	ParamSMSOriginatingAddress                  ParameterID = 114
	ParamSMSOriginationRestrictions             ParameterID = 115
	ParamSMSTeleserviceIdentifier               ParameterID = 116
	ParamSMSTerminationRestrictions             ParameterID = 117
	ParamSMSMessageWaitingIndicator             ParameterID = 118
	ParamTransactionCapability                  ParameterID = 123
	ParamUniqueChallengeReport                  ParameterID = 124
	ParamActionCode                             ParameterID = 128
	ParamSMSAccessDeniedReason                  ParameterID = 152
	ParamSMSCauseCode                           ParameterID = 153
	ParamSSDUpdateReport                        ParameterID = 156
	ParamAuthenticationData                     ParameterID = 161
	ParamAKeyProtocolVersion                    ParameterID = 181
	ParamAuthenticationResponseReauthentication ParameterID = 182
	ParamBaseStationPartialKey                  ParameterID = 183
	ParamMobileStationMIN                       ParameterID = 184
	ParamMobileStationPartialKey                ParameterID = 185
	ParamModulusValue                           ParameterID = 186
	ParamNewlyAssignedMIN                       ParameterID = 187
	ParamOTASPResultCode                        ParameterID = 189
	ParamPrimitiveValue                         ParameterID = 190
	ParamRandomVariableReauthentication         ParameterID = 191
	ParamReauthenticationReport                 ParameterID = 192
	ParamServiceIndicator                       ParameterID = 193
	ParamSignalingMessageEncryptionReport       ParameterID = 194
	ParamTRN                                    ParameterID = 195
	ParamVoicePrivacyReport                     ParameterID = 196
	ParamCDMANetworkIdentification              ParameterID = 232
	ParamRequiredParametersMask                 ParameterID = 236
	ParamIMSI                                   ParameterID = 242
	ParamServiceID                              ParameterID = 246
	ParamCountUpdateReport                      ParameterID = 138
	ParamMSCAddress                             ParameterID = 284
	ParamMobileStationIMSI                      ParameterID = 286
	ParamNewlyAssignedIMSI                      ParameterID = 287
	ParamTeleservicePriority                    ParameterID = 290
	ParamSMSTransactionID                       ParameterID = 302
	ParamInterMessageTime                       ParameterID = 325
	ParamNewMINExtension                        ParameterID = 328
	ParamCDMAServingOneWayDelay2                ParameterID = 347
	ParamMEID                                   ParameterID = 390
)
