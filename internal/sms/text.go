package sms

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/sms/gsm7"
)

// ErrText is the error for text that the coding cannot represent.
var ErrText = errors.New("not representable")

// EncodeText encodes s in the first coding of prefer that can represent it, or
// else in GSM7 if it can, or else in UCS2. Text that is not UTF-8 is an error.
func EncodeText(s string, prefer ...Coding) (Coding, []byte, error) {
	if !utf8.ValidString(s) {
		return 0, nil, fmt.Errorf("text that is not UTF-8: %w", ErrText)
	}
	for _, c := range prefer {
		if b, err := AppendText(nil, c, s); err == nil {
			return c, b, nil
		}
	}
	if b, err := AppendText(nil, GSM7, s); err == nil {
		return GSM7, b, nil
	}
	b, err := AppendText(nil, UCS2, s)
	return UCS2, b, err
}

// AppendText appends s in coding c. It fails when c cannot represent s; Octets
// are no text.
func AppendText(dst []byte, c Coding, s string) ([]byte, error) {
	switch c {
	case GSM7:
		b, err := gsm7.Alphabet{}.Append(dst, s)
		if err != nil {
			return dst, fmt.Errorf("%v: %w: %w", c, ErrText, err)
		}
		return b, nil
	case UCS2:
		return appendUCS2(dst, s)
	case ASCII:
		return appendUpTo(dst, s, c, 0x7f)
	case Latin1:
		return appendUpTo(dst, s, c, 0xff)
	}
	return dst, fmt.Errorf("%v: %w", c, ErrText)
}

func appendUCS2(dst []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return dst, fmt.Errorf("%v: %w", UCS2, ErrText)
	}
	var units [2]uint16
	for _, r := range s {
		for _, u := range utf16.AppendRune(units[:0], r) {
			dst = append(dst, byte(u>>8), byte(u))
		}
	}
	return dst, nil
}

// appendUpTo appends characters whose codes are octets up to last.
func appendUpTo(dst []byte, s string, c Coding, last rune) ([]byte, error) {
	from := len(dst)
	for i, r := range s {
		if r > last { // utf8.RuneError is
			return dst[:from], fmt.Errorf("%v: %q at octet %d of the text: %w", c, r, i, ErrText)
		}
		dst = append(dst, byte(r))
	}
	return dst, nil
}

// DecodeText is the text of a payload, the inverse of EncodeText. A surrogate
// that is alone becomes U+FFFD. Octets are no text.
func DecodeText(c Coding, payload []byte) (string, error) {
	switch c {
	case GSM7:
		b, err := gsm7.Alphabet{}.AppendText(nil, payload)
		if err != nil {
			return "", fmt.Errorf("%w: %w", ErrPayload, err)
		}
		return string(b), nil
	case UCS2:
		return decodeUCS2(payload)
	case ASCII, Latin1:
		b := make([]byte, 0, len(payload))
		for _, o := range payload {
			if c == ASCII && o > 0x7f {
				return "", fmt.Errorf("%v, octet %02x: %w", c, o, ErrPayload)
			}
			b = utf8.AppendRune(b, rune(o))
		}
		return string(b), nil
	}
	return "", fmt.Errorf("%v: %w", c, ErrCoding)
}

func decodeUCS2(b []byte) (string, error) {
	if len(b)%2 != 0 {
		return "", fmt.Errorf("%v, %d octets: %w", UCS2, len(b), ErrPayload)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units)), nil
}
