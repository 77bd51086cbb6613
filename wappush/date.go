package wappush

import (
	"time"

	"github.com/otagate/otagate/wappush/wbxml"
)

// dateLayout is a date-time in XML, always UTC.
const dateLayout = "2006-01-02T15:04:05Z"

// appendDate appends a date-time as OPAQUE: two digits an octet, year, month,
// day, hour, minute, second, without the zero octets at the end. Fractions of a
// second have no place in it.
func appendDate(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	packed := [...]byte{digits(year / 100), digits(year % 100), digits(int(month)), digits(day), digits(hour), digits(minute), digits(second)}
	n := len(packed)
	for n > 1 && packed[n-1] == 0 {
		n--
	}
	return wbxml.AppendOpaque(dst, packed[:n])
}

func digits(n int) byte { return byte(n/10<<4 | n%10) }

// parseDate reads what appendDate writes; ok is false when it is no date.
func parseDate(b []byte) (t time.Time, ok bool) {
	if len(b) == 0 || len(b) > 7 {
		return t, false
	}
	var n [7]int
	for i, o := range b {
		if o>>4 > 9 || o&0xf > 9 {
			return t, false
		}
		n[i] = int(o>>4)*10 + int(o&0xf)
	}
	t = time.Date(n[0]*100+n[1], time.Month(n[2]), n[3], n[4], n[5], n[6], 0, time.UTC)
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	same := year == n[0]*100+n[1] && int(month) == n[2] && day == n[3] && hour == n[4] && minute == n[5] && second == n[6]
	return t, same && hasDate(t)
}

// parseDateText reads the form of XML.
func parseDateText(s string) (t time.Time, ok bool) {
	t, err := time.Parse(dateLayout, s)
	return t, err == nil && len(s) == len(dateLayout) && hasDate(t)
}

// hasDate tells whether t can be sent: the zero time stands for none.
func hasDate(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999 && !t.IsZero()
}
