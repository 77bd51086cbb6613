package ansi41

import "fmt"

// IMSI is an International Mobile Station Identity in eight octets: up to
// fifteen digits, the first in the low half of the first octet, filled with
// hexadecimal F. No public text confirms this coding; Wireshark reads it so.
type IMSI [8]byte

// ParseIMSI reads up to fifteen decimal digits.
func ParseIMSI(s string) (IMSI, error) {
	v, ok := packIMSI(s, '9')
	if !ok || len(s) > 15 || s == "" {
		return IMSI{}, fmt.Errorf("IMSI of %d characters: want 1 to 15 digits", len(s))
	}
	return v, nil
}

// String is the digits without the filler at the end.
func (m IMSI) String() string {
	var s [16]byte
	n := 0
	for i := range s {
		s[i] = digits16[m[i/2]>>(4*(i&1))&0x0f]
		if s[i] != 'f' {
			n = i + 1
		}
	}
	return string(s[:n])
}

// MarshalText returns String.
func (m IMSI) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *IMSI) UnmarshalText(b []byte) error {
	v, ok := packIMSI(string(b), 'f')
	if !ok {
		return fmt.Errorf("IMSI of %d characters: want up to 15 digits", len(b))
	}
	*m = v
	return nil
}

func packIMSI(s string, last byte) (m IMSI, ok bool) {
	if len(s) > 16 {
		return m, false
	}
	for i := range 16 {
		d := byte(0x0f)
		if i < len(s) {
			if d, ok = nibble(s[i], last); !ok {
				return m, false
			}
		}
		m[i/2] |= d << (4 * (i & 1))
	}
	return m, true
}

func readIMSI(s *set, o *Optional[IMSI]) {
	if !s.ready(o.OK) {
		return
	}
	if v := s.c.Bytes(8, s.info.Name); len(v) == 8 {
		*o = Some(IMSI(v))
		if s.c.Trace() != nil {
			s.c.Note(o.V.String())
		}
	}
}

func appendIMSI(dst []byte, id ParameterID, o *Optional[IMSI]) []byte {
	if !o.OK {
		return dst
	}
	return append(appendHeader(dst, id, 8), o.V[:]...)
}
