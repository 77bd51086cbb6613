package configs

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	File string
	Line int    // 0 where the value is wrong and not the text
	Key  string // smpp.accounts[ivr].window
	Text string // what is wrong; allowed is ...
}

// Error is one sentence: FILE:LINE: KEY: TEXT, without what is not known.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	for _, s := range [...]string{p.Key, p.Text} {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(s)
	}
	return b.String()
}

// Problems are all things that are wrong with a configuration.
type Problems []Problem

// Error is one line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err is nil without problems: an empty Problems must not become an error.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
