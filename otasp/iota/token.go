package iota

import (
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Token is what stands for a session in a call-back URL. Who has it acts for the
// handset, so it never prints itself; Text and URL do. The zero Token is none,
// and equal to none.
type Token struct {
	_      [0]func() // == takes a time that tells something: see Equal
	octets string
}

// The bounds of a token. The lower one is what cannot be guessed within the
// life of a session.
const (
	MinToken = 8
	MaxToken = 32
)

// NewToken is the token of random octets, MinToken to MaxToken of them, which
// come from crypto/rand.
func NewToken(random []byte) (Token, error) {
	if len(random) < MinToken || len(random) > MaxToken {
		return Token{}, fmt.Errorf("iota: a token of %d octets: want %d to %d", len(random), MinToken, MaxToken)
	}
	return Token{octets: string(random)}, nil
}

// errToken says nothing about the token, which may be nearly right.
var errToken = errors.New("iota: that is no token")

// alphabet is that of base32, which survives those that change the case of a URL.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

func text32() *base32.Encoding { return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding) }

// ParseToken reads what Text gives, in any case.
func ParseToken(text string) (Token, error) {
	if len(text) > text32().EncodedLen(MaxToken) {
		return Token{}, errToken
	}
	text = strings.ToLower(text)
	octets, err := text32().DecodeString(text)
	if err != nil || len(octets) < MinToken || text32().EncodeToString(octets) != text {
		return Token{}, errToken
	}
	return Token{octets: string(octets)}, nil
}

// Text is the token in base32: 13 letters and digits for 8 octets.
func (t Token) Text() string { return text32().EncodeToString([]byte(t.octets)) }

// Octets are those of NewToken, for a store.
func (t Token) Octets() []byte { return []byte(t.octets) }

// IsZero tells whether it is none.
func (t Token) IsZero() bool { return t.octets == "" }

// Equal compares in a time that depends on the lengths only.
func (t Token) Equal(other Token) bool {
	return !t.IsZero() && subtle.ConstantTimeCompare([]byte(t.octets), []byte(other.octets)) == 1
}

// URL is the call-back URL under base, which is http or https with a host, a
// path or none, and nothing behind that.
func (t Token) URL(base string) (string, error) {
	if t.IsZero() {
		return "", errToken
	}
	prefix, err := tokenPrefix(base)
	if err != nil {
		return "", err
	}
	return prefix + t.Text(), nil
}

// ParseTokenURL reads what URL gives for the same base.
func ParseTokenURL(base, s string) (Token, error) {
	prefix, err := tokenPrefix(base)
	if err != nil {
		return Token{}, err
	}
	text, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return Token{}, errToken
	}
	return ParseToken(text)
}

func tokenPrefix(base string) (string, error) {
	if !isURL(base) || strings.ContainsAny(base, "?#") {
		return "", errors.New("iota: the base of a call-back URL: want http or https, a host and a path")
	}
	return strings.TrimRight(base, "/") + "/", nil
}

// masked is all that a token shows of itself.
const masked = "******"

// String hides the token.
func (t Token) String() string { return masked }

// Format hides the token from every verb.
func (t Token) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// MarshalText hides the token.
func (t Token) MarshalText() ([]byte, error) { return []byte(masked), nil }
