package ansi41

import "github.com/otagate/otagate/internal/wire"

// OTASPREQInvoke asks the authentication centre for a step of the A-key exchange,
// an SSD update, a re-authentication, a commit or a signature; ActionCode says
// which (OTASPRequest, N.S0011). Every parameter is optional; so is RANDBS, which
// one public dissector takes for mandatory.
type OTASPREQInvoke struct {
	ActionCode              Optional[ActionCode]           `json:",omitzero"`
	AKeyProtocolVersion     Optional[AKeyProtocolVersions] `json:",omitzero"`
	AuthenticationData      Optional[AuthenticationValue]  `json:",omitzero"`
	AUTHR                   Optional[AuthenticationValue]  `json:",omitzero"`
	COUNT                   Optional[uint8]                `json:",omitzero"`
	ESN                     Optional[ESN]                  `json:",omitzero"`
	MIN                     Optional[MIN]                  `json:",omitzero"`
	IMSI                    Optional[IMSI]                 `json:",omitzero"`
	MobileStationMIN        Optional[MIN]                  `json:",omitzero"`
	MobileStationIMSI       Optional[IMSI]                 `json:",omitzero"`
	MobileStationPartialKey Optional[wire.Hex]             `json:",omitzero"`
	MSCID                   Optional[MSCID]                `json:",omitzero"`
	NewlyAssignedMIN        Optional[MIN]                  `json:",omitzero"`
	NewlyAssignedIMSI       Optional[IMSI]                 `json:",omitzero"`
	RAND                    Optional[RandomVariable]       `json:",omitzero"`
	RANDBS                  Optional[RandomVariable]       `json:",omitzero"`
	ServiceIndicator        Optional[ServiceIndicator]     `json:",omitzero"`
	SystemCapabilities      Optional[SystemCapabilities]   `json:",omitzero"`
	TerminalType            Optional[TerminalType]         `json:",omitzero"`
	MEID                    Optional[MEID]                 `json:",omitzero"`
	Unknown                 []Parameter                    `json:",omitempty"`
}

// Operation is OTASPRequest.
func (m *OTASPREQInvoke) Operation() Operation { return OTASPRequest }

// Component is Invoke.
func (m *OTASPREQInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *OTASPREQInvoke) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.dst = appendU8(w.dst, ParamActionCode, m.ActionCode)
	w.octets(ParamAKeyProtocolVersion, m.AKeyProtocolVersion.V, m.AKeyProtocolVersion.OK)
	w.u24(ParamAuthenticationData, m.AuthenticationData)
	w.u24(ParamAUTHR, m.AUTHR)
	w.dst = appendU8(w.dst, ParamCOUNT, m.COUNT)
	w.dst = appendESN(w.dst, m.ESN)
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.dst = appendTen(w.dst, ParamMobileStationMIN, &m.MobileStationMIN)
	w.dst = appendIMSI(w.dst, ParamMobileStationIMSI, &m.MobileStationIMSI)
	w.octets(ParamMobileStationPartialKey, m.MobileStationPartialKey.V, m.MobileStationPartialKey.OK)
	w.dst = appendMSCID(w.dst, m.MSCID)
	w.dst = appendTen(w.dst, ParamNewlyAssignedMIN, &m.NewlyAssignedMIN)
	w.dst = appendIMSI(w.dst, ParamNewlyAssignedIMSI, &m.NewlyAssignedIMSI)
	w.dst = appendU32(w.dst, ParamRAND, m.RAND)
	w.dst = appendU32(w.dst, ParamRANDBS, m.RANDBS)
	w.dst = appendServiceIndicator(w.dst, m.ServiceIndicator)
	w.octets(ParamSystemCapabilities, m.SystemCapabilities.V, m.SystemCapabilities.OK)
	w.dst = appendU8(w.dst, ParamTerminalType, m.TerminalType)
	w.dst = appendMEID(w.dst, &m.MEID)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *OTASPREQInvoke) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*OTASPREQInvoke).read)
}

func (m *OTASPREQInvoke) read(s *set) {
	*m = OTASPREQInvoke{}
	for s.next() {
		switch s.id {
		case ParamActionCode:
			readEnum(s, &m.ActionCode)
		case ParamAKeyProtocolVersion:
			readOctets(s, &m.AKeyProtocolVersion)
		case ParamAuthenticationData:
			readU24(s, &m.AuthenticationData)
		case ParamAUTHR:
			readU24(s, &m.AUTHR)
		case ParamCOUNT:
			readU8(s, &m.COUNT)
		case ParamESN:
			readU32(s, &m.ESN)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamMobileStationMIN:
			readTen(s, &m.MobileStationMIN)
		case ParamMobileStationIMSI:
			readIMSI(s, &m.MobileStationIMSI)
		case ParamMobileStationPartialKey:
			readOctets(s, &m.MobileStationPartialKey)
		case ParamMSCID:
			readMSCID(s, &m.MSCID)
		case ParamNewlyAssignedMIN:
			readTen(s, &m.NewlyAssignedMIN)
		case ParamNewlyAssignedIMSI:
			readIMSI(s, &m.NewlyAssignedIMSI)
		case ParamRAND:
			readU32(s, &m.RAND)
		case ParamRANDBS:
			readU32(s, &m.RANDBS)
		case ParamServiceIndicator:
			readEnum(s, &m.ServiceIndicator)
		case ParamSystemCapabilities:
			readCapabilities(s, &m.SystemCapabilities)
		case ParamTerminalType:
			readEnum(s, &m.TerminalType)
		case ParamMEID:
			readMEID(s, &m.MEID)
		default:
			s.keep()
		}
	}
	m.Unknown = s.unknown
}

