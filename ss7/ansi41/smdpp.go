package ansi41

import "github.com/otagate/otagate/internal/wire"

// SMDPPInvoke carries a message to a terminal, by way of its serving MSC, or
// an order to that MSC (SMSDeliveryPointToPoint, X.S0004-540; for OTASP and
// OTAPA N.S0011). The message is opaque here: an IS-683 forward message when
// ServiceIndicator is OTASP or OTAPA, IS-637 bearer data for a teleservice.
//
// SMS_BearerData and SMS_TeleserviceIdentifier are mandatory and may have no
// octets: OTASP has no teleservice, and an order has no bearer data.
type SMDPPInvoke struct {
	SMSBearerData                    wire.Hex
	SMSTeleserviceIdentifier         TeleserviceIdentifier
	ActionCode                       Optional[ActionCode]               `json:",omitzero"`
	ESN                              Optional[ESN]                      `json:",omitzero"`
	MEID                             Optional[MEID]                     `json:",omitzero"`
	MIN                              Optional[MIN]                      `json:",omitzero"`
	IMSI                             Optional[IMSI]                     `json:",omitzero"`
	NewlyAssignedMIN                 Optional[MIN]                      `json:",omitzero"`
	NewlyAssignedIMSI                Optional[IMSI]                     `json:",omitzero"`
	NewMINExtension                  Optional[wire.Hex]                 `json:",omitzero"`
	ServiceIndicator                 Optional[ServiceIndicator]         `json:",omitzero"`
	TRN                              Optional[TRN]                      `json:",omitzero"`
	MSCID                            Optional[MSCID]                    `json:",omitzero"`
	InterMessageTime                 Optional[uint8]                    `json:",omitzero"` // units of 10 s
	CDMAServingOneWayDelay2          Optional[wire.Hex]                 `json:",omitzero"`
	SMSChargeIndicator               Optional[SMSChargeIndicator]       `json:",omitzero"`
	SMSDestinationAddress            Optional[Digits]                   `json:",omitzero"`
	SMSMessageCount                  Optional[uint8]                    `json:",omitzero"`
	SMSNotificationIndicator         Optional[SMSNotificationIndicator] `json:",omitzero"`
	SMSOriginalDestinationAddress    Optional[Digits]                   `json:",omitzero"`
	SMSOriginalDestinationSubaddress Optional[wire.Hex]                 `json:",omitzero"`
	SMSOriginalOriginatingAddress    Optional[Digits]                   `json:",omitzero"`
	SMSOriginalOriginatingSubaddress Optional[wire.Hex]                 `json:",omitzero"`
	SMSOriginatingAddress            Optional[Digits]                   `json:",omitzero"`
	TeleservicePriority              Optional[uint8]                    `json:",omitzero"`
	Unknown                          []Parameter                        `json:",omitempty"`
}

// Operation is SMSDeliveryPointToPoint.
func (m *SMDPPInvoke) Operation() Operation { return SMSDeliveryPointToPoint }

// Component is Invoke.
func (m *SMDPPInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *SMDPPInvoke) Append(dst []byte) ([]byte, error) {
	if m.alwaysFits() {
		dst = append(appendHeader(dst, ParamSMSBearerData, len(m.SMSBearerData)), m.SMSBearerData...)
		return m.appendSystem(m.appendIdentity(dst)), nil
	}
	return m.appendAny(dst)
}

func (m *SMDPPInvoke) appendAny(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.octets(ParamSMSBearerData, m.SMSBearerData, true)
	w.dst = m.appendIdentity(w.dst)
	w.octets(ParamNewMINExtension, m.NewMINExtension.V, m.NewMINExtension.OK)
	w.dst = m.appendSystem(w.dst)
	m.appendSMS(&w)
	w.kept(m.Unknown)
	return w.done()
}

// alwaysFits reports whether nothing is there that has to go through a writer,
// which keeps errors: that is the short way of Append.
func (m *SMDPPInvoke) alwaysFits() bool {
	return len(m.SMSBearerData) < 1<<16 && !m.NewMINExtension.OK && len(m.Unknown) == 0 && !m.hasSMS()
}

// appendIdentity appends what is to be done and to whom.
func (m *SMDPPInvoke) appendIdentity(dst []byte) []byte {
	dst = appendTeleservice(dst, Some(m.SMSTeleserviceIdentifier))
	dst = appendU8(dst, ParamActionCode, m.ActionCode)
	dst = appendESN(dst, m.ESN)
	dst = appendMEID(dst, &m.MEID)
	dst = appendMIN(dst, &m.MIN)
	dst = appendIMSI(dst, ParamIMSI, &m.IMSI)
	dst = appendTen(dst, ParamNewlyAssignedMIN, &m.NewlyAssignedMIN)
	return appendIMSI(dst, ParamNewlyAssignedIMSI, &m.NewlyAssignedIMSI)
}

