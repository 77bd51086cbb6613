package is637

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Subaddress is parameter 03 or 05. One source only has the layout.
//
//	3:TYPE 1:ODD 8:NUM_FIELDS {8:CHARi}
type Subaddress struct {
	Type  uint8    `json:"type,omitempty"` // three bits; 0 is NSAP, 1 the user's
	Odd   bool     `json:"odd,omitempty"`
	Chars wire.Hex `json:"chars"` // 255 at most
}

func (s *Subaddress) read(r *wire.Bits) {
	*s = Subaddress{Chars: s.Chars[:0]}
	s.Type = uint8(r.U(3, "TYPE"))
	s.Odd = r.Flag("ODD")
	s.Chars = r.AppendOctets(s.Chars, int(r.U(8, "NUM_FIELDS")), "CHARi")
}

func appendSubaddress(dst []byte, s Subaddress) ([]byte, error) {
	switch {
	case s.Type > 7:
		return dst, wire.Unencodable(proto, "TYPE", wire.ErrTooLong)
	case len(s.Chars) > 0xff:
		return dst, wire.Unencodable(proto, "NUM_FIELDS", wire.ErrTooLong)
	}
	w := wire.AppendBits(dst)
	w.U(3, uint64(s.Type))
	w.Flag(s.Odd)
	w.U(8, uint64(len(s.Chars)))
	w.Octets(s.Chars)
	return w.Pad(), nil
}

func (s Subaddress) clone() Subaddress {
	s.Chars = slices.Clone(s.Chars)
	return s
}
