package is683

import (
	"fmt"
	"strings"
)

// goName is the name of m's type, "DownloadRequest".
func goName(m Message) string {
	s := fmt.Sprintf("%T", m)
	return s[strings.LastIndexByte(s, '.')+1:]
}

// DirectionOf tells a request from a response.
func DirectionOf(m Message) Direction {
	if strings.HasSuffix(goName(m), Reverse.word()) {
		return Reverse
	}
	return Forward
}

// Name is the name of m in the standard, "Download Request".
func Name(m Message) string { return m.Type().String() + " " + DirectionOf(m).word() }