// appendSystem appends the service and where it is.
func (m *SMDPPInvoke) appendSystem(dst []byte) []byte {
	dst = appendServiceIndicator(dst, m.ServiceIndicator)
	dst = appendTen(dst, ParamTRN, &m.TRN)
	return appendMSCID(dst, m.MSCID)
}

// hasSMS reports whether there is anything that appendSMS appends.
func (m *SMDPPInvoke) hasSMS() bool {
	return m.InterMessageTime.OK || m.CDMAServingOneWayDelay2.OK || m.SMSChargeIndicator.OK ||
		m.SMSDestinationAddress.OK || m.SMSMessageCount.OK || m.SMSNotificationIndicator.OK ||
		m.SMSOriginalDestinationAddress.OK || m.SMSOriginalDestinationSubaddress.OK ||
		m.SMSOriginalOriginatingAddress.OK || m.SMSOriginalOriginatingSubaddress.OK ||
		m.SMSOriginatingAddress.OK || m.TeleservicePriority.OK
}

// appendSMS appends what only the delivery of a short message has.
func (m *SMDPPInvoke) appendSMS(w *writer) {
	w.dst = appendU8(w.dst, ParamInterMessageTime, m.InterMessageTime)
	w.octets(ParamCDMAServingOneWayDelay2, m.CDMAServingOneWayDelay2.V, m.CDMAServingOneWayDelay2.OK)
	w.dst = appendU8(w.dst, ParamSMSChargeIndicator, m.SMSChargeIndicator)
	w.digits(ParamSMSDestinationAddress, &m.SMSDestinationAddress)
	w.dst = appendU8(w.dst, ParamSMSMessageCount, m.SMSMessageCount)
	w.dst = appendU8(w.dst, ParamSMSNotificationIndicator, m.SMSNotificationIndicator)
	w.digits(ParamSMSOriginalDestinationAddress, &m.SMSOriginalDestinationAddress)
	w.octets(ParamSMSOriginalDestinationSubaddress, m.SMSOriginalDestinationSubaddress.V, m.SMSOriginalDestinationSubaddress.OK)
	w.digits(ParamSMSOriginalOriginatingAddress, &m.SMSOriginalOriginatingAddress)
	w.octets(ParamSMSOriginalOriginatingSubaddress, m.SMSOriginalOriginatingSubaddress.V, m.SMSOriginalOriginatingSubaddress.OK)
	w.digits(ParamSMSOriginatingAddress, &m.SMSOriginatingAddress)
	w.dst = appendU8(w.dst, ParamTeleservicePriority, m.TeleservicePriority)
}

// Decode fills m from the value of a parameter set. m borrows b. See cut.
func (m *SMDPPInvoke) Decode(b []byte) error {
	if m.cut(b) {
		return nil
	}
	return decode(m, b, m.Unknown, (*SMDPPInvoke).read)
}

func (m *SMDPPInvoke) read(s *set) {
	*m = SMDPPInvoke{}
	var bearer Optional[wire.Hex]
	var teleservice Optional[TeleserviceIdentifier]
	for s.next() {
		switch s.id {
		case ParamSMSBearerData:
			readOctets(s, &bearer)
		case ParamSMSTeleserviceIdentifier:
			readTeleservice(s, &teleservice)
		case ParamActionCode:
			readEnum(s, &m.ActionCode)
		case ParamESN:
			readU32(s, &m.ESN)
		case ParamMEID:
			readMEID(s, &m.MEID)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamNewlyAssignedMIN:
			readTen(s, &m.NewlyAssignedMIN)
		case ParamNewlyAssignedIMSI:
			readIMSI(s, &m.NewlyAssignedIMSI)
		case ParamNewMINExtension:
			readOctets(s, &m.NewMINExtension)
		case ParamServiceIndicator:
			readEnum(s, &m.ServiceIndicator)
		case ParamTRN:
			readTen(s, &m.TRN)
		case ParamMSCID:
			readMSCID(s, &m.MSCID)
		default:
			m.readSMS(s)
		}
	}
	s.require(bearer.OK, "SMS_BearerData")
	s.require(teleservice.OK, "SMS_TeleserviceIdentifier")
	m.SMSBearerData, m.SMSTeleserviceIdentifier = bearer.V, teleservice.V
	m.Unknown = s.unknown
}

