package sccp

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// GTI is the global title indicator. What a title holds depends on it:
//
//	GTI  ANSI                                     ITU
//	1    translation type, plan, scheme, digits   nature, digits
//	2    translation type, digits                 translation type, digits
//	3    –                                        translation type, plan, scheme, digits
//	4    –                                        translation type, plan, scheme, nature, digits
type GTI uint8

// NumberingPlan is the plan of a global title's digits.
type NumberingPlan uint8

// Numbering plans.
const (
	PlanUnknown NumberingPlan = 0
	PlanE164    NumberingPlan = 1
	PlanE212    NumberingPlan = 6
	PlanE214    NumberingPlan = 7
)

func (p NumberingPlan) String() string {
	switch p {
	case PlanUnknown:
		return "unknown"
	case PlanE164:
		return "E.164"
	case PlanE212:
		return "E.212"
	case PlanE214:
		return "E.214"
	}
	return "plan " + strconv.Itoa(int(p))
}

// Nature is the nature of address indicator.
type Nature uint8

// Natures of address.
const (
	NatureUnknown       Nature = 0
	NatureSubscriber    Nature = 1
	NatureNational      Nature = 3
	NatureInternational Nature = 4
)

func (n Nature) String() string {
	switch n {
	case NatureUnknown:
		return "unknown"
	case NatureSubscriber:
		return "subscriber number"
	case NatureNational:
		return "national significant number"
	case NatureInternational:
		return "international number"
	}
	return "nature " + strconv.Itoa(int(n))
}

// Scheme is the encoding scheme of a title's digits.
type Scheme uint8

// Encoding schemes.
const (
	SchemeUnknown Scheme = 0
	SchemeBCDOdd  Scheme = 1
	SchemeBCDEven Scheme = 2
)

func (s Scheme) String() string {
	switch s {
	case SchemeUnknown:
		return "unknown"
	case SchemeBCDOdd:
		return "BCD, odd"
	case SchemeBCDEven:
		return "BCD, even"
	}
	return "scheme " + strconv.Itoa(int(s))
}

// GlobalTitle is a title to be translated. Its zero value is no title.
//
// Digits are 0 to 9 and A to F for the codes 10 to 15 (B is code 11, C is
// code 12, F is ST). GTI 2 does not say whether their number is odd: there an
// odd number of digits comes back with the filler 0 behind it.
type GlobalTitle struct {
	GTI             GTI           `json:"gti,omitempty"`
	TranslationType uint8         `json:"translation_type,omitempty"`
	NumberingPlan   NumberingPlan `json:"numbering_plan,omitempty"`
	Nature          Nature        `json:"nature,omitempty"`
	Digits          string        `json:"digits,omitempty"`

	// Scheme stands only beside digits that could not be read (see
	// Address.Unread); otherwise it follows from their number.
	Scheme Scheme `json:"scheme,omitempty"`
}

// Octets are octets kept in a comparable form; JSON shows them in hexadecimal.
type Octets string

func (o Octets) String() string { return hex.EncodeToString([]byte(o)) }

// MarshalText returns hexadecimal digits.
func (o Octets) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads hexadecimal digits.
func (o *Octets) UnmarshalText(s []byte) error {
	b, err := hex.DecodeString(string(s))
	if err != nil {
		return fmt.Errorf("not hexadecimal: %w", err)
	}
	*o = Octets(b)
	return nil
}

const digitAlphabet = "0123456789ABCDEF"

// maxDigits is what an address parameter of 255 octets can hold at most.
const maxDigits = 2 * 255

// unpack writes the digits of b, low half first, to buf.
func unpack(buf *[maxDigits]byte, b []byte, odd bool) []byte {
	n := 0
	for _, o := range b {
		buf[n], buf[n+1] = digitAlphabet[o&0x0f], digitAlphabet[o>>4]
		n += 2
	}
	if odd && n > 0 {
		n--
	}
	return buf[:n]
}

// appendDigits packs digits, low half first, with the filler 0.
func appendDigits(dst []byte, digits string) ([]byte, bool) {
	for i := range len(digits) {
		v := strings.IndexByte(digitAlphabet, digits[i])
		if v < 0 {
			return dst, false
		}
		if i%2 == 0 {
			dst = append(dst, byte(v))
		} else {
			dst[len(dst)-1] |= byte(v) << 4
		}
	}
	return dst, true
}
