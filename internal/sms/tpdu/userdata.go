package tpdu

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/sms/gsm7"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/wire"
)

// UserData is TP-UDL, TP-UD and TP-UDHI (9.2.3.16, 9.2.3.23, 9.2.3.24). How TP-UD
// is to be read is the message's TP-DCS's to say.
//
//	octet 1  TP-UDL: septets of 7-bit text, header and fill bits included; octets of all else
//	octet 2- header, if there is one; then Octets
type UserData struct {
	Length    uint8 // TP-UDL
	HasHeader bool  // TP-UDHI
	Header    udh.Header
	// Octets are those behind the header. Of 7-bit text they are packed, and
	// begin with the fill bits.
	Octets wire.Hex
}

// Octets of user data. The reports have less room, according to what else they
// carry; no two public sources say how much.
const (
	maxUserData   = 140
	maxReportData = 160
)

// SetSeptets makes septets, one an octet, the text behind the header.
func (u *UserData) SetSeptets(septets []byte) error {
	fill, n := u.fill(), u.headerLen()
	total := (8*n+fill)/7 + len(septets)
	if total > 0xff {
		return unencodable("TP-UDL", wire.ErrTooLong)
	}
	u.Length = uint8(total)
	u.Octets = gsm7.AppendPacked(nil, septets, fill)
	return nil
}

// SetOctets makes b, which is borrowed, the data behind the header: octets, or
// UCS2.
func (u *UserData) SetOctets(b []byte) error {
	n := u.headerLen() + len(b)
	if n > 0xff {
		return unencodable("TP-UDL", wire.ErrTooLong)
	}
	u.Length, u.Octets = uint8(n), b
	return nil
}

// Set is for user data made elsewhere: ud is all of TP-UD, which is borrowed,
// and length its TP-UDL.
func (u *UserData) Set(ud []byte, length int, hasHeader bool) error {
	if length < 0 || length > 0xff {
		return unencodable("TP-UDL", wire.ErrTooLong)
	}
	c := wire.NewCursor(proto, ud)
	*u = UserData{Length: uint8(length), HasHeader: hasHeader, Header: u.Header}
	u.content(&c, "TP-UD")
	return c.End()
}

// headerLen are the octets of the header.
func (u *UserData) headerLen() int {
	if !u.HasHeader {
		return 0
	}
	return u.Header.Len()
}

// fill are the bits between the header and the first septet.
func (u *UserData) fill() int { return gsm7.Fill(u.headerLen()) }

// AppendSeptets appends the septets behind the header, one an octet.
func (u *UserData) AppendSeptets(dst []byte) ([]byte, error) {
	fill := u.fill()
	dst, err := gsm7.AppendUnpacked(dst, u.Octets, int(u.Length)-(8*u.headerLen()+fill)/7, fill)
	if err != nil {
		return dst, unencodable("TP-UD", err)
	}
	return dst, nil
}

// AppendText appends the text behind the header as UTF-8, in the language that
// the header says. Octets are no text; compressed text and languages without a
// table are not read: wire.ErrUnsupported and gsm7.ErrLanguage.
func (u *UserData) AppendText(dst []byte, d DCS) ([]byte, error) {
	switch {
	case d.Compressed() || d.Alphabet() == Octets:
		return dst, unencodable("TP-DCS", wire.ErrUnsupported)
	case d.Alphabet() == UCS2:
		return u.appendUCS2(dst)
	}
	var room [2 * maxUserData]byte
	septets, err := u.AppendSeptets(room[:0])
	if err != nil {
		return dst, err
	}
	a := gsm7.Alphabet{}
	if u.HasHeader {
		a = gsm7.Alphabet{Locking: gsm7.Language(u.Header.LockingShift()), Single: gsm7.Language(u.Header.SingleShift())}
	}
	return a.AppendText(dst, septets)
}

// appendUCS2 reads UTF-16, which is what handsets send as UCS2.
func (u *UserData) appendUCS2(dst []byte) ([]byte, error) {
	b := u.Octets
	if len(b)%2 != 0 {
		return dst, unencodable("TP-UD", wire.ErrLength)
	}
	for ; len(b) >= 2; b = b[2:] {
		r := rune(b[0])<<8 | rune(b[1])
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			if pair := utf16.DecodeRune(r, rune(b[2])<<8|rune(b[3])); pair != utf8.RuneError {
				r, b = pair, b[2:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, nil
}

// clone owns its octets.
func (u UserData) clone() UserData {
	u.Header = *u.Header.Clone()
	u.Octets = slices.Clone(u.Octets)
	return u
}

// reset forgets all but the room.
func (u *UserData) reset() { *u = UserData{Header: udh.Header{Elements: u.Header.Elements[:0]}} }

// names are those of the length and the data, which an SMS-COMMAND calls
// otherwise.
type names struct{ length, data string }

var (
	userData    = names{"TP-UDL", "TP-UD"}
	commandData = names{"TP-CDL", "TP-CD"}
)

func (u *UserData) read(c *wire.Cursor, d DCS, most int, f names) {
	off := c.Off()
	u.Length = c.U8(f.length)
	n := d.octets(u.Length)
	if n > most {
		c.FailAt(off, f.length, wire.ErrTooLong)
	}
	if c.Trace() != nil && d.Septets() {
		c.Note("septets")
	}
	l := c.Narrow(n, f.data)
	u.content(c, f.data)
	if len(u.Octets) > 0 && (d.Alphabet() == Octets || d.Compressed()) {
		c.Secret() // no text: for an application or a card, and may have keys in it
	}
	if c.Trace() != nil {
		if text, err := u.AppendText(nil, d); err == nil {
			c.Note(strconv.Quote(string(text)))
		}
	}
	c.Leave(l)
}

// octets is the size of TP-UD.
func (d DCS) octets(length uint8) int {
	if d.Septets() {
		return gsm7.PackedLen(int(length), 0)
	}
	return int(length)
}

// content reads TP-UD, all that the cursor has.
func (u *UserData) content(c *wire.Cursor, field string) {
	u.Header.Elements = u.Header.Elements[:0]
	if u.HasHeader {
		c.Group("header")
		u.Header.Read(c)
		c.EndGroup()
	}
	u.Octets = c.Rest(field)
}

func (u *UserData) append(dst []byte, d DCS, most int, f names) ([]byte, error) {
	dst = append(dst, u.Length)
	from := len(dst)
	if u.HasHeader {
		var err error
		if dst, err = u.Header.Append(dst); err != nil {
			return dst, err
		}
	}
	dst = append(dst, u.Octets...)
	switch n := len(dst) - from; {
	case n > most:
		return dst, unencodable(f.data, wire.ErrTooLong)
	case n != d.octets(u.Length):
		return dst, unencodable(f.length, fmt.Errorf("%d of %d octets: %w", u.Length, n, wire.ErrLength))
	}
	return dst, nil
}
