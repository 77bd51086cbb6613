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

// decodeSubmit is the decoder by hand: all fields, cut off the front of the
// body with the checks that keep it inside, and no names, no offsets of
// faults. Cutting slices is faster here than counting an index on.
//
//go:noinline
func decodeSubmit(b []byte, p *smpp.SubmitSM) bool {
	if p.ServiceType, b = cstring(b, 6); len(b) < 2 {
		return false
	}
	p.SourceAddrTON, p.SourceAddrNPI = b[0], b[1]
	if p.SourceAddr, b = cstring(b[2:], 21); len(b) < 2 {
		return false
	}
	p.DestAddrTON, p.DestAddrNPI = b[0], b[1]
	if p.DestinationAddr, b = cstring(b[2:], 21); len(b) < 3 {
		return false
	}
	p.ESMClass, p.ProtocolID, p.PriorityFlag = b[0], b[1], b[2]
	p.ScheduleDeliveryTime, b = cstring(b[3:], 17)
	if p.ValidityPeriod, b = cstring(b, 17); len(b) < 5 {
		return false
	}
	p.RegisteredDelivery, p.ReplaceIfPresentFlag, p.DataCoding, p.SMDefaultMsgID = b[0], b[1], b[2], b[3]
	n := int(b[4])
	if b = b[5:]; n > len(b) {
		return false
	}
	p.ShortMessage, b = b[:n], b[n:]
	p.TLVs = p.TLVs[:0]
	for len(b) > 0 {
		if len(b) < 4 {
			return false
		}
		tag, n := smpp.Tag(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			return false
		}
		p.TLVs = append(p.TLVs, smpp.TLV{Tag: tag, Value: b[:n]})
		b = b[n:]
	}
	return true
}

// cstring is the string at the front and what comes after its NUL.
func cstring(b []byte, max int) (s, rest []byte) {
	for i, o := range b[:min(max, len(b))] {
		if o == 0 {
			return b[:i], b[i+1:]
		}
	}
	return nil, nil
}
