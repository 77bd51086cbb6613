package m3ua

import (
	"encoding/binary"

	"github.com/otagate/otagate/ss7/mtp"
)

// cut is the short way of Decode for a well-formed DATA: all traffic passes
// here, and a cursor that can name each field and fault costs three times as
// much. It takes no parameter that is unknown, twice or of a wrong length, and
// no padding behind the message: all that is left to read, from the start. A
// test holds the two together.
func (m *Data) cut(b []byte) bool {
	if len(b) < HeaderLen || b[0] != Version || Type(b[2])<<8|Type(b[3]) != TypeData ||
		uint64(binary.BigEndian.Uint32(b[4:])) != uint64(len(b)) {
		return false
	}
	*m = Data{}
	seen := false
	for b = b[HeaderLen:]; len(b) >= 4; {
		tag, n := Tag(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
		if n < 4 || n > len(b) {
			return false
		}
		v := b[4:n:n]
		switch {
		case tag == TagProtocolData && !seen:
			if seen = m.cutProtocolData(v); !seen {
				return false
			}
		case n != 8:
			return false
		case tag == TagRoutingContext && !m.RoutingContext.Set:
			m.RoutingContext = Some(binary.BigEndian.Uint32(v))
		case tag == TagNetworkAppearance && !m.NetworkAppearance.Set:
			m.NetworkAppearance = Some(binary.BigEndian.Uint32(v))
		case tag == TagCorrelationID && !m.CorrelationID.Set:
			m.CorrelationID = Some(binary.BigEndian.Uint32(v))
		default:
			return false
		}
		b = b[min((n+3)&^3, len(b)):] // the last parameter need not be padded
	}
	return seen && len(b) == 0
}

func (m *Data) cutProtocolData(v []byte) bool {
	if len(v) < 12 || v[0] != 0 || v[4] != 0 { // point codes have 24 bits
		return false
	}
	m.OPC, m.DPC = mtp.PointCode(binary.BigEndian.Uint32(v)), mtp.PointCode(binary.BigEndian.Uint32(v[4:]))
	m.SI, m.NI, m.MP, m.SLS, m.UserData = v[8], v[9], v[10], v[11], v[12:]
	return true
}
