package omacp

import (
	"fmt"
	"io"

	"github.com/otagate/otagate/wappush/wbxml"
)

// masked is all that a secret shows of itself, whatever its length.
const masked = "******"

// Secret tells whether the value of a parm is nobody's to read.
func Secret(name string) bool { return wbxml.SecretParm(name) }

// PIN is what the user types before the device takes the settings: decimal
// digits. It never prints itself.
type PIN string

// ParsePIN reads decimal digits, at least one. An error is an *InvalidError
// about the element PIN, which does not show it.
func ParsePIN(digits string) (PIN, error) {
	p := PIN(digits)
	return p, p.check()
}

func (p PIN) check() error {
	if p == "" {
		return &InvalidError{elementPIN, "missing"}
	}
	if !onlyDigits(string(p)) {
		return &InvalidError{elementPIN, "has characters that are no digits"}
	}
	return nil
}

const elementPIN = "PIN"

// String hides the digits.
func (p PIN) String() string { return masked }

// Format hides the digits from every verb.
func (p PIN) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the digits.
func (p PIN) MarshalText() ([]byte, error) { return []byte(masked), nil }

// NetworkSecret is what network and device both know without having told each
// other: see [IMSISecret] and [CDMASecret]. It never prints itself.
type NetworkSecret []byte

// String hides the octets.
func (s NetworkSecret) String() string { return masked }

// Format hides the octets from every verb.
func (s NetworkSecret) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the octets.
func (s NetworkSecret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// Password is a password, a key or a nonce of an account. It never prints
// itself; the document that it is put into has it in clear.
type Password string

// String hides the password.
func (p Password) String() string { return masked }

// Format hides the password from every verb.
func (p Password) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the password.
func (p Password) MarshalText() ([]byte, error) { return []byte(masked), nil }

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
