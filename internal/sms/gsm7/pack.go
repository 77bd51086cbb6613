package gsm7

import "github.com/otagate/otagate/internal/wire"

// Fill is the number of bits free between a user data header of the given
// octets, UDHL included, and the first septet behind it.
func Fill(header int) int { return (7 - header*8%7) % 7 }

// PackedLen is the number of octets that n septets behind fill bits take.
func PackedLen(n, fill int) int { return (fill + 7*n + 7) / 8 }

// Room is the number of septets that octets have room for behind fill bits.
func Room(octets, fill int) int { return max(0, (8*octets-fill)/7) }

// AppendPacked appends septets, one an octet, seven bits each, behind fill bits
// of zero. The eighth bit of a septet is dropped.
func AppendPacked(dst, septets []byte, fill int) []byte {
	var acc uint
	bits := uint(fill)
	for _, s := range septets {
		acc |= uint(s&0x7f) << bits
		for bits += 7; bits >= 8; bits -= 8 {
			dst = append(dst, byte(acc))
			acc >>= 8
		}
	}
	if bits > 0 {
		dst = append(dst, byte(acc))
	}
	return dst
}

// AppendUnpacked appends the first n septets of packed, one an octet; fill bits
// are in front of them. It fails with wire.ErrShort when packed has less.
func AppendUnpacked(dst, packed []byte, n, fill int) ([]byte, error) {
	if n < 0 || n > Room(len(packed), fill) {
		return dst, wire.ErrShort
	}
	var acc, bits uint
	skip := uint(fill)
	for _, o := range packed {
		acc |= uint(o) << bits
		bits += 8
		if skip > 0 {
			acc, bits, skip = acc>>skip, bits-skip, 0
		}
		for ; bits >= 7 && n > 0; n-- {
			dst = append(dst, byte(acc&0x7f))
			acc, bits = acc>>7, bits-7
		}
		if n == 0 {
			break
		}
	}
	return dst, nil
}
