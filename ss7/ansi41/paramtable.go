package ansi41

// ParameterInfo is one line of the parameter table.
type ParameterInfo struct {
	Name string
	// Min and Max bound the number of octets of the value.
	Min, Max int
	// Unverified marks a coding that was written down from recollection: no
	// public source confirms it. A value of another length is then not refused
	// but kept among the Unknown parameters of the message.
	Unverified bool
	// Secret marks key material, which a masking trace does not show.
	Secret bool
}

// any length that a message can have
const unbounded = 1 << 24

// LookupParameter finds the line of a parameter.
func LookupParameter(id ParameterID) (ParameterInfo, bool) {
	if int64(id) >= int64(len(parameters)) || parameters[id].Name == "" {
		return ParameterInfo{}, false
	}
	return parameters[id], true
}

func verified(name string, size int) ParameterInfo {
	return ParameterInfo{Name: name, Min: size, Max: size}
}

func variable(name string, min int) ParameterInfo {
	return ParameterInfo{Name: name, Min: min, Max: unbounded}
}

func unverified(name string, size int) ParameterInfo {
	return ParameterInfo{Name: name, Min: size, Max: size, Unverified: true}
}

func secret(name string, size int) ParameterInfo {
	return ParameterInfo{Name: name, Min: size, Max: size, Unverified: true, Secret: true}
}

