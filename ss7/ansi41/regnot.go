package ansi41

import "github.com/otagate/otagate/internal/wire"

// REGNOTInvoke tells the HLR that a terminal has registered
// (RegistrationNotification, X.S0004-540). ESN, MSID (MIN or IMSI), MSCID,
// QualificationInformationCode and SystemMyTypeCode are mandatory.
type REGNOTInvoke struct {
	ESN                          ESN
	MIN                          Optional[MIN]  `json:",omitzero"`
	IMSI                         Optional[IMSI] `json:",omitzero"`
	MSCID                        MSCID
	QualificationInformationCode QualificationInformationCode
	SystemMyTypeCode             SystemMyTypeCode
	MEID                         Optional[MEID]                      `json:",omitzero"`
	AvailabilityType             Optional[AvailabilityType]          `json:",omitzero"`
	CDMANetworkIdentification    Optional[CDMANetworkIdentification] `json:",omitzero"`
	ExtendedMSCID                Optional[ExtendedMSCID]             `json:",omitzero"`
	LocationAreaID               Optional[uint16]                    `json:",omitzero"`
	MSCAddress                   Optional[Digits]                    `json:",omitzero"`
	PCSSN                        Optional[PCSSN]                     `json:",omitzero"`
	SMSAddress                   Optional[Digits]                    `json:",omitzero"`
	SMSMessageWaitingIndicator   bool                                `json:",omitempty"`
	SystemAccessType             Optional[SystemAccessType]          `json:",omitzero"`
	SystemCapabilities           Optional[SystemCapabilities]        `json:",omitzero"`
	TerminalType                 Optional[TerminalType]              `json:",omitzero"`
	TransactionCapability        Optional[wire.Hex]                  `json:",omitzero"`
	SenderIdentificationNumber   Optional[Digits]                    `json:",omitzero"`
	Unknown                      []Parameter                         `json:",omitempty"`
}

// Operation is RegistrationNotification.
func (m *REGNOTInvoke) Operation() Operation { return RegistrationNotification }

// Component is Invoke.
func (m *REGNOTInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *REGNOTInvoke) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.msid(m.MIN.OK || m.IMSI.OK || kept(m.Unknown, ParamIMSI))
	w.dst = appendU32(w.dst, ParamESN, Some(m.ESN))
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.dst = appendMSCID(w.dst, Some(m.MSCID))
	w.dst = appendU8(w.dst, ParamQualificationInformationCode, Some(m.QualificationInformationCode))
	w.dst = appendU8(w.dst, ParamSystemMyTypeCode, Some(m.SystemMyTypeCode))
	w.dst = appendMEID(w.dst, &m.MEID)
	w.dst = appendU8(w.dst, ParamAvailabilityType, m.AvailabilityType)
	w.dst = appendCDMANetwork(w.dst, m.CDMANetworkIdentification)
	w.dst = appendExtendedMSCID(w.dst, m.ExtendedMSCID)
	w.dst = appendU16(w.dst, ParamLocationAreaID, m.LocationAreaID)
	w.digits(ParamMSCAddress, &m.MSCAddress)
	w.pcssn(m.PCSSN)
	w.digits(ParamSMSAddress, &m.SMSAddress)
	w.dst = appendNull(w.dst, ParamSMSMessageWaitingIndicator, m.SMSMessageWaitingIndicator)
	w.dst = appendU8(w.dst, ParamSystemAccessType, m.SystemAccessType)
	w.octets(ParamSystemCapabilities, m.SystemCapabilities.V, m.SystemCapabilities.OK)
	w.dst = appendU8(w.dst, ParamTerminalType, m.TerminalType)
	w.octets(ParamTransactionCapability, m.TransactionCapability.V, m.TransactionCapability.OK)
	w.digits(ParamSenderIdentificationNumber, &m.SenderIdentificationNumber)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *REGNOTInvoke) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*REGNOTInvoke).read)
}

