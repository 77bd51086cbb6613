package wappush

import (
	"strings"

	"github.com/otagate/otagate/wappush/wbxml"
)

// Value tokens of SI and SL.
const (
	tokenCom = 0x85 + iota
	tokenEdu
	tokenNet
	tokenOrg
)

// appendURI appends an address. base is the token of an attribute start that
// implies nothing; the next four imply the beginnings that are most common.
func appendURI(dst []byte, base byte, uri string) []byte {
	start, rest := base, uri
	for i, prefix := range [...]string{"http://", "http://www.", "https://", "https://www."} {
		if r, is := strings.CutPrefix(uri, prefix); is { // the longer of two comes later
			start, rest = base+1+byte(i), r
		}
	}
	dst = append(dst, start)
	from := 0
	for i := 0; i < len(rest); {
		token := valueToken(rest[i:])
		if token == 0 {
			i++
			continue
		}
		if from < i {
			dst = wbxml.AppendString(dst, rest[from:i])
		}
		dst = append(dst, token)
		i += len(".com/")
		from = i
	}
	if from < len(rest) {
		dst = wbxml.AppendString(dst, rest[from:])
	}
	return dst
}

func valueToken(s string) byte {
	if len(s) < len(".com/") || s[0] != '.' {
		return 0
	}
	switch s[:len(".com/")] {
	case ".com/":
		return tokenCom
	case ".edu/":
		return tokenEdu
	case ".net/":
		return tokenNet
	case ".org/":
		return tokenOrg
	}
	return 0
}
