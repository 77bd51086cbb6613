package dissect

import (
	"fmt"
	"strings"
)

// mask hides the middle of a subscriber's number: 619***4000. Numbers of less
// than eight digits are services, not subscribers, and stay as they are.
func (g Gister) mask(s string) string {
	n := len(s)
	switch {
	case g.Reveal || n < 8:
		return s
	case n < 10:
		return s[:2] + strings.Repeat("*", n-5) + s[n-3:]
	}
	return s[:3] + strings.Repeat("*", n-7) + s[n-4:]
}

// address masks a telephone number and leaves a name alone.
func (g Gister) address(s string) string {
	if strings.Trim(s, "+0123456789") != "" {
		return s
	}
	return g.mask(s)
}

func octets(n int) string {
	if n == 1 {
		return "1 octet"
	}
	return fmt.Sprintf("%d octets", n)
}
