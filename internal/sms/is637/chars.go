package is637

import "github.com/otagate/otagate/internal/wire"

// width is the number of bits of a character, 0 when that is not known.
func (e Encoding) width() int {
	switch e {
	case EncodingASCII, EncodingIA5, EncodingGSM:
		return 7
	case EncodingUTF16:
		return 16
	case EncodingOctet, EncodingShiftJIS, EncodingKorean, EncodingHebrew, EncodingLatin1, EncodingKSC5601:
		return 8
	}
	return 0
}

// readChars reads n characters of the given width and appends them to dst, in
// the form that UserData has them.
func readChars(r *wire.Bits, dst []byte, e Encoding, width, n int) []byte {
	switch {
	case e == EncodingGSM:
		return readSeptets(r, dst, n)
	case width == 8 || width == 16:
		return r.AppendOctets(dst, n*width/8, "CHARi")
	}
	if n*width > r.Len() {
		r.Fail("CHARi", wire.ErrShort)
		return dst
	}
	start, mark := len(dst), markTrace(r)
	for range n {
		dst = append(dst, byte(r.U(width, "CHARi")))
	}
	if r.Trace() != nil {
		text := shown(e, width, dst[start:])
		mark.join(r, n*width, func() string { return text })
	}
	return dst
}

// readSeptets reads n characters packed the GSM way: octets, in which the first
// character has the low seven bits of the first octet, and so on upwards.
func readSeptets(r *wire.Bits, dst []byte, n int) []byte {
	octets := (7*n + 7) / 8
	if 8*octets > r.Len() {
		r.Fail("CHARi", wire.ErrShort)
		return dst
	}
	start, mark := len(dst), markTrace(r)
	held, bits := uint(0), 0
	for range n {
		if bits < 7 {
			held |= uint(r.U(8, "CHARi")) << bits
			bits += 8
		}
		dst = append(dst, byte(held&0x7f))
		held >>= 7
		bits -= 7
	}
	if r.Trace() != nil {
		septets := wire.Hex(dst[start:]).String()
		mark.join(r, 8*octets, func() string { return septets })
		r.Note("septets")
	}
	return dst
}

// countChars is NUM_FIELDS of the characters, which must be of the given width.
func countChars(e Encoding, width int, octets []byte) (n int, err error) {
	n = len(octets)
	switch {
	case width == 16 && n%2 != 0:
		return 0, wire.Unencodable(proto, "CHARi", wire.ErrLength)
	case width == 16:
		n /= 2
	case width < 8:
		for _, o := range octets {
			if o>>width != 0 {
				return 0, wire.Unencodable(proto, "CHARi", wire.ErrValue)
			}
		}
	}
	if n > 0xff {
		return 0, wire.Unencodable(proto, "NUM_FIELDS", wire.ErrTooLong)
	}
	return n, nil
}

// appendChars is the reverse of readChars.
func appendChars(w *wire.BitAppender, e Encoding, width int, octets []byte) {
	switch {
	case e == EncodingGSM:
		appendSeptets(w, octets)
	case width >= 8:
		w.Octets(octets)
	default:
		for _, o := range octets {
			w.U(width, uint64(o))
		}
	}
}

func appendSeptets(w *wire.BitAppender, septets []byte) {
	held, bits := uint(0), 0
	for _, s := range septets {
		held |= uint(s) << bits
		if bits += 7; bits >= 8 {
			w.U(8, uint64(held&0xff))
			held >>= 8
			bits -= 8
		}
	}
	if bits > 0 {
		w.U(8, uint64(held))
	}
}