var parameters = [...]ParameterInfo{
	ParamServingCellID:                          verified("ServingCellID", 2),
	ParamInterMSCCircuitID:                      verified("InterMSCCircuitID", 2),
	ParamMIN:                                    verified("MobileIdentificationNumber", 5),
	ParamESN:                                    verified("ElectronicSerialNumber", 4),
	ParamAuthorizationDenied:                    verified("AuthorizationDenied", 1),
	ParamAuthorizationPeriod:                    verified("AuthorizationPeriod", 2),
	ParamQualificationInformationCode:           verified("QualificationInformationCode", 1),
	ParamMSCID:                                  verified("MSCID", 3),
	ParamSystemMyTypeCode:                       verified("SystemMyTypeCode", 1),
	ParamPCSSN:                                  verified("PC_SSN", 5),
	ParamLocationAreaID:                         verified("LocationAreaID", 2),
	ParamSystemAccessType:                       verified("SystemAccessType", 1),
	ParamAUTHR:                                  unverified("AuthenticationResponse", 3),
	ParamAUTHBS:                                 unverified("AuthenticationResponseBaseStation", 3),
	ParamAUTHU:                                  unverified("AuthenticationResponseUniqueChallenge", 3),
	ParamCOUNT:                                  unverified("CallHistoryCount", 1),
	ParamRAND:                                   unverified("RandomVariable", 4),
	ParamRANDBS:                                 unverified("RandomVariableBaseStation", 4),
	ParamRANDSSD:                                unverified("RandomVariableSSD", 7),
	ParamRANDU:                                  unverified("RandomVariableUniqueChallenge", 3),
	ParamReportType:                             verified("ReportType", 1),
	ParamSMEKEY:                                 secret("SignalingMessageEncryptionKey", 8),
	ParamSSD:                                    secret("SharedSecretData", 16),
	ParamTerminalType:                           verified("TerminalType", 1),
	ParamVPMASK:                                 secret("VoicePrivacyMask", 66),
	ParamSystemCapabilities:                     variable("SystemCapabilities", 1),
	ParamDenyAccess:                             verified("DenyAccess", 1),
	ParamExtendedMSCID:                          verified("ExtendedMSCID", 4),
	ParamCDMAPLCM:                               secret("CDMAPrivateLongCodeMask", 6),
	ParamDeregistrationType:                     verified("DeregistrationType", 1),
	ParamAvailabilityType:                       verified("AvailabilityType", 1),
	ParamMDN:                                    variable("MobileDirectoryNumber", 3),
	ParamSenderIdentificationNumber:             variable("SenderIdentificationNumber", 3),
	ParamSMSAddress:                             variable("SMS_Address", 3),
	ParamSMSBearerData:                          variable("SMS_BearerData", 0),
	ParamSMSChargeIndicator:                     verified("SMS_ChargeIndicator", 1),
	ParamSMSDestinationAddress:                  variable("SMS_DestinationAddress", 3),
	ParamSMSMessageCount:                        verified("SMS_MessageCount", 1),
	ParamSMSNotificationIndicator:               verified("SMS_NotificationIndicator", 1),
	ParamSMSOriginalDestinationAddress:          variable("SMS_OriginalDestinationAddress", 3),
	ParamSMSOriginalDestinationSubaddress:       variable("SMS_OriginalDestinationSubaddress", 0),
	ParamSMSOriginalOriginatingAddress:          variable("SMS_OriginalOriginatingAddress", 3),
	ParamSMSOriginalOriginatingSubaddress:       variable("SMS_OriginalOriginatingSubaddress", 0),
	ParamSMSOriginatingAddress:                  variable("SMS_OriginatingAddress", 3),
	ParamSMSOriginationRestrictions:             verified("SMS_OriginationRestrictions", 1),
	ParamSMSTeleserviceIdentifier:               {Name: "SMS_TeleserviceIdentifier", Max: 2},
	ParamSMSTerminationRestrictions:             unverified("SMS_TerminationRestrictions", 1),
	ParamSMSMessageWaitingIndicator:             verified("SMS_MessageWaitingIndicator", 0),
	ParamTransactionCapability:                  variable("TransactionCapability", 2),
	ParamUniqueChallengeReport:                  verified("UniqueChallengeReport", 1),
	ParamActionCode:                             verified("ActionCode", 1),
	ParamCountUpdateReport:                      verified("CountUpdateReport", 1),
	ParamSMSAccessDeniedReason:                  verified("SMS_AccessDeniedReason", 1),
	ParamSMSCauseCode:                           verified("SMS_CauseCode", 1),
	ParamSSDUpdateReport:                        {Name: "SSDUpdateReport", Min: 1, Max: 2},
	ParamAuthenticationData:                     unverified("AuthenticationData", 3),
	ParamAKeyProtocolVersion:                    variable("AKeyProtocolVersion", 1),
	ParamAuthenticationResponseReauthentication: verified("AuthenticationResponseReauthentication", 3),
	ParamBaseStationPartialKey:                  variable("BaseStationPartialKey", 0),
	ParamMobileStationMIN:                       verified("MobileStationMIN", 5),
	ParamMobileStationPartialKey:                variable("MobileStationPartialKey", 0),
	ParamModulusValue:                           variable("ModulusValue", 0),
	ParamNewlyAssignedMIN:                       verified("NewlyAssignedMIN", 5),
	ParamOTASPResultCode:                        verified("OTASP_ResultCode", 1),
	ParamPrimitiveValue:                         variable("PrimitiveValue", 0),
	ParamRandomVariableReauthentication:         verified("RandomVariableReauthentication", 4),
	ParamReauthenticationReport:                 verified("ReauthenticationReport", 1),
	ParamServiceIndicator:                       verified("ServiceIndicator", 1),
	ParamSignalingMessageEncryptionReport:       verified("SignalingMessageEncryptionReport", 1),
	ParamTRN:                                    verified("TemporaryReferenceNumber", 5),
	ParamVoicePrivacyReport:                     verified("VoicePrivacyReport", 1),
	ParamCDMANetworkIdentification:              verified("CDMANetworkIdentification", 4),
	ParamRequiredParametersMask:                 variable("RequiredParametersMask", 0),
	ParamIMSI:                                   unverified("IMSI", 8),
	ParamServiceID:                              variable("ServiceID", 0),
	ParamMSCAddress:                             variable("MSC_Address", 3),
	ParamMobileStationIMSI:                      unverified("MobileStationIMSI", 8),
	ParamNewlyAssignedIMSI:                      unverified("NewlyAssignedIMSI", 8),
	ParamTeleservicePriority:                    verified("Teleservice_Priority", 1),
	ParamSMSTransactionID:                       variable("SMS_TransactionID", 0),
	ParamInterMessageTime:                       verified("InterMessageTime", 1),
	ParamNewMINExtension:                        verified("NewMINExtension", 3),
	ParamCDMAServingOneWayDelay2:                variable("CDMAServingOneWayDelay2", 0),
	ParamMEID:                                   unverified("MEID", 7),
}