func (m *REGNOTInvoke) read(s *set) {
	*m = REGNOTInvoke{}
	var esn Optional[ESN]
	var mscid Optional[MSCID]
	var qualification Optional[QualificationInformationCode]
	var vendor Optional[SystemMyTypeCode]
	for s.next() {
		switch s.id {
		case ParamESN:
			readU32(s, &esn)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamMSCID:
			readMSCID(s, &mscid)
		case ParamQualificationInformationCode:
			readEnum(s, &qualification)
		case ParamSystemMyTypeCode:
			readEnum(s, &vendor)
		case ParamMEID:
			readMEID(s, &m.MEID)
		case ParamAvailabilityType:
			readEnum(s, &m.AvailabilityType)
		case ParamCDMANetworkIdentification:
			readCDMANetwork(s, &m.CDMANetworkIdentification)
		case ParamExtendedMSCID:
			readExtendedMSCID(s, &m.ExtendedMSCID)
		case ParamLocationAreaID:
			readU16(s, &m.LocationAreaID)
		case ParamMSCAddress:
			readDigits(s, &m.MSCAddress)
		case ParamPCSSN:
			readPCSSN(s, &m.PCSSN)
		case ParamSMSAddress:
			readDigits(s, &m.SMSAddress)
		case ParamSMSMessageWaitingIndicator:
			readNull(s, &m.SMSMessageWaitingIndicator)
		case ParamSystemAccessType:
			readEnum(s, &m.SystemAccessType)
		case ParamSystemCapabilities:
			readCapabilities(s, &m.SystemCapabilities)
		case ParamTerminalType:
			readEnum(s, &m.TerminalType)
		case ParamTransactionCapability:
			readOctets(s, &m.TransactionCapability)
		case ParamSenderIdentificationNumber:
			readDigits(s, &m.SenderIdentificationNumber)
		default:
			s.keep()
		}
	}
	s.require(esn.OK, "ElectronicSerialNumber")
	s.require(mscid.OK, "MSCID")
	s.require(qualification.OK, "QualificationInformationCode")
	s.require(vendor.OK, "SystemMyTypeCode")
	s.require(m.MIN.OK || m.IMSI.OK || kept(s.unknown, ParamIMSI), "MSID")
	m.ESN, m.MSCID, m.QualificationInformationCode, m.SystemMyTypeCode = esn.V, mscid.V, qualification.V, vendor.V
	m.Unknown = s.unknown
}

// REGNOTResult accepts or refuses a registration. SystemMyTypeCode is mandatory;
// of the subscriber's profile only what concerns short messages is typed.
type REGNOTResult struct {
	SystemMyTypeCode           SystemMyTypeCode
	AuthorizationDenied        Optional[AuthorizationDenied]        `json:",omitzero"`
	AuthorizationPeriod        Optional[AuthorizationPeriod]        `json:",omitzero"`
	MSCID                      Optional[MSCID]                      `json:",omitzero"`
	SMSOriginationRestrictions Optional[SMSOriginationRestrictions] `json:",omitzero"`
	SMSTerminationRestrictions Optional[SMSTerminationRestrictions] `json:",omitzero"`
	Unknown                    []Parameter                          `json:",omitempty"`
}

// Operation is RegistrationNotification.
func (m *REGNOTResult) Operation() Operation { return RegistrationNotification }

// Component is ReturnResult.
func (m *REGNOTResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *REGNOTResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.dst = appendU8(w.dst, ParamSystemMyTypeCode, Some(m.SystemMyTypeCode))
	w.dst = appendU8(w.dst, ParamAuthorizationDenied, m.AuthorizationDenied)
	w.dst = appendAuthorizationPeriod(w.dst, m.AuthorizationPeriod)
	w.dst = appendMSCID(w.dst, m.MSCID)
	w.dst = appendU8(w.dst, ParamSMSOriginationRestrictions, m.SMSOriginationRestrictions)
	w.dst = appendU8(w.dst, ParamSMSTerminationRestrictions, m.SMSTerminationRestrictions)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *REGNOTResult) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*REGNOTResult).read)
}

func (m *REGNOTResult) read(s *set) {
	*m = REGNOTResult{}
	var vendor Optional[SystemMyTypeCode]
	for s.next() {
		switch s.id {
		case ParamSystemMyTypeCode:
			readEnum(s, &vendor)
		case ParamAuthorizationDenied:
			readEnum(s, &m.AuthorizationDenied)
		case ParamAuthorizationPeriod:
			readAuthorizationPeriod(s, &m.AuthorizationPeriod)
		case ParamMSCID:
			readMSCID(s, &m.MSCID)
		case ParamSMSOriginationRestrictions:
			readEnum(s, &m.SMSOriginationRestrictions)
		case ParamSMSTerminationRestrictions:
			readEnum(s, &m.SMSTerminationRestrictions)
		default:
			s.keep()
		}
	}
	s.require(vendor.OK, "SystemMyTypeCode")
	m.SystemMyTypeCode = vendor.V
	m.Unknown = s.unknown
}
