package is637

import "strconv"

// nameOf is the name of a code, or its number.
func nameOf(names []string, v uint8) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return strconv.Itoa(int(v))
}
