package ansi41

// SMSNOTInvoke tells that a postponed terminal can be reached now, and where
// (SMSNotification, X.S0004-540). ESN and MSID, MIN or IMSI, are mandatory.
type SMSNOTInvoke struct {
	ESN                      ESN
	MIN                      Optional[MIN]                   `json:",omitzero"`
	IMSI                     Optional[IMSI]                  `json:",omitzero"`
	MDN                      Optional[Digits]                `json:",omitzero"`
	SMSAccessDeniedReason    Optional[SMSAccessDeniedReason] `json:",omitzero"`
	SMSAddress               Optional[Digits]                `json:",omitzero"`
	SMSTeleserviceIdentifier Optional[TeleserviceIdentifier] `json:",omitzero"`
	MEID                     Optional[MEID]                  `json:",omitzero"`
	Unknown                  []Parameter                     `json:",omitempty"`
}

// Operation is SMSNotification.
func (m *SMSNOTInvoke) Operation() Operation { return SMSNotification }

// Component is Invoke.
func (m *SMSNOTInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *SMSNOTInvoke) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.msid(m.MIN.OK || m.IMSI.OK || kept(m.Unknown, ParamIMSI))
	w.dst = appendU32(w.dst, ParamESN, Some(m.ESN))
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.digits(ParamMDN, &m.MDN)
	w.dst = appendU8(w.dst, ParamSMSAccessDeniedReason, m.SMSAccessDeniedReason)
	w.digits(ParamSMSAddress, &m.SMSAddress)
	w.dst = appendTeleservice(w.dst, m.SMSTeleserviceIdentifier)
	w.dst = appendMEID(w.dst, &m.MEID)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *SMSNOTInvoke) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*SMSNOTInvoke).read)
}

func (m *SMSNOTInvoke) read(s *set) {
	*m = SMSNOTInvoke{}
	var esn Optional[ESN]
	for s.next() {
		switch s.id {
		case ParamESN:
			readU32(s, &esn)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamMDN:
			readDigits(s, &m.MDN)
		case ParamSMSAccessDeniedReason:
			readEnum(s, &m.SMSAccessDeniedReason)
		case ParamSMSAddress:
			readDigits(s, &m.SMSAddress)
		case ParamSMSTeleserviceIdentifier:
			readTeleservice(s, &m.SMSTeleserviceIdentifier)
		case ParamMEID:
			readMEID(s, &m.MEID)
		default:
			s.keep()
		}
	}
	s.require(esn.OK, "ElectronicSerialNumber")
	s.require(m.MIN.OK || m.IMSI.OK || kept(s.unknown, ParamIMSI), "MSID")
	m.ESN = esn.V
	m.Unknown = s.unknown
}

// SMSNOTResult acknowledges a notification; it is usually empty.
type SMSNOTResult struct {
	SMSMessageCount Optional[uint8] `json:",omitzero"`
	Unknown         []Parameter     `json:",omitempty"`
}

// Operation is SMSNotification.
func (m *SMSNOTResult) Operation() Operation { return SMSNotification }

// Component is ReturnResult.
func (m *SMSNOTResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *SMSNOTResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.dst = appendU8(w.dst, ParamSMSMessageCount, m.SMSMessageCount)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *SMSNOTResult) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*SMSNOTResult).read)
}

func (m *SMSNOTResult) read(s *set) {
	*m = SMSNOTResult{}
	for s.next() {
		switch s.id {
		case ParamSMSMessageCount:
			readU8(s, &m.SMSMessageCount)
		default:
			s.keep()
		}
	}
	m.Unknown = s.unknown
}
