package is683

import (
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// MDN is block Mobile Directory Number, the same in both directions. A digit 0
// is coded 1010. Handsets may fill the block up with whole octets of zero, which
// are ignored.
//
//	4:N_DIGITS {4:DIGIT}xN
type MDN struct {
	Digits string // at most 15, 0 to 9; none when the handset has no number
}

// String hides all but the last digits.
func (m MDN) String() string { return maskDigits(m.Digits) }

// Append appends the block's data to dst.
func (m *MDN) Append(dst []byte) ([]byte, error) {
	if strings.Trim(m.Digits, "0123456789") != "" {
		return dst, wire.Unencodable(proto, "DIGIT", wire.ErrValue)
	}
	p := newPacker(dst)
	p.count(4, len(m.Digits), "N_DIGITS")
	for i := range len(m.Digits) {
		p.u(4, tenForZero(m.Digits[i]), "DIGIT")
	}
	return p.end()
}

// Decode fills m from b, the data of one block.
func (m *MDN) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	m.read(&r)
	return r.End()
}

func (m *MDN) read(r *wire.Bits) {
	var digits [15]byte
	n := int(r.U(4, "N_DIGITS"))
	for i := range n {
		v := r.U(4, "DIGIT")
		if v < 1 || v > 10 {
			r.Fail("DIGIT", wire.ErrValue)
			return
		}
		digits[i] = '0' + byte(v%10)
	}
	m.Digits = string(digits[:n])
	if n > 0 {
		r.Note(m.Digits)
	}
	for r.Pad(); r.Len() > 0; {
		if r.U(8, "padding") != 0 {
			r.Fail("end of block", wire.ErrTrailing)
		}
	}
}
