package is637

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
)

// maxDeliver is how many octets of user data one subparameter holds: its length
// octet counts two more.
const maxDeliver = 0xff - 2

// Deliver frames octets of user data as bearer data to a handset: message
// identifier, user data in EncodingOctet, and what is asked for below. It is
// the short way of a sender of many segments, and gives what Append of its
// Bearer gives, without allocations.
type Deliver struct {
	ID          MessageID   // equal in all segments of a datagram
	HeaderInd   bool        // the octets begin with a user data header
	Priority    Priority    // left out when normal
	ReplyOption ReplyOption // left out when nothing is asked for
	CallBack    Address     // left out when it has no digits
}

// AppendDeliver is Append of a Deliver that has nothing but the id.
func AppendDeliver(dst []byte, id MessageID, userData []byte) ([]byte, error) {
	d := Deliver{ID: id}
	return d.Append(dst, userData)
}

// Append appends the bearer data of userData to dst. It fails only if that is
// too long, or an option cannot be represented.
func (d *Deliver) Append(dst, userData []byte) ([]byte, error) {
	n := len(userData)
	switch {
	case n > 0xff:
		return dst, wire.Unencodable(proto, "NUM_FIELDS", wire.ErrTooLong)
	case n > maxDeliver:
		return dst, wire.Unencodable(proto, "length", wire.ErrTooLong)
	}
	last := byte(d.ID << 4)
	if d.HeaderInd {
		last |= 8
	}
	dst = append(dst,
		byte(SubMessageIdentifier), 3, byte(TypeDeliver)<<4|byte(d.ID>>12), byte(d.ID>>4), last,
		byte(SubUserData), byte(n+2), byte(EncodingOctet)<<3|byte(n>>5))
	dst = appendShifted(dst, byte(n&31), userData)
	if d.Priority == PriorityNormal && d.ReplyOption == 0 && len(d.CallBack.Digits) == 0 {
		return dst, nil
	}
	w := writer{dst: dst}
	put(&w, uint8(SubPriority), Optional[Priority]{d.Priority, d.Priority != PriorityNormal}, appendTop2)
	put(&w, uint8(SubReplyOption), Optional[ReplyOption]{d.ReplyOption, d.ReplyOption != 0}, appendReplyOptions)
	put(&w, uint8(SubCallBackNumber), Optional[Address]{d.CallBack, len(d.CallBack.Digits) > 0}, appendCallBack)
	return w.dst, w.err
}

// appendShifted appends five bits, then octets, then three bits of 0: the octets
// go five bits to the right, eight of them at a time.
func appendShifted(dst []byte, five byte, octets []byte) []byte {
	left := uint64(five)
	for len(octets) >= 8 {
		v := binary.BigEndian.Uint64(octets)
		dst = binary.BigEndian.AppendUint64(dst, left<<59|v>>5)
		left, octets = v&31, octets[8:]
	}
	for _, o := range octets {
		dst = append(dst, byte(left<<3)|o>>5)
		left = uint64(o & 31)
	}
	return append(dst, byte(left<<3))
}

// Bearer is the bearer data that Append writes. It borrows userData.
func (d *Deliver) Bearer(userData []byte) Bearer {
	return Bearer{
		Identifier:  MessageIdentifier{Type: TypeDeliver, ID: d.ID, HeaderInd: d.HeaderInd},
		UserData:    Some(UserData{NumFields: uint8(min(len(userData), 0xff)), Octets: userData}),
		Priority:    Optional[Priority]{d.Priority, d.Priority != PriorityNormal},
		ReplyOption: Optional[ReplyOption]{d.ReplyOption, d.ReplyOption != 0},
		CallBack:    Optional[Address]{d.CallBack, len(d.CallBack.Digits) > 0},
	}
}
