package is637

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

// Text is the characters as text: ASCII, IA5, UTF-16, Latin-1 and IS-91. Other
// encodings are wire.ErrUnsupported; for EncodingGSM Octets are what
// internal/sms/gsm7 takes. A header of GSM is to be taken off first. IA5 is read
// as ASCII, a lone surrogate as U+FFFD.
func (u *UserData) Text() (string, error) {
	switch u.Encoding {
	case EncodingASCII, EncodingIA5:
		for _, o := range u.Octets {
			if o > 0x7f {
				return "", wire.Unencodable(proto, "CHARi", wire.ErrValue)
			}
		}
		return string(u.Octets), nil
	case EncodingUTF16:
		if len(u.Octets)%2 != 0 {
			return "", wire.Unencodable(proto, "CHARi", wire.ErrLength)
		}
		units := make([]uint16, len(u.Octets)/2)
		for i := range units {
			units[i] = uint16(u.Octets[2*i])<<8 | uint16(u.Octets[2*i+1])
		}
		return string(utf16.Decode(units)), nil
	case EncodingLatin1:
		var s strings.Builder
		for _, o := range u.Octets {
			s.WriteRune(rune(o))
		}
		return s.String(), nil
	case EncodingIS91:
		switch IS91Type(u.Type).width() {
		case 6:
			return is91Text(u.Octets), nil
		case 4:
			return is91Digits(u.Octets), nil
		}
	}
	return "", wire.Unencodable(proto, "MSG_ENCODING", wire.ErrUnsupported)
}

// NewText is user data of text in one of the encodings that Text knows. For
// IS-91 it is a short message; six bits hold the characters from blank to
// underscore. A character that the encoding does not have is wire.ErrValue.
func NewText(e Encoding, text string) (UserData, error) {
	u := UserData{Encoding: e, Octets: make([]byte, 0, len(text))}
	var first, last rune
	switch e {
	case EncodingASCII, EncodingIA5:
		last = 0x7f
	case EncodingLatin1:
		last = 0xff
	case EncodingUTF16:
		if !utf8.ValidString(text) {
			return UserData{}, wire.Unencodable(proto, "CHARi", wire.ErrValue)
		}
		for _, v := range utf16.Encode([]rune(text)) {
			u.Octets = append(u.Octets, byte(v>>8), byte(v))
		}
		return u.counted()
	case EncodingIS91:
		u.Type, first, last = uint8(IS91ShortMessage), firstIS91, firstIS91+0x3f
	default:
		return UserData{}, wire.Unencodable(proto, "MSG_ENCODING", wire.ErrUnsupported)
	}
	for _, c := range text {
		if c < first || c > last {
			return UserData{}, wire.Unencodable(proto, "CHARi", wire.ErrValue)
		}
		u.Octets = append(u.Octets, byte(c-first))
	}
	return u.counted()
}

// NewOctets is user data of octets.
func NewOctets(octets []byte) (UserData, error) {
	return UserData{Encoding: EncodingOctet, Octets: octets}.counted()
}

// counted sets NumFields of an encoding where Append would.
func (u UserData) counted() (UserData, error) {
	n, err := countChars(u.Encoding, u.width(), u.Octets)
	if err != nil {
		return UserData{}, err
	}
	u.NumFields = uint8(n)
	return u, nil
}