// OTASPREQResult is the authentication centre's answer. Every parameter is
// optional. The numbers of the key exchange are big-endian.
type OTASPREQResult struct {
	AKeyProtocolVersion              Optional[AKeyProtocolVersions]             `json:",omitzero"`
	AUTHBS                           Optional[AuthenticationValue]              `json:",omitzero"`
	BaseStationPartialKey            Optional[wire.Hex]                         `json:",omitzero"`
	DenyAccess                       Optional[DenyAccess]                       `json:",omitzero"`
	ModulusValue                     Optional[wire.Hex]                         `json:",omitzero"`
	OTASPResultCode                  Optional[OTASPResultCode]                  `json:",omitzero"`
	PrimitiveValue                   Optional[wire.Hex]                         `json:",omitzero"`
	SignalingMessageEncryptionReport Optional[SignalingMessageEncryptionReport] `json:",omitzero"`
	SSDUpdateReport                  Optional[SSDUpdateReport]                  `json:",omitzero"`
	UniqueChallengeReport            Optional[UniqueChallengeReport]            `json:",omitzero"`
	VoicePrivacyReport               Optional[VoicePrivacyReport]               `json:",omitzero"`
	Unknown                          []Parameter                                `json:",omitempty"`
}

// Operation is OTASPRequest.
func (m *OTASPREQResult) Operation() Operation { return OTASPRequest }

// Component is ReturnResult.
func (m *OTASPREQResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *OTASPREQResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.octets(ParamAKeyProtocolVersion, m.AKeyProtocolVersion.V, m.AKeyProtocolVersion.OK)
	w.u24(ParamAUTHBS, m.AUTHBS)
	w.octets(ParamBaseStationPartialKey, m.BaseStationPartialKey.V, m.BaseStationPartialKey.OK)
	w.dst = appendU8(w.dst, ParamDenyAccess, m.DenyAccess)
	w.octets(ParamModulusValue, m.ModulusValue.V, m.ModulusValue.OK)
	w.dst = appendU8(w.dst, ParamOTASPResultCode, m.OTASPResultCode)
	w.octets(ParamPrimitiveValue, m.PrimitiveValue.V, m.PrimitiveValue.OK)
	w.dst = appendU8(w.dst, ParamSignalingMessageEncryptionReport, m.SignalingMessageEncryptionReport)
	w.dst = appendU8(w.dst, ParamSSDUpdateReport, m.SSDUpdateReport)
	w.dst = appendU8(w.dst, ParamUniqueChallengeReport, m.UniqueChallengeReport)
	w.dst = appendU8(w.dst, ParamVoicePrivacyReport, m.VoicePrivacyReport)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *OTASPREQResult) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*OTASPREQResult).read)
}

func (m *OTASPREQResult) read(s *set) {
	*m = OTASPREQResult{}
	for s.next() {
		switch s.id {
		case ParamAKeyProtocolVersion:
			readOctets(s, &m.AKeyProtocolVersion)
		case ParamAUTHBS:
			readU24(s, &m.AUTHBS)
		case ParamBaseStationPartialKey:
			readOctets(s, &m.BaseStationPartialKey)
		case ParamDenyAccess:
			readEnum(s, &m.DenyAccess)
		case ParamModulusValue:
			readOctets(s, &m.ModulusValue)
		case ParamOTASPResultCode:
			readEnum(s, &m.OTASPResultCode)
		case ParamPrimitiveValue:
			readOctets(s, &m.PrimitiveValue)
		case ParamSignalingMessageEncryptionReport:
			readEnum(s, &m.SignalingMessageEncryptionReport)
		case ParamSSDUpdateReport:
			readSSDUpdateReport(s, &m.SSDUpdateReport)
		case ParamUniqueChallengeReport:
			readEnum(s, &m.UniqueChallengeReport)
		case ParamVoicePrivacyReport:
			readEnum(s, &m.VoicePrivacyReport)
		default:
			s.keep()
		}
	}
	m.Unknown = s.unknown
}
