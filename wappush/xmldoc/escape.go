package xmldoc

import "unicode/utf8"

// AppendEscaped appends s as text or the value of an attribute in double quotes.
// Characters that XML cannot have become U+FFFD.
func AppendEscaped(dst []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '\t':
			dst = append(dst, "&#9;"...)
		case r == '\n':
			dst = append(dst, "&#10;"...)
		case r == '\r':
			dst = append(dst, "&#13;"...)
		case !IsChar(r):
			dst = utf8.AppendRune(dst, utf8.RuneError)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// AppendAttr appends an attribute, with a space before it.
func AppendAttr(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, ' '), name...), `="`...)
	return append(AppendEscaped(dst, value), '"')
}

// IsChar tells whether an XML document may have the character.
func IsChar(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return true
	case r < ' ' || r >= 0xd800 && r < 0xe000:
		return false
	}
	return r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

// IsText tells whether an XML document may have all of s.
func IsText(s string) bool {
	for _, r := range s {
		if !IsChar(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}
