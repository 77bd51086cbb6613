package ansi41

import "fmt"

// MIN is a Mobile Identification Number as MINType codes it: ten digits in
// five octets, the first digit in the low half of the first octet. Leading
// zeros count. The zero value is the number 0000000000.
type MIN [5]byte

// TRN is a Temporary Reference Number, coded like a MIN. It comes from the
// pool of one MSC and means nothing to another.
type TRN [5]byte

// ParseMIN reads exactly ten decimal digits.
func ParseMIN(s string) (MIN, error) {
	v, ok := packTen(s, '9')
	if !ok {
		return MIN{}, fmt.Errorf("MIN of %d characters: want ten digits", len(s))
	}
	return v, nil
}

// ParseTRN reads exactly ten decimal digits.
func ParseTRN(s string) (TRN, error) {
	v, ok := packTen(s, '9')
	if !ok {
		return TRN{}, fmt.Errorf("TRN of %d characters: want ten digits", len(s))
	}
	return v, nil
}

// String is the ten digits. A code that is no decimal digit prints as a to f.
func (m MIN) String() string { return unpackTen(m) }

// String is the ten digits.
func (t TRN) String() string { return unpackTen(t) }

// Decimal reports whether all ten codes are decimal digits.
func (m MIN) Decimal() bool { return decimal(m[:]) }

// Decimal reports whether all ten codes are decimal digits.
func (t TRN) Decimal() bool { return decimal(t[:]) }

// MarshalText returns String.
func (m MIN) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MarshalText returns String.
func (t TRN) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *MIN) UnmarshalText(b []byte) error {
	v, ok := packTen(string(b), 'f')
	if !ok {
		return fmt.Errorf("MIN of %d characters: want ten digits", len(b))
	}
	*m = v
	return nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *TRN) UnmarshalText(b []byte) error {
	v, ok := packTen(string(b), 'f')
	if !ok {
		return fmt.Errorf("TRN of %d characters: want ten digits", len(b))
	}
	*t = v
	return nil
}

func packTen(s string, last byte) (v [5]byte, ok bool) {
	if len(s) != 10 {
		return v, false
	}
	for i := range 10 {
		d, ok := nibble(s[i], last)
		if !ok {
			return v, false
		}
		v[i/2] |= d << (4 * (i & 1))
	}
	return v, true
}

func unpackTen(v [5]byte) string {
	var s [10]byte
	for i := range s {
		s[i] = digits16[v[i/2]>>(4*(i&1))&0x0f]
	}
	return string(s[:])
}

const digits16 = "0123456789abcdef"

// nibble is the code of a digit up to last, which is '9' or 'f'.
func nibble(c, last byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= last:
		return c - 'a' + 10, true
	}
	return 0, false
}

func decimal(v []byte) bool {
	for _, o := range v {
		if o&0x0f > 9 || o>>4 > 9 {
			return false
		}
	}
	return true
}

func readTen[T interface {
	~[5]byte
	String() string
	Decimal() bool
}](s *set, o *Optional[T]) {
	if !s.ready(o.OK) {
		return
	}
	if v := s.c.Bytes(5, s.info.Name); len(v) == 5 {
		*o = Some(T([5]byte(v)))
		if s.c.Trace() != nil {
			s.c.Note(o.V.String())
			if !o.V.Decimal() {
				s.c.Note("not all decimal digits")
			}
		}
	}
}

func appendTen[T ~[5]byte](dst []byte, id ParameterID, o *Optional[T]) []byte {
	if !o.OK {
		return dst
	}
	return appendTenValue(dst, id, o.V[:])
}

// appendTenValue takes five octets one by one: that costs less than a copy.
func appendTenValue(dst []byte, id ParameterID, v []byte) []byte {
	return append(appendHeader(dst, id, 5), v[0], v[1], v[2], v[3], v[4])
}

func appendMIN(dst []byte, o *Optional[MIN]) []byte {
	if !o.OK {
		return dst
	}
	return append(dst, 0x80|byte(ParamMIN), 5, o.V[0], o.V[1], o.V[2], o.V[3], o.V[4])
}
