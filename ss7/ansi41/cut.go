package ansi41

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
)

// cut is the short way of Decode for the parameters that programming over the
// air uses: every step of a session passes here, and a cursor that can name
// each field and fault costs four times as much. Anything else is left to
// read, from the start. A test holds the two together.
func (m *SMDPPInvoke) cut(b []byte) bool {
	*m = SMDPPInvoke{Unknown: m.Unknown[:0]}
	bearer, teleservice := false, false
	for len(b) > 0 {
		id, v, rest := cutParameter(b)
		ok := false
		switch id {
		case ParamSMSBearerData:
			ok, bearer, m.SMSBearerData = !bearer, true, v
		case ParamSMSTeleserviceIdentifier:
			ok, teleservice = !teleservice && m.SMSTeleserviceIdentifier.cut(v), true
		case ParamActionCode:
			ok = cutU8(&m.ActionCode, v)
		case ParamESN:
			if ok = len(v) == 4 && !m.ESN.OK; ok {
				m.ESN = Some(ESN(binary.BigEndian.Uint32(v)))
			}
		case ParamMEID:
			if ok = len(v) == 7 && !m.MEID.OK; ok {
				m.MEID = Some(MEID(v))
			}
		case ParamMIN:
			ok = cutTen(&m.MIN, v)
		case ParamNewlyAssignedMIN:
			ok = cutTen(&m.NewlyAssignedMIN, v)
		case ParamServiceIndicator:
			ok = cutU8(&m.ServiceIndicator, v)
		case ParamTRN:
			ok = cutTen(&m.TRN, v)
		case ParamMSCID:
			if ok = len(v) == 3 && !m.MSCID.OK; ok {
				m.MSCID = Some(MSCID{MarketID: binary.BigEndian.Uint16(v), SwitchNumber: v[2]})
			}
		}
		if !ok {
			return false
		}
		b = rest
	}
	return bearer && teleservice
}

// cut is the same for the answer.
func (m *SMDPPResult) cut(b []byte) bool {
	*m = SMDPPResult{Unknown: m.Unknown[:0]}
	for len(b) > 0 {
		id, v, rest := cutParameter(b)
		ok := false
		switch id {
		case ParamSMSBearerData:
			if ok = !m.SMSBearerData.OK; ok {
				m.SMSBearerData = Some(wire.Hex(v))
			}
		case ParamSMSCauseCode:
			ok = cutU8(&m.SMSCauseCode, v)
		case ParamActionCode:
			ok = cutU8(&m.ActionCode, v)
		case ParamESN:
			if ok = len(v) == 4 && !m.ESN.OK; ok {
				m.ESN = Some(ESN(binary.BigEndian.Uint32(v)))
			}
		case ParamMEID:
			if ok = len(v) == 7 && !m.MEID.OK; ok {
				m.MEID = Some(MEID(v))
			}
		case ParamMobileStationMIN:
			ok = cutTen(&m.MobileStationMIN, v)
		case ParamMSCID:
			if ok = len(v) == 3 && !m.MSCID.OK; ok {
				m.MSCID = Some(MSCID{MarketID: binary.BigEndian.Uint16(v), SwitchNumber: v[2]})
			}
		case ParamSystemCapabilities:
			if ok = len(v) > 0 && !m.SystemCapabilities.OK; ok {
				m.SystemCapabilities = Some(SystemCapabilities(v))
			}
		}
		if !ok {
			return false
		}
		b = rest
	}
	return true
}

func cutU8[T ~uint8](o *Optional[T], v []byte) bool {
	if len(v) != 1 || o.OK {
		return false
	}
	*o = Some(T(v[0]))
	return true
}

func cutTen[T ~[5]byte](o *Optional[T], v []byte) bool {
	if len(v) != 5 || o.OK {
		return false
	}
	*o = Some(T([5]byte(v)))
	return true
}

func (t *TeleserviceIdentifier) cut(v []byte) bool {
	if len(v) == 2 {
		*t = Teleservice(binary.BigEndian.Uint16(v))
	}
	return len(v) == 2 || len(v) == 0
}

// cutParameter cuts one parameter off b, which is not empty. It knows numbers
// below 2^14 in as many octets as they need, and lengths of up to three octets.
func cutParameter(b []byte) (id ParameterID, v, rest []byte) {
	id, i := ParameterID(b[0]&0x1f), 1
	switch {
	case b[0]&0xe0 != 0x80:
		return notAParameter, nil, nil
	case id < 31:
	case len(b) >= 2 && b[1]&0x80 == 0 && b[1] >= 31:
		id, i = ParameterID(b[1]), 2
	case len(b) >= 3 && b[1] > 0x80 && b[2]&0x80 == 0:
		id, i = ParameterID(b[1]&0x7f)<<7|ParameterID(b[2]), 3
	default:
		return notAParameter, nil, nil
	}
	if i >= len(b) {
		return notAParameter, nil, nil
	}
	n := int(b[i])
	i++
	switch {
	case n < 0x80:
	case n == 0x81 && i < len(b):
		n, i = int(b[i]), i+1
	case n == 0x82 && i+1 < len(b):
		n, i = int(binary.BigEndian.Uint16(b[i:])), i+2
	default:
		return notAParameter, nil, nil
	}
	if n > len(b)-i {
		return notAParameter, nil, nil
	}
	return id, b[i : i+n : i+n], b[i+n:]
}
