package sccp

import "strconv"

// ProtocolClass is the octet of that name: the class in the low half, the
// message handling in the high half.
type ProtocolClass uint8

// Parts of a ProtocolClass.
const (
	Class0        ProtocolClass = 0x00 // any order
	Class1        ProtocolClass = 0x01 // in sequence
	ReturnOnError ProtocolClass = 0x80
)

// Class is the class alone.
func (p ProtocolClass) Class() uint8 { return uint8(p & 0x0f) }

// ReturnOnError reports whether an undeliverable message is to be returned.
func (p ProtocolClass) ReturnOnError() bool { return p&0xf0 == ReturnOnError }

func (p ProtocolClass) String() string {
	s := "class " + strconv.Itoa(int(p.Class()))
	switch p & 0xf0 {
	case 0:
		return s + ", discard on error"
	case ReturnOnError:
		return s + ", return on error"
	}
	return s + ", message handling " + strconv.Itoa(int(p>>4))
}
