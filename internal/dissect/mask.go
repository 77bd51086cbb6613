package dissect

import (
	"fmt"
	"strings"
)

// mask hides the middle of a subscriber's number, 619***4000, and all but the
// last quarter of one of eight or nine digits. Numbers of less than that are
// services, not subscribers, and stay as they are.
func (g Gister) mask(s string) string {
	n := len(s)
	head, tail := 3, 4
	switch {
	case g.Reveal || n < 8:
		return s
	case n < 10:
		head, tail = 0, n/4
	}
	return s[:head] + strings.Repeat("*", n-head-tail) + s[n-tail:]
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
