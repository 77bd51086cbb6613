package route

import (
	"bytes"
	"regexp"

	"github.com/otagate/otagate/configs"
)

// pattern is what an address may look like.
type pattern struct {
	text    string // as it is configured
	re      *regexp.Regexp
	literal string // what is matched begins so
}

func newPatterns(list []configs.Pattern) ([]pattern, error) {
	var out []pattern
	for _, p := range list {
		one := pattern{text: string(p), literal: p.Literal()}
		if p.IsRegexp() {
			var err error
			if one.re, err = p.Regexp(); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// plain is an address without its +.
func plain(addr []byte) []byte {
	if len(addr) > 0 && addr[0] == '+' {
		return addr[1:]
	}
	return addr
}

func (p *pattern) matches(addr []byte) bool {
	if p.re != nil {
		return p.re.Match(addr)
	}
	addr = plain(addr)
	return len(addr) >= len(p.literal) && string(addr[:len(p.literal)]) == p.literal
}

// anyMatches holds without patterns, too.
func anyMatches(list []pattern, addr []byte) bool {
	for i := range list {
		if list[i].matches(addr) {
			return true
		}
	}
	return len(list) == 0
}

// literals are the beginnings under which a rule is filed: one of them, "", when
// it says nothing of the address.
func literals(list []pattern) []string {
	if len(list) == 0 {
		return []string{""}
	}
	var out []string
	for i := range list {
		out = append(out, list[i].literal)
	}
	return out
}

// shortest is the length of the shortest one.
func shortest(list []string) int {
	n := len(list[0])
	for _, s := range list[1:] {
		n = min(n, len(s))
	}
	return n
}

// oneOf holds without a list, too.
func oneOf(list []uint8, v uint8) bool { return len(list) == 0 || bytes.IndexByte(list, v) >= 0 }

// Patterns are what an address may look like; without any it may look as it likes.
type Patterns []pattern

// NewPatterns compiles patterns.
func NewPatterns(list []configs.Pattern) (Patterns, error) { return newPatterns(list) }

// Match tells whether an address looks like one of them.
func (p Patterns) Match(addr []byte) bool { return anyMatches(p, addr) }
