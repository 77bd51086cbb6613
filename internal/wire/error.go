package wire

import (
	"errors"
	"fmt"
)

// What can be wrong with octets. Every codec error wraps one of these.
var (
	ErrShort       = errors.New("the message ends before the field does")
	ErrTrailing    = errors.New("octets left over after the last field")
	ErrLength      = errors.New("length does not fit")
	ErrValue       = errors.New("value not allowed")
	ErrTooLong     = errors.New("too long for its field")
	ErrMissing     = errors.New("mandatory field missing")
	ErrUnsupported = errors.New("not supported")
)

// Error says which field of which protocol is wrong, and where.
// Offset counts octets from the start of the outermost message; it is -1 when
// the error is in a value to be encoded.
type Error struct {
	Proto  string
	Field  string
	Offset int
	Err    error
}

func (e *Error) Error() string {
	if e.Offset < 0 {
		return fmt.Sprintf("%s: %s: %v", e.Proto, e.Field, e.Err)
	}
	return fmt.Sprintf("%s: %s at octet %d: %v", e.Proto, e.Field, e.Offset, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Unencodable is the error of an Append that was given a value its field
// cannot hold.
func Unencodable(proto, field string, err error) error {
	return &Error{Proto: proto, Field: field, Offset: -1, Err: err}
}
