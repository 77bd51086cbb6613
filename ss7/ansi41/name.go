package ansi41

import "strconv"

// nameOf is the name of an enumeration's value, or its number without one.
func nameOf(names []string, v uint8) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return strconv.Itoa(int(v))
}
