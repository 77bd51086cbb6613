package gsm7

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// What can be wrong with text and septets.
var (
	ErrCharacter = errors.New("the alphabet has no such character")
	ErrSeptet    = errors.New("more than seven bits")
)

// Append appends the septets of s, one an octet. It fails when the alphabet
// lacks a character of s, or s is not UTF-8.
func (a Alphabet) Append(dst []byte, s string) ([]byte, error) {
	if err := a.Check(); err != nil {
		return dst, err
	}
	from := len(dst)
	for i, r := range s {
		septet, shift, ok := a.septet(r)
		if !ok {
			return dst[:from], fmt.Errorf("%q at octet %d of the text: %w", r, i, ErrCharacter)
		}
		if shift {
			dst = append(dst, escape)
		}
		dst = append(dst, septet)
	}
	return dst, nil
}

// Len is the number of septets of s; ok is false when the alphabet cannot
// represent s.
func (a Alphabet) Len(s string) (n int, ok bool) {
	if a.Check() != nil {
		return 0, false
	}
	for _, r := range s {
		_, shift, ok := a.septet(r)
		if !ok {
			return 0, false
		}
		if n++; shift {
			n++
		}
	}
	return n, true
}

// septet finds r, in the locking table first: there it is shorter.
func (a Alphabet) septet(r rune) (septet byte, shift, ok bool) {
	t := lockingTables[a.Locking]
	if r >= 0 && r < 128 && t[r] == r { // most characters are where ASCII has them
		return byte(r), false, true
	}
	for i, c := range t {
		if c == r {
			return byte(i), false, true
		}
	}
	for _, s := range singleTables[a.Single] {
		if s.char == r {
			return s.septet, true, true
		}
	}
	return 0, false, false
}

// AppendText appends the text of septets, one an octet, as UTF-8.
func (a Alphabet) AppendText(dst, septets []byte) ([]byte, error) {
	if err := a.Check(); err != nil {
		return dst, err
	}
	from, shift := len(dst), false
	for i, s := range septets {
		switch {
		case s > 0x7f:
			return dst[:from], fmt.Errorf("septet %d: %w", i, ErrSeptet)
		case shift:
			dst, shift = utf8.AppendRune(dst, a.shifted(s)), false
		case s == escape:
			shift = true
		default:
			dst = utf8.AppendRune(dst, lockingTables[a.Locking][s])
		}
	}
	if shift {
		dst = append(dst, ' ')
	}
	return dst, nil
}

// shifted is the character of a septet behind an escape.
func (a Alphabet) shifted(s byte) rune {
	for _, c := range singleTables[a.Single] {
		if c.septet == s {
			return c.char
		}
	}
	if s == escape {
		return ' '
	}
	return lockingTables[a.Locking][s]
}

// Cut is where to cut septets so that at most n are in front and no escape is
// parted from its septet. septets begins with a whole character; n is not
// negative.
func Cut(septets []byte, n int) int {
	if n >= len(septets) {
		return len(septets)
	}
	escapes := 0
	for i := n - 1; i >= 0 && septets[i] == escape; i-- {
		escapes++
	}
	return n - escapes%2 // two escapes are a pair of their own
}
