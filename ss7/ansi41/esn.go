package ansi41

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// ESN is an Electronic Serial Number, 8 bits of manufacturer and 24 of serial
// number, or the pseudo-ESN of a terminal that has an MEID.
type ESN uint32

// ParseESN reads eight hexadecimal digits.
func ParseESN(s string) (ESN, error) {
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 8 {
		return 0, fmt.Errorf("ESN of %d characters: want eight hexadecimal digits", len(s))
	}
	return ESN(v), nil
}

// String is eight hexadecimal digits.
func (e ESN) String() string { return fmt.Sprintf("%08X", uint32(e)) }

// Decimal is the form printed on handsets: three digits of manufacturer and
// eight of serial number.
func (e ESN) Decimal() string { return fmt.Sprintf("%03d%08d", uint32(e)>>24, uint32(e)&0xffffff) }

// MarshalText returns String.
func (e ESN) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText is ParseESN.
func (e *ESN) UnmarshalText(b []byte) error {
	v, err := ParseESN(string(b))
	if err == nil {
		*e = v
	}
	return err
}

// MEID is a Mobile Equipment Identifier of 56 bits, most significant octet
// first. That the parameter carries it in this order is unverified.
type MEID [7]byte

// ParseMEID reads fourteen hexadecimal digits.
func ParseMEID(s string) (MEID, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 7 {
		return MEID{}, fmt.Errorf("MEID of %d characters: want fourteen hexadecimal digits", len(s))
	}
	return MEID(b), nil
}

// String is fourteen hexadecimal digits, upper case.
func (m MEID) String() string { return strings.ToUpper(hex.EncodeToString(m[:])) }

// PseudoESN is what the terminal shows where an ESN is wanted: 80 and the low
// 24 bits of the SHA-1 digest of the seven octets.
func (m MEID) PseudoESN() ESN {
	d := sha1.Sum(m[:])
	return ESN(0x80)<<24 | ESN(d[17])<<16 | ESN(d[18])<<8 | ESN(d[19])
}

// MarshalText returns String.
func (m MEID) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText is ParseMEID.
func (m *MEID) UnmarshalText(b []byte) error {
	v, err := ParseMEID(string(b))
	if err == nil {
		*m = v
	}
	return err
}

// appendESN, and the likes of MIN, MSCID and ServiceIndicator, have the header
// written out, so that what nearly every message has costs no call.
func appendESN(dst []byte, o Optional[ESN]) []byte {
	if !o.OK {
		return dst
	}
	return append(dst, 0x80|byte(ParamESN), 4, byte(o.V>>24), byte(o.V>>16), byte(o.V>>8), byte(o.V))
}

func readMEID(s *set, o *Optional[MEID]) {
	if !s.ready(o.OK) {
		return
	}
	if v := s.c.Bytes(7, s.info.Name); len(v) == 7 {
		*o = Some(MEID(v))
	}
}

func appendMEID(dst []byte, o *Optional[MEID]) []byte {
	if !o.OK {
		return dst
	}
	return append(appendHeader(dst, ParamMEID, 7), o.V[:]...)
}
