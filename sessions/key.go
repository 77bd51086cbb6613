package sessions

import (
	"fmt"
	"strconv"
	"strings"
)

// MDN is a mobile directory number of 1 to 15 digits without a leading zero.
type MDN uint64

// TRN is a temporary reference number of 10 digits: what an MSC gives a
// star-code call whose subscriber is not known yet.
type TRN uint64

// maxMDN is the largest number of 15 digits (E.164).
const maxMDN = 999_999_999_999_999

// maxTRN is the largest number of 10 digits.
const maxTRN = 9_999_999_999

// ParseMDN reads 1 to 15 digits. A leading zero is refused: the number would
// not come back as it was given.
func ParseMDN(s string) (MDN, error) {
	if len(s) < 1 || len(s) > 15 || !digits(s) {
		return 0, fmt.Errorf("sessions: an MDN has 1 to 15 digits, not %d characters of %s", len(s), kindOf(s))
	}
	if s[0] == '0' {
		return 0, fmt.Errorf("sessions: an MDN has no leading zero")
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return MDN(n), err
}

// ParseTRN reads exactly 10 digits.
func ParseTRN(s string) (TRN, error) {
	if len(s) != 10 || !digits(s) {
		return 0, fmt.Errorf("sessions: a TRN has 10 digits, not %d characters of %s", len(s), kindOf(s))
	}
	n, err := strconv.ParseUint(s, 10, 64)
	return TRN(n), err
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// kindOf describes s without printing it: a wrong number may still be
// somebody's number.
func kindOf(s string) string {
	if digits(s) {
		return "digits"
	}
	return "text"
}

// String prints all digits. Logs use Masked.
func (m MDN) String() string { return strconv.FormatUint(uint64(m), 10) }

// Masked prints the number for a log: 555***4567.
func (m MDN) Masked() string { return mask(m.String()) }

// Key is the session key of m.
func (m MDN) Key() Key { return MDNKey(m) }

// String prints 10 digits. Logs use Masked.
func (t TRN) String() string { return fmt.Sprintf("%010d", uint64(t)) }

// Masked prints the number for a log: 555***4567.
func (t TRN) Masked() string { return mask(t.String()) }

// Key is the session key of t.
func (t TRN) Key() Key { return TRNKey(t) }

// mask hides the middle of s and never shows more than 7 digits; a short
// number shows its last quarter only.
func mask(s string) string {
	head, tail := 3, 4
	if len(s) < 10 {
		head, tail = 0, len(s)/4
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}

// KeyKind tells what kind of number a session is keyed by.
type KeyKind uint8

// The kinds of keys. The numbers are stored and never change.
const (
	KeyMDN KeyKind = 1
	KeyTRN KeyKind = 2
	// KeyRecord is the key of a session that begins and ends in one change: a
	// record of something refused. Its number is its own id.
	KeyRecord KeyKind = 3
	// KeyMessage is the key of a message on its way: a subscriber may have
	// several. Its number is the id of its session.
	KeyMessage KeyKind = 4
)

// String is "mdn", "trn", "record" or "message".
func (k KeyKind) String() string {
	switch k {
	case KeyMDN:
		return "mdn"
	case KeyTRN:
		return "trn"
	case KeyRecord:
		return "record"
	case KeyMessage:
		return "message"
	}
	return "key kind " + strconv.Itoa(int(k))
}

// Key is what at most one live session is known by. The zero Key is no key.
type Key struct {
	Kind   KeyKind
	Number uint64
}

// MDNKey is the key of a subscriber whose number is known.
func MDNKey(m MDN) Key { return Key{Kind: KeyMDN, Number: uint64(m)} }

// TRNKey is the key of a call whose subscriber is not known yet.
func TRNKey(t TRN) Key { return Key{Kind: KeyTRN, Number: uint64(t)} }

// RefusalKey is the key of a change that only leaves records behind.
func RefusalKey(id ID) Key { return Key{Kind: KeyRecord, Number: uint64(id)} }

// MessageKey is the key of a message on its way.
func MessageKey(id ID) Key { return Key{Kind: KeyMessage, Number: uint64(id)} }

// MDN is the number of an MDN key.
func (k Key) MDN() (MDN, bool) { return MDN(k.Number), k.Kind == KeyMDN }

// TRN is the number of a TRN key.
func (k Key) TRN() (TRN, bool) { return TRN(k.Number), k.Kind == KeyTRN }

// Valid tells whether k is a key a session can be kept under.
func (k Key) Valid() bool {
	switch k.Kind {
	case KeyMDN:
		return k.Number > 0 && k.Number <= maxMDN
	case KeyTRN:
		return k.Number <= maxTRN
	case KeyRecord, KeyMessage:
		return k.Number != 0
	}
	return false
}

// String prints all digits, as in "mdn 5551234567". Logs use Masked.
func (k Key) String() string { return k.Kind.String() + " " + k.text() }

// Masked prints the key for a log: "mdn 555***4567".
func (k Key) Masked() string { return k.Kind.String() + " " + mask(k.text()) }

func (k Key) text() string {
	if k.Kind == KeyTRN {
		return TRN(k.Number).String()
	}
	return strconv.FormatUint(k.Number, 10)
}
