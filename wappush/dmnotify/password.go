package dmnotify

import (
	"fmt"
	"io"
)

// Password is the server's or the client's password. It never prints itself.
type Password string

// masked is all that a Password shows of itself.
const masked = "******"

// String hides the password.
func (p Password) String() string { return masked }

// Format hides the password from every verb.
func (p Password) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the password. There is no way to read one back, so that a
// masked one is not taken for a password.
func (p Password) MarshalText() ([]byte, error) { return []byte(masked), nil }
