package smpp

import (
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// ParseTime reads a time of schedule_delivery_time or validity_period (SMPP 3.4
// section 7.1.1); one that is relative counts from now. Empty is the zero time.
//
//	YYMMDDhhmmsstnnp
//	t   tenths of a second
//	nn  quarters of an hour, 0 to 48, by which the clock that was read differs from UTC
//	p   + ahead of UTC, - behind it; R: all in front of t is from now on, and tnn is 000
func ParseTime(s []byte, now time.Time) (time.Time, error) {
	if len(s) == 0 {
		return time.Time{}, nil
	}
	bad := &wire.Error{Proto: proto, Field: "time", Err: wire.ErrValue}
	if len(s) != 16 {
		return time.Time{}, bad
	}
	var n [6]int // years, months, days, hours, minutes, seconds
	for i, d := range s[:15] {
		if d < '0' || d > '9' {
			return time.Time{}, bad
		}
		if i < 12 {
			n[i/2] = n[i/2]*10 + int(d-'0')
		}
	}
	tenths, quarters := int(s[12]-'0'), int(s[13]-'0')*10+int(s[14]-'0')
	rest := time.Duration(n[3])*time.Hour + time.Duration(n[4])*time.Minute + time.Duration(n[5])*time.Second
	switch s[15] {
	case 'R':
		return now.AddDate(n[0], n[1], n[2]).Add(rest), nil
	case '-':
		quarters = -quarters
	case '+':
	default:
		return time.Time{}, bad
	}
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 23 || n[4] > 59 || n[5] > 59 || quarters < -48 || quarters > 48 {
		return time.Time{}, bad
	}
	t := time.Date(2000+n[0], time.Month(n[1]), n[2], 0, 0, 0, tenths*100_000_000, time.UTC)
	if t.Day() != n[2] { // the 31st of a month that has 30
		return time.Time{}, bad
	}
	return t.Add(rest - time.Duration(quarters)*15*time.Minute), nil
}

// AppendTime appends t as an absolute time of UTC, in the form of ParseTime.
func AppendTime(dst []byte, t time.Time) []byte {
	t = t.UTC()
	dst = t.AppendFormat(dst, "060102150405")
	return append(dst, byte('0'+t.Nanosecond()/100_000_000), '0', '0', '+')
}
