package udh

import "fmt"

// ID is an information element identifier (IEI).
type ID uint8

// The identifiers that have a name here.
const (
	Concatenation8    ID = 0x00
	SpecialIndication ID = 0x01
	Ports8            ID = 0x04
	Ports16           ID = 0x05
	SCControl         ID = 0x06
	SourceIndicator   ID = 0x07
	Concatenation16   ID = 0x08
	WCMP              ID = 0x09
	SingleShift       ID = 0x24
	LockingShift      ID = 0x25
)

func (id ID) String() string {
	switch id {
	case Concatenation8:
		return "concatenation, 8-bit reference"
	case SpecialIndication:
		return "special indication"
	case Ports8:
		return "ports, 8 bit"
	case Ports16:
		return "ports, 16 bit"
	case SCControl:
		return "SC control"
	case SourceIndicator:
		return "UDH source"
	case Concatenation16:
		return "concatenation, 16-bit reference"
	case WCMP:
		return "WCMP"
	case SingleShift:
		return "single shift"
	case LockingShift:
		return "locking shift"
	}
	switch {
	case id >= 0x70 && id <= 0x7f:
		return fmt.Sprintf("SIM toolkit security header %d", id-0x70)
	case id >= 0x80 && id <= 0x9f:
		return fmt.Sprintf("SME to SME %#02x", uint8(id))
	case id >= 0xc0 && id <= 0xdf:
		return fmt.Sprintf("SC specific %#02x", uint8(id))
	}
	return fmt.Sprintf("IE %#02x", uint8(id))
}
