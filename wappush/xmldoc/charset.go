package xmldoc

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// inUTF8 gives the text in UTF-8, without byte order mark. What it says is wrong
// is the charset, or octets that it does not have.
func inUTF8(b []byte) (text []byte, fault string) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	switch name := strings.ToUpper(declaredEncoding(b)); name {
	case "", "UTF-8", "UTF8":
		if !utf8.Valid(b) {
			return nil, "not UTF-8"
		}
		return b, ""
	case "US-ASCII", "ASCII":
		if bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return nil, "not US-ASCII, as declared"
		}
		return b, ""
	case "ISO-8859-1", "LATIN1":
		text = make([]byte, 0, len(b)+len(b)/8)
		for _, o := range b {
			text = utf8.AppendRune(text, rune(o))
		}
		return text, ""
	default:
		return nil, "encoding " + strings.ToValidUTF8(name, "?") + ": want UTF-8, US-ASCII or ISO-8859-1"
	}
}

// declaredEncoding is what the XML declaration names.
func declaredEncoding(b []byte) string {
	if !bytes.HasPrefix(b, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(b, []byte("?>"))
	if end < 0 {
		return ""
	}
	return pseudoAttr(string(b[:end]), "encoding")
}

// pseudoAttr is a value in a declaration or processing instruction.
func pseudoAttr(s, name string) string {
	for {
		at := strings.Index(s, name)
		if at < 0 {
			return ""
		}
		inside := at > 0 && !strings.ContainsRune(space, rune(s[at-1]))
		s = s[at+len(name):]
		rest, equal := strings.CutPrefix(strings.TrimLeft(s, space), "=")
		rest = strings.TrimLeft(rest, space)
		if inside || !equal || rest == "" || rest[0] != '"' && rest[0] != '\'' {
			continue
		}
		if value, _, ok := strings.Cut(rest[1:], rest[:1]); ok {
			return value
		}
	}
}
