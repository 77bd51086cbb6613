package is637

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// Timestamp is a moment as the message has it: two decimal digits an octet,
// year to second, in the local time of the message centre. Its octets are kept
// as they are, digits or not.
type Timestamp [6]byte

// TimestampOf is t as its own clock shows it, between 1996 and 2095.
func TimestampOf(t time.Time) Timestamp {
	return Timestamp{
		bcd(t.Year() % 100), bcd(int(t.Month())), bcd(t.Day()), bcd(t.Hour()), bcd(t.Minute()), bcd(t.Second()),
	}
}

// Time is the moment as if the message centre were in loc. It is not ok when
// there is no such moment. Years from 96 on are of the last century.
func (t Timestamp) Time(loc *time.Location) (moment time.Time, ok bool) {
	var v [6]int
	for i, o := range t {
		if o>>4 > 9 || o&15 > 9 {
			return time.Time{}, false
		}
		v[i] = int(o>>4)*10 + int(o&15)
	}
	year := 2000 + v[0]
	if v[0] >= 96 {
		year = 1900 + v[0]
	}
	moment = time.Date(year, time.Month(v[1]), v[2], v[3], v[4], v[5], 0, loc)
	return moment, TimestampOf(moment) == t
}

func bcd(v int) byte { return byte(v/10<<4 | v%10) }

// String is date and time, or the octets where they are none.
func (t Timestamp) String() string {
	if m, ok := t.Time(time.UTC); ok {
		return m.Format(time.DateTime)
	}
	return hex.EncodeToString(t[:])
}

// MarshalText writes the digits, YYMMDDhhmmss.
func (t Timestamp) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, t[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (t *Timestamp) UnmarshalText(s []byte) error {
	b, err := hex.DecodeString(string(s))
	if err != nil || len(b) != len(t) {
		return fmt.Errorf("is637: time %q: want YYMMDDhhmmss", s)
	}
	*t = Timestamp(b)
	return nil
}

func (t *Timestamp) read(r *wire.Bits) {
	for i, field := range [...]string{"YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS"} {
		t[i] = byte(r.U(8, field))
		r.Hexadecimal()
	}
	if r.Err() == nil {
		wire.SayBits(r, *t)
	}
}

func appendTimestamp(dst []byte, t Timestamp) ([]byte, error) { return append(dst, t[:]...), nil }

// RelativeTime is a period of one octet, counted from the message centre's
// receiving the message.
//
//	0-143    (v+1) × 5 minutes
//	144-167  12 hours + (v-143) × 30 minutes
//	168-196  (v-166) days
//	197-244  (v-192) weeks
//	245-248  see below; the rest is reserved
type RelativeTime uint8

// Periods without a length.
const (
	Indefinite         RelativeTime = 245
	Immediate          RelativeTime = 246
	UntilInactive      RelativeTime = 247 // the handset
	UntilRegistersAnew RelativeTime = 248 // in another area
)

const (
	day  = 24 * time.Hour
	week = 7 * day

	lastPeriod = RelativeTime(244)

	// The longest period that each step reaches.
	longestFiveMinutes = 12 * time.Hour
	longestHalfHours   = 24 * time.Hour
	longestDays        = 30 * day
	longestWeeks       = 52 * week

	stepFiveMinutes = 5 * time.Minute
	stepHalfHour    = 30 * time.Minute
)

// Duration is the length of the period; it is not ok for one that has none.
func (v RelativeTime) Duration() (d time.Duration, ok bool) {
	n := time.Duration(v)
	switch {
	case v <= 143:
		return (n + 1) * stepFiveMinutes, true
	case v <= 167:
		return longestFiveMinutes + (n-143)*stepHalfHour, true
	case v <= 196:
		return (n - 166) * day, true
	case v <= lastPeriod:
		return (n - 192) * week, true
	}
	return 0, false
}

// RelativeTimeOf is the shortest period that is not shorter than d; it is not
// ok when there is none, nor when d is negative.
func RelativeTimeOf(d time.Duration) (v RelativeTime, ok bool) {
	up := func(step time.Duration) RelativeTime { return RelativeTime((d + step - 1) / step) }
	switch {
	case d < 0 || d > longestWeeks:
		return 0, false
	case d <= stepFiveMinutes:
		return 0, true
	case d <= longestFiveMinutes:
		return up(stepFiveMinutes) - 1, true
	case d <= longestHalfHours:
		return 143 + RelativeTime((d-longestFiveMinutes+stepHalfHour-1)/stepHalfHour), true
	case d <= longestDays:
		return 166 + up(day), true
	}
	return 192 + up(week), true
}

func (v RelativeTime) String() string {
	if d, ok := v.Duration(); ok {
		switch {
		case d >= 5*week:
			return fmt.Sprintf("%d weeks", d/week)
		case d >= 2*day:
			return fmt.Sprintf("%d days", d/day)
		}
		return d.String()
	}
	switch v {
	case Indefinite:
		return "indefinite"
	case Immediate:
		return "immediate"
	case UntilInactive:
		return "until the handset is inactive"
	case UntilRegistersAnew:
		return "until the registration area changes"
	}
	return "reserved " + strconv.Itoa(int(v))
}
