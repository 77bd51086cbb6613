package sessions

import (
	"fmt"
	"strconv"
)

// ID names one session for ever. It comes from the caller, because randomness
// comes in with events; 0 is no session.
type ID uint64

// String is 16 hex digits.
func (id ID) String() string {
	var b [16]byte
	return string(id.Append(b[:0]))
}

// Append appends the 16 hex digits of String.
func (id ID) Append(dst []byte) []byte {
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		dst = append(dst, digits[id>>shift&15])
	}
	return dst
}

// ParseID reads the 16 hex digits that String prints.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil || len(s) != 16 || n == 0 {
		return 0, fmt.Errorf("sessions: %q is no session id: 16 hex digits, not all zero", s)
	}
	return ID(n), nil
}
