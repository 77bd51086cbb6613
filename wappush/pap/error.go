package pap

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// Error is a request that cannot be taken, with the code that its sender is to
// be told.
type Error struct {
	Code Code
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("pap: %v: %v", e.Code, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

func bad(format string, args ...any) error {
	return &Error{CodeBadRequest, fmt.Errorf(format, args...)}
}

// CodeOf is the code to answer an error with: that of an *Error, and an
// internal server error for any other.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return CodeOK
	case errors.As(err, &e):
		return e.Code
	}
	return CodeInternalServerError
}

// BadMessage is the answer to a request that Decode refused. Of an error that
// is not ours it tells the code only.
func BadMessage(err error) *BadMessageResponse {
	m := &BadMessageResponse{Code: CodeOf(err)}
	var e *Error
	if errors.As(err, &e) {
		m.Desc = describe(e.Err.Error())
	}
	return m
}

// maxDesc is enough for a sentence.
const maxDesc = 200

// describe makes text fit for a document, whatever of a request it repeats.
func describe(s string) string {
	s = strings.Map(func(r rune) rune {
		if !xmldoc.IsChar(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, s)
	for n := range s {
		if n >= maxDesc {
			return s[:n]
		}
	}
	return s
}
