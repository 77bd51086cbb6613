package ansi41

// MSINACTInvoke tells the HLR that a terminal has gone (MSInactive, X.S0004-540).
// ESN and MSID, MIN or IMSI, are mandatory.
type MSINACTInvoke struct {
	ESN                        ESN
	MIN                        Optional[MIN]                `json:",omitzero"`
	IMSI                       Optional[IMSI]               `json:",omitzero"`
	COUNT                      Optional[uint8]              `json:",omitzero"`
	DeregistrationType         Optional[DeregistrationType] `json:",omitzero"`
	LocationAreaID             Optional[uint16]             `json:",omitzero"`
	SMSMessageWaitingIndicator bool                         `json:",omitempty"`
	MEID                       Optional[MEID]               `json:",omitzero"`
	Unknown                    []Parameter                  `json:",omitempty"`
}

// Operation is MSInactive.
func (m *MSINACTInvoke) Operation() Operation { return MSInactive }

// Component is Invoke.
func (m *MSINACTInvoke) Component() Component { return Invoke }

// Append appends the parameter set in the order of the struct.
func (m *MSINACTInvoke) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.msid(m.MIN.OK || m.IMSI.OK || kept(m.Unknown, ParamIMSI))
	w.dst = appendU32(w.dst, ParamESN, Some(m.ESN))
	w.dst = appendMIN(w.dst, &m.MIN)
	w.dst = appendIMSI(w.dst, ParamIMSI, &m.IMSI)
	w.dst = appendU8(w.dst, ParamCOUNT, m.COUNT)
	w.dst = appendU8(w.dst, ParamDeregistrationType, m.DeregistrationType)
	w.dst = appendU16(w.dst, ParamLocationAreaID, m.LocationAreaID)
	w.dst = appendNull(w.dst, ParamSMSMessageWaitingIndicator, m.SMSMessageWaitingIndicator)
	w.dst = appendMEID(w.dst, &m.MEID)
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *MSINACTInvoke) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*MSINACTInvoke).read)
}

func (m *MSINACTInvoke) read(s *set) {
	*m = MSINACTInvoke{}
	var esn Optional[ESN]
	for s.next() {
		switch s.id {
		case ParamESN:
			readU32(s, &esn)
		case ParamMIN:
			readTen(s, &m.MIN)
		case ParamIMSI:
			readIMSI(s, &m.IMSI)
		case ParamCOUNT:
			readU8(s, &m.COUNT)
		case ParamDeregistrationType:
			readEnum(s, &m.DeregistrationType)
		case ParamLocationAreaID:
			readU16(s, &m.LocationAreaID)
		case ParamSMSMessageWaitingIndicator:
			readNull(s, &m.SMSMessageWaitingIndicator)
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

// MSINACTResult acknowledges; it has no parameters of its own.
type MSINACTResult struct {
	Unknown []Parameter `json:",omitempty"`
}

// Operation is MSInactive.
func (m *MSINACTResult) Operation() Operation { return MSInactive }

// Component is ReturnResult.
func (m *MSINACTResult) Component() Component { return ReturnResult }

// Append appends the parameter set in the order of the struct.
func (m *MSINACTResult) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	w.kept(m.Unknown)
	return w.done()
}

// Decode fills m from the value of a parameter set. m borrows b.
func (m *MSINACTResult) Decode(b []byte) error {
	return decode(m, b, m.Unknown, (*MSINACTResult).read)
}

func (m *MSINACTResult) read(s *set) {
	*m = MSINACTResult{}
	for s.next() {
		s.keep()
	}
	m.Unknown = s.unknown
}
