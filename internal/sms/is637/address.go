package is637

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// NumberType is NUMBER_TYPE of an address that is not one of a data network.
type NumberType uint8

// The types of number.
const (
	UnknownNumber       NumberType = 0
	InternationalNumber NumberType = 1
	NationalNumber      NumberType = 2
	NetworkSpecific     NumberType = 3
	SubscriberNumber    NumberType = 4
	AbbreviatedNumber   NumberType = 6

	// The types of an address of a data network.
	InternetProtocol NumberType = 1
	EMail            NumberType = 2
)

var numberTypes = [...]string{
	"unknown", "international", "national", "network specific", "subscriber", 6: "abbreviated",
}

func (t NumberType) String() string { return nameOf(numberTypes[:], uint8(t)) }

// dataType names a type in an address of a data network.
type dataType NumberType

var dataTypes = [...]string{"unknown", "IPv4", "e-mail"}

func (t dataType) String() string { return nameOf(dataTypes[:], uint8(t)) }

// NumberPlan is NUMBER_PLAN.
type NumberPlan uint8

// The numbering plans.
const (
	UnknownPlan NumberPlan = 0
	PlanE164    NumberPlan = 1
	PlanX121    NumberPlan = 3
	PlanTelex   NumberPlan = 4
	PlanPrivate NumberPlan = 9
)

var numberPlans = [...]string{0: "unknown", 1: "E.164", 3: "X.121", 4: "telex", 9: "private"}

func (p NumberPlan) String() string { return nameOf(numberPlans[:], uint8(p)) }

// Chars are the characters of an address: digits, * and #, or with DigitMode
// any octets. Text shows octets that cannot be printed as \xHH.
type Chars []byte

func (c Chars) String() string {
	var s strings.Builder
	for _, o := range c {
		if o < ' ' || o > '~' || o == '\\' {
			fmt.Fprintf(&s, `\x%02x`, o)
		} else {
			s.WriteByte(o)
		}
	}
	return s.String()
}

// MarshalText is String.
func (c Chars) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what String writes.
func (c *Chars) UnmarshalText(text []byte) error {
	*c = (*c)[:0]
	for s := string(text); s != ""; {
		if s[0] != '\\' {
			*c, s = append(*c, s[0]), s[1:]
			continue
		}
		var o byte
		if len(s) < 4 || s[1] != 'x' {
			return fmt.Errorf(`is637: %q: want \xHH`, s)
		}
		if _, err := fmt.Sscanf(s[2:4], "%02x", &o); err != nil {
			return fmt.Errorf(`is637: %q: want \xHH`, s)
		}
		*c, s = append(*c, o), s[4:]
	}
	return nil
}

// Address is an address of the transport layer, or a call-back number, which
// has no NUMBER_MODE. Without DigitMode it has digits only, and neither type nor
// plan; one of a data network has no plan.
//
//	1:DIGIT_MODE=0 [1:NUMBER_MODE] 8:NUM_FIELDS {4:CHARi}
//	1:DIGIT_MODE=1 [1:NUMBER_MODE=0] 3:NUMBER_TYPE 4:NUMBER_PLAN 8:NUM_FIELDS {8:CHARi}
//	1:DIGIT_MODE=1 [1:NUMBER_MODE=1] 3:NUMBER_TYPE 8:NUM_FIELDS {8:CHARi}
type Address struct {
	DigitMode  bool       `json:"digit_mode,omitempty"`  // characters have eight bits
	NumberMode bool       `json:"number_mode,omitempty"` // of a data network
	Type       NumberType `json:"number_type,omitempty"` // three bits
	Plan       NumberPlan `json:"number_plan,omitempty"` // four bits
	Digits     Chars      `json:"digits"`                // 255 at most
}

// DTMF is an address of digits, * and #.
func DTMF(digits string) Address { return Address{Digits: Chars(digits)} }

// Text is what a reader wants to see: the characters.
func (a Address) Text() string { return a.Digits.String() }

// String masks the address, which is a subscriber's, but for its last two
// characters.
func (a Address) String() string {
	s, show := a.Text(), 0
	if len(s) > 5 {
		show = 2
	}
	return strings.Repeat("*", len(s)-show) + s[len(s)-show:]
}

// Clone returns a copy that shares nothing.
func (a Address) Clone() Address {
	a.Digits = slices.Clone(a.Digits)
	return a
}

// dtmf are the characters of the codes of four bits. Reserved codes keep
// letters of their own, so that they can be written again.
const dtmf = "z1234567890*#def"

// read reads an address, or with callBack a call-back number.
func (a *Address) read(r *wire.Bits, callBack bool) {
	*a = Address{Digits: a.Digits[:0]}
	a.DigitMode = r.Flag("DIGIT_MODE")
	if !callBack {
		a.NumberMode = r.Flag("NUMBER_MODE")
	}
	width := 4
	if a.DigitMode {
		width = 8
		a.Type = NumberType(r.U(3, "NUMBER_TYPE"))
		if a.NumberMode {
			wire.SayBits(r, dataType(a.Type))
		} else {
			wire.SayBits(r, a.Type)
			a.Plan = wire.SayBits(r, NumberPlan(r.U(4, "NUMBER_PLAN")))
		}
	}
	n := int(r.U(8, "NUM_FIELDS"))
	if n*width > r.Len() {
		r.Fail("CHARi", wire.ErrShort)
		return
	}
	mark := markTrace(r)
	for range n {
		v := byte(r.U(width, "CHARi"))
		if !a.DigitMode {
			v = dtmf[v]
		}
		a.Digits = append(a.Digits, v)
	}
	mark.join(r, n*width, a.Digits.quoted)
}

func (c Chars) quoted() string { return `"` + c.String() + `"` }

func appendAddress(dst []byte, a Address) ([]byte, error) { return a.append(dst, false) }

func appendCallBack(dst []byte, a Address) ([]byte, error) {
	if a.NumberMode {
		return dst, wire.Unencodable(proto, "NUMBER_MODE", wire.ErrValue)
	}
	return a.append(dst, true)
}

func (a *Address) append(dst []byte, callBack bool) ([]byte, error) {
	if err := a.check(); err != nil {
		return dst, err
	}
	w := wire.AppendBits(dst)
	w.Flag(a.DigitMode)
	if !callBack {
		w.Flag(a.NumberMode)
	}
	if a.DigitMode {
		w.U(3, uint64(a.Type))
		if !a.NumberMode {
			w.U(4, uint64(a.Plan))
		}
	}
	w.U(8, uint64(len(a.Digits)))
	for _, o := range a.Digits {
		if a.DigitMode {
			w.U(8, uint64(o))
		} else {
			w.U(4, uint64(strings.IndexByte(dtmf, o)))
		}
	}
	return w.Pad(), nil
}

func (a *Address) check() error {
	switch {
	case len(a.Digits) > 0xff:
		return wire.Unencodable(proto, "NUM_FIELDS", wire.ErrTooLong)
	case a.Type > 7 || a.Type != 0 && !a.DigitMode:
		return wire.Unencodable(proto, "NUMBER_TYPE", wire.ErrValue)
	case a.Plan > 15 || a.Plan != 0 && (!a.DigitMode || a.NumberMode):
		return wire.Unencodable(proto, "NUMBER_PLAN", wire.ErrValue)
	}
	if !a.DigitMode {
		for _, o := range a.Digits {
			if strings.IndexByte(dtmf, o) < 0 {
				return wire.Unencodable(proto, "CHARi", wire.ErrValue)
			}
		}
	}
	return nil
}
