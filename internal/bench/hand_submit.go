package bench

import (
	"encoding/binary"

	"github.com/otagate/otagate/smpp"
)

// appendSubmit is the encoder that one would write by hand for a submit_sm and
// nothing else. It writes all fields of the PDU and checks what has to be
// checked to keep the octets right: the lengths of the strings.
//
//go:noinline
func appendSubmit(dst []byte, seq uint32, p *smpp.SubmitSM) ([]byte, bool) {
	if len(p.ServiceType) > 5 || len(p.SourceAddr) > 20 || len(p.DestinationAddr) > 20 ||
		len(p.ScheduleDeliveryTime) > 16 || len(p.ValidityPeriod) > 16 || len(p.ShortMessage) > 255 {
		return dst, false
	}
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, byte(seq>>24), byte(seq>>16), byte(seq>>8), byte(seq))
	dst = append(append(dst, p.ServiceType...), 0, p.SourceAddrTON, p.SourceAddrNPI)
	dst = append(append(dst, p.SourceAddr...), 0, p.DestAddrTON, p.DestAddrNPI)
	dst = append(append(dst, p.DestinationAddr...), 0, p.ESMClass, p.ProtocolID, p.PriorityFlag)
	dst = append(append(dst, p.ScheduleDeliveryTime...), 0)
	dst = append(append(dst, p.ValidityPeriod...), 0)
	dst = append(dst, p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID, byte(len(p.ShortMessage)))
	dst = append(dst, p.ShortMessage...)
	for i := range p.TLVs {
		t := &p.TLVs[i]
		if len(t.Value) > 0xffff {
			return dst, false
		}
		dst = append(dst, byte(t.Tag>>8), byte(t.Tag), byte(len(t.Value)>>8), byte(len(t.Value)))
		dst = append(dst, t.Value...)
	}
	binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at))
	return dst, true
}

// decodeSubmit is the decoder by index arithmetic: all fields, with the checks
// that keep it inside the buffer, and no names, no offsets of faults.
//
//go:noinline
func decodeSubmit(b []byte, p *smpp.SubmitSM) bool {
	i := 0
	if p.ServiceType, i = cstring(b, i, 6); i < 0 || i+2 > len(b) {
		return false
	}
	p.SourceAddrTON, p.SourceAddrNPI = b[i], b[i+1]
	if p.SourceAddr, i = cstring(b, i+2, 21); i < 0 || i+2 > len(b) {
		return false
	}
	p.DestAddrTON, p.DestAddrNPI = b[i], b[i+1]
	if p.DestinationAddr, i = cstring(b, i+2, 21); i < 0 || i+3 > len(b) {
		return false
	}
	p.ESMClass, p.ProtocolID, p.PriorityFlag = b[i], b[i+1], b[i+2]
	if p.ScheduleDeliveryTime, i = cstring(b, i+3, 17); i < 0 {
		return false
	}
	if p.ValidityPeriod, i = cstring(b, i, 17); i < 0 || i+5 > len(b) {
		return false
	}
	p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID = b[i], b[i+1], b[i+2], b[i+3]
	n := int(b[i+4])
	if i += 5; i+n > len(b) {
		return false
	}
	p.ShortMessage = b[i : i+n]
	p.TLVs = p.TLVs[:0]
	for i += n; i < len(b); {
		if i+4 > len(b) {
			return false
		}
		tag, n := smpp.Tag(binary.BigEndian.Uint16(b[i:])), int(binary.BigEndian.Uint16(b[i+2:]))
		if i += 4; i+n > len(b) {
			return false
		}
		p.TLVs = append(p.TLVs, smpp.TLV{Tag: tag, Value: b[i : i+n]})
		i += n
	}
	return true
}

// cstring finds the string at i and what comes after its NUL.
func cstring(b []byte, i, max int) ([]byte, int) {
	for j := i; j < len(b) && j < i+max; j++ {
		if b[j] == 0 {
			return b[i:j], j + 1
		}
	}
	return nil, -1
}
