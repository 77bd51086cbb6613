package is637

import (
	"slices"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

// Encoding is MSG_ENCODING, five bits.
type Encoding uint8

// The encodings.
const (
	EncodingOctet    Encoding = 0  // unspecified
	EncodingIS91     Encoding = 1  // extended protocol; UserData.Type says which
	EncodingASCII    Encoding = 2  // seven bits
	EncodingIA5      Encoding = 3  // seven bits
	EncodingUTF16    Encoding = 4  // most significant octet first
	EncodingShiftJIS Encoding = 5  //
	EncodingKorean   Encoding = 6  // KS C 5601
	EncodingHebrew   Encoding = 7  // Latin and Hebrew
	EncodingLatin1   Encoding = 8  //
	EncodingGSM      Encoding = 9  // default alphabet, packed the GSM way
	EncodingGSMDCS   Encoding = 10 // UserData.Type says which, by the rules of GSM
	EncodingKSC5601  Encoding = 16 // a vendor's

	maxEncoding = 31
)

var encodings = [...]string{
	"octet", "IS-91", "7-bit ASCII", "IA5", "UTF-16", "Shift-JIS", "Korean", "Latin/Hebrew", "Latin-1",
	"GSM 7-bit", "GSM DCS", 16: "KSC5601",
}

func (e Encoding) String() string { return nameOf(encodings[:], uint8(e)) }

// hasType tells whether a MESSAGE_TYPE follows the encoding in user data.
func (e Encoding) hasType() bool { return e == EncodingIS91 || e == EncodingGSMDCS }

// UserData is subparameter 01.
//
// Octets has the characters: two octets each for UTF-16; one each, with the
// value of the character, for those of four, six and seven bits; the octets
// themselves for the rest. NUM_FIELDS counts characters. Handsets disagree on
// what that means where a character may have several octets, and nobody knows
// for encodings without a layout: there Octets is all that is left, and
// NumFields is as it came. Elsewhere Append counts.
//
// GSM septets are text by the tables of internal/sms/gsm7.
//
//	5:MSG_ENCODING [8:MESSAGE_TYPE] 8:NUM_FIELDS {CHARi}
type UserData struct {
	Encoding  Encoding `json:"msg_encoding"`
	Type      uint8    `json:"message_type,omitempty"` // of EncodingIS91 (an IS91Type) and EncodingGSMDCS
	NumFields uint8    `json:"num_fields"`
	Octets    wire.Hex `json:"octets"`
}

// loose tells whether Octets is all that is left, and NUM_FIELDS only said.
func (u *UserData) loose() bool {
	switch u.Encoding {
	case EncodingShiftJIS, EncodingKorean, EncodingKSC5601, EncodingGSMDCS:
		return true
	case EncodingIS91:
		return IS91Type(u.Type).width() == 0
	}
	return u.Encoding.width() == 0
}

// width is the number of bits of a character, 0 when that is not known.
func (u *UserData) width() int {
	if u.Encoding == EncodingIS91 {
		return IS91Type(u.Type).width()
	}
	return u.Encoding.width()
}

func (u *UserData) read(r *wire.Bits) {
	*u = UserData{Octets: u.Octets[:0]}
	u.Encoding = wire.SayBits(r, Encoding(r.U(5, "MSG_ENCODING")))
	if u.Encoding.hasType() {
		u.Type = uint8(r.U(8, "MESSAGE_TYPE"))
		if u.Encoding == EncodingIS91 {
			wire.SayBits(r, IS91Type(u.Type))
		}
	}
	u.NumFields = uint8(r.U(8, "NUM_FIELDS"))
	if u.loose() {
		u.Octets = r.AppendOctets(u.Octets, r.Len()/8, "CHARi")
		u.conceal(r)
		return
	}
	u.Octets = readChars(r, u.Octets, u.Encoding, u.width(), int(u.NumFields))
	u.conceal(r)
	u.excess(r)
}

// conceal hides octets that are no text from a trace: they are of a datagram,
// and may have keys in them.
func (u *UserData) conceal(r *wire.Bits) {
	if len(u.Octets) > 0 && (u.Encoding == EncodingOctet || u.Encoding == EncodingGSMDCS) {
		r.Secret()
	}
}

// excess passes over what handsets leave behind the characters: one whose
// messages are published has an octet of it.
func (u *UserData) excess(r *wire.Bits) {
	r.Pad()
	if r.Len() > 0 {
		r.Rest("padding")
		r.Note("behind the last character")
	}
}

func appendUserData(dst []byte, u UserData) ([]byte, error) {
	if u.Encoding > maxEncoding {
		return dst, wire.Unencodable(proto, "MSG_ENCODING", wire.ErrTooLong)
	}
	n := int(u.NumFields)
	if !u.loose() {
		var err error
		if n, err = countChars(u.Encoding, u.width(), u.Octets); err != nil {
			return dst, err
		}
	}
	w := wire.AppendBits(dst)
	w.U(5, uint64(u.Encoding))
	switch {
	case u.Encoding.hasType():
		w.U(8, uint64(u.Type))
	case u.Type != 0:
		return dst, wire.Unencodable(proto, "MESSAGE_TYPE", wire.ErrValue)
	}
	w.U(8, uint64(n))
	if u.loose() {
		w.Octets(u.Octets)
	} else {
		appendChars(&w, u.Encoding, u.width(), u.Octets)
	}
	return w.Pad(), nil
}

// Clone returns a copy that shares nothing.
func (u UserData) Clone() UserData {
	u.Octets = slices.Clone(u.Octets)
	return u
}

// shown is the value of a trace: text where the characters are of ASCII.
func shown(e Encoding, width int, octets []byte) string {
	switch {
	case e == EncodingASCII || e == EncodingIA5:
		return strconv.Quote(string(octets))
	case e == EncodingIS91 && width == 4:
		return strconv.Quote(is91Digits(octets))
	case e == EncodingIS91:
		return strconv.Quote(is91Text(octets))
	}
	return wire.Hex(octets).String()
}
