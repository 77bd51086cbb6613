package is683

import (
	"fmt"
	"io"

	"github.com/otagate/otagate/internal/wire"
)

// SPC is the data of Verify SPC and Change SPC: the service programming code,
// six decimal digits in three octets. It never prints itself.
type SPC [3]byte

// NibbleOrder is how two digits share an octet of an SPC. Sources differ;
// HighFirst is the usual reading, and the default code 000000 is the same in both.
type NibbleOrder uint8

// "123456" is 12 34 56 in HighFirst and 21 43 65 in LowFirst.
const (
	HighFirst NibbleOrder = iota
	LowFirst
)

// ParseSPC reads six decimal digits.
func ParseSPC(digits string, order NibbleOrder) (SPC, error) {
	var s SPC
	if len(digits) != 2*len(s) {
		return SPC{}, wire.Unencodable(proto, "SPC", wire.ErrLength)
	}
	for i := range s {
		a, b := digits[2*i]-'0', digits[2*i+1]-'0'
		if a > 9 || b > 9 {
			return SPC{}, wire.Unencodable(proto, "SPC", wire.ErrValue)
		}
		if order == LowFirst {
			a, b = b, a
		}
		s[i] = a<<4 | b
	}
	return s, nil
}

// Default reports whether the code is 000000, which means "not locked".
func (s SPC) Default() bool { return s == SPC{} }

// Append appends the block's data to dst.
func (s SPC) Append(dst []byte) ([]byte, error) { return append(dst, s[:]...), nil }

// Decode fills s from b, the data of one block.
func (s *SPC) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	s.read(&r)
	return r.End()
}

func (s *SPC) read(r *wire.Bits) {
	v := r.U(24, "SPC")
	r.Hexadecimal() // the digits are BCD
	r.Secret()
	*s = SPC{byte(v >> 16), byte(v >> 8), byte(v)}
}

// masked is all that an SPC shows of itself.
const masked = "******"

// String hides the code.
func (s SPC) String() string { return masked }

// Format hides the code from every verb.
func (s SPC) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the code; the octets of the block are its JSON form.
func (s SPC) MarshalText() ([]byte, error) { return []byte(masked), nil }
