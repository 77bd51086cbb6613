package is637

import "strings"

// IS91Type is MESSAGE_TYPE of user data in EncodingIS91: a message of the older
// IS-91 inside. What its characters say is left to the reader, except that they
// are text: see UserData.Text.
type IS91Type uint8

// The messages of IS-91.
const (
	IS91VoiceMail        IS91Type = 0x82 // status
	IS91ShortMessageFull IS91Type = 0x83 // text
	IS91CLI              IS91Type = 0x84 // a calling number, in digits
	IS91ShortMessage     IS91Type = 0x85 // text
)

var is91Types = [...]string{"voice mail status", "short message full", "CLI order", "short message"}

func (t IS91Type) String() string {
	if t >= IS91VoiceMail && t <= IS91ShortMessage {
		return is91Types[t-IS91VoiceMail]
	}
	return nameOf(nil, uint8(t))
}

// width is the number of bits of a character, 0 when that is not known.
func (t IS91Type) width() int {
	switch t {
	case IS91VoiceMail, IS91ShortMessageFull, IS91ShortMessage:
		return 6
	case IS91CLI:
		return 4
	}
	return 0
}

// firstIS91 is the character of the six-bit value 0.
const firstIS91 = ' '

// is91Text is six-bit characters as text.
func is91Text(octets []byte) string {
	var s strings.Builder
	for _, o := range octets {
		s.WriteByte(o + firstIS91)
	}
	return s.String()
}

// is91Digits is four-bit digits as text.
func is91Digits(octets []byte) string {
	var s strings.Builder
	for _, o := range octets {
		s.WriteByte(dtmf[o&15])
	}
	return s.String()
}
