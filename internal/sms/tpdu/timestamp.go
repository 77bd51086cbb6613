package tpdu

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// Timestamp is a time as on the wire (9.2.3.11): year, month, day, hour, minute,
// second and zone, two digits each, with the halves of each octet exchanged. The
// zone counts quarters of an hour; bit 3 of its octet, in the low half, is the
// sign. What networks send is kept even when it is no time.
type Timestamp [7]byte

// firstYear parts the two-digit years: the first GSM networks are of 1991.
const firstYear = 90

// TimestampOf is t, in t's own zone. The zone is cut to whole quarters of an
// hour, the time to seconds.
func TimestampOf(t time.Time) (s Timestamp) {
	_, offset := t.Zone()
	quarters := offset / 900
	t = t.In(time.FixedZone("", 900*quarters))
	for i, v := range [...]int{t.Year() % 100, int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), max(quarters, -quarters)} {
		s[i] = swapped(v)
	}
	if quarters < 0 {
		s[6] |= 8
	}
	return s
}

// swapped are the two digits of v, tens in the low half.
func swapped(v int) byte { return byte(v%10<<4 | v/10) }

// unswapped is the number of two digits, -1 when they are none.
func unswapped(o byte) int {
	if o&0xf > 9 || o>>4 > 9 {
		return -1
	}
	return int(o&0xf)*10 + int(o>>4)
}

// Time is the time, and whether it is one.
func (s Timestamp) Time() (t time.Time, ok bool) {
	var v [7]int
	for i := range v {
		o := s[i]
		if i == 6 {
			o &^= 8
		}
		if v[i] = unswapped(o); v[i] < 0 {
			return t, false
		}
	}
	year, quarters := 2000+v[0], v[6]
	if v[0] >= firstYear {
		year -= 100
	}
	if s[6]&8 != 0 {
		quarters = -quarters
	}
	t = time.Date(year, time.Month(v[1]), v[2], v[3], v[4], v[5], 0, time.FixedZone("", 900*quarters))
	return t, t.Day() == v[2] && int(t.Month()) == v[1] && t.Hour() == v[3] && t.Minute() == v[4] && t.Second() == v[5]
}

// String is RFC 3339, or the octets when they are no time.
func (s Timestamp) String() string {
	if t, ok := s.Time(); ok {
		return t.Format(time.RFC3339)
	}
	return hex.EncodeToString(s[:])
}

// MarshalText writes what String gives, or the octets when that would not give
// the same octets again.
func (s Timestamp) MarshalText() ([]byte, error) {
	if t, ok := s.Time(); ok {
		text := t.Format(time.RFC3339)
		if back, err := time.Parse(time.RFC3339, text); err == nil && TimestampOf(back) == s {
			return []byte(text), nil
		}
	}
	return hex.AppendEncode(nil, s[:]), nil
}

// UnmarshalText reads RFC 3339, or 14 hexadecimal digits. A time that two digits
// of a year and seven bits of a zone cannot say is an error.
func (s *Timestamp) UnmarshalText(text []byte) error {
	if len(text) == hex.EncodedLen(len(s)) {
		_, err := hex.Decode(s[:], text)
		return err
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("time: %w", err)
	}
	*s = TimestampOf(t)
	if back, ok := s.Time(); !ok || !back.Equal(t.Truncate(time.Second)) {
		return fmt.Errorf("time %s: %w", text, wire.ErrValue)
	}
	return nil
}

func (s *Timestamp) read(c *wire.Cursor, field string) {
	*s = Timestamp{}
	copy(s[:], c.Bytes(len(s), field))
	if c.Trace() != nil {
		c.Note(s.String())
	}
}
