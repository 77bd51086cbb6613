package omacp

import "github.com/otagate/otagate/wappush/wbxml"

// The attribute starts that take any value. They have one number on both code
// pages.
const (
	startVersion = 0x45 // page 0 alone
	startType    = 0x50
	startName    = 0x05
	startValue   = 0x06
)

// word is a text with its tokens on the two code pages of attributes, 0 where
// it has none.
type word struct {
	text  string
	token [2]byte
}

// words are words by their length, which tells most of them apart.
type words [34][]word

// Tokens of PROV by what they stand for. Page 0 is about connections, page 1
// about applications.
var (
	typeWords    = startWords("type")
	nameWords    = startWords("name")
	versionWords = startWords("version")
	valueWords   = allValueWords()
)

func startWords(attr string) *words {
	w := new(words)
	for page := range byte(2) {
		for token := range byte(0x80) {
			if name, text, ok := wbxml.PROV.Start(page, token); ok && name == attr && text != "" {
				w.add(text, page, token)
			}
		}
	}
	return w
}

func allValueWords() *words {
	w := new(words)
	for page := range byte(2) {
		for token := byte(0x80); token < 0xff; token++ {
			if text, ok := wbxml.PROV.Value(page, token); ok {
				w.add(text, page, token)
			}
		}
	}
	return w
}

func (w *words) add(text string, page, token byte) {
	n := len(text)
	for i := range w[n] {
		if w[n][i].text == text {
			w[n][i].token[page] = token
			return
		}
	}
	f := word{text: text}
	f.token[page] = token
	w[n] = append(w[n], f)
}

// find is the word's tokens by page; both are 0 when it has none.
func (w *words) find(text string) [2]byte {
	if len(text) >= len(w) {
		return [2]byte{}
	}
	for i := range w[len(text)] {
		if f := &w[len(text)][i]; f.text == text {
			return f.token
		}
	}
	return [2]byte{}
}
