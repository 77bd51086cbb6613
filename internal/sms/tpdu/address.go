package tpdu

import (
	"encoding/json"
	"strings"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/wire"
)

// Address is an address field (9.1.2.5). Its Value is as on the wire.
//
//	octet 1   number of used semi-octets: digits, or quarters of the text
//	octet 2   1, 3:TON, 4:NPI
//	octet 3-  digits, low half first, F behind the last odd one; or packed 7-bit text
type Address struct {
	TON    TON
	NPI    NPI
	Length uint8 // used semi-octets
	Value  [maxSemiOctets / 2]byte
}

const maxSemiOctets = 20

// digits are the semi-octets. The last one never stands for a digit.
const digits = "0123456789*#abcf"

// Number is the address of a telephone number: digits, and * # a b c.
func Number(number string, ton TON, npi NPI) (Address, error) {
	if len(number) > maxSemiOctets {
		return Address{}, unencodable("address", wire.ErrTooLong)
	}
	if ton == TONAlphanumeric {
		return Address{}, unencodable("TON", wire.ErrValue)
	}
	a := Address{TON: ton, NPI: npi, Length: uint8(len(number))}
	for i := range len(number) {
		v := strings.IndexByte(digits, number[i])
		if v < 0 {
			return Address{}, unencodable("address", wire.ErrValue)
		}
		a.Value[i/2] |= byte(v) << (i % 2 * 4)
	}
	a.fill()
	return a, nil
}

// Alphanumeric is the address of a sender with a name, of at most 11 characters
// of the default alphabet.
func Alphanumeric(name string) (Address, error) {
	var room [2 * maxSemiOctets]byte
	septets, err := gsm7.Alphabet{}.Append(room[:0], name)
	if err != nil {
		return Address{}, unencodable("address", err)
	}
	if len(septets) > maxSemiOctets*4/7 {
		return Address{}, unencodable("address", wire.ErrTooLong)
	}
	a := Address{TON: TONAlphanumeric, Length: uint8((7*len(septets) + 3) / 4)}
	gsm7.AppendPacked(a.Value[:0], septets, 0) // eleven septets are ten octets
	return a, nil
}

// fill puts the filler behind an odd number of digits.
func (a *Address) fill() {
	if a.TON != TONAlphanumeric && a.Length%2 == 1 {
		a.Value[a.Length/2] |= 0xf0
	}
}

// Digits are those of a number, the packed text of a name as semi-octets.
func (a Address) Digits() string {
	var b [maxSemiOctets]byte
	n := min(int(a.Length), maxSemiOctets)
	for i := range n {
		b[i] = digits[a.Value[i/2]>>(i%2*4)&0xf]
	}
	return string(b[:n])
}

// Text is what a reader wants to see: the digits, with a + in front of an
// international number, or the name. A name that fills its octets to the last
// bit, and ends in the character of code 0, an @, is taken for one of a
// character less: many senders count octets, not semi-octets.
func (a Address) Text() string {
	switch a.TON {
	case TONAlphanumeric:
		return a.name()
	case TONInternational:
		return "+" + a.Digits()
	}
	return a.Digits()
}

func (a Address) name() string {
	var room, text [2 * maxSemiOctets]byte
	n := min(int(a.Length), maxSemiOctets) * 4 / 7
	septets, err := gsm7.AppendUnpacked(room[:0], a.Value[:], n, 0)
	if err != nil {
		return a.Digits()
	}
	if n%8 == 0 && n > 0 && septets[n-1] == 0 {
		septets = septets[:n-1]
	}
	s, err := gsm7.Alphabet{}.AppendText(text[:0], septets)
	if err != nil {
		return a.Digits()
	}
	return string(s)
}

// String masks a number, which is a subscriber's, but for its last two digits.
func (a Address) String() string {
	s := a.Text()
	if a.TON == TONAlphanumeric {
		return s
	}
	show := 0
	if len(s) > 5 {
		show = 2
	}
	return strings.Repeat("*", len(s)-show) + s[len(s)-show:]
}

func (a *Address) read(c *wire.Cursor, field string) {
	*a = Address{}
	c.Group(field)
	off := c.Off()
	a.Length = c.U8("length")
	if a.Length > maxSemiOctets {
		c.FailAt(off, field, wire.ErrTooLong)
	}
	v := c.U8("type")
	c.Hexadecimal()
	a.TON, a.NPI = TON(v>>4&7), NPI(v&0xf)
	if c.Trace() != nil {
		c.Note(a.TON.String() + ", " + a.NPI.String())
	}
	copy(a.Value[:], c.Bytes((int(a.Length)+1)/2, "value"))
	if c.Err() != nil {
		*a = Address{}
	}
	a.fill()
	if c.Trace() != nil {
		c.Note(a.Text())
	}
	c.EndGroup()
}

func (a *Address) append(dst []byte, field string) ([]byte, error) {
	switch {
	case a.Length > maxSemiOctets:
		return dst, unencodable(field, wire.ErrTooLong)
	case a.TON > 7:
		return dst, unencodable("TON", wire.ErrValue)
	case a.NPI > 15:
		return dst, unencodable("NPI", wire.ErrValue)
	}
	dst = append(dst, a.Length, 0x80|byte(a.TON)<<4|byte(a.NPI))
	filled := *a
	filled.fill()
	return append(dst, filled.Value[:(a.Length+1)/2]...), nil
}

// Decode fills a from b, one whole address field.
func (a *Address) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	a.read(&c, "address")
	return c.End()
}

// Append appends a in wire form to dst.
func (a *Address) Append(dst []byte) ([]byte, error) { return a.append(dst, "address") }

// addressJSON has either Digits or Name, or the octets where neither gives the
// same ones again.
type addressJSON struct {
	TON    TON
	NPI    NPI
	Digits *string  `json:",omitempty"`
	Name   *string  `json:",omitempty"`
	Length uint8    `json:",omitempty"`
	Value  wire.Hex `json:",omitempty"`
}

// MarshalJSON writes {"TON":1,"NPI":1,"Digits":"15551234567"}; a name instead of
// digits, or length and octets where those say more.
func (a Address) MarshalJSON() ([]byte, error) {
	j := addressJSON{TON: a.TON, NPI: a.NPI, Length: a.Length, Value: a.Value[:min((int(a.Length)+1)/2, len(a.Value))]}
	if b, err := a.fromText(); err == nil && b == a {
		s := a.Text()
		j.Length, j.Value = 0, nil
		if a.TON == TONAlphanumeric {
			j.Name = &s
		} else {
			s = a.Digits()
			j.Digits = &s
		}
	}
	return json.Marshal(j)
}

// fromText is the address that the text of a gives.
func (a Address) fromText() (Address, error) {
	if a.TON == TONAlphanumeric {
		b, err := Alphanumeric(a.Text())
		b.NPI = a.NPI
		return b, err
	}
	return Number(a.Digits(), a.TON, a.NPI)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Address) UnmarshalJSON(b []byte) (err error) {
	var j addressJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	switch {
	case j.Name != nil:
		*a, err = Alphanumeric(*j.Name)
		a.NPI = j.NPI
	case j.Digits != nil:
		*a, err = Number(*j.Digits, j.TON, j.NPI)
	case j.Length > maxSemiOctets || len(j.Value) != (int(j.Length)+1)/2:
		err = unencodable("address", wire.ErrLength)
	default:
		*a = Address{TON: j.TON, NPI: j.NPI, Length: j.Length}
		copy(a.Value[:], j.Value)
	}
	return err
}