func (m *SMDPPInvoke) readSMS(s *set) {
	switch s.id {
	case ParamInterMessageTime:
		readU8(s, &m.InterMessageTime)
	case ParamCDMAServingOneWayDelay2:
		readOctets(s, &m.CDMAServingOneWayDelay2)
	case ParamSMSChargeIndicator:
		readEnum(s, &m.SMSChargeIndicator)
	case ParamSMSDestinationAddress:
		readDigits(s, &m.SMSDestinationAddress)
	case ParamSMSMessageCount:
		readU8(s, &m.SMSMessageCount)
	case ParamSMSNotificationIndicator:
		readEnum(s, &m.SMSNotificationIndicator)
	case ParamSMSOriginalDestinationAddress:
		readDigits(s, &m.SMSOriginalDestinationAddress)
	case ParamSMSOriginalDestinationSubaddress:
		readOctets(s, &m.SMSOriginalDestinationSubaddress)
	case ParamSMSOriginalOriginatingAddress:
		readDigits(s, &m.SMSOriginalOriginatingAddress)
	case ParamSMSOriginalOriginatingSubaddress:
		readOctets(s, &m.SMSOriginalOriginatingSubaddress)
	case ParamSMSOriginatingAddress:
		readDigits(s, &m.SMSOriginatingAddress)
	case ParamTeleservicePriority:
		readU8(s, &m.TeleservicePriority)
	default:
		s.keep()
	}
}

// SMDPPResult is the MSC's answer: the terminal's IS-683 reverse message in
// SMS_BearerData, the terminal's identity after an attach, or SMS_CauseCode
// when the order could not be carried out. Every parameter is optional.
type SMDPPResult struct {
	ActionCode          Optional[ActionCode]          `json:",omitzero"`
	AuthorizationDenied Optional[AuthorizationDenied] `json:",omitzero"`
	DenyAccess          Optional[DenyAccess]          `json:",omitzero"`
	ESN                 Optional[ESN]                 `json:",omitzero"`
	MEID                Optional[MEID]                `json:",omitzero"`
	MobileStationMIN    Optional[MIN]                 `json:",omitzero"`
	MobileStationIMSI   Optional[IMSI]                `json:",omitzero"`
	MSCID               Optional[MSCID]               `json:",omitzero"`
	ServingCellID       Optional[uint16]              `json:",omitzero"`
	SMSBearerData       Optional[wire.Hex]            `json:",omitzero"`
	SMSCauseCode        Optional[SMSCauseCode]        `json:",omitzero"`
	SystemCapabilities  Optional[SystemCapabilities]  `json:",omitzero"`
	Unknown             []Parameter                   `json:",omitempty"`
}

// Operation is SMSDeliveryPointToPoint.
func (m *SMDPPResult) Operation() Operation { return SMSDeliveryPointToPoint }

// Component is ReturnResult.
func (m *SMDPPResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *SMDPPResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.dst = appendU8(w.dst, ParamActionCode, m.ActionCode)
	w.dst = appendU8(w.dst, ParamAuthorizationDenied, m.AuthorizationDenied)
	w.dst = appendU8(w.dst, ParamDenyAccess, m.DenyAccess)
	w.dst = appendESN(w.dst, m.ESN)
	w.dst = appendMEID(w.dst, &m.MEID)
	w.dst = appendTen(w.dst, ParamMobileStationMIN, &m.MobileStationMIN)
	w.dst = appendIMSI(w.dst, ParamMobileStationIMSI, &m.MobileStationIMSI)
	w.dst = appendMSCID(w.dst, m.MSCID)
	w.dst = appendU16(w.dst, ParamServingCellID, m.ServingCellID)
	w.octets(ParamSMSBearerData, m.SMSBearerData.V, m.SMSBearerData.OK)
	w.dst = appendU8(w.dst, ParamSMSCauseCode, m.SMSCauseCode)
	w.octets(ParamSystemCapabilities, m.SystemCapabilities.V, m.SystemCapabilities.OK)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b. See cut.
func (m *SMDPPResult) Decode(b []byte) error {
	if m.cut(b) {
		return nil
	}
	return decode(m, b, m.Unknown, (*SMDPPResult).read)
}

func (m *SMDPPResult) read(s *set) {
	*m = SMDPPResult{}
	for s.next() {
		switch s.id {
		case ParamActionCode:
			readEnum(s, &m.ActionCode)
		case ParamAuthorizationDenied:
			readEnum(s, &m.AuthorizationDenied)
		case ParamDenyAccess:
			readEnum(s, &m.DenyAccess)
		case ParamESN:
			readU32(s, &m.ESN)
		case ParamMEID:
			readMEID(s, &m.MEID)
		case ParamMobileStationMIN:
			readTen(s, &m.MobileStationMIN)
		case ParamMobileStationIMSI:
			readIMSI(s, &m.MobileStationIMSI)
		case ParamMSCID:
			readMSCID(s, &m.MSCID)
		case ParamServingCellID:
			readU16(s, &m.ServingCellID)
		case ParamSMSBearerData:
			readOctets(s, &m.SMSBearerData)
		case ParamSMSCauseCode:
			readEnum(s, &m.SMSCauseCode)
		case ParamSystemCapabilities:
			readCapabilities(s, &m.SystemCapabilities)
		default:
			s.keep()
		}
	}
	m.Unknown = s.unknown
}
