package wbxml

import "strings"

// Language is what the tokens of one document type mean. It does not change.
type Language struct {
	name   string
	text   string   // formal public identifier
	id     uint32   // the number in its place
	ids    []uint32 // of other editions
	texts  []string // of other editions
	inside string   // the attribute whose value may have value tokens anywhere

	// By code page, then by token. A token that is not assigned is empty.
	tags   [][]string
	starts [][]start
	values [][]string // from firstValue on
}

// start is an attribute start: a name, and what the value begins with.
type start struct{ name, prefix string }

// Name is that of the document type, such as "SI 1.0".
func (l *Language) Name() string { return l.name }

// PublicID is the number of the document type in the header.
func (l *Language) PublicID() uint32 { return l.id }

// Text is the formal public identifier of the document type.
func (l *Language) Text() string { return l.text }

// Equal tells whether both are the same language.
func (l *Language) Equal(o *Language) bool { return l == o }

func languages() [7]*Language { return [...]*Language{SI, SL, CO, EMN, PROV, SyncML, LegacyOTA} }

// LanguageOf finds the language by the public id of a header, or by its text
// when the id is 0.
func LanguageOf(publicID uint32, text string) (*Language, bool) {
	for _, l := range languages() {
		if publicID == 0 && l.hasText(text) || publicID != 0 && l.hasID(publicID) {
			return l, true
		}
	}
	return nil, false
}

func (l *Language) hasText(text string) bool {
	if text == l.text {
		return text != ""
	}
	for _, s := range l.texts {
		if s == text {
			return true
		}
	}
	return false
}

func (l *Language) hasID(id uint32) bool {
	if id == l.id {
		return true
	}
	for _, n := range l.ids {
		if n == id {
			return true
		}
	}
	return false
}

// Tag is the name of a tag token; the flags in it do not matter.
func (l *Language) Tag(page, token byte) (name string, ok bool) {
	if l == nil || int(page) >= len(l.tags) || int(token&tagIdentity) >= len(l.tags[page]) {
		return "", false
	}
	name = l.tags[page][token&tagIdentity]
	return name, name != ""
}

// Start is the name of an attribute start token and what its value begins with.
func (l *Language) Start(page, token byte) (name, prefix string, ok bool) {
	if l == nil || int(page) >= len(l.starts) || int(token) >= len(l.starts[page]) {
		return "", "", false
	}
	s := &l.starts[page][token]
	return s.name, s.prefix, s.name != ""
}

// Value is the text of an attribute value token.
func (l *Language) Value(page, token byte) (text string, ok bool) {
	if l == nil || token < firstValue || int(page) >= len(l.values) || int(token)-firstValue >= len(l.values[page]) {
		return "", false
	}
	text = l.values[page][token-firstValue]
	return text, text != ""
}

// TagToken is the token of a tag, without flags.
func (l *Language) TagToken(page byte, name string) (token byte, ok bool) {
	if l == nil || name == "" || int(page) >= len(l.tags) {
		return 0, false
	}
	for i, s := range l.tags[page] {
		if s == name {
			return byte(i), true
		}
	}
	return 0, false
}

// StartToken is the attribute start of a name that implies exactly this value;
// with an empty value, the one that implies none.
func (l *Language) StartToken(page byte, name, value string) (token byte, ok bool) {
	if l == nil || name == "" || int(page) >= len(l.starts) {
		return 0, false
	}
	for i := range l.starts[page] {
		if s := &l.starts[page][i]; s.name == name && s.prefix == value {
			return byte(i), true
		}
	}
	return 0, false
}

// LongestStart is the attribute start that implies most of the value; rest is
// what it does not imply. A start implies either all of a value or nothing,
// but for the attribute whose values are addresses.
func (l *Language) LongestStart(page byte, name, value string) (token byte, rest string, ok bool) {
	if l == nil || name == "" || name != l.inside {
		if token, ok = l.StartToken(page, name, value); ok {
			return token, "", true
		}
		token, ok = l.StartToken(page, name, "")
		return token, value, ok
	}
	if int(page) >= len(l.starts) {
		return 0, value, false
	}
	longest := -1
	for i := range l.starts[page] {
		s := &l.starts[page][i]
		if s.name == name && len(s.prefix) > longest && strings.HasPrefix(value, s.prefix) {
			token, longest = byte(i), len(s.prefix)
		}
	}
	if longest < 0 {
		return 0, value, false
	}
	return token, value[longest:], true
}

// ValueToken is the token of a whole attribute value.
func (l *Language) ValueToken(page byte, value string) (token byte, ok bool) {
	if l == nil || value == "" || int(page) >= len(l.values) {
		return 0, false
	}
	for i, s := range l.values[page] {
		if s == value {
			return byte(i + firstValue), true
		}
	}
	return 0, false
}

// valuePrefix is the longest value token that text begins with.
func (l *Language) valuePrefix(page byte, text string) (token byte, n int) {
	if int(page) >= len(l.values) {
		return 0, 0
	}
	for i, s := range l.values[page] {
		if len(s) > n && strings.HasPrefix(text, s) {
			token, n = byte(i+firstValue), len(s)
		}
	}
	return token, n
}
