package ansi41

import "github.com/otagate/otagate/internal/wire"

// SMSREQInvoke asks the HLR where a terminal can be reached (SMSRequest,
// X.S0004-540; with ServiceIndicator for OTAPA N.S0011). The MSID, MIN or IMSI, is
// mandatory.
type SMSREQInvoke struct {
	ESN                      Optional[ESN]                      `json:",omitzero"`
	MIN                      Optional[MIN]                      `json:",omitzero"`
	IMSI                     Optional[IMSI]                     `json:",omitzero"`
	MDN                      Optional[Digits]                   `json:",omitzero"`
	ServiceIndicator         Optional[ServiceIndicator]         `json:",omitzero"`
	SMSNotificationIndicator Optional[SMSNotificationIndicator] `json:",omitzero"`
	SMSTeleserviceIdentifier Optional[TeleserviceIdentifier]    `json:",omitzero"`
	Unknown                  []Parameter                        `json:",omitempty"`
}

// Operation is SMSRequest.
func (m *SMSREQInvoke) Operation() Operation { return SMSRequest }

// Component is Invoke.
func (m *SMSREQInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *SMSREQInvoke) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.msid(m.MIN.OK || m.IMSI.OK || kept(m.Unknown, ParamIMSI))
	w.dst = appendESN(w.dst, m.ESN)
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.digits(ParamMDN, &m.MDN)
	w.dst = appendServiceIndicator(w.dst, m.ServiceIndicator)
	w.dst = appendU8(w.dst, ParamSMSNotificationIndicator, m.SMSNotificationIndicator)
	w.dst = appendTeleservice(w.dst, m.SMSTeleserviceIdentifier)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *SMSREQInvoke) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*SMSREQInvoke).read)
}

func (m *SMSREQInvoke) read(s *set) {
	*m = SMSREQInvoke{}
	for s.next() {
		switch s.id {
		case ParamESN:
			readU32(s, &m.ESN)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamMDN:
			readDigits(s, &m.MDN)
		case ParamServiceIndicator:
			readEnum(s, &m.ServiceIndicator)
		case ParamSMSNotificationIndicator:
			readEnum(s, &m.SMSNotificationIndicator)
		case ParamSMSTeleserviceIdentifier:
			readTeleservice(s, &m.SMSTeleserviceIdentifier)
		default:
			s.keep()
		}
	}
	s.require(m.MIN.OK || m.IMSI.OK || kept(s.unknown, ParamIMSI), "MSID")
	m.Unknown = s.unknown
}

// SMSREQResult carries the address of the serving MSC or the reason why there is
// none: one of SMS_Address and SMS_AccessDeniedReason is to be expected. Every
// parameter is optional.
type SMSREQResult struct {
	ESN                   Optional[ESN]                   `json:",omitzero"`
	MIN                   Optional[MIN]                   `json:",omitzero"`
	IMSI                  Optional[IMSI]                  `json:",omitzero"`
	SMSAccessDeniedReason Optional[SMSAccessDeniedReason] `json:",omitzero"`
	SMSAddress            Optional[Digits]                `json:",omitzero"`
	SMSCauseCode          Optional[SMSCauseCode]          `json:",omitzero"`
	TransactionCapability Optional[wire.Hex]              `json:",omitzero"`
	Unknown               []Parameter                     `json:",omitempty"`
}

// Operation is SMSRequest.
func (m *SMSREQResult) Operation() Operation { return SMSRequest }

// Component is ReturnResult.
func (m *SMSREQResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *SMSREQResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.dst = appendESN(w.dst, m.ESN)
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.dst = appendU8(w.dst, ParamSMSAccessDeniedReason, m.SMSAccessDeniedReason)
	w.digits(ParamSMSAddress, &m.SMSAddress)
	w.dst = appendU8(w.dst, ParamSMSCauseCode, m.SMSCauseCode)
	w.octets(ParamTransactionCapability, m.TransactionCapability.V, m.TransactionCapability.OK)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *SMSREQResult) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*SMSREQResult).read)
}

func (m *SMSREQResult) read(s *set) {
	*m = SMSREQResult{}
	for s.next() {
		switch s.id {
		case ParamESN:
			readU32(s, &m.ESN)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamSMSAccessDeniedReason:
			readEnum(s, &m.SMSAccessDeniedReason)
		case ParamSMSAddress:
			readDigits(s, &m.SMSAddress)
		case ParamSMSCauseCode:
			readEnum(s, &m.SMSCauseCode)
		case ParamTransactionCapability:
			readOctets(s, &m.TransactionCapability)
		default:
			s.keep()
		}
	}
	m.Unknown = s.unknown
}
