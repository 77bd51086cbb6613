package tpdu

import "strconv"

// DCS is TP-Data-Coding-Scheme (23.038 clause 4).
type DCS uint8

// Often used schemes.
const (
	DCSDefault    DCS = 0x00 // 7 bit
	DCSOctets     DCS = 0x04
	DCSUCS2       DCS = 0x08
	DCSFlash      DCS = 0x10 // 7 bit, class 0
	DCSOctetsME   DCS = 0xf5 // octets, class 1: WAP push
	DCSOctetsSIM  DCS = 0xf6 // octets, class 2: SIM data download
	compressedBit     = 0x20
)

// Alphabet is what the user data is made of.
type Alphabet uint8

// The alphabets.
const (
	GSM7 Alphabet = iota
	Octets
	UCS2
)

func (a Alphabet) String() string {
	switch a {
	case GSM7:
		return "7 bit"
	case Octets:
		return "8 bit"
	case UCS2:
		return "UCS2"
	}
	return "alphabet " + strconv.Itoa(int(a))
}

// Alphabet is that of the scheme; of a reserved one it is the default alphabet,
// as clause 4 demands.
func (d DCS) Alphabet() Alphabet {
	switch {
	case d < 0x80:
		return [...]Alphabet{GSM7, Octets, UCS2, GSM7}[d>>2&3]
	case d >= 0xf0 && d&4 != 0:
		return Octets
	case d >= 0xe0 && d < 0xf0:
		return UCS2
	}
	return GSM7
}

// Compressed tells that the text is compressed as in 23.042.
func (d DCS) Compressed() bool { return d < 0x80 && d&compressedBit != 0 }

// Septets tells that TP-UDL counts septets.
func (d DCS) Septets() bool { return d.Alphabet() == GSM7 && !d.Compressed() }

// Class is the message class, 0 (flash), 1 (ME), 2 (SIM) or 3 (TE); ok is false
// when the scheme has none.
func (d DCS) Class() (class int, ok bool) {
	if d >= 0xf0 || d < 0x80 && d&0x10 != 0 {
		return int(d & 3), true
	}
	return 0, false
}

// Waiting tells that the scheme is an indication of a message waiting elsewhere
// (1100 to 1110), of the type 0 voice, 1 fax, 2 e-mail or 3 other; active says
// whether there is one.
func (d DCS) Waiting() (kind int, active, ok bool) {
	return int(d & 3), d&8 != 0, d >= 0xc0 && d < 0xf0
}

func (d DCS) String() string {
	s := d.Alphabet().String()
	if d.Compressed() {
		s += ", compressed"
	}
	if class, ok := d.Class(); ok {
		s += ", class " + strconv.Itoa(class)
	}
	if d >= 0x40 && d < 0x80 {
		s += ", automatic deletion"
	}
	if kind, active, ok := d.Waiting(); ok {
		s += ", " + [...]string{"voice mail", "fax", "e-mail", "other message"}[kind]
		if active {
			return s + " waiting"
		}
		return s + ", none waiting"
	}
	return s
}
